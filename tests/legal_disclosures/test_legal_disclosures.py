"""What the law made us hand over: who may record it, who is told, and what a bar keeps back."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from app.accounts.staff import promote
from app.core import jobs
from app.core.db import execute, fetch, transaction
from app.core.jobs import Lease
from app.core.viewer import Role
from app.legal_disclosures.service import END_BARS, end_bars
from app.privacy.erasure import Eraser
from app.privacy.kept import is_untold
from app.privacy.kept import kept as kept_of
from app.registries import PERSONAL_DATA
from tests.fakes.browsing import browsing, sign_in
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer
from tests.privacy.test_erasure import died
from tests.schema.world import key_of
from tests.workers.test_schedule import Watch

RECORD = """mutation ($input: RecordLegalDisclosureInput!) { recordLegalDisclosure(input: $input) {
  disclosure { id recipient ground basis scope categories disclosedOn barredUntil barReason }
  errors { __typename code path } } }"""
OWN = """{ viewer { id legalDisclosures { nodes { id recipient ground scope barReason } }
  auditEntries(first: 3) { nodes { action actor purpose note } } } }"""
HANDOVER = {
    "recipient": "District Court 7",
    "ground": "COURT_ORDER",
    "basis": "Order 12/31",
    "scope": "The address and when it signed in",
    "categories": ["CONTACT", "ACTIVITY"],
    "disclosedOn": "2026-03-01",
    "idempotencyKey": "one",
}


class Later(Watch):
    """A clock so many days after now."""

    def __init__(self, days: float) -> None:
        self.time = datetime.now(UTC) + timedelta(days=days)


async def office(server: RunningServer, mailer: FakeMailer) -> tuple[str, str, str]:
    """Return the tokens of a person and of a privacy officer, and the person's id."""
    ada, officer = [await server.sign_up(name) for name in ("ada", "officer")]
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    mailer.letters.clear()
    return ada, officer, str((await own(server, ada))["id"])


async def own(server: RunningServer, token: str) -> Json:
    return cast(Json, (await server.data(OWN, None, token))["viewer"])


async def recorded(server: RunningServer, token: str, about: str, **said: Any) -> Json:
    variables = {"input": {**HANDOVER, "subject": about, **said}}
    return cast(Json, (await server.data(RECORD, variables, token))["recordLegalDisclosure"])


def bar(days: float = 30) -> Json:
    return {"until": (datetime.now(UTC) + timedelta(days=days)).isoformat(), "reason": "Section 9 of the order"}


async def leased() -> Lease:
    """Take a job that nobody else was told of."""
    async with transaction():
        job_id = await jobs.record(END_BARS, {}, delay=timedelta(hours=1))
        await execute("UPDATE jobs SET run_after = now() WHERE id = $1", job_id)
    lease = await jobs.take(job_id, 0, timedelta(hours=1))
    assert lease is not None
    return lease


async def test_the_person_is_told_at_once_and_sees_it_for_good(server: RunningServer, mailer: FakeMailer) -> None:
    ada, officer, subject = await office(server, mailer)

    first, again = [await recorded(server, officer, subject) for _ in range(2)]

    assert first["errors"] == []
    assert first == again, "the same key records it once"
    await server.queue.settle()
    [letter] = mailer.to("ada@example.com")
    assert all(words in letter.text for words in ("District Court 7", "Order 12/31", "The address and when", "1 March"))
    assert "not allowed to tell" not in letter.text
    seen = await own(server, ada)
    [shown] = seen["legalDisclosures"]["nodes"]
    assert (shown["id"], shown["recipient"]) == (first["disclosure"]["id"], "District Court 7")
    entry = {"action": "LEGALLY_DISCLOSED", "actor": "STAFF", "purpose": "LEGAL_COMPLIANCE"}
    assert seen["auditEntries"]["nodes"][0] == {**entry, "note": "A court ordered it."}
    assert (await own(server, officer))["legalDisclosures"]["nodes"] == []
    async with browsing(server) as browser:
        await sign_in(browser, "ada@example.com")
        page = (await browser.get("/account/privacy")).text
    said = ("1 March 2026, to District Court 7", "The address and when it signed in", "A court ordered it. Order 12/31")
    assert all(words in page for words in said)


async def test_what_is_barred_shows_nowhere_until_the_bar_ends(server: RunningServer, mailer: FakeMailer) -> None:
    ada, officer, subject = await office(server, mailer)
    before = await own(server, ada)
    told = await receipt_would_say(subject)

    kept = await recorded(server, officer, subject, bar=bar())

    assert (kept["errors"], kept["disclosure"]["barReason"]) == ([], "Section 9 of the order")
    assert await own(server, ada) == before, "no list and no log tells of it"
    assert await receipt_would_say(subject) == told, "nor would a receipt"
    assert {"barred_disclosures": None}.items() <= told.items(), "which says of everybody that such are kept"
    looked = [each for each in PERSONAL_DATA.values() if not is_untold(each)]
    assert len(PERSONAL_DATA) - len(looked) == 1, "and KNOW counts all but it"
    assert (await own(server, officer))["auditEntries"]["nodes"][0]["action"] == "BARRED_DISCLOSURE_RECORDED"
    lease = await leased()
    assert await end_bars(lease, Later(29)) == 0
    await server.queue.settle()
    assert mailer.letters == []
    columns = PERSONAL_DATA["barred_disclosures"].columns.values()
    assert not [column for column in columns if column.exported], "no export may tell of it"

    assert [await end_bars(lease, Later(31)) for _ in range(2)] == [1, 0]

    await server.queue.settle()
    [letter] = mailer.to("ada@example.com")
    assert "not allowed to tell you until now: Section 9" in letter.text
    seen = await own(server, ada)
    assert [each["id"] for each in seen["legalDisclosures"]["nodes"]] == [kept["disclosure"]["id"]]
    assert seen["auditEntries"]["nodes"][0]["action"] == "LEGALLY_DISCLOSED"
    assert await recorded(server, officer, subject, bar=bar()) != kept, "another input under the same key"


async def receipt_would_say(person: str) -> dict[str, object]:
    """Return how much of what would stay of a person, as the receipt of their erasure says it."""
    [alias] = await fetch("SELECT id FROM subject_aliases WHERE user_id = $1", UUID(key_of(person)))
    found = await kept_of(list(PERSONAL_DATA.values()), alias["id"])
    return {str(each["holder"]): each["count"] for each in found}


async def test_a_death_at_any_commit_tells_once(server: RunningServer, mailer: FakeMailer) -> None:
    ada, officer, subject = await office(server, mailer)
    await recorded(server, officer, subject, bar=bar())
    lease, deaths = await leased(), 0

    async def end() -> None:
        await end_bars(lease, Later(31))

    while await died(end, 1):
        deaths += 1
        assert deaths < 5
    assert len((await own(server, ada))["legalDisclosures"]["nodes"]) == 1
    assert len(await fetch("SELECT 1 FROM mails WHERE kind = 'LEGAL_DISCLOSURE'")) == 1
    assert await fetch("SELECT 1 FROM barred_disclosures") == []


async def test_the_record_outlives_the_person_without_its_words(server: RunningServer, mailer: FakeMailer) -> None:
    _, officer, subject = await office(server, mailer)
    await recorded(server, officer, subject)
    await recorded(server, officer, subject, bar=bar(), idempotencyKey="two")
    lease = await leased()

    async def hold() -> None:
        await jobs.hold(lease)

    eraser = Eraser(PERSONAL_DATA.values(), {})
    await eraser.clear(UUID(key_of(subject)), hold)
    async with transaction():
        await eraser.finish(UUID(key_of(subject)))

    assert await end_bars(lease, Later(31)) == 1
    rows = await fetch(
        """SELECT d.ground, d.content, a.user_id FROM legal_disclosures d
           JOIN subject_aliases a ON a.id = d.subject_id"""
    )
    assert rows == [{"ground": "COURT_ORDER", "content": None, "user_id": None}] * 2
    assert await fetch("SELECT 1 FROM mails WHERE kind = 'LEGAL_DISCLOSURE'") == []


async def test_what_cannot_be_so_is_named_and_nothing_is_kept(server: RunningServer, mailer: FakeMailer) -> None:
    ada, officer, subject = await office(server, mailer)
    cases: list[tuple[Json, list[str]]] = [
        ({"recipient": " "}, ["recipient"]),
        ({"basis": ""}, ["basis"]),
        ({"scope": "x" * 2001}, ["scope"]),
        ({"categories": []}, ["categories"]),
        ({"categories": ["NOT_PERSONAL"]}, ["categories"]),
        ({"disclosedOn": "2090-01-01"}, ["disclosedOn"]),
        ({"disclosedOn": "2001-01-01"}, ["disclosedOn"]),
        ({"bar": bar(-1)}, ["bar", "until"]),
        ({"bar": bar(8 * 366)}, ["bar", "until"]),
        ({"bar": {**bar(), "reason": ""}}, ["bar", "reason"]),
        ({"subject": key_of(subject)}, ["subject"]),
        ({"idempotencyKey": ""}, ["idempotencyKey"]),
    ]
    for said, path in cases:
        payload = await recorded(server, officer, subject, **said)
        assert ([each["path"] for each in payload["errors"]], payload["disclosure"]) == ([path], None), said
    for role in (Role.USER, Role.SUPPORT, Role.MODERATOR):
        await execute("UPDATE users SET role = $1 WHERE email = 'ada@example.com'", role.value)
        refused = await server.execute(RECORD, {"input": {**HANDOVER, "subject": subject}}, ada)
        assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await fetch("SELECT 1 FROM legal_disclosures UNION ALL SELECT 1 FROM barred_disclosures") == []
    assert await fetch("SELECT 1 FROM mails WHERE kind = 'LEGAL_DISCLOSURE'") == []
