"""The view as a visitor meets it, in Chromium."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.view.server_process import PATIENCE, Server, is_foreign, start, stop

pytestmark = [pytest.mark.slow, pytest.mark.needs_compiled]

Visit = Callable[[], Page]
IMAGES = ("west", "asia", "shoppers", "sales", "states", "taste", "friends")


def images(page: Page) -> dict[str, str]:
    """Return the data URI of every image, by what it shows."""
    found = page.eval_on_selector_all("img.abm-image", "all => all.map(one => one.src)")
    return dict(zip(IMAGES, found, strict=True))


def summaries(page: Page) -> list[str]:
    return page.locator(".abm-market-summary").all_inner_texts()


def week(page: Page) -> int:
    return int(page.locator(".abm-clock").inner_text().split()[1].rstrip(","))


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for something, however busy the machine is."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end
        page.wait_for_timeout(100)


def settle(page: Page) -> None:
    """Wait until clock and images have stayed the same for a while."""
    seen: list[object] = []
    wait_until(page, lambda: seen.append((week(page), images(page))) or seen[-6:] == seen[-1:] * 6)


def step(page: Page, times: int = 1) -> None:
    """Press Step and wait for the clock and the images to follow."""
    for _ in range(times):
        before = page.locator(".abm-clock").inner_text()
        page.get_by_role("button", name="Step").click()
        page.wait_for_function(
            "before => document.querySelector('.abm-clock').innerText !== before", arg=before, timeout=PATIENCE
        )
    settle(page)


def set_slider_to_its_end(page: Page) -> None:
    page.locator(".abm-parameter-panel [role=slider]").first.focus()
    page.keyboard.press("End")
    page.wait_for_timeout(500)


def test_images_are_shown_and_explained(visit: Visit, artifacts: Path) -> None:
    """Not only a response: a blank page is one too."""
    page = visit()
    page.wait_for_function(
        "[...document.querySelectorAll('img.abm-image')].filter(one => one.naturalWidth).length == 7"
    )
    page.screenshot(path=artifacts / "first_visit.png")
    sizes = page.eval_on_selector_all("img.abm-image", "all => all.map(one => [one.naturalWidth, one.alt])")
    assert len(sizes) == 7
    assert all(width > 300 and len(alt) > 20 for width, alt in sizes)
    text = page.inner_text("body")
    for needed in ("a shopper who buys in the super-app", "has not heard of it", "West", "Asia", "Pull a lever now"):
        assert needed in text
    assert len(set(images(page).values())) == 7


def test_it_works_without_a_network(browser: Browser, server: Server, artifacts: Path) -> None:
    """Fonts, icons, scripts and style sheets come with the package: nothing is even asked for elsewhere."""
    asked: list[str] = []

    def cut(route: Route) -> None:
        asked.append(route.request.url)
        route.abort("internetdisconnected")

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.route(lambda url: is_foreign(url, server), cut)
    page = context.new_page()
    page.on("requestfailed", lambda failed: asked.append(failed.url))
    page.goto(server.address)
    page.wait_for_selector("img.abm-image", timeout=PATIENCE)
    step(page, 2)
    page.screenshot(path=artifacts / "offline.png")
    widths = page.eval_on_selector_all("img.abm-image", "all => all.map(one => one.naturalWidth)")
    drawn = page.evaluate("() => document.fonts.ready.then(() => document.fonts.check('16px Roboto'))")
    context.close()
    assert asked == []
    assert len(widths) == len(IMAGES)
    assert min(widths) > 300
    assert drawn  # the page's own font, not a replacement


def test_step_moves_the_curves_and_reset_goes_back(visit: Visit, artifacts: Path) -> None:
    page = visit()
    first, first_summaries = images(page), summaries(page)
    step(page, 5)
    later = images(page)
    assert week(page) == 15
    assert all(later[name] != first[name] for name in IMAGES)
    assert summaries(page) != first_summaries
    page.screenshot(path=artifacts / "after_15_weeks.png")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("document.querySelector('.abm-clock').innerText.startsWith('Week 0')")
    wait_until(page, lambda: images(page) == first)
    step(page, 5)
    assert images(page) == later  # the same seed, to the last pixel


def test_play_runs_until_paused(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="▶").click()
    page.wait_for_function("parseInt(document.querySelector('.abm-clock').innerText.slice(5)) > 12", timeout=PATIENCE)
    page.get_by_role("button", name="❚❚").click()
    page.get_by_role("button", name="▶").wait_for()
    settle(page)
    stopped = week(page)
    page.wait_for_timeout(1000)
    assert week(page) == stopped


def test_a_parameter_changes_the_outcome_of_its_market_only(visit: Visit, artifacts: Path) -> None:
    changed, plain = visit(), visit()
    for page in (changed, plain):
        step(page, 2)
    assert summaries(changed) == summaries(plain)
    changed.locator(".abm-parameter-panel .v-select").nth(1).click()
    changed.get_by_role("option", name="trust", exact=True).click()
    changed.wait_for_selector("text=weight (utility)")
    set_slider_to_its_end(changed)
    for page in (changed, plain):
        step(page, 6)
    changed.screenshot(path=artifacts / "parameter_changed.png", full_page=True)
    assert summaries(changed)[0] != summaries(plain)[0]
    assert summaries(changed)[1] == summaries(plain)[1]
    changed.get_by_role("button", name="Reset").click()
    changed.wait_for_function("document.querySelector('.abm-clock').innerText.startsWith('Week 0')")
    step(changed, 8)
    assert summaries(changed)[0] != summaries(plain)[0]  # parameters stay as they were set


def test_a_lever_shows_in_the_curve_beside_its_counterfactual(visit: Visit, artifacts: Path) -> None:
    pulled, plain = visit(), visit()
    for page in (pulled, plain):
        step(page, 4)
    before = images(pulled)
    pulled.get_by_role("button", name="Deals for you").first.click()
    pulled.wait_for_function("old => document.querySelectorAll('img.abm-image')[2].src !== old", arg=before["shoppers"])
    assert "Pulled: Deals for you, weeks 12 to 16" in pulled.inner_text("body")
    buttons = pulled.get_by_role("button", name="Deals for you")
    assert (buttons.first.is_disabled(), buttons.nth(1).is_disabled()) == (True, False)
    for page in (pulled, plain):
        step(page, 2)
    pulled.screenshot(path=artifacts / "deals_for_you.png")
    share_with, share_without = (float(summaries(page)[0].split()[0]) for page in (pulled, plain))
    assert share_with > share_without
    assert summaries(pulled)[1] == summaries(plain)[1]
    assert images(pulled)["shoppers"] != images(plain)["shoppers"]


def test_two_browsers_share_nothing(visit: Visit) -> None:
    one, other = visit(), visit()
    step(one, 3)
    assert week(one) == 9
    assert week(other) == 0
    step(other, 1)
    assert week(one) == 9


def test_it_reads_well_on_a_small_screen(visit: Visit, artifacts: Path) -> None:
    page = visit()
    page.set_viewport_size({"width": 800, "height": 1100})
    step_width = page.evaluate("document.documentElement.scrollWidth")
    page.screenshot(path=artifacts / "narrow.png")
    assert step_width <= 800


def answer(server: Server, path: str = "/", **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    status = connection.getresponse().status
    connection.close()
    return status


def test_strangers_are_refused(server: Server) -> None:
    own = f"http://127.0.0.1:{server.port}"
    assert answer(server) == 200
    assert answer(server, Origin=own) == 200
    assert answer(server, Origin="http://evil.example") == 403
    assert answer(server, Origin="null") == 403
    assert answer(server, Host=f"evil.example:{server.port}") == 421
    assert answer(server, Host=f"127.0.0.1.evil.example:{server.port}") == 421
    assert answer(server, "/resourcez") == 404
    assert answer(server, "/resourcez?verbose") == 404


def test_a_foreign_page_cannot_open_a_socket(browser: Browser, server: Server) -> None:
    """From another origin in a real browser: the socket closes before it opens."""
    page = browser.new_page()
    page.set_content("<p>elsewhere</p>")
    outcome = page.evaluate(
        """port => new Promise(done => {
            const socket = new WebSocket(`ws://127.0.0.1:${port}/jupyter/api/kernels/x/channels?session_id=y`);
            socket.onopen = () => done("open"); socket.onerror = () => done("refused");
        })""",
        server.port,
    )
    page.close()
    assert outcome == "refused"


def test_a_visitor_has_only_so_many_pages(browser: Browser, server: Server) -> None:
    """The fifth page of one cookie gets no kernel (opened last: pages connect in no particular order)."""
    context = browser.new_context()
    for _ in range(4):
        page = context.new_page()
        page.goto(server.address)
        page.wait_for_selector("img.abm-image", timeout=PATIENCE)
    page = context.new_page()
    page.goto(server.address)
    page.wait_for_timeout(2000)
    assert page.locator("img.abm-image").count() == 0
    context.close()


def memory(server: Server) -> float:
    """Return the resident memory of the server's process, MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def memory_after_a_while(server: Server, enough: float) -> float:
    """Return the least memory within 12 seconds, or more until there is little enough.

    Forgetting a page and handing memory back take a moment, on a busy machine a long one.
    """
    least = memory(server)
    for polls in range(240):
        if polls >= 24 and least < enough:
            break
        time.sleep(0.5)
        least = min(least, memory(server))
    return least


def test_a_page_that_went_away_gives_its_memory_back(browser: Browser, tmp_path: Path) -> None:
    config = tmp_path / "large.toml"
    config.write_text(
        'name = "large"\nweeks = 50\n'
        + "".join(f'[markets.{name}]\nprofile = "{name}"\nconsumers = 1_000_000\n' for name in ("west", "asia"))
    )
    server = start(str(config), SOLARA_KERNEL_CULL_TIMEOUT="1s")
    try:
        peaks, rests = [], []
        for _ in range(3):
            page = browser.new_page()
            page.goto(server.address)
            page.wait_for_selector("img.abm-image", timeout=PATIENCE)
            step(page)
            peaks.append(memory(server))
            page.get_by_role("button", name="▶").click()  # a model that plays must stop as well
            page.wait_for_timeout(300)
            page.close()
            rests.append(memory_after_a_while(server, rests[0] + 25 if rests else peaks[0] - 100))
    finally:
        stop(server)
    assert peaks[0] - rests[0] > 100, (peaks, rests)
    assert rests[2] < rests[0] + 25, (peaks, rests)  # two leaked visits would be 200 to 400, fragmented arenas 30
