"""Every right can be asked for, ends for an address of no account, and survives a worker that dies anywhere."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from app.core.db import execute, fetch
from app.core.privacy_rights import PrivacyRight
from app.integrations.local_store import LocalObjectStore
from app.privacy.asked import Asked, Request
from app.privacy.rights.registry import RIGHTS
from tests.conftest import SignUp
from tests.fakes.carriers import Crash
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.privacy.rights.world import Asking, counts, give, steps

HERE = (
    Asked(PrivacyRight.RECTIFICATION, "I was not suspended.", display_name="Augusta", email="augusta@example.com"),
    Asked(PrivacyRight.RESTRICTION),
    Asked(PrivacyRight.OBJECTION),
    Asked(PrivacyRight.WITHDRAW_CONSENT),
    Asked(PrivacyRight.KNOW),
    Asked(PrivacyRight.OPT_OUT_OF_SALE),
    Asked(PrivacyRight.LIMIT_SENSITIVE),
)


def test_every_right_that_the_law_gives_can_be_asked_for() -> None:
    assert {right.value for right in set(PrivacyRight) - RIGHTS.keys()} == set(), "nobody can ask for these"
    assert all(rule.right is right for right, rule in RIGHTS.items())


@pytest.mark.parametrize("asked", HERE, ids=lambda asked: asked.right.value)
async def test_a_worker_that_dies_at_any_commit_leaves_what_the_next_one_ends(
    asking: Asking, person: SignUp, asked: Asked
) -> None:
    """Each run dies one point later than the one before it, from wherever that left the request."""
    ada, eve = [(await person(name)).viewer.user_id for name in ("ada", "eve")]
    for each in (ada, eve):
        await give(each)
    whole = await ended(asking, await asking.ask(asked, eve))
    await execute("UPDATE users SET confirmed_email = 'eve@example.com' WHERE id = $1", eve)

    request_id, at = await asking.ask(asked, ada), 0
    while await died(asking, request_id, at):
        at += 1
    broken = await ended(asking, request_id)

    assert at > 2
    assert await counts(broken) == await counts(whole)
    assert [step.note for step in await steps(broken)] == [step.note for step in await steps(whole)]


async def ended(asking: Asking, request_id: UUID) -> Request:
    """Work until it is done, with a person who opens links and staff who close threads."""
    for _ in range(3):
        if (request := await asking.work(request_id)).status == "COMPLETED":
            return request
        await execute("UPDATE support_threads SET state = 'CLOSED'")
        await execute("UPDATE users SET confirmed_email = 'augusta@example.com' WHERE id = $1", request.person)
    raise AssertionError(request.status)


async def died(asking: Asking, request_id: UUID, at: int) -> bool:
    try:
        with dying_at_commits(CrashPoints(at)):
            await asyncio.create_task(work(asking, request_id))
    except Crash:
        return True
    return False


async def work(asking: Asking, request_id: UUID) -> None:
    await asking.work(request_id)


@pytest.mark.parametrize("asked", [each for each in HERE if not each.statement], ids=lambda asked: asked.right.value)
async def test_of_an_address_without_an_account_nothing_is_held_and_the_answer_says_so(
    asking: Asking, asked: Asked
) -> None:
    done = await asking.answer(asked, None, "eve@example.org")

    assert all("No account here" in (step.note or "") for step in await steps(done))
    assert sum(step.count or 0 for step in await steps(done)) == 0
    claims = asking.claims(done)
    assert claims["right"] == asked.right.value
    assert "eve@" not in str(claims)


async def test_letters_of_an_address_are_counted_once_wherever_the_worker_dies(asking: Asking) -> None:
    await execute(
        """INSERT INTO support_threads (id, address, topic, state, created_at, last_message_at)
           VALUES (gen_random_uuid(), 'eve@example.org', 'OTHER', 'OPEN', now(), now())"""
    )
    asked, at = Asked(PrivacyRight.PORTABILITY), 0
    request_id = await asking.ask(asked, None, "eve@example.org")
    while await died(asking, request_id, at):
        at += 1

    assert at > 2
    assert await counts(await ended(asking, request_id)) == [("users", "DONE", 0), ("support_threads", "DONE", 1)]


async def test_the_erasure_for_an_address_leaves_no_copy_that_it_had_asked_for(asking: Asking, tmp_path: Path) -> None:
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    for address in ("eve@example.org", "mallory@example.org"):
        await asking.answer(Asked(PrivacyRight.ACCESS), None, address)
    assert {key.split("/")[0] async for key in store.list("")} == {"exports"}

    await asking.answer(Asked(PrivacyRight.ERASURE), None, "eve@example.org")

    [kept] = await fetch(
        "SELECT a.id, d.address FROM privacy_archives a JOIN privacy_request_details d USING (request_id)"
    )
    assert kept["address"] == "mallory@example.org"
    assert {key.split("/")[1] async for key in store.list("exports/")} == {str(kept["id"])}
