"""Access control without a browser: requests are handed to the middleware directly."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from abm.base.errors import InputError
from abm.view.access import SESSION_COOKIE, TOKEN_COOKIE, Access, AccessControl, is_loopback
from abm.view.server import serve

pytestmark = pytest.mark.needs_compiled

SECRET = "0123456789abcdef"
HERE = Access(port=8765)
OUT = Access(host="0.0.0.0", port=8765, token=SECRET)


def ask(access: Access, alive: tuple[tuple[str, str], ...] = (), **asked: Any) -> tuple[int, dict[bytes, bytes]]:
    """Return the status (or for sockets 0 if accepted, else the close code) and what the app got as headers."""
    seen: dict[bytes, bytes] = {}
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    headers = {"host": "127.0.0.1:8765"} | asked.pop("headers", {})
    scope = {"type": "http", "path": "/", "query_string": b""} | asked
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(AccessControl(app, access, lambda: list(alive))(scope, receive, send))
    first = sent[0]
    return first.get("status", first.get("code", 0)), seen | dict(first.get("headers", []))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200), ("localhost:8765", 200), ("[::1]:8765", 200),
        ("127.0.0.1", 421), ("127.0.0.1:80", 421), ("evil.example:8765", 421), ("", 421), ("192.168.1.5:8765", 421),
        ("localhost.evil.example:8765", 421), ("[::1", 421), ("127.0.0.1:8765x", 421),
    ],
)  # fmt: skip
def test_only_names_of_this_machine(host: str, status: int) -> None:
    assert ask(HERE, headers={"host": host})[0] == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8765", 200), ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:9999", 403),
        ("http://127.0.0.1:8765.evil.example", 403), ("file://", 403), ("", 403),
    ],
)  # fmt: skip
def test_only_its_own_origin(origin: str, status: int) -> None:
    assert ask(HERE, headers={"origin": origin})[0] == status


def test_sockets_must_say_where_they_come_from() -> None:
    socket = {"type": "websocket", "path": "/jupyter/api/kernels/k/channels"}
    assert ask(HERE, **socket)[0] == 1008
    assert ask(HERE, **socket, headers={"origin": "http://evil.example"})[0] == 1008
    assert ask(HERE, **socket, headers={"origin": "http://127.0.0.1:8765"})[0] == 200  # handed to the app


def test_sessions_are_capped_per_visitor_and_in_all() -> None:
    socket = {"type": "websocket", "path": "/jupyter/api/kernels/new/channels"}
    headers = {"origin": "http://127.0.0.1:8765", "cookie": f"{SESSION_COOKIE}=me"}
    mine = tuple((f"k{i}", "me") for i in range(4))
    assert ask(HERE, mine[:3], **socket, headers=headers)[0] == 200
    assert ask(HERE, mine, **socket, headers=headers)[0] == 1013
    assert ask(HERE, (*mine[:3], ("new", "me")), **socket, headers=headers)[0] == 200  # comes back
    others = tuple((f"k{i}", f"other {i}") for i in range(12))
    assert ask(HERE, others, **socket, headers=headers)[0] == 1013


def test_internal_pages_are_not_found() -> None:
    for path in ("/resourcez", "/readyz", "/_solara/api/evict/k"):
        assert ask(HERE, path=path)[0] == 404


def test_headers_of_proxies_do_not_get_through() -> None:
    forged = {"x-script-name": "/evil", "script-name": "/evil", "x-forwarded-host": "evil", "forwarded": "for=evil"}
    status, seen = ask(HERE, headers=forged | {"accept": "*/*"})
    assert status == 200
    assert seen[b"accept"] == b"*/*"
    assert not {name.encode() for name in forged} & set(seen)
    assert seen[b"x-frame-options"] == b"DENY"


def test_a_token_is_needed_elsewhere() -> None:
    host = {"host": "192.168.1.5:8765"}
    assert ask(OUT, headers=host)[0] == 401
    assert ask(OUT, headers=host | {"cookie": f"{TOKEN_COOKIE}=wrong"})[0] == 401
    assert ask(OUT, headers=host | {"cookie": f"{TOKEN_COOKIE}={SECRET}"})[0] == 200
    assert ask(OUT, headers=host, query_string=b"token=wrong")[0] == 401
    status, headers = ask(OUT, headers=host, query_string=f"token={SECRET}".encode())
    assert status == 303
    assert b"HttpOnly; SameSite=Strict" in headers[b"set-cookie"]
    assert ask(OUT, path="/static/x", headers=host, query_string=f"token={SECRET}".encode())[0] == 401
    socket = {"type": "websocket", "path": "/jupyter/api/kernels/k/channels"}
    assert ask(OUT, **socket, headers=host | {"origin": "http://192.168.1.5:8765"})[0] == 1008


def test_foreign_names_are_refused_where_addresses_are_not() -> None:
    """A page elsewhere can let its own name resolve to this machine, but not an address."""
    cookie = {"cookie": f"{TOKEN_COOKIE}={SECRET}"}
    assert ask(OUT, headers=cookie | {"host": "evil.example:8765"})[0] == 421
    named = Access(host="lab.example", port=8765, token=SECRET)
    assert ask(named, headers=cookie | {"host": "lab.example:8765"})[0] == 200
    assert ask(named, headers=cookie | {"host": "evil.example:8765"})[0] == 421


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.1.5", "lab.example", "::")))


def test_a_short_token_and_a_taken_port_are_refused() -> None:
    with pytest.raises(InputError, match="16 characters"):
        serve(host="0.0.0.0", token="short")
    with pytest.raises(InputError, match="port = 1"):
        serve(host="192.0.2.1", port=1)
