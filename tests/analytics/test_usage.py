"""Who leaves a raw row, by what, and what is in it."""

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from app.accounts.staff import whose_address
from app.consents.restrictions import lift_restriction, restrict
from app.core.clock import SystemClock
from app.core.db import fetch
from tests.accounts.test_api_keys import CREATE_KEY
from tests.analytics.counting import Counted, written
from tests.consents.test_api import OBJECT, decide
from tests.fakes.browsing import asking, browsing, sign_in
from tests.fakes.server import RunningServer, authorization, receive, send
from tests.fakes.statements import counted
from tests.gallery.test_gallery import GALLERY, SHOW
from tests.web.test_cookie_choice import FORGOT, GPC, choose, visits

SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { token errors { code } } }"
PASSWORD = "correct horse battery"
A_ROUND: Counted = Counter(
    {
        ("GENERATION_REQUESTED", "SESSION", "slowDONE"): 1,
        ("GENERATION_REQUESTED", "SESSION", "REFUSED"): 1,
        ("PUBLISHED", "SESSION", "DONE"): 1,
        ("GALLERY_VIEWED", "SESSION", "DONE"): 1,
        ("SIGNED_IN", "ANONYMOUS", "DONE"): 1,
    }
)
"""What a person leaves by what `use` does."""
Switch = Callable[[RunningServer, str], Awaitable[None]]


async def use(server: RunningServer, token: str, name: str) -> None:
    """Do each thing that is counted, over the API."""
    made = (await server.create(token, prompt=f"{name} at the sea"))["generation"]["id"]
    assert (await server.create(token, width=63))["errors"]
    await server.queue.settle()
    await server.data(SHOW, {"input": {"id": made, "visibility": "PUBLIC"}}, token)
    await server.data(SHOW, {"input": {"id": made, "visibility": "PRIVATE"}}, token)
    await server.data(GALLERY, None, token)
    await server.data(SIGN_IN, {"input": {"email": f"{name}@example.com", "password": PASSWORD}})


async def object_to(server: RunningServer, token: str, objected: bool) -> None:
    said = {"objections": [{"activity": "ANALYTICS", "objected": objected}], "idempotencyKey": str(uuid.uuid4())}
    assert (await server.data(OBJECT, {"input": said}, token))["setObjections"]["errors"] == []


async def restricted(server: RunningServer, _token: str) -> None:
    await restrict(await whose_address("ada@example.com"), "As asked", actor=None, clock=SystemClock())


async def unrestricted(server: RunningServer, _token: str) -> None:
    await lift_restriction(await whose_address("ada@example.com"), "It is clear", actor=None, clock=SystemClock())


async def refused_cookie(server: RunningServer, token: str) -> None:
    await decide(server, token, ANALYTICS_COOKIES=False)


async def accepted_cookie(server: RunningServer, token: str) -> None:
    await decide(server, token, ANALYTICS_COOKIES=True)


async def objected(server: RunningServer, token: str) -> None:
    await object_to(server, token, True)


async def objected_no_more(server: RunningServer, token: str) -> None:
    await object_to(server, token, False)


async def signalled(server: RunningServer, _token: str) -> None:
    """One page with the signal is on record with the account, and counts for all that comes without it."""
    async with browsing(server) as browser:
        await sign_in(browser)
        await browser.get("/account", headers=GPC)
    rows = await fetch("SELECT method FROM consent_records ORDER BY id DESC LIMIT 1")
    assert [row["method"] for row in rows] == ["GLOBAL_PRIVACY_CONTROL"]


WAYS: tuple[tuple[Switch, Switch], ...] = (
    (objected, objected_no_more),
    (restricted, unrestricted),
    (refused_cookie, accepted_cookie),
    (signalled, accepted_cookie),
)
"""What ends that somebody is counted, and what begins it again."""


async def test_who_does_not_want_it_leaves_no_row_from_that_moment(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    before = await written(server)
    await use(server, ada, "ada")
    assert await written(server) - before == A_ROUND

    for off, on in WAYS:
        await off(server, ada)
        until_then = await written(server)
        await use(server, ada, "ada")
        assert await written(server) == until_then, off.__name__
        await use(server, eve, "eve")
        assert await written(server) - until_then == A_ROUND, "others are counted as before"

        await on(server, ada)
        again = await written(server)
        await use(server, ada, "ada")
        assert await written(server) - again == A_ROUND, on.__name__


async def test_no_visit_is_counted_of_who_does_not_want_it_whatever_the_browser_was_told(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    async with browsing(server) as browser:
        await sign_in(browser)
        await choose(browser, "accept")
        for off, on in WAYS[:2]:
            await off(server, ada)
            until_then = await visits()
            await browser.get(FORGOT)
            assert await visits() == until_then, off.__name__
            assert "visited" not in browser.cookies
            await on(server, ada)
        await browser.get(FORGOT)
        assert await visits() == [("forgot", "NEW", 1)]


async def test_an_objection_is_looked_at_after_the_thing_was_done(server: RunningServer) -> None:
    """What waits in memory for its second is not written of whoever objected before it was."""
    ada = await server.sign_up("ada")
    before = await written(server)
    await server.data(GALLERY, None, ada)
    await object_to(server, ada, True)
    await server.data(GALLERY, None, ada)

    assert await written(server) == before


async def test_the_signal_leaves_no_row_whoever_sends_it(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    before = await written(server)
    server.client.headers.update(GPC)
    await use(server, ada, "ada")
    await server.data(GALLERY)
    url = server.address.replace("http", "ws") + "/graphql"
    async with connect(
        url, subprotocols=[Subprotocol("graphql-transport-ws")], additional_headers=GPC, proxy=None
    ) as socket:
        await send(socket, {"type": "connection_init", "payload": authorization(ada)})
        assert (await receive(socket))["type"] == "connection_ack"
        await send(socket, {"id": "1", "type": "subscribe", "payload": {"query": GALLERY}})
        assert (await receive(socket))["type"] == "next"
    async with browsing(server) as browser:
        browser.headers.update(GPC)
        await browser.get(FORGOT)
        await sign_in(browser)
        await browser.get("/account")
    assert await written(server) == before
    assert len(await fetch("SELECT 1 FROM generations WHERE status = 'SUCCEEDED'")) == 1, "it was made all the same"

    del server.client.headers["sec-gpc"]
    await server.data(GALLERY)
    assert await written(server) - before == {("GALLERY_VIEWED", "ANONYMOUS", "DONE"): 1}


async def test_pages_and_keys_are_counted_by_what_they_are(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    key = {"name": "shop", "scopes": ["GENERATIONS_READ"], "idempotencyKey": str(uuid.uuid4())}
    made = (await server.data(CREATE_KEY, {"input": key}, ada))["createApiKey"]
    before = await written(server)

    await server.data(GALLERY, None, made["secret"])
    async with browsing(server) as browser:
        await browser.get(FORGOT)
        await browser.get("/account/sign-in")
        await sign_in(browser)
        asked = await written(server)
        await choose(browser, "refuse")
        chosen = await written(server)
        await browser.get(FORGOT)
        assert await written(server) == chosen
    await server.sign_up("eve")  # whose account says nothing of what this browser was told
    async with browsing(server) as other:
        await choose(other, "refuse")
        at_first = await written(server)
        await other.get(FORGOT)
        await sign_in(other, "eve@example.com")
        assert (await asking(other, GALLERY)).status_code == 200

    pages = {("PAGE_VIEWED", "PAGES", "sign_inDONE"): 2, ("PAGE_VIEWED", "PAGES", "forgotDONE"): 1}
    found = asked - before
    assert {what: found[what] for what in pages} == pages
    assert found["GALLERY_VIEWED", "API_KEY", "DONE"] == 1
    assert found["SIGNED_IN", "PAGES", "DONE"] == 1
    assert await written(server) == at_first, "who refused the cookie is not counted without it, signed in or not"


async def test_a_row_says_nothing_of_whom_it_is(server: RunningServer) -> None:
    token = await server.sign_up("zoey")  # a name that no id can hold by chance
    server.client.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    await use(server, token, "zoey")
    assert sum((await written(server)).values()) == 6

    rows = await fetch("SELECT u::text AS row, id, hour FROM usage_events u")
    text = " ".join(row["row"] for row in rows).lower()
    names = await fetch(
        """SELECT id::text AS name FROM users UNION SELECT email FROM users UNION SELECT display_name FROM users
           UNION SELECT id::text FROM subject_aliases UNION SELECT id::text FROM sessions
           UNION SELECT id::text FROM generations UNION SELECT network FROM sessions WHERE network IS NOT NULL"""
    )
    assert len(names) >= 8
    for each in (*(row["name"] for row in names), token, "zoey", "firefox", "mozilla", "127.0", "sea"):
        assert each.lower() not in text, each
    assert {row["id"].version for row in rows} == {4}
    assert {(row["hour"].minute, row["hour"].second, row["hour"].microsecond) for row in rows} == {(0, 0, 0)}
    columns = await fetch(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name IN ('usage_days', 'usage_events')"
    )
    what = {"event", "client", "page", "engine", "style", "outcome"}
    assert {row["name"] for row in columns} == {"id", "hour", "day", "count", *what}
    lying = [row["id"] for row in await fetch("SELECT id FROM usage_events ORDER BY ctid")]
    assert lying == sorted(lying), "they lie in the order of their random ids, not in that of what was done"


async def test_counting_costs_whoever_waits_no_statement(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    await server.data(GALLERY, None, ada)
    with counted() as statements:
        await server.data(GALLERY, None, ada)
        looking = len(statements)
        await written(server)

    assert looking == 2, statements.sent
    assert len(statements.about("usage_events")) == 2, "one that writes, and the one of this test"


async def test_a_database_that_is_away_fails_nobodys_request(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    await written(server)
    await server.data(GALLERY, None, ada)
    await fetch("ALTER TABLE usage_events RENAME TO elsewhere")
    try:
        with pytest.raises(Exception, match="usage_events"):
            await written(server)
        answer: httpx.Response = await server.post(GALLERY, token=ada)
        assert (answer.status_code, "errors" in answer.json()) == (200, False)
    finally:
        await fetch("ALTER TABLE elsewhere RENAME TO usage_events")
    assert sum((await written(server)).values()) == 2, "what could not be written is not counted"
