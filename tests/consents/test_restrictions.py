"""Restriction of processing (Art. 18 GDPR): a record, at once, and lifted only by another one."""

from uuid import uuid4

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from app.accounts.errors import PersonNotFound
from app.accounts.staff import MAX_REASON, promote, whose_address
from app.audit.service import alias_of
from app.consents.enforcement import PurposeLimitation
from app.consents.errors import ProcessingRestricted
from app.consents.restrictions import lift_restriction, restrict
from app.core.clock import SystemClock
from app.core.db import execute, fetch
from app.core.errors import InvalidInput
from app.core.personal_data import Activity, Category
from app.core.viewer import Role
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.consents.test_api import LOG
from tests.fakes.consents import FakeNotices
from tests.fakes.server import RunningServer
from tests.gallery.test_gallery import made, nodes, show

CLOCK = SystemClock()
TRAINING = "{ viewer { status generations { nodes { training { eligible reasons } } } } }"
USERS = """{ users(purpose: ACCOUNT_MANAGEMENT, first: 9, search: "ada@example.com") { nodes { displayName } } }"""


async def records() -> list[tuple[int, bool]]:
    rows = await fetch("SELECT sequence, restricted FROM restriction_records ORDER BY sequence")
    return [(row["sequence"], row["restricted"]) for row in rows]


async def test_a_restriction_takes_effect_at_once_and_is_in_the_log(server: RunningServer) -> None:
    ada, admin = await server.sign_up("ada"), await server.sign_up("admin")
    await promote("admin@example.com", Role.ADMIN)
    await show(server, ada, await made(server, ada, "a person"))
    person, shown = await whose_address("ada@example.com"), await nodes(server)
    wrong, right = "You said that your name is wrong.", "Your name is corrected."

    await restrict(person, wrong, actor=None, clock=CLOCK)

    assert (len(shown), await nodes(server)) == (1, [])
    assert (await server.data(USERS, None, admin))["users"]["nodes"] == []
    own = (await server.data(TRAINING, None, ada))["viewer"]
    assert own["status"] == "RESTRICTED"
    assert "RESTRICTED" in own["generations"]["nodes"][0]["training"]["reasons"]

    await lift_restriction(person, right, actor=None, clock=CLOCK)

    assert await nodes(server) == shown
    assert len((await server.data(USERS, None, admin))["users"]["nodes"]) == 1
    log = (await server.data(LOG, None, ada))["viewer"]["auditEntries"]["nodes"]
    said = [(entry["action"], entry["actor"], entry["note"]) for entry in log if entry["actor"] == "OPERATOR"]
    assert said == [("RESTRICTION_LIFTED", "OPERATOR", right), ("RESTRICTED", "OPERATOR", wrong)]


async def test_a_restriction_is_a_record_that_nobody_changes(person: SignUp) -> None:
    ada, eve = (await person("ada")).viewer, (await person("eve")).viewer
    allows = PurposeLimitation.of(PERSONAL_DATA.values(), FakeNotices(), CLOCK)

    await restrict(ada.user_id, "As asked", actor=eve.user_id, clock=CLOCK)
    await restrict(ada.user_id, "As asked", actor=eve.user_id, clock=CLOCK)

    [row] = await fetch("SELECT principal_id, restricted FROM restriction_records")
    assert (row["principal_id"], row["restricted"]) == (await alias_of(ada.user_id), True)
    with pytest.raises(ProcessingRestricted):
        await allows(ada.user_id, Activity.IMAGE_GENERATION, Category.CONTENT)
    await allows(eve.user_id, Activity.IMAGE_GENERATION, Category.CONTENT)
    for change in ("UPDATE restriction_records SET restricted = FALSE", "DELETE FROM restriction_records"):
        with pytest.raises((IntegrityError, OperationalError), match="append only"):
            await execute(change)
    await lift_restriction(ada.user_id, "It is clear", actor=eve.user_id, clock=CLOCK)
    await lift_restriction(ada.user_id, "It is clear", actor=eve.user_id, clock=CLOCK)
    await allows(ada.user_id, Activity.IMAGE_GENERATION, Category.CONTENT)
    assert await records() == [(1, True), (2, False)]


async def test_what_cannot_be_restricted_stays_as_it_is(person: SignUp) -> None:
    eve = (await person("eve")).viewer

    for command in (restrict, lift_restriction):
        with pytest.raises(PersonNotFound):
            await command(uuid4(), "As asked", actor=None, clock=CLOCK)
        for reason in ("", "  ", "x" * (MAX_REASON + 1), "a\x00b"):
            with pytest.raises(InvalidInput):
                await command(eve.user_id, reason, actor=None, clock=CLOCK)

    assert await fetch("SELECT status FROM users") == [{"status": "ACTIVE"}]
    assert await records() == []
