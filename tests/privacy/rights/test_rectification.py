"""RECTIFICATION: what the person may change is changed; the rest waits for staff, who see it in their queue."""

from uuid import UUID

import pytest

from app.accounts.staff import promote
from app.core.db import execute, fetch
from app.core.errors import InvalidInput
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Role
from app.privacy.asked import Asked
from tests.fakes.server import RunningServer
from tests.privacy.asking import own, submit
from tests.privacy.rights.world import Asking, counts, steps
from tests.support.conversing import CLOSE
from tests.support.test_api import staffs

RIGHT = PrivacyRight.RECTIFICATION
STATEMENT = "I was not suspended in May."


async def test_a_name_is_corrected_at_once(asking: Asking, ada: UUID) -> None:
    done = await asking.answer(Asked(RIGHT, display_name=" Augusta  Ada "), ada)

    [row] = await fetch("SELECT display_name FROM users")
    assert row["display_name"] == "Augusta Ada"
    assert [count for _, _, count in await counts(done)] == [1, None, None, 2]
    assert "Augusta" not in str(asking.claims(done))


async def test_an_address_waits_for_its_own_link(asking: Asking, ada: UUID) -> None:
    id = await asking.ask(Asked(RIGHT, email="Augusta@Example.com"), ada)

    for _ in range(2):
        assert (await asking.work(id)).status == "AWAITING_PROCESSOR"
    [ticket] = await fetch("SELECT address FROM tickets WHERE purpose = 'CONFIRM_EMAIL'")
    assert ticket["address"] == "augusta@example.com"
    kinds = [row["kind"] for row in await fetch("SELECT kind FROM mails WHERE kind LIKE '%CHANG%' ORDER BY kind")]
    assert kinds == ["CHANGE_EMAIL", "EMAIL_CHANGING"], "both addresses are told, once"
    await execute("UPDATE users SET email = $1, confirmed_email = $1", ticket["address"])
    done = await asking.work(id)
    assert (done.status, await counts(done)) == (
        "COMPLETED",
        [
            ("users", "DONE", None),
            ("tickets", "DONE", 1),
            ("support_threads", "DONE", None),
            ("disclosures", "DONE", 2),
        ],
    )


async def test_an_address_that_nobody_confirms_stays_as_it_was_and_the_answer_says_so(
    asking: Asking, ada: UUID
) -> None:
    id = await asking.ask(Asked(RIGHT, email="augusta@example.com"), ada)
    await asking.work(id)
    await execute("DELETE FROM tickets")

    done = await asking.work(id)

    assert done.status == "COMPLETED"
    assert "Nobody opened the link" in ((await steps(done))[1].note or "")
    assert await fetch("SELECT id FROM tickets") == [], "it is not begun again"


async def test_staff_find_what_only_they_can_correct_and_end_it(server: RunningServer) -> None:
    ada, officer = await server.sign_up("ada"), await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)

    asked = await submit(server, ada, "RECTIFICATION", statement=STATEMENT, displayName="Augusta")
    assert asked["errors"] == []
    await server.queue.settle()

    [request] = await own(server, ada)
    assert request["status"] == "AWAITING_PROCESSOR"
    assert [step["status"] for step in request["steps"]] == ["DONE", "DONE", "AWAITING", "DONE"]
    [node] = await staffs(server, officer, "LEGAL_COMPLIANCE", state="OPEN")
    assert node["messages"][0]["text"] == STATEMENT
    assert (await server.data(CLOSE, {"input": {"id": node["id"]}}, officer))["closeSupportThread"]["closed"]
    [job] = await fetch("UPDATE jobs SET run_after = now() WHERE kind = 'privacy.run' RETURNING id, attempt")
    await server.queue.enqueue("bulk", job["id"], job["attempt"])
    await server.queue.settle()
    [request] = await own(server, ada)
    assert (request["status"], request["steps"][2]["count"]) == ("COMPLETED", 1)


async def test_what_else_is_wrong_is_another_request_and_the_same_words_are_not(server: RunningServer) -> None:
    """Else what somebody says while staff look at what they said before would be lost."""
    ada = await server.sign_up("ada")
    server.queue.work_with(None)

    for key, said in (("one", STATEMENT), ("two", "So is my year of birth."), ("three", STATEMENT)):
        assert (await submit(server, ada, "RECTIFICATION", key, statement=said))["errors"] == []

    assert len(await own(server, ada)) == 2


async def test_it_takes_a_fresh_proof(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    await execute("UPDATE sessions SET authenticated_at = now() - interval '1 hour'")

    [error] = (await submit(server, ada, "RECTIFICATION", email="eve@example.com"))["errors"]

    assert error["code"] == "STEP_UP_REQUIRED"


@pytest.mark.parametrize(
    "wrong", [{}, {"statement": " \x07 "}, {"display_name": ""}, {"email": "nowhere"}], ids=lambda wrong: str([*wrong])
)
async def test_nothing_to_correct_is_said_at_once(asking: Asking, ada: UUID, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        await asking.ask(Asked(RIGHT, **wrong), ada)  # type: ignore[arg-type]


async def test_staff_look_at_what_somebody_without_an_account_says(asking: Asking) -> None:
    id = await asking.ask(Asked(RIGHT, statement=STATEMENT), None, "eve@example.org")

    assert (await asking.work(id)).status == "AWAITING_PROCESSOR"
    [thread] = await fetch("SELECT address, topic, privacy_right FROM support_threads")
    assert list(thread.values()) == ["eve@example.org", "PRIVACY_REQUEST", "RECTIFICATION"]
    await execute("UPDATE support_threads SET state = 'CLOSED'")
    assert (await asking.work(id)).status == "COMPLETED"
