"""A flag freezes an account on every surface within seconds, and an appeal gives everything back."""

import asyncio
from typing import Any

import httpx

from app.accounts.staff import promote
from app.core.db import fetch
from app.core.viewer import Role
from schema.transport.sessions import SESSION_ENDED
from tests.accounts.test_staff import sign_in
from tests.audit.test_audit import OWN
from tests.fakes.server import RunningServer
from tests.fakes.statements import counted
from tests.fakes.uploads import Sender
from tests.gallery.test_gallery import PROFILE, show
from tests.media.pictures import painted, saved
from tests.minors.household import WHO, Household, household, remaining
from tests.schema.test_events import arriving, opened
from tests.schema.test_sessions import following
from tests.schema.test_websocket import closing, subscribers

EVENTS = "subscription { generationEvents { type } }"
FIND = """query ($purpose: Activity!) { users(purpose: $purpose, search: "child@example.com") { nodes { status } } }"""


async def ended(answer: httpx.Response) -> Any:
    """Return the last event but `complete` of a stream."""
    return [event async for event in arriving(answer) if event.name == "next"][-1].data


async def test_a_flag_freezes_every_surface_and_an_appeal_loses_nothing(server: RunningServer) -> None:
    home = await household(server)
    items = {item["prompt"]: item for item in await home.shown()}
    links = [*await home.images(home.child, home.made), *await home.images(home.adult, home.derived)]
    assert len(items) == len(links) == 2
    async with (
        asyncio.timeout(20),
        following(server, home.child) as socket,
        opened(server, home.api_key, query=EVENTS) as stream,
    ):
        await subscribers(server, 2)
        reading = asyncio.create_task(ended(stream))
        before = await remaining()
        flagged = await home.flag()
        assert (flagged["errors"], flagged["user"]["status"]) == ([], "FROZEN")
        async with asyncio.timeout(5):
            await is_frozen(home, links, items)
            assert await closing(socket) == (4403, SESSION_ENDED)
            assert "UNAUTHENTICATED" in str(await reading)
    stopped = await fetch("SELECT status FROM generations ORDER BY id DESC LIMIT 1")
    assert stopped == [{"status": "CANCELED"}], "what waited is not made"
    assert await home.flag() == await home.flag(key="another") == flagged
    assert [row["kind"] for row in await fetch("SELECT kind FROM mails WHERE kind LIKE 'MINOR%'")] == ["MINOR_FLAGGED"]

    assert (await home.lift())["errors"] == []

    assert await remaining() == before
    for token in (home.child, home.api_key, home.app):
        assert (await server.post(WHO, token=token)).status_code == 200
    with counted() as statements:
        assert [await home.status_of(link) for link in links] == [200, 200]
    assert len(statements.about("FROM pictures")) == 2, "that a link asks for the account costs no further statement"
    assert {item["prompt"]: item for item in await home.shown()} == items
    async with following(server, home.child):
        pass
    assert (await sign_in(server, "child"))["errors"] == []
    [again] = (await home.lift())["errors"]
    assert again["code"] == "CONFLICT"
    noted = (await server.data(OWN, None, home.child))["viewer"]["auditEntries"]["nodes"]
    assert {"MINOR_FLAGGED", "MINOR_FLAG_LIFTED"} <= {entry["action"] for entry in noted}
    told = {entry["action"]: entry for entry in noted}["MINOR_FLAGGED"]
    assert (told["note"], told["purpose"]) == ("A school photo", "LEGAL_COMPLIANCE")


async def is_frozen(home: Household, links: list[str], items: dict[str, Any]) -> None:
    """Nobody gets anything of the child's any more, nor what others made from it."""
    server = home.server
    for token in (home.child, home.api_key, home.app):
        assert (await server.post(WHO, token=token)).status_code == 401
    [refused] = (await sign_in(server, "child"))["errors"]
    assert refused["__typename"] == "AccountRestricted"
    assert [await home.status_of(link) for link in links] == [404, 404]
    assert await home.shown() == []
    for item in items.values():
        assert (await server.data(PROFILE, {"id": item["id"]}))["node"] is None
        assert (await server.data(PROFILE, {"id": item["author"]["id"]}))["node"] is None
    assert await home.images(home.adult, home.derived) == []
    sent = await Sender(server, home.child).put(home.upload, saved(painted()))
    assert sent.status_code == 404
    for token, purpose, found in (
        (home.moderator, "FRAUD_PREVENTION", []),
        (home.officer, "LEGAL_COMPLIANCE", [{"status": "FROZEN"}]),
    ):
        assert (await server.data(FIND, {"purpose": purpose}, token))["users"]["nodes"] == found


async def test_who_may_not_be_flagged_is_named_and_nothing_happens(server: RunningServer) -> None:
    home = await household(server)
    await promote("child@example.com", Role.SUPPORT)
    before = await remaining()

    assert [error["code"] for error in (await home.flag())["errors"]] == ["NOT_PERMITTED"]
    own = (await server.data(WHO, None, home.moderator))["viewer"]["id"]
    assert [error["code"] for error in (await home.flag(id=own))["errors"]] == ["NOT_PERMITTED"]
    assert [error["path"] for error in (await home.flag(id="nonsense"))["errors"]] == [["id"]]
    assert [error["path"] for error in (await home.flag(reason=" "))["errors"]] == [["reason"]]
    assert await remaining() == before

    await promote("child@example.com", Role.USER)
    await home.flag()
    [mismatch] = (await home.flag(reason="Something else"))["errors"]
    assert mismatch["code"] == "IDEMPOTENCY_MISMATCH"
    await show(server, home.adult, home.derived, "PRIVATE")
    await show(server, home.adult, home.derived, prompt=True)
    assert await home.shown() == [], "whoever made it cannot show it again either"
