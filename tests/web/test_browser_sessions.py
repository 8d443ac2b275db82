"""The session of a browser: its cookie, how that rotates, and whose pages may use it at the API."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.accounts.browser_sessions import GRACE
from app.core.config import Settings
from app.core.db import execute, fetch
from app.generation.engines.registry import Engines
from schema.transport.sessions import SESSION_ENDED
from tests.accounts.test_sessions import sign_in as sign_in_by_api
from tests.fakes.browsing import ADA, ORIGIN, asking, browsing, send_form, sign_in
from tests.fakes.server import Json, RunningServer, receive, running_server, send
from tests.schema.test_websocket import closing
from workers.runner import Runner

VIEWER = "{ viewer { displayName } }"
ADAS = {"viewer": {"displayName": "Ada"}}
NOBODY = {"viewer": None}
APP = "https://app.example"
CHANGE = "mutation { signOut(input: {everywhere: true}) { signedOut } }"


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service that a front end of somebody else's may call."""
    monkeypatch.setenv("ANYPEOPLE_ALLOWED_ORIGINS", APP)
    return environment


@pytest.fixture
async def browser(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Ada's, signed in."""
    await server.sign_up()
    async with browsing(server) as made:
        assert (await sign_in(made)).headers["location"] == "/account"
        yield made


async def seen_as(browser: httpx.AsyncClient, **headers: Any) -> Json:
    answer = await asking(browser, VIEWER, **headers)
    assert answer.status_code == 200, answer.text
    data: Json = answer.json()["data"]
    return data


async def age(interval: timedelta) -> None:
    """Let time pass for the browser's session."""
    await execute(
        """UPDATE sessions SET rotate_at = rotate_at - $1::interval, previous_until = previous_until - $1::interval,
           last_used_at = last_used_at - $1::interval, expires_at = expires_at - $1::interval""",
        interval,
    )


async def with_token(server: RunningServer, token: str) -> httpx.Response:
    """Ask with that token in the cookie, whatever the answer sets."""
    headers = {"cookie": f"session={token}", "origin": ORIGIN}
    return await server.client.post("/graphql", json={"query": VIEWER}, headers=headers)


async def sessions() -> int:
    return len(await fetch("SELECT 1 FROM sessions WHERE rotate_at IS NOT NULL"))


async def test_the_cookie_is_out_of_reach_and_its_token_is_not_stored(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    await server.sign_up("eve")
    answer = await sign_in(browser, "eve@example.com")

    [written] = [each for each in answer.headers.get_list("set-cookie") if each.startswith("session=anyp_b_")]
    assert {part.strip() for part in written.split(";")[1:]} == {
        "Max-Age=2592000",
        "Path=/",
        "HttpOnly",
        "SameSite=Lax",
    }
    assert answer.headers["cache-control"] == "no-store"
    token = browser.cookies["session"]
    assert await fetch("SELECT 1 FROM sessions AS row WHERE strpos(row::text, $1) > 0", token[-20:]) == []
    # in the place of Ada's, who was signed in there before
    assert await sessions() == 1
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'SIGNED_OUT'")) == 1
    assert (await server.post(VIEWER, token=token)).status_code == 401


@pytest.mark.usefixtures("database")
async def test_over_https_the_cookie_is_of_this_host_alone(
    environment: dict[str, str], engines: Engines, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANYPEOPLE_PUBLIC_URL", "https://people.test")
    async with running_server(Settings.load(), engines, runner) as server, browsing(server) as browser:
        await server.sign_up()
        page = await browser.get("/account/sign-in")
        [form] = page.headers.get_list("set-cookie")
        proof = page.text.partition('name="csrf" value="')[2][:64]
        answer = await browser.post(
            "/account/sign-in",
            data={"csrf": proof, "email": ADA, "password": "correct horse battery"},
            headers={"cookie": form.partition(";")[0], "origin": "https://people.test"},
        )

    written = [each for each in answer.headers.get_list("set-cookie") if "session" in each]
    assert len(written) == 1
    assert form.startswith("__Host-browser=")
    assert written[0].startswith("__Host-session=anyp_b_")
    for cookie in (form, written[0]):
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()


async def test_an_hour_of_use_replaces_the_token(server: RunningServer, browser: httpx.AsyncClient) -> None:
    first = browser.cookies["session"]
    assert await seen_as(browser) == ADAS
    assert browser.cookies["session"] == first

    await age(timedelta(minutes=61))
    answer = await asking(browser, VIEWER)

    assert answer.json()["data"] == ADAS
    assert browser.cookies["session"] != first
    [row] = await fetch(
        """SELECT last_used_at > now() - interval '1 minute' AS fresh, expires_at - now() AS left FROM sessions
           WHERE rotate_at IS NOT NULL"""
    )
    assert row["fresh"]
    assert row["left"] > timedelta(days=29, hours=23)
    assert await seen_as(browser) == ADAS
    assert await sessions() == 1


async def test_requests_at_once_get_one_successor(server: RunningServer, browser: httpx.AsyncClient) -> None:
    token = browser.cookies["session"]
    await age(timedelta(minutes=61))

    answers = await asyncio.gather(*(with_token(server, token) for _ in range(5)))

    assert [answer.json()["data"] for answer in answers] == [ADAS] * 5
    handed_out = {answer.cookies["session"] for answer in answers if "session" in answer.cookies}
    assert len(handed_out) == 1
    assert (await with_token(server, handed_out.pop())).json()["data"] == ADAS


async def test_a_lost_answer_signs_nobody_out(server: RunningServer, browser: httpx.AsyncClient) -> None:
    token = browser.cookies["session"]
    await age(timedelta(minutes=61))
    lost = await with_token(server, token)
    await age(GRACE / 2)

    again = await with_token(server, token)

    assert again.json()["data"] == ADAS
    assert again.cookies["session"] == lost.cookies["session"]


async def test_a_thief_who_has_the_token_replaced_is_found_out(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    """Even one who does not use the successor before the owner came."""
    await age(timedelta(minutes=61))
    stolen = (await with_token(server, browser.cookies["session"])).cookies["session"]
    await age(GRACE + timedelta(seconds=1))

    assert await seen_as(browser) == NOBODY

    assert (await with_token(server, stolen)).json()["data"] == NOBODY
    assert await sessions() == 0
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'SESSION_TOKEN_REUSED'")) == 1


async def test_a_successor_that_is_seen_late_does_not_bring_its_token_back(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    token = browser.cookies["session"]
    await age(timedelta(minutes=61))
    await seen_as(browser)
    await age(GRACE * 10)
    assert await seen_as(browser) == ADAS

    assert (await with_token(server, token)).json()["data"] == NOBODY

    assert await sessions() == 0


async def test_a_token_that_was_replaced_is_good_for_a_minute_and_gets_nothing_new(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    token = browser.cookies["session"]
    await age(timedelta(minutes=61))
    assert await seen_as(browser) == ADAS  # replaced
    assert await seen_as(browser) == ADAS  # the successor was seen

    late = await with_token(server, token)

    assert late.json()["data"] == ADAS
    assert "set-cookie" not in late.headers


async def test_reuse_after_that_ends_the_session_and_is_on_record(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    stolen = browser.cookies["session"]
    await age(timedelta(minutes=61))
    await seen_as(browser)
    await seen_as(browser)
    await age(GRACE + timedelta(seconds=1))

    reused = await with_token(server, stolen)

    assert reused.json()["data"] == NOBODY
    assert "session=;" in reused.headers["set-cookie"]
    assert await sessions() == 0
    assert await seen_as(browser) == NOBODY
    [entry] = await fetch(
        "SELECT subject_id = actor_id AS own FROM audit_entries WHERE action = 'SESSION_TOKEN_REUSED'"
    )
    assert entry["own"]


async def test_a_step_up_replaces_the_token(server: RunningServer, browser: httpx.AsyncClient) -> None:
    before = browser.cookies["session"]
    prove = 'mutation { reauthenticate(input: {password: "correct horse battery"}) { reauthenticated } }'

    assert (await asking(browser, prove)).json()["data"]["reauthenticate"]["reauthenticated"]
    assert await seen_as(browser) == ADAS

    assert browser.cookies["session"] != before


async def test_tokens_of_apps_do_not_rotate_and_are_worth_nothing_in_a_cookie(server: RunningServer) -> None:
    token = await server.sign_up()
    await execute(
        "UPDATE sessions SET last_used_at = now() - interval '2 hours', created_at = now() - interval '2 hours'"
    )

    answer = await server.post(VIEWER, token=token)

    assert answer.json()["data"] == ADAS
    assert "set-cookie" not in answer.headers
    assert (await with_token(server, token)).json()["data"] == NOBODY


async def test_a_dead_cookie_breaks_no_page_and_is_cleared(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await execute("UPDATE sessions SET expires_at = now()")

    answer = await asking(browser, VIEWER)
    page = await browser.get("/account")

    assert answer.json() == {"data": NOBODY} | {k: v for k, v in answer.json().items() if k == "extensions"}
    assert "session=; Max-Age=0" in answer.headers["set-cookie"]
    assert "session" not in browser.cookies
    assert (page.status_code, page.headers["location"]) == (303, "/account/sign-in?next=%2Faccount")
    with_nonsense = await with_token(server, "anyp_b_" + "x" * 5000)
    assert with_nonsense.json()["data"] == NOBODY


OTHERS: dict[str, dict[str, Any]] = {
    "a stranger": {"origin": "https://evil.example"},
    "a front end that may call": {"origin": APP},
    "a sibling": {"origin": "http://images.test:81"},
    "another scheme": {"origin": "https://images.test"},
    "upper case": {"origin": "HTTP://IMAGES.TEST"},
    "a sandboxed page": {"origin": "null", "sec-fetch-site": "same-origin"},
    "no page": {"origin": None},
    "same site": {"origin": None, "sec-fetch-site": "same-site"},
    "a typed address": {"origin": None, "sec-fetch-site": "none"},
    "another origin that says it is ours": {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
}


@pytest.mark.parametrize("who", OTHERS.values(), ids=OTHERS)
async def test_pages_of_others_do_nothing_with_the_cookie(
    server: RunningServer, browser: httpx.AsyncClient, who: dict[str, Any]
) -> None:
    assert await seen_as(browser, **who) == NOBODY

    answer = await asking(browser, CHANGE, **who)

    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers
    assert await sessions() == 1
    assert await seen_as(browser) == ADAS


async def test_pages_of_ours_read_by_get_and_change_nothing_by_it(browser: httpx.AsyncClient) -> None:
    ours, theirs = {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "cross-site"}

    answers = [await browser.get("/graphql", params={"query": VIEWER}, headers=each) for each in (ours, theirs, {})]

    assert [answer.json()["data"] for answer in answers] == [ADAS, NOBODY, NOBODY]
    assert (await browser.get("/graphql", params={"query": CHANGE}, headers=ours)).status_code == 405
    assert await sessions() == 1


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None]
)
async def test_what_a_page_may_send_without_asking_is_refused(
    browser: httpx.AsyncClient, content_type: str | None
) -> None:
    """These need no preflight (Fetch, CORS-safelisted): an old browser sends them from anywhere."""
    content = f'{{"query": "{CHANGE}"}}'
    headers = {"origin": ORIGIN, **({"content-type": content_type} if content_type else {})}

    answer = await browser.post("/graphql", content=content, headers=headers)

    assert answer.status_code == 415
    assert await sessions() == 1


async def test_a_header_wins_over_the_cookie(server: RunningServer, browser: httpx.AsyncClient) -> None:
    eve = await server.sign_up("eve")

    answer = await asking(browser, VIEWER, authorization=f"Bearer {eve}")
    refused = await asking(browser, VIEWER, authorization="Bearer nonsense")
    empty = await asking(browser, VIEWER, authorization="")

    assert answer.json()["data"] == {"viewer": {"displayName": "Eve"}}
    assert refused.status_code == 401
    assert empty.json()["data"] == NOBODY


async def test_an_event_stream_takes_the_cookie_from_our_pages_only(
    server: RunningServer, browser: httpx.AsyncClient
) -> None:
    ours = await asking(browser, VIEWER, accept="text/event-stream")
    theirs = await asking(browser, VIEWER, origin=APP, accept="text/event-stream")

    assert '"displayName":"Ada"' in ours.text
    assert '"displayName"' not in theirs.text
    assert '"viewer":null' in theirs.text


def socket(server: RunningServer, browser: httpx.AsyncClient, origin: str | None) -> Any:
    return connect(
        server.address.replace("http", "ws") + "/graphql",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        origin=Origin(origin) if origin else None,
        additional_headers={"cookie": f"session={browser.cookies['session']}"},
        proxy=None,
    )


async def viewer_of(opened: ClientConnection, payload: Json | None = None) -> Json:
    await send(opened, {"type": "connection_init", "payload": payload})
    assert (await receive(opened))["type"] == "connection_ack"
    await send(opened, {"type": "subscribe", "id": "1", "payload": {"query": VIEWER}})
    data: Json = (await receive(opened))["payload"]["data"]
    return data


async def test_a_socket_takes_the_cookie_from_our_pages_only(server: RunningServer, browser: httpx.AsyncClient) -> None:
    eve = await server.sign_up("eve")
    for origin, payload, seen in (
        (ORIGIN, None, ADAS),
        (ORIGIN, {}, ADAS),
        (ORIGIN, {"authorization": f"Bearer {eve}"}, {"viewer": {"displayName": "Eve"}}),
        (ORIGIN, {"authorization": ""}, NOBODY),
        (ORIGIN, {"authorization": 7}, NOBODY),
        (APP, None, NOBODY),
        ("http://localhost:3000", None, NOBODY),
        (None, None, NOBODY),
    ):
        async with socket(server, browser, origin) as opened:
            assert await viewer_of(opened, payload) == seen, (origin, payload)
    with pytest.raises(InvalidStatus):
        async with socket(server, browser, "https://evil.example"):
            pass


async def test_a_dead_cookie_leaves_a_socket_to_nobody(server: RunningServer, browser: httpx.AsyncClient) -> None:
    await execute("UPDATE sessions SET expires_at = now()")
    async with socket(server, browser, ORIGIN) as opened:
        assert await viewer_of(opened) == NOBODY


async def test_a_socket_does_not_use_a_token_up(server: RunningServer, browser: httpx.AsyncClient) -> None:
    token = browser.cookies["session"]
    await age(timedelta(minutes=61))
    async with socket(server, browser, ORIGIN) as opened:
        assert await viewer_of(opened) == ADAS
    await seen_as(browser)
    assert browser.cookies["session"] != token


@pytest.mark.parametrize("ending", ["signed out", "revoked", "suspended"])
async def test_what_is_open_ends_with_the_browsers_session(
    server: RunningServer, browser: httpx.AsyncClient, ending: str
) -> None:
    async with socket(server, browser, ORIGIN) as opened:
        assert await viewer_of(opened) == ADAS
        if ending == "signed out":
            await send_form(browser, "/account", {}, to="/account/sign-out")
        elif ending == "revoked":
            other = await sign_in_by_api(server)
            listed = await server.data("{ viewer { sessions { id isCurrent } } }", None, other)
            for each in listed["viewer"]["sessions"]:
                if not each["isCurrent"]:
                    revoke = "mutation ($id: ID!) { revokeSession(input: {id: $id}) { revokedId } }"
                    await server.data(revoke, {"id": each["id"]}, other)
        else:
            await execute("UPDATE users SET status = 'SUSPENDED'")
        async with asyncio.timeout(30):
            with suppress(ConnectionClosed):
                while True:
                    await opened.recv()
        assert await closing(opened) == (4403, SESSION_ENDED)
    assert await seen_as(browser) == NOBODY
