"""RESTRICTION: at once, whatever else the account is; the clock ends nothing of it."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.accounts.staff import suspend
from app.consents.errors import ProcessingRestricted
from app.consents.restrictions import is_restricted, lift_restriction
from app.core.clock import SystemClock
from app.core.db import execute, fetch
from app.core.errors import Conflict
from app.core.personal_data import Activity, Category
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.privacy.lifting import TOLD_BEFORE, announce_lift
from app.registries import SWEEPS
from tests.conftest import SignUp
from tests.fakes.consents import purpose_limitation
from tests.privacy.rights.world import Asking, counts

ASKED = Asked(PrivacyRight.RESTRICTION, statement="What you say of me is wrong.")
WRITTEN = {"reference_images": "expires_at", "mails": "ended_at", "support_threads": "last_message_at"}


async def test_data_is_stored_only_from_then_on(asking: Asking, ada: UUID) -> None:
    done = await asking.answer(ASKED, ada)

    with pytest.raises(ProcessingRestricted):
        await purpose_limitation()(ada, Activity.IMAGE_GENERATION, Category.CONTENT)
    assert await counts(done) == [("restriction_records", "DONE", 1), ("disclosures", "DONE", 2)]
    assert await counts(await asking.answer(ASKED, ada)) == [
        ("restriction_records", "DONE", 0),
        ("disclosures", "DONE", 2),
    ]
    [row] = await fetch("SELECT status FROM users")
    assert row["status"] == "RESTRICTED"


async def test_who_is_suspended_is_restricted_all_the_same(asking: Asking, ada: UUID, person: SignUp) -> None:
    """By the record: an account has one status, and the suspension is what it says until it ends."""
    eve = (await person("eve")).viewer
    await suspend(eve, ada, "Pictures of a neighbour")

    await asking.answer(ASKED, ada)

    assert await statuses() == ["SUSPENDED", "ACTIVE"]
    with pytest.raises(ProcessingRestricted):
        await purpose_limitation()(ada, Activity.IMAGE_GENERATION, Category.CONTENT)
    await suspend(eve, ada, "It was not hers", suspended=False)
    assert await statuses() == ["RESTRICTED", "ACTIVE"]
    await suspend(eve, ada, "Pictures of a neighbour")
    await lift_restriction(ada, "It is corrected", actor=eve.user_id, clock=SystemClock())
    await purpose_limitation()(ada, Activity.IMAGE_GENERATION, Category.CONTENT)
    await suspend(eve, ada, "It was not hers", suspended=False)
    assert await statuses() == ["ACTIVE", "ACTIVE"]


async def test_the_clock_ends_nothing_that_may_only_be_stored(asking: Asking, ada: UUID) -> None:
    """A claim may need it (Art. 18(1)(c)); once the restriction is lifted, time goes on where it would be."""
    await asking.answer(ASKED, ada)
    await execute(
        """INSERT INTO support_threads (id, person_id, topic, state, created_at, last_message_at)
           VALUES (gen_random_uuid(), $1, 'QUESTION', 'CLOSED', now(), now())""",
        ada,
    )
    for table, since in WRITTEN.items():
        await execute(f"UPDATE {table} SET {since} = now()")
    late = SystemClock().now() + timedelta(days=400)
    assert [(await SWEEPS[table].due(late)).number for table in WRITTEN] == [0, 0, 0]

    await lift_restriction(ada, "It is corrected", actor=None, clock=SystemClock())

    over = {table: (await SWEEPS[table].due(late)).number for table in WRITTEN}
    assert (over["reference_images"], over["support_threads"]) == (1, 1)
    assert over["mails"] > 0


async def statuses() -> list[str]:
    return [row["status"] for row in await fetch("SELECT status FROM users ORDER BY display_name")]


async def test_it_ends_three_days_after_its_person_was_told(asking: Asking, ada: UUID, person: SignUp) -> None:
    eve = (await person("eve")).viewer.user_id
    with pytest.raises(Conflict):
        await announce_lift(ada, "It is corrected", actor=eve, clock=SystemClock())
    await asking.answer(ASKED, ada)

    ends = [await announce_lift(ada, "It is corrected", actor=eve, clock=SystemClock()) for _ in range(2)]

    assert ends[0] - SystemClock().now() > TOLD_BEFORE - timedelta(minutes=10)
    [mail] = await fetch("SELECT values FROM mails WHERE kind = 'RESTRICTION_ENDING'")
    assert "It is corrected" in mail["values"]
    assert await is_restricted(ada), "not before"
    await lifted(asking)
    assert not await is_restricted(ada)
    actions = await fetch("SELECT action FROM audit_entries WHERE action LIKE 'RESTRICTION%' ORDER BY id")
    assert [row["action"] for row in actions] == ["RESTRICTION_ENDING", "RESTRICTION_LIFTED"]


async def test_whoever_asks_anew_meanwhile_keeps_it(asking: Asking, ada: UUID) -> None:
    await asking.answer(ASKED, ada)
    await announce_lift(ada, "It is corrected", actor=None, clock=SystemClock())

    await asking.answer(ASKED, ada)

    await lifted(asking)
    assert await is_restricted(ada)


async def lifted(asking: Asking) -> None:
    """Run what ends restrictions, three days later."""
    [job] = await fetch(
        "UPDATE jobs SET run_after = now() WHERE kind = 'privacy.lift_restriction' RETURNING id, attempt"
    )
    await asking.runner.run(job["id"], job["attempt"])
