"""A backup of before is restored: nothing is served before the journal is applied, and then nobody and nothing is back.

The backup is a copy of the database; the object store, with the journal in it, is the one of now.
"""

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from app.cli import checkup, supervisor
from app.cli.commands import app as cli
from app.consents.anew import consent_anew, lift_anew, object_anew
from app.consents.notices import PublishedNotices
from app.consents.objections import Stance, set_objections
from app.consents.office import ConsentOffice
from app.consents.purposes import Method, Objectionable
from app.consents.restrictions import lift_restriction, restrict
from app.consents.service import Choice, Way, decide
from app.core import jobs
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.consent_purposes import ConsentPurpose
from app.core.db import connected, execute, fetch, transaction
from app.core.keys import derive
from app.core.one_time import OneTimeTokens
from app.core.origin import NOWHERE
from app.core.privacy_rights import PrivacyRight
from app.core.signing import Signer
from app.core.viewer import Role, Viewer
from app.generation.engines.registry import Engines
from app.generation.service import delete_generations
from app.integrations.object_store import object_store
from app.journal.entries import Decision, key_of
from app.journal.errors import EntriesMissing, Restored
from app.journal.service import record
from app.journal.standing import check_standing
from app.journal.tip import tip, unwritten
from app.journal.writing import Journal
from app.main import application, server_config
from app.marketing.service import send, unsubscribe
from app.media.references import delete_reference_image
from app.minors.purge import PURGE_MINORS, purge_due
from app.minors.service import Report, flag_by_email
from app.privacy.asked import Asked
from app.privacy.erasure import Eraser
from app.privacy.objects import object_erasers
from app.privacy.replay import APPLIERS, Replayer
from app.privacy.requests import Requester, cancel, open_request
from app.privacy.status import Channel
from app.registries import PERSONAL_DATA, consent_office_of
from app.training.marking import mark_deleted, mark_restricted
from tests.conftest import Servers
from tests.fakes.carriers import Crash
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.fakes.mail import FakeMailer, post_office
from tests.fakes.people import POLICY_VERSION, TERMS_VERSION
from tests.fakes.privacy import OFFICE
from tests.fakes.server import StoppingServer, web_client
from tests.fakes.serving import started
from tests.marketing.conftest import TEXT, go_on, hand_over
from tests.minors.test_purge import Later
from tests.privacy.planting import Planter
from tests.privacy.test_erasure import leading_to
from tests.training.world import built, generation_of, keys, number, office, person_of, plant
from tests.training.world import key_of as picture_key
from workers.settings import composed

ADA, BOB, CYD, DEE, EVE, FAY, GIL, KID, MOE = range(1, 10)
"""Erased; deletes single things; unsubscribes; withdraws private training; objects; restricted; changed their mind; a
child; and who made something from the child's picture, and turned on news."""
PEOPLE = 12
STRIDE = 17
CLOCK = SystemClock()
NEWS, TRAINING = ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT


@dataclass(frozen=True, slots=True)
class Service:
    """A service, its database and the backup of that."""

    settings: Settings
    restored: Settings
    backup: Callable[[], Awaitable[None]]

    @property
    def office(self) -> ConsentOffice:
        return consent_office_of(self.settings, Engines.configured(self.settings.work.engines))

    @property
    def eraser(self) -> Eraser:
        return Eraser(PERSONAL_DATA.values(), object_erasers(object_store(self.settings)))

    @property
    def journal(self) -> Journal:
        return Journal(object_store(self.settings), self.signer, self.settings.backups.kept)

    @property
    def signer(self) -> Signer:
        return Signer(derive(self.settings.security.key, "signatures"))

    @property
    def replayer(self) -> Replayer:
        journal = self.journal
        return Replayer(journal.store, journal.signer, journal.kept, self.office, self.eraser)

    def of_now(self) -> AbstractAsyncContextManager[object]:
        """Connect to the database that goes on."""
        return connected(self.settings.stores.urls()[0])

    def of_before(self) -> AbstractAsyncContextManager[object]:
        """Connect to the backup, once it is restored."""
        return connected(self.restored.stores.urls()[0])

    async def say(self, person: int, purpose: ConsentPurpose, granted: bool) -> None:
        async with transaction():
            await decide(person_of(person), [Choice(purpose, granted)], None, self.office, Way(Method.API))


@pytest.fixture
def service(
    servers: Servers, settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Generator[Service, None, None]:
    name = f"test_{uuid.uuid4().hex[:16]}"
    monkeypatch.setenv("DATABASE_URL", database_url.replace(_name(database_url), name))
    restored = Settings.load()

    made = []

    async def backup() -> None:
        made.append(name)
        servers.databases.create(name, _name(database_url))

    yield Service(settings, restored, backup)
    for each in made:
        servers.databases.drop(each)


def _name(url: str) -> str:
    found = re.search(r"test_[0-9a-f]{16}", url)
    assert found is not None
    return found[0]


async def before(service: Service) -> set[str]:
    """Live until the backup; return every random value that leads to Ada, or is hers."""
    await plant(PEOPLE, 1)
    await execute("UPDATE users SET display_name = 'CANARY of Ada' WHERE id = $1", person_of(ADA))
    await execute("UPDATE generations SET prompt = 'a CANARY' WHERE user_id = $1", person_of(ADA))
    await execute("UPDATE generations SET visibility = 'PRIVATE' WHERE user_id = $1", person_of(DEE))
    planter = await Planter.of(PERSONAL_DATA)
    await planter.plant(person_of(ADA))
    for table in ("journal_entries", "journal_tip", "announcements"):  # these are looked into
        await execute(f"DELETE FROM {table}")
    await execute("DELETE FROM document_versions WHERE NOT version = ANY($1)", [POLICY_VERSION, TERMS_VERSION])
    await execute(
        """INSERT INTO support_threads (id, address, topic, state, created_at, last_message_at)
           VALUES (gen_random_uuid(), '1@example.com', 'QUESTION', 'OPEN', now(), now())"""
    )
    for person, id in ((BOB, number(5, BOB)), (KID, number(5, KID))):
        await execute(
            """WITH p AS (INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
                          VALUES ($2, $1, 'STORED', 8, 8, '', '{}', now()))
               INSERT INTO reference_images (id, person_id, picture_id, has_face, saved, created_at)
               VALUES ($2, $1, $2, false, true, now())""",
            person_of(person),
            id,
        )
    await execute(
        """INSERT INTO generation_references (id, generation_id, position, reference_image_id)
           VALUES (gen_random_uuid(), $1, 0, $2)""",
        generation_of(MOE),
        number(5, KID),
    )
    await execute(
        "INSERT INTO subscribers (id, person_id, created_at) VALUES ($1, $2, now())", number(6, CYD), person_of(CYD)
    )
    await service.say(DEE, TRAINING, True)
    for person in (CYD, GIL, MOE):
        await service.say(person, NEWS, True)
    await flag_by_email(f"{KID}@example.com", Report("A school photo", timedelta(hours=48)))
    await service.journal.write()
    await service.say(11, NEWS, True)  # the backup has it waiting
    rows = [row for holder in PERSONAL_DATA.values() if holder.subject
            for row in await planter.owned(holder, person_of(ADA))]  # fmt: skip
    return {word for row in rows for word in re.findall(r"[0-9a-f-]{12,36}", row)}


async def since(service: Service) -> None:
    """Decide what the backup will not know."""
    async with transaction():
        await record(Decision.ERASED, person_of(ADA))
        await record(Decision.ERASED, uuid4())  # who came after the backup
    await service.eraser.clear(person_of(ADA), nothing_held)
    async with transaction():
        await service.eraser.finish(person_of(ADA))
    await delete_generations(as_viewer(BOB), [generation_of(BOB)], **once(), on_deletion=mark_deleted)
    await delete_reference_image(as_viewer(BOB), number(5, BOB), **once())
    await unsubscribe(number(6, CYD), service.office, Method.ONE_CLICK, NOWHERE)
    await service.say(DEE, TRAINING, False)
    await objects(service, EVE, True)
    await restrict(person_of(FAY), "Their name is wrong.", actor=None, clock=CLOCK, effect=mark_restricted)
    for no in (True, False):
        await service.say(GIL, NEWS, not no)
        await objects(service, GIL, no)
    await restrict(person_of(GIL), "A mistake.", actor=None, clock=CLOCK)
    await lift_restriction(person_of(GIL), "It was one.", actor=None, clock=CLOCK)
    await service.say(10, NEWS, True)
    async with transaction():
        job = await jobs.record(PURGE_MINORS, {})
    lease = await jobs.take(job, 0, timedelta(hours=1))
    assert lease is not None
    assert await purge_due(lease, service.eraser, Later(50)) == 1
    await service.journal.write()


def as_viewer(person: int) -> Viewer:
    return Viewer(person_of(person), uuid4(), Role.USER)


def once() -> dict[str, Any]:
    return {"key": str(uuid4()), "hash_key": b"h" * 32}


async def objects(service: Service, person: int, objected: bool) -> None:
    stances = [Stance(Objectionable.MODEL_TRAINING, objected)]
    effects = service.office.on_objection
    await set_objections(as_viewer(person), stances, **once(), clock=CLOCK, origin=NOWHERE, effects=effects)


async def nothing_held() -> None:
    """No job works here."""


async def typed(*arguments: str) -> tuple[int, str]:
    """Type a command; return its exit code, and what it says."""

    def run() -> tuple[int, str]:
        done = CliRunner().invoke(cli, list(arguments))
        failed = done.exception is not None and not isinstance(done.exception, SystemExit)
        return (1 if failed else done.exit_code), f"{done.output}{done.exception if failed else ''}"

    return await asyncio.to_thread(run)


async def test_a_restored_backup_serves_nothing_before_it_knows_what_was_decided_since(
    service: Service, engines: Engines, mailer: FakeMailer
) -> None:
    async with service.of_now():
        canaries = await before(service)
    await service.backup()
    async with service.of_now():
        await since(service)
        left = await leading_to(*canaries)
        known = await tip()
        assert await leading_to("CANARY", ",1@example.com", str(person_of(ADA)), str(person_of(KID))) == {}
    app = application(service.restored, engines)

    with pytest.raises(Restored, match="anypeople restore replay"):
        async with app.router.lifespan_context(app):
            pass
    assert "anypeople restore replay" in str(app.state.refused), "and `serve` ends with it"
    with pytest.raises(Restored, match="anypeople restore replay"):
        async with composed(service.restored, engines):
            pass
    async with service.of_before():
        assert len(await leading_to(*canaries)) > len(left), "the backup brings everything back"
        for at in range(3, 3 + 4 * STRIDE, STRIDE):
            assert await dies(service, at), "a replay that dies goes on with the next"
            with pytest.raises(Restored):
                await check_standing(service.journal.store)

    code, said = await typed("training", "build")
    assert (code, "anypeople restore replay" in said) == (1, True), said
    [found] = [finding for finding in await checkup.examine() if finding.name == "journal"]
    assert (found.healthy, "anypeople restore replay" in found.state) == (False, True)
    code, said = await typed("restore", "replay")
    assert code == 0, said
    assert re.search(r"\d+ entries were applied\.\nThe database knows its journal", said)
    code, said = await typed("restore", "replay")
    assert (code, said) == (0, "There is nothing to replay.\nThe database knows its journal: start the service.\n")
    serving = StoppingServer(server_config(service.restored, application(service.restored, engines)))
    async with started(serving) as address, web_client(address) as client:
        assert (await client.get("/readyz")).status_code == 200
    async with service.of_before():
        assert await leading_to(*canaries) == left
        assert await leading_to("CANARY", ",1@example.com", str(person_of(ADA)), str(person_of(KID))) == {}
        assert (await tip(), await unwritten()) == (known, 0), "what is applied is not written anew"
        assert await fetch("SELECT id FROM mails WHERE state = 'QUEUED'") == []
        await things_are_gone()
        await nobody_is_mailed(mailer)
        await nothing_is_trained_on()


async def dies(service: Service, at: int) -> bool:
    """Replay in a process that dies at a commit; return whether it came so far."""

    async def run() -> None:
        with dying_at_commits(CrashPoints(at)):
            await service.replayer.replay(service.signer.verify, lambda _done, _number: None)

    try:
        await asyncio.create_task(run())
    except Crash:
        return True
    return False


async def things_are_gone() -> None:
    assert await fetch("SELECT 1 FROM generations WHERE id = ANY($1)", [generation_of(BOB), generation_of(MOE)]) == []
    assert await fetch("SELECT 1 FROM reference_images") == []
    assert await fetch("SELECT state FROM minor_flags WHERE state <> 'PURGED' AND state NOT LIKE '%-%'") == []
    statuses = await fetch("SELECT id, status FROM users WHERE id = ANY($1)", [person_of(FAY), person_of(GIL)])
    assert {row["id"]: row["status"] for row in statuses} == {person_of(FAY): "RESTRICTED", person_of(GIL): "ACTIVE"}
    said = await fetch(
        """SELECT granted, method, policy_version FROM consent_records c
           JOIN subject_aliases a ON a.id = c.principal_id WHERE a.user_id = $1 ORDER BY sequence""",
        person_of(GIL),
    )
    assert [row["granted"] for row in said] == [True, False, True], "the latest answer counts, of the text of then"
    assert {(row["method"], row["policy_version"]) for row in said} == {("API", POLICY_VERSION)}


async def nobody_is_mailed(mailer: FakeMailer) -> None:
    """A campaign reaches who turned news on, also since the backup, and nobody who turned them off."""
    await send(TEXT)
    assert await go_on()
    await hand_over(post_office(mailer, OneTimeTokens(b"k" * 32)))
    assert {letter.address for letter in mailer.letters} == {f"{n}@example.com" for n in (GIL, MOE, 10, 11)}


async def nothing_is_trained_on() -> None:
    name = await built(office(PublishedNotices()))
    assert await keys(name) == {picture_key(each) for each in (CYD, GIL, 10, 11, 12)}


async def test_what_is_gone_from_the_journal_is_accepted_only_where_that_is_said(service: Service) -> None:
    async with service.of_now():
        await plant(2, 1)
        await service.say(1, NEWS, True)
        await service.journal.write()
    await service.backup()
    async with service.of_now():
        await restrict(person_of(1), "One.", actor=None, clock=CLOCK)
        await service.say(1, NEWS, False)
        await service.journal.write()
    store = service.journal.store
    await store.delete(key_of(2))
    told: list[tuple[int, int]] = []

    async with service.of_before():
        with pytest.raises(EntriesMissing, match="begins with 3"):
            await service.replayer.replay(service.signer.verify, lambda _done, _number: None)
        await execute("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", person_of(1))
        done = await service.replayer.replay(
            service.signer.verify, lambda *step: told.append(step), accept_missing=True
        )
        assert (done.applied, done.left, told) == (1, (), [(1, 2)])
        await store.delete(key_of(3))
        with pytest.raises(EntriesMissing, match="Entry 3"):
            await check_standing(store)
        await service.replayer.replay(service.signer.verify, lambda _done, _number: None, accept_missing=True)
        await check_standing(store)
        assert await tip() == 4, "a mark stands for what was lost"


async def test_what_cannot_be_applied_is_left_to_do_by_hand_and_said(service: Service) -> None:
    async with service.of_now():
        await plant(2, 1)
    await service.backup()
    async with service.of_now():
        for person in (1, 2):
            await restrict(person_of(person), "One.", actor=None, clock=CLOCK)
        await service.journal.write()

    async with service.of_before():
        await execute("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", person_of(1))
        await execute(
            """INSERT INTO objection_records (id, principal_id, sequence, activity, objected, decided_at)
               SELECT gen_random_uuid(), id, 1, 'ANALYTICS', true, now() FROM subject_aliases"""
        )
        done = await service.replayer.replay(service.signer.verify, lambda _done, _number: None)

        [left] = done.left
        assert left.startswith(
            f"entry 1, RESTRICTED, {person_of(1)}: the account is SUSPENDED: restrict processing once"
        )
        statuses = await fetch("SELECT status FROM users ORDER BY id")
        assert [row["status"] for row in statuses] == ["SUSPENDED", "RESTRICTED"]


async def test_a_no_of_later_stands_when_an_older_yes_is_applied(service: Service) -> None:
    """As where somebody decided at the restored database, by a command of the operator, before it was replayed."""
    async with service.of_now():
        await plant(1, 1)
    at = CLOCK.now()
    async with service.of_now():
        await service.say(1, NEWS, False)
        await objects(service, 1, True)
        await restrict(person_of(1), "One.", actor=None, clock=CLOCK)
        async with transaction():
            await consent_anew(person_of(1), Choice(NEWS, True), Method.API, POLICY_VERSION, at, service.office)
            await object_anew(person_of(1), Stance(Objectionable.MODEL_TRAINING, False), at, service.office)
            await lift_anew(person_of(1), at)
        again = CLOCK.now()
        async with transaction():
            await consent_anew(person_of(1), Choice(NEWS, True), Method.API, "2001-01-01", again, service.office)

        assert await fetch("SELECT granted FROM consent_records") == [{"granted": False}], "and not of another text"
        assert await fetch("SELECT objected FROM objection_records") == [{"objected": True}]
        assert await fetch("SELECT restricted FROM restriction_records") == [{"restricted": True}]


async def test_an_erasure_that_was_taken_back_is_not_gone_on_with(service: Service) -> None:
    async with service.of_now():
        await plant(1, 1)
        async with transaction():
            who = Requester(person_of(1), Channel.SIGNED_IN, proved=True)
            request_id, _ = await open_request(Asked(PrivacyRight.ERASURE), who, OFFICE)
    await service.backup()
    async with service.of_now():
        await cancel(request_id, OFFICE, actor=None)
        await service.journal.write()
    async with service.of_before():
        assert await fetch("SELECT status FROM users") == [{"status": "ERASING"}]
        mails = await fetch("SELECT id FROM mails")

        done = await service.replayer.replay(service.signer.verify, lambda _done, _number: None)

        assert (done.left, await fetch("SELECT status FROM users")) == ((), [{"status": "ACTIVE"}])
        assert await fetch("SELECT status FROM privacy_requests") == [{"status": "CANCELED"}]
        jobs = await fetch("SELECT state FROM jobs WHERE kind = 'privacy.run'")
        assert (jobs, await fetch("SELECT id FROM mails")) == ([{"state": "CANCELED"}], mails), "nobody is mailed"


def test_every_decision_has_what_applies_it() -> None:
    assert APPLIERS.keys() == set(Decision)


async def test_up_refuses_by_itself(service: Service) -> None:
    async with service.of_now():
        await plant(1, 1)
    await service.backup()
    async with service.of_now():
        await service.say(1, NEWS, True)
        await service.journal.write()

    def up() -> None:
        with supervisor.running(service.restored, quiet=True):
            raise AssertionError("it is up")

    with pytest.raises(Restored):
        await asyncio.to_thread(up)
