"""The pieces of a figure: label positions, colours, axes."""

import itertools
from datetime import date, timedelta

import pytest

from abm.report.charts.style import (
    PALETTE,
    colours,
    date_axis,
    figure_style,
    new_figure,
    ordered_colours,
    text_width,
    with_own_ids,
)


def test_colours_belong_to_markets():
    assert colours(["asia", "west"])["west"] == colours(["west", "extra"])["west"] == PALETTE[0]
    assert len(set(colours(["west", "us", "asia", "china", "extra"]).values())) == 5
    assert len(colours([f"m{i}" for i in range(20)])) == 20
    assert len(set(ordered_colours(6))) == 6


@pytest.mark.parametrize("weeks", [0, 1, 8, 17, 30, 104, 312, 5200])
@pytest.mark.parametrize("width", [320, 460])
def test_date_labels_fit_beside_each_other(weeks, width):
    dates = [date(2020, 1, 6) + timedelta(weeks=week) for week in range(weeks + 1)]
    with figure_style():
        _, axes = new_figure((width, 200))
        date_axis(axes, dates)
        labels = [label.get_text() for label in axes.get_xticklabels()]
        positions = [axes.transData.transform((tick, 0))[0] for tick in axes.get_xticks()]
        sizes = [text_width(label) for label in labels]
    assert labels
    ends = list(zip(positions, sizes, strict=True))
    assert all(b - a > (p + q) / 2 for (a, p), (b, q) in itertools.pairwise(ends))


def test_ids_get_a_prefix():
    assert with_own_ids('<g id="a" clip-path="url(#a)"><use xlink:href="#a"/></g>', "f1") == (
        '<g id="f1-a" clip-path="url(#f1-a)"><use xlink:href="#f1-a"/></g>'
    )
