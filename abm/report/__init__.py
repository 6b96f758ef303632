"""One self-contained HTML file that shows what an experiment found."""

from abm.report.experiment.page import render_report, write_report

__all__ = ["render_report", "write_report"]
