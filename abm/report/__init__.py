"""Pages that people read: each one HTML file that loads nothing, the same bytes for the same results.

render_report
    The report of an experiment as text, from its table and manifest.
write_report, write_explain, write_tip
    ``report.html``, ``explain.html`` and ``tip.html`` of a results folder.
"""

from abm.report.experiment.page import render_report, write_report
from abm.report.explain.page import write_explain
from abm.report.tipping.page import write_tip

__all__ = ["render_report", "write_explain", "write_report", "write_tip"]
