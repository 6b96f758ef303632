"""A running view and headless Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.view.server_process import PATIENCE, Server, is_foreign, start, stop


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    running = start()
    yield running
    stop(running)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None and "CI" in os.environ:
        pytest.fail("chromium is not installed: .ci/run has to")
    if path is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    launched = playwright.chromium.launch(executable_path=path, args=options)
    yield launched
    launched.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open the view in a browser of its own (no cookies shared); fails on any error on the page."""
    problems: list[str] = []
    contexts = []

    def open_view(width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: problems.append(asked.url) if is_foreign(asked.url, server) else None)
        page.goto(server.address)
        page.wait_for_selector("img.abm-image", timeout=PATIENCE)
        return page

    yield open_view
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: the folder that ABM_ARTIFACTS names, or a temporary one."""
    named = os.environ.get("ABM_ARTIFACTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("artifacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
