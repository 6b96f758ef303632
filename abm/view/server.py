"""Starts the view: Solara's app behind access control, without telemetry, on this machine unless asked otherwise."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import warnings
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from abm.api import simulate
from abm.base.errors import InputError, Problem
from abm.view.access import Access, AccessControl, is_loopback
from abm.view.capacity import return_freed_arrays_at_once
from abm.view.settings import CONFIG, Settings, load_settings

CULL_TIMEOUT = "60s"  # after which the kernel of a closed page is deleted
_MIN_TOKEN_LENGTH = 16
_ALL_INTERFACES = ("0.0.0.0", "::")
_ENVIRONMENT = {
    "SOLARA_APP": "abm.view.page",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_TELEMETRY_SERVER_USER_ID": "none",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "abm view",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
}


def serve(
    config: Path | None = None, *, host: str = "127.0.0.1", port: int = 0, token: str | None = None,
    say: Callable[[str], None] = lambda text: None, open_browser: bool = False,
) -> None:  # fmt: skip
    """Serve the view until interrupted.

    Parameters
    ----------
    config : Path, optional
        Experiment whose markets are shown first.
    host : str
        Address to listen on; any but loopback needs a token.
    port : int
        0 for 8765, or the next port that is free.
    token : str, optional
        16 characters or more; generated if the host needs one and none is given.
    say : callable
        Called with each line to print, the address among them.
    open_browser : bool

    Raises
    ------
    InputError
        The experiment, the token or the port cannot be used.
    """
    access = _access(host, port, token)
    app = make_app(access, config)
    name = "127.0.0.1" if host in _ALL_INTERFACES else f"[{host}]" if ":" in host else host
    address = f"http://{name}:{access.port}/" + (f"?token={access.token}" if access.token else "")
    settings = uvicorn.Config(
        app, host=host, port=access.port, log_level="error", access_log=False, proxy_headers=False,
        server_header=False, timeout_graceful_shutdown=2, loop="asyncio",
    )  # fmt: skip

    _Server(settings, lambda: _announce(address, access, say, open_browser=open_browser)).run()


class _Server(uvicorn.Server):
    """A server with a callback for when it accepts connections."""

    def __init__(self, settings: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(settings)
        self._on_started = on_started

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()


def _announce(address: str, access: Access, say: Callable[[str], None], *, open_browser: bool) -> None:
    say(f"View: {address}  (Ctrl-C stops it)")
    if not is_loopback(access.host):
        if access.host in _ALL_INTERFACES:
            say("From another machine, put the address of this one in place of 127.0.0.1.")
        say("Anyone who can reach this machine and knows the token can run simulations here; traffic is not encrypted.")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def make_app(access: Access, config: Path | None = None) -> Any:
    """Return Solara's application behind access control.

    Parameters
    ----------
    access : Access
    config : Path, optional
        Experiment whose markets are shown first.

    Raises
    ------
    InputError
        The experiment cannot be read.
    """
    return_freed_arrays_at_once()
    os.environ.pop(CONFIG, None)
    if config is not None:
        os.environ[CONFIG] = str(config)
    _warm_up(load_settings())
    os.environ.update(_ENVIRONMENT)
    os.environ.setdefault("SOLARA_KERNEL_CULL_TIMEOUT", CULL_TIMEOUT)
    # Warnings about cookies without https and about sockets, on which a user cannot act.
    warnings.filterwarnings("ignore", message="(?s).*(samesite|websockets).*")
    from solara.server import kernel_context  # here: Solara reads the environment when it is imported
    from solara.server.starlette import app  # here: for the same reason

    def sessions() -> list[tuple[str, str]]:
        return [(context.id, context.session_id) for context in list(kernel_context.contexts.values())]

    return AccessControl(app, access, sessions)


def _warm_up(settings: Settings) -> None:
    """Run a few weeks of the initial markets: refuses a wrong experiment now, and compiles what they need."""
    markets = [settings.market(name, 500, settings.clock) for name in settings.initial_markets]
    for threads in (1, 2):
        simulate(markets, weeks=2, threads=threads)


def _access(host: str, port: int, token: str | None) -> Access:
    if is_loopback(host):
        token = token or ""
    else:
        token = secrets.token_urlsafe(24) if token is None else token
        if len(token) < _MIN_TOKEN_LENGTH:
            raise InputError([Problem("token", None, f"needs {_MIN_TOKEN_LENGTH} characters or more")])
    return Access(host=host, port=_free_port(host, port), token=token)


def _free_port(host: str, port: int) -> int:
    """Return the port, or for 0 the first free one from 8765 on.

    Raises
    ------
    InputError
        The port is in use, or the host is not an address of this machine.
    """
    reason = ""
    for candidate in [port] if port else range(8765, 8785):
        try:
            with socket.create_server((host, candidate), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
                return candidate
        except OSError as error:
            reason = error.strerror or str(error)
    raise InputError([Problem("port" if port else "host", port or host, reason)])
