"""The page as a whole: sections, safety, self-containedness, edge cases."""

import html
import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from abm.report import render_report, write_report
from tests.report.fake_runs import make_table

NOTHING = pd.DataFrame(columns=["market", "year", "gmv_usd", "low", "high", "quality"])
VOID = {"meta", "br", "link", "img"}


class Outline(HTMLParser):
    """Collects ids, addresses and open elements; complains about elements closed in the wrong order."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.sections, self.addresses, self.tags, self.open = [], [], [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
                if tag == "section":
                    self.sections.append(value)
            if name in ("src", "href", "xlink:href"):
                self.addresses.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(page):
    found = Outline(page)
    assert found.open == []
    return found


def test_what_was_set_on_the_command_line_is_in_the_command(table, manifest, observed):
    changed = manifest | {"overrides": ["markets.us.norm.strength=2", 'question="Why not?"']}
    page = html.unescape(render_report(table, changed, observed))
    assert "<pre>abm run trial.toml --set markets.us.norm.strength=2 --set 'question=\"Why not?\"'</pre>" in page


def test_sections_stand_in_order(page):
    expected = ["short", "summary", "shares", "observed", "behind", "gap", "scenarios", "made"]
    assert outline(page()).sections == expected


def test_page_loads_nothing(page):
    found = outline(page())
    assert all(address.startswith("#") for address in found.addresses)
    assert not {"script", "link", "img", "iframe", "object"} & found.tags
    assert "@import" not in page()
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page()))


def test_ids_are_unique_and_every_reference_has_its_target(page):
    found = outline(page())
    assert len(found.ids) == len(set(found.ids))
    references = {address[1:] for address in found.addresses} | set(re.findall(r"url\(#([^)]*)\)", page()))
    assert references <= set(found.ids)


def test_same_input_same_bytes(page, table, manifest, observed):
    assert render_report(table, manifest, observed) == page()


def test_rows_may_come_in_any_order(page, table, manifest, observed):
    shuffled = table.sort_values(["week", "replicate"], kind="stable", ignore_index=True)
    assert render_report(shuffled, manifest, observed) == page()


def test_every_figure_says_in_words_what_it_shows(page):
    drawings = re.findall(r"<svg[^>]*>", page())
    assert len(drawings) == 2 + 2 + 5 + 2 + 1
    assert all('role="img"' in drawing and re.search(r'aria-label="[^"]{20,}"', drawing) for drawing in drawings)


def test_provenance_is_given(page):
    for text in ("Does it work?", "python 3.12.4", "2026-01-02T03:04:05+00:00", "12.3 s", "abm run trial.toml",
                 "norm.strength", "price.discount = 0.3", "docs/data.md"):  # fmt: skip
        assert text in page()


def test_names_from_outside_are_escaped(observed):
    evil = '<script>alert("1")</script> & $x_1$'
    config = {"name": evil, "question": evil, "scenarios": [{"name": evil, "levers": [{"kind": evil, "start": 3}]}]}
    page = render_report(make_table(scenarios=("baseline", evil)), {"config": config, "platform": evil}, observed)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    outline(page)


def test_market_names_from_outside_are_escaped(observed):
    page = render_report(make_table(markets=("<b>a</b>", '"日本')), {}, observed)
    assert "<b>" not in page
    outline(page)


@pytest.mark.parametrize("weeks", [0, 1, 2, 20, 60, 2200])
def test_runs_of_any_length(weeks, observed):
    outline(render_report(make_table(weeks=weeks, replicates=2), {}, observed))


def test_one_replicate_has_no_band(observed):
    page = render_report(make_table(replicates=1), {}, observed)
    assert "no band" in page
    assert "one replicate" in page
    assert "95 % interval 0" not in page
    assert "nan" not in page.lower().replace("finance", "")


def test_many_replicates_show_quantiles(observed):
    page = render_report(make_table(replicates=40, weeks=30), {}, observed)
    assert "the middle 95 % of them" in page


def test_neutral_market_without_spend(observed):
    page = render_report(make_table(markets=("market",), scenarios=("baseline",), spend=0.0), {}, observed)
    assert outline(page).sections == ["short", "summary", "shares", "behind", "made"]
    assert "no spend per shopper is set" in page
    assert "US$\u00a0" not in page


def test_five_markets(observed):
    names = ("us", "uk", "china", "japan", "southeast_asia")
    page = render_report(make_table(markets=names), {}, observed)
    assert all(title in page for title in ("United States", "United Kingdom", "China", "Japan", "South-East Asia"))
    assert len(page) < 2_000_000


def test_sweep_draws_six_values_and_lists_all(observed):
    parts = [make_table(scenarios=("baseline",)).assign(**{"markets.west.trust.initial": v / 10}) for v in range(1, 9)]
    page = render_report(pd.concat(parts), {}, observed)
    assert outline(page).sections[2] == "sweep"
    assert "6 of 8 values are drawn" in page
    assert "In 2021, with west.trust.initial = 0.1, the super-app" in page
    assert page.count('<th scope="row">west.trust.initial = ') == 8


def test_empty_table_is_refused(table, observed):
    with pytest.raises(ValueError, match="no rows"):
        render_report(table.iloc[:0], {}, observed)


def test_no_published_figures(table, manifest):
    page = render_report(table, manifest, NOTHING)
    assert "observed" not in outline(page).sections


def test_size_of_a_large_experiment(observed):
    scenarios = ("baseline", "one", "two")
    assert len(render_report(make_table(scenarios=scenarios, replicates=8, weeks=312), {}, observed)) < 2_000_000


def test_report_is_written_beside_the_results(tmp_path, table, manifest, page):
    runs = tmp_path / "runs"
    runs.mkdir()
    table.to_parquet(runs / "all.parquet")
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "runs": ["all"]}), encoding="utf-8")
    target = write_report(tmp_path)
    assert target == tmp_path / "report.html"
    assert target.read_text(encoding="utf-8") == page()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "report.html", "runs"]


def test_settings_of_the_user_do_not_matter(page, table, manifest, observed):
    import matplotlib

    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert render_report(table, manifest, observed) == page()
        assert matplotlib.rcParams["font.size"] == 30
