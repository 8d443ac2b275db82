"""A campaign reaches exactly those who may be written to, whatever dies and whoever changes their mind on the way."""

import os
from collections.abc import Sequence
from uuid import UUID

import pytest

from app.core.db import execute, fetch, fetch_one
from app.core.one_time import OneTimeTokens
from app.mail.rendering import LetterWriter
from app.mail.service import PostOffice, record_bounce
from app.marketing import queries
from app.marketing.errors import NoCampaign, NotAText, SentBefore
from app.marketing.service import note_undeliverable, send, stop
from app.marketing.texts import MAX_TEXT, CampaignText, campaign_text
from app.processors.register import Register
from app.processors.service import Gate
from tests.fakes.mail import BASE_URL, CONTACT, REPLIES, FakeMailer, post_office
from tests.fakes.statements import counted
from tests.fakes.sweeping import swept
from tests.marketing.conftest import READERSHIP, TEXT, go_on, hand_over, populate, say

TOKENS = OneTimeTokens(b"k" * 32)
EVERY = int(os.environ.get("HAND_OVER_EVERY", "20"))
"""Which part of ten thousand people's mail is really handed over. 1: all of it, which takes half a minute."""


async def people(condition: str, limit: int = 10_000) -> Sequence[UUID]:
    """Return people with a consent, of whom something holds."""
    rows = await fetch(
        f"""SELECT u.id FROM users u JOIN subject_aliases a ON a.user_id = u.id
            WHERE EXISTS (SELECT FROM consent_records c WHERE c.principal_id = a.id) AND {condition}
            ORDER BY u.id DESC LIMIT {limit}"""
    )
    return [row["id"] for row in rows]


async def test_ten_thousand_people_of_whom_some_say_yes_and_then_no_across_crashes(
    database: str, mailer: FakeMailer
) -> None:
    await populate(10_000, 3_000)
    office = post_office(mailer, TOKENS)
    campaign_id = await send(TEXT)

    assert not await go_on(dies_at=4)  # before the third batch is committed
    asked_already = "u.id IN (SELECT person_id FROM campaign_recipients)"
    before = await people(f"NOT {asked_already}", 100)
    await say(before, granted=False)
    with counted() as statements:
        assert not await go_on(dies_at=1)  # after one batch was
    assert len(statements.about("INSERT INTO mails")) == 1
    assert len(statements) <= 16, statements.sent
    reached: list[str] = []
    while not await go_on():
        waiting = await people("u.id IN (SELECT person_id FROM mails WHERE state = 'QUEUED')", 34)
        await say(waiting, granted=False)
        reached += await hand_over(office, EVERY)
    await say(await people("u.id IN (SELECT person_id FROM mails WHERE state = 'QUEUED')", 32), granted=False)
    reached += await hand_over(office, EVERY)

    last = "(SELECT granted FROM consent_records c WHERE c.principal_id = a.id ORDER BY sequence DESC LIMIT 1)"
    stay, gone = await people(last), await people(f"NOT {last}")
    assert (len(stay), len(gone)) == (2_800, 200)
    reached += [letter.address for letter in mailer.letters]
    assert sorted(reached) == sorted(f"{id}@example.com" for id in stay)
    assert len(mailer.letters) >= 2_800 // EVERY - 3
    assert await queries.mails(campaign_id) == {"NOT_ALLOWED": 100, "SENT": 2_800}
    found = await queries.campaign(campaign_id)
    assert (found.state, found.recipients) == ("ENDED", 2_900)
    assert await READERSHIP.count() == 2_800
    left = await fetch("SELECT DISTINCT activity FROM disclosures")
    assert [row["activity"] for row in left] == ["MARKETING"]
    assert await fetch("SELECT 1 FROM jobs WHERE finished_at IS NULL") == []


async def recorded() -> tuple[int, int, int]:
    """Return how many mails there are, to how many people, and how many recipients are counted."""
    row = await fetch_one(
        """SELECT count(*) AS mails, count(DISTINCT person_id) AS people,
                  (SELECT sum(recipients) FROM campaigns) AS counted FROM mails"""
    )
    assert row is not None
    return row["mails"], row["people"], row["counted"]


async def test_a_crash_at_any_point_writes_to_nobody_twice(database: str) -> None:
    await populate(3, 3)
    for number, dies_at in enumerate((0, 1, 2, 3, None), start=1):
        await send(TEXT, again=True)
        ended = await go_on(dies_at)
        if not ended and dies_at != 3:  # at the last point all is committed
            assert await go_on()

        assert await recorded() == (3 * number, 3, 3 * number), dies_at


async def test_where_the_person_goes_whom_the_way_had_reached_it_begins_anew_and_nobody_gets_two(database: str) -> None:
    await populate(501, 501)
    await send(TEXT)
    await go_on(dies_at=2)
    reached = await fetch("SELECT position_id FROM campaigns")

    await execute("DELETE FROM users WHERE id = $1", reached[0]["position_id"])
    assert await go_on()

    assert await recorded() == (500, 500, 501)


async def test_whoever_may_not_be_written_to_gets_nothing_even_where_it_waits(
    database: str, mailer: FakeMailer
) -> None:
    await populate(8, 7)
    office = post_office(mailer, TOKENS)
    await send(TEXT)
    assert await go_on()
    restricted, suspended, unconfirmed, moved, erased, bounced, stays = await people("TRUE")
    await execute("UPDATE users SET status = 'RESTRICTED' WHERE id = $1", restricted)
    await execute("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", suspended)
    await execute("UPDATE users SET confirmed_email = NULL WHERE id = $1", unconfirmed)
    await execute("UPDATE users SET confirmed_email = 'elsewhere@example.com' WHERE id = $1", moved)
    await execute("DELETE FROM users WHERE id = $1", erased)
    await execute("UPDATE mails SET state = 'SENT' WHERE person_id = $1", bounced)
    [row] = await fetch("SELECT id FROM mails WHERE person_id = $1", bounced)
    assert await record_bounce(row["id"], "5.1.1")

    await hand_over(office)
    assert [letter.address for letter in mailer.letters] == [f"{stays}@example.com"]
    await execute("UPDATE mails SET state = 'BOUNCED', reply_code = '5.7.1' WHERE person_id = $1", stays)
    assert await note_undeliverable() == 1
    assert await note_undeliverable() == 0
    second = await send(CampaignText("More", "Of it."))
    assert await go_on()
    await hand_over(office)

    now = {letter.address for letter in mailer.letters[1:]}
    assert (len(mailer.letters), now) == (3, {"elsewhere@example.com", f"{stays}@example.com"})
    assert await queries.mails(second) == {"SENT": 2}
    await execute(
        """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
             asks_again, published_by_id)
           SELECT gen_random_uuid(), 'TERMS', 'x', 'x', now(), now(), true, '', 'MARKETING_EMAIL', id
           FROM subject_aliases LIMIT 1"""
    )
    assert await READERSHIP.count() == 0
    await send(CampaignText("Even more", "Of it."))
    assert await go_on()
    assert [campaign.recipients for campaign in await queries.campaigns(3)] == [0, 2, 7]


async def test_a_campaign_that_is_stopped_calls_back_what_waits(database: str, mailer: FakeMailer) -> None:
    await populate(3, 3)
    campaign_id = await send(TEXT)
    with pytest.raises(SentBefore, match=str(campaign_id)):
        await send(TEXT)
    await go_on(dies_at=2)

    assert await stop(campaign_id) == 3
    assert await go_on()
    await hand_over(post_office(mailer, TOKENS))

    assert mailer.letters == []
    assert await queries.mails(campaign_id) == {"CANCELED": 3}
    assert await stop(campaign_id) == 0
    assert (await queries.campaign(campaign_id)).state == "STOPPED"
    assert await fetch("SELECT 1 FROM jobs WHERE finished_at IS NULL") == []
    assert await swept("campaign_recipients") == 0
    await execute("UPDATE campaigns SET finished_at = now() - interval '8 days'")
    assert [await swept("campaign_recipients", limit=2) for _ in range(2)] == [2, 1]
    with pytest.raises(NoCampaign):
        await stop(UUID(int=0))
    with pytest.raises(NoCampaign):
        await queries.campaign(UUID(int=0))


async def test_a_post_office_that_can_ask_nobody_sends_no_news(database: str, mailer: FakeMailer) -> None:
    await populate(1, 1)
    campaign_id = await send(TEXT)
    assert await go_on()

    await hand_over(PostOffice(mailer, LetterWriter(BASE_URL, CONTACT, TOKENS, REPLIES), Gate(Register())))

    assert mailer.letters == []
    assert await queries.mails(campaign_id) == {"NOT_ALLOWED": 1}
    assert await stop(campaign_id) == 0
    assert (await queries.campaign(campaign_id)).state == "ENDED"


def test_a_text_is_a_head_and_paragraphs() -> None:
    text = campaign_text("---\r\nsubject:  What is new \r\n---\r\n\r\nOne\r\nline.\r\n \t\r\n\r\nAnother.\r\n")

    assert text == CampaignText("What is new", "One line.\n\nAnother.")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "What is new\n\nNothing.",
        "---\nsubject: \n---\nText",
        "---\nsubject: A\n---\n\n \n",
        "---\nsubject: A\x07\n---\nText",
        "---\nsubject: A\n---\nText\x00",
        "---\nsubject: A\nbcc: everybody@example.com\n---\nText",
        f"---\nsubject: {'A' * 151}\n---\nText",
        f"---\nsubject: A\n---\n{'A' * (MAX_TEXT + 1)}",
    ],
)
def test_what_is_no_text_is_refused(content: str) -> None:
    with pytest.raises(NotAText):
        campaign_text(content)
