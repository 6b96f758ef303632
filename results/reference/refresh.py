"""Runs the shipped experiments and writes what is committed of them: `python results/reference/refresh.py [NAME ...]`.

Per experiment one CSV with the last week of every run, in whole numbers and exact decimals, which a test compares
with; and the figure in the README.
"""

import sys
import tempfile
from pathlib import Path

import pandas as pd

from abm import run
from abm.experiment.results import Results
from abm.report.charts.style import figure_style
from abm.report.experiment.adoption import adoption_section
from abm.report.experiment.point_results import split

HERE = Path(__file__).parent
EXPERIMENTS = HERE.parents[1] / "experiments"
NAMES = ("theory_bass", "own_network", "countries", "west_vs_asia")
COLUMNS = ["scenario", "replicate", "market", "week", "aware", "super", "gmv_share", "merchants"]


def last_weeks(table: pd.DataFrame) -> pd.DataFrame:
    """Return the last row of every run and market, with the columns that a reference keeps."""
    last = table[table["week"] == table["week"].max()]
    return last[COLUMNS].sort_values(COLUMNS[:3], ignore_index=True)


def draw(results: Results) -> str:
    """Return the README's figure as an SVG file of its own, on white."""
    part = split(results.table, results.manifest)[0]
    with figure_style():
        svg = adoption_section(part).panels[0].svg
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return svg.replace("<svg ", f'<svg {spaces} style="background:white" ', 1)


def main(names: list[str]) -> None:
    """Run the named experiments, or all, and write their references."""
    for name in names or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            results = run(EXPERIMENTS / f"{name}.toml", out=folder)
            last_weeks(results.table).to_csv(HERE / f"{name}.csv", index=False)
            if name == "west_vs_asia":
                (HERE / f"{name}.svg").write_text(draw(results), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
