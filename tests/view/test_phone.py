"""The view on a phone: the drawer can be opened and closed, and everything else be reached."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.needs_compiled]


def drawer_left(page: Page) -> float:
    """Return where the drawer begins once it stands still; below 0: out of sight."""
    page.wait_for_timeout(800)
    box = page.locator(".v-navigation-drawer").bounding_box()
    assert box is not None
    return box["x"]


def images(page: Page) -> list[str]:
    return page.eval_on_selector_all("img.abm-image", "all => all.map(one => one.src)")


@pytest.mark.parametrize("close_with", ["button", "shade"])
def test_the_drawer_opens_and_closes_and_the_figures_are_seen(
    close_with: str, visit: Callable[..., Page], artifacts: Path
) -> None:
    page = visit(390, 844)
    assert drawer_left(page) < 0, "closed at first: the figures are to be seen"
    assert page.locator("img.abm-image").first.is_visible()
    menu = page.locator(".v-app-bar button").first
    menu.click()
    assert drawer_left(page) == 0
    page.screenshot(path=artifacts / "phone_drawer.png")
    before, clock = images(page), page.locator(".abm-clock").inner_text()
    page.get_by_role("button", name="Step").click()
    page.wait_for_function("old => document.querySelector('.abm-clock').innerText !== old", arg=clock)
    if close_with == "button":
        menu.click()
    else:
        page.mouse.click(375, 500)
    assert drawer_left(page) < 0
    page.get_by_role("button", name="Deals for you").first.click()
    page.wait_for_function("!document.querySelector('.abm-pulled').innerText.startsWith('Nothing')")
    assert images(page) != before
    widths = page.eval_on_selector_all("img.abm-image", "all => all.map(one => one.getBoundingClientRect().width)")
    assert all(300 < width <= 390 for width in widths)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.screenshot(path=artifacts / "phone.png", full_page=True)
    menu.click()
    assert drawer_left(page) == 0, "it can be opened again"


@pytest.mark.parametrize(("width", "is_open"), [(820, False), (1440, True)])
def test_the_drawer_is_open_where_there_is_room(width: int, is_open: bool, visit: Callable[..., Page]) -> None:
    page = visit(width, 1000)
    for expected in (is_open, not is_open, is_open):
        assert (drawer_left(page) == 0) == expected
        page.locator(".v-app-bar button").first.click()
