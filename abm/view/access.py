"""Who may talk to the view: the browser on this machine, or whoever knows the token.

Solara itself accepts any Host and Origin, keeps every kernel a cookie asks for, and publishes what it does.
This layer stands before it.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = dict[str, Any]
TOKEN_COOKIE, SESSION_COOKIE = "abm-token", "solara-session-id"
_CLOSED = ("/resourcez", "/readyz", "/_solara/api/evict")
_DROPPED = {b"script-name", b"x-script-name", b"forwarded"}  # Solara would take its own address from these
_KERNELS = "/jupyter/api/kernels/"
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'; object-src 'none'; base-uri 'self'"),
    (b"referrer-policy", b"no-referrer"),
]


@dataclass(frozen=True)
class Access:
    """Where the server listens, and what a visitor needs."""

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    most_sessions: int = 12  # pages open at once
    most_per_visitor: int = 4

    def is_own(self, host: str) -> bool:
        """Say whether a Host header names this server.

        Names of others are refused: a foreign page could have its own name point here. Addresses cannot lie.
        """
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port or 80
        except ValueError:
            return False
        if port != self.port:
            return False
        if is_loopback(self.host):
            return name == "localhost" or is_loopback(name)
        return name == self.host.strip("[]").lower() or (_is_any(self.host) and _is_address(name))


class Guard:
    """ASGI layer that lets only allowed requests through.

    Parameters
    ----------
    app : ASGI application
    access : Access
    sessions : callable
        Returns (kernel id, session cookie) of all kernels alive.
    """

    def __init__(self, app: Any, access: Access, sessions: Callable[[], list[tuple[str, str]]]) -> None:
        self._app, self._access, self._sessions = app, access, sessions

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        status = self._refusal(scope, headers)
        if status:
            await _refuse(scope, receive, send, status)
        elif scope["type"] == "http" and self._brings_token(scope):
            await _let_in(send, self._access.token)
        else:
            kept = [(n, v) for n, v in scope["headers"] if n not in _DROPPED and not n.startswith(b"x-forwarded")]
            await self._app(scope | {"headers": kept}, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> int:
        """Return the status of a refusal, 0 for none."""
        if not self._access.is_own(headers.get("host", "")):
            return 421
        origin = headers.get("origin")
        if origin is not None and not self._same(origin, headers["host"]):
            return 403
        if scope["type"] == "websocket" and origin is None:
            return 403  # every browser says where a socket comes from
        if scope["path"].startswith(_CLOSED):
            return 404
        if self._access.token and not self._knows_token(headers) and not self._brings_token(scope):
            return 401
        return 429 if scope["type"] == "websocket" and not self._has_room(scope, headers) else 0

    def _same(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()

    def _knows_token(self, headers: dict[str, str]) -> bool:
        return _equal(_cookie(headers, TOKEN_COOKIE), self._access.token)

    def _brings_token(self, scope: Scope) -> bool:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return bool(self._access.token) and scope["path"] == "/" and _equal(given, self._access.token)

    def _has_room(self, scope: Scope, headers: dict[str, str]) -> bool:
        path = scope["path"]
        if not path.startswith(_KERNELS):
            return True
        wanted = path.removeprefix(_KERNELS).split("/")[0]
        alive = self._sessions()
        if any(kernel == wanted for kernel, _ in alive):
            return True
        session = _cookie(headers, SESSION_COOKIE)
        of_visitor = sum(cookie == session for _, cookie in alive)
        return len(alive) < self._access.most_sessions and of_visitor < self._access.most_per_visitor


def is_loopback(host: str) -> bool:
    """Say whether a host can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_any(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host.strip("[]")).is_unspecified


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers; one that is there twice counts as empty, so that nobody can argue which one holds."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = "" if key in found and key in ("host", "origin") else value.decode("latin-1")
    return found


def _cookie(headers: dict[str, str], name: str) -> str:
    cookies = SimpleCookie(headers.get("cookie", ""))
    return cookies[name].value if name in cookies else ""


def _equal(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())


def _with_headers(send: Any) -> Any:
    async def send_more(message: Scope) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", []), *_HEADERS]}
        await send(message)

    return send_more


async def _let_in(send: Any, token: str) -> None:
    """Turn the token of the address into a cookie, so that it does not stay in the address bar."""
    cookie = f"{TOKEN_COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/".encode()
    headers = [(b"location", b"/"), (b"set-cookie", cookie), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": [*headers, *_HEADERS]})
    await send({"type": "http.response.body", "body": b""})


_WORDS = {
    401: "This view needs the address with the token that `abm view` printed.",
    403: "Requests from other sites are refused.",
    404: "Not found.",
    421: "This view does not answer to that name; use the address that `abm view` printed.",
    429: "Too many open views; close one and reload.",
}


async def _refuse(scope: Scope, receive: Any, send: Any, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008 if status != 429 else 1013, "reason": _WORDS[status]})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": _WORDS[status].encode()})
