"""Access control of the view: requests from the browser on this machine, or from whoever knows the token.

Solara itself accepts any Host and Origin, keeps every kernel that a cookie asks for, and publishes its internal state.
This ASGI middleware checks each request before Solara sees it.
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
_BLOCKED_PATHS = ("/resourcez", "/readyz", "/_solara/api/evict")
_DROPPED_HEADERS = {b"script-name", b"x-script-name", b"forwarded"}  # Solara would take its own address from these
_KERNEL_PATH = "/jupyter/api/kernels/"
_RESPONSE_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'; object-src 'none'; base-uri 'self'"),
    (b"referrer-policy", b"no-referrer"),
]


@dataclass(frozen=True)
class Access:
    """Where the server listens, the token it asks for, and how many sessions it allows."""

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    max_sessions: int = 12  # pages open at once
    max_sessions_per_visitor: int = 4

    def is_own_host(self, host: str) -> bool:
        """Say whether a Host header names this server.

        Foreign names are refused: another site could let its own name resolve to this server (DNS rebinding). That is
        not possible with a literal address.
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
        return name == self.host.strip("[]").lower() or (_is_unspecified(self.host) and _is_address(name))


class AccessControl:
    """ASGI middleware that passes on only requests that are allowed.

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
        """Pass a request on, or answer it with an error status."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        status = self._refusal(scope, headers)
        if status:
            await _refuse(scope, receive, send, status)
        elif scope["type"] == "http" and self._has_token_query(scope):
            await _set_token_cookie(send, self._access.token)
        else:
            kept = [
                (n, v) for n, v in scope["headers"] if n not in _DROPPED_HEADERS and not n.startswith(b"x-forwarded")
            ]
            await self._app(scope | {"headers": kept}, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> int:
        """Return the HTTP status of a refusal, 0 if the request is allowed."""
        if not self._access.is_own_host(headers.get("host", "")):
            return 421
        origin = headers.get("origin")
        if origin is not None and not self._is_same_origin(origin, headers["host"]):
            return 403
        if scope["type"] == "websocket" and origin is None:
            return 403  # every browser sends the origin of a socket
        if scope["path"].startswith(_BLOCKED_PATHS):
            return 404
        if self._access.token and not self._has_token_cookie(headers) and not self._has_token_query(scope):
            return 401
        return 429 if scope["type"] == "websocket" and not self._has_free_session(scope, headers) else 0

    def _is_same_origin(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()

    def _has_token_cookie(self, headers: dict[str, str]) -> bool:
        return _equal_in_constant_time(_cookie(headers, TOKEN_COOKIE), self._access.token)

    def _has_token_query(self, scope: Scope) -> bool:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return bool(self._access.token) and scope["path"] == "/" and _equal_in_constant_time(given, self._access.token)

    def _has_free_session(self, scope: Scope, headers: dict[str, str]) -> bool:
        path = scope["path"]
        if not path.startswith(_KERNEL_PATH):
            return True
        wanted = path.removeprefix(_KERNEL_PATH).split("/")[0]
        alive = self._sessions()
        if any(kernel == wanted for kernel, _ in alive):
            return True
        session = _cookie(headers, SESSION_COOKIE)
        of_visitor = sum(cookie == session for _, cookie in alive)
        return len(alive) < self._access.max_sessions and of_visitor < self._access.max_sessions_per_visitor


def is_loopback(host: str) -> bool:
    """Say whether a host can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_unspecified(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host.strip("[]")).is_unspecified


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers by name; a host or origin given twice counts as empty, because it is ambiguous."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = "" if key in found and key in ("host", "origin") else value.decode("latin-1")
    return found


def _cookie(headers: dict[str, str], name: str) -> str:
    cookies = SimpleCookie(headers.get("cookie", ""))
    return cookies[name].value if name in cookies else ""


def _equal_in_constant_time(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())


def _with_headers(send: Any) -> Any:
    async def send_with_headers(message: Scope) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", []), *_RESPONSE_HEADERS]}
        await send(message)

    return send_with_headers


async def _set_token_cookie(send: Any, token: str) -> None:
    """Turn the token of the address into a cookie, so that it does not stay in the address bar."""
    cookie = f"{TOKEN_COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/".encode()
    headers = [(b"location", b"/"), (b"set-cookie", cookie), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": [*headers, *_RESPONSE_HEADERS]})
    await send({"type": "http.response.body", "body": b""})


_MESSAGES = {
    401: "This view needs the address with the token that `abm view` printed.",
    403: "Requests from other sites are refused.",
    404: "Not found.",
    421: "This view does not answer to that name; use the address that `abm view` printed.",
    429: "Too many open views; close one and reload.",
}


async def _refuse(scope: Scope, receive: Any, send: Any, status: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008 if status != 429 else 1013, "reason": _MESSAGES[status]})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_RESPONSE_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": _MESSAGES[status].encode()})
