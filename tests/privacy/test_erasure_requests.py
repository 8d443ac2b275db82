"""An erasure step by step: whatever dies, it ends once with the same counts; who else is told; what is chosen only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.accounts.status import UserStatus
from app.audit.service import alias_of
from app.core import jobs
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.errors import Conflict, InvalidInput
from app.core.jobs import Lease, NotYet
from app.core.limits import names_of
from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight
from app.core.receipts import ERASURE
from app.integrations.local_store import LocalObjectStore
from app.media.service import object_key
from app.media.variants import Variant
from app.minors.service import Report, flag_by_email, lift_by_email
from app.privacy.asked import Asked
from app.privacy.erasure import Eraser, Residue
from app.privacy.leaving import MAIL_LASTS
from app.privacy.objects import object_erasers
from app.privacy.requests import Requester, cancel, locked, open_request
from app.privacy.rights.base import RunPorts
from app.privacy.run import run_request
from app.privacy.status import Channel, RequestStatus
from app.processors.deletion import Recall
from app.processors.outcomes import Deletion
from app.processors.register import Disclosed, Register
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.fakes.carriers import DirectQueue
from tests.fakes.privacy import OFFICE, FakeCounters, run_ports
from tests.fakes.sweeping import SIGNER
from tests.privacy.planting import Planter
from tests.privacy.test_erasure import Place, died, leading_to
from tests.processors.painters import PAINTER
from tests.processors.test_deletion import MONTH, Told
from tests.retention.test_sweeper import Watch

STRIDE = 17
"""Points that a process passes before it dies; one more each other time: before a commit, and after one."""


@pytest.fixture
def store(tmp_path: Path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "objects", durable=False)


@pytest.fixture
def ports(store: LocalObjectStore) -> RunPorts:
    return run_ports(store, SIGNER, Register([replace(PAINTER, retention=MONTH)]))


async def asked(person: UUID, **said: object) -> UUID:
    """Ask for an erasure, proved."""
    asking = Asked(PrivacyRight.ERASURE, **said)  # type: ignore[arg-type]
    request, _ = await open_request(asking, Requester(person, Channel.SIGNED_IN, proved=True), OFFICE)
    return request


async def lease_of(request: UUID) -> Lease:
    """Take the job of a request, also from a worker that died."""
    await execute(
        """UPDATE jobs SET run_after = now(), lease_until = now() - interval '1 second'
           WHERE id = (SELECT job_id FROM privacy_requests WHERE id = $1)""",
        request,
    )
    row = await fetch_one("SELECT * FROM jobs WHERE id = (SELECT job_id FROM privacy_requests WHERE id = $1)", request)
    assert row is not None
    lease = await jobs.take(row["id"], row["attempt"], timedelta(minutes=1))
    assert lease is not None
    return lease


async def run(request: UUID, ports: RunPorts) -> str:
    """Carry a request out as far as it goes, with its last mail sent; return where it stands."""
    for _ in range(3):
        try:
            await run_request(await lease_of(request), request, ports)
            break
        except NotYet:
            await execute("UPDATE mails SET state = 'SENT' WHERE kind = 'ERASURE_DONE'")
    [row] = await fetch("SELECT status FROM privacy_requests WHERE id = $1", request)
    return str(row["status"])


async def counts(request: UUID) -> Mapping[str, int]:
    rows = await fetch("SELECT holder, count FROM privacy_request_steps WHERE request_id = $1", request)
    return {row["holder"]: row["count"] or 0 for row in rows}


async def receipt(request: UUID) -> Mapping[str, object]:
    [row] = await fetch("SELECT receipt FROM privacy_requests WHERE id = $1", request)
    return SIGNER.verify(row["receipt"], ERASURE)


async def test_a_worker_that_dies_anywhere_leaves_what_the_next_one_ends_once(
    person: SignUp, store: LocalObjectStore, ports: RunPorts, queue: DirectQueue
) -> None:
    planter = await Planter.of(PERSONAL_DATA)
    ada, eve = (await person("ada")).viewer.user_id, (await person("eve")).viewer.user_id
    place = Place(planter, store, ada, eve)
    for each in (ada, eve):
        await planter.plant(each)
        await place.put(each)
    whole = await asked(eve)
    assert await run(whole, ports) == "COMPLETED"

    request, deaths = await asked(ada), 0
    while await died(lambda: run(request, ports), STRIDE + deaths % 2):
        deaths += 1

    print(f"an erasure ended after {deaths} deaths, one in some {STRIDE} points before and after commits")
    assert deaths > 10
    assert await leading_to(str(ada), "ada@example.com") == {"journal_entries": 1}, (
        "that they are gone, by a random id, should a backup be restored"
    )
    [row] = await fetch("SELECT status, finished_at FROM privacy_requests WHERE id = $1", request)
    assert (row["status"], row["finished_at"] is None) == ("COMPLETED", False)
    mine, other = await counts(request), await counts(whole)
    assert {name: mine[name] for name in mine if name != "account"} == {
        name: other[name] for name in other if name != "account"
    }
    assert await receipt(request)
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'ERASED'")) == 2


async def test_who_may_keep_it_for_a_month_is_waited_for_and_then_it_is_done(
    person: SignUp, store: LocalObjectStore, ports: RunPorts
) -> None:
    ada, watch = (await person("ada")).viewer.user_id, Watch()
    ports = replace(ports, office=replace(OFFICE, clock=watch))
    async with ports.erasing.recall.gate.disclose("painter", Activity.IMAGE_GENERATION, ada, {Disclosed.PROMPT}):
        pass
    request = await asked(ada, waive_grace=True)

    assert await run(request, ports) == "AWAITING_PROCESSOR"
    assert await leading_to(str(ada), "ada@example.com") == {}, "all is done here"
    [row] = await fetch("SELECT receipt FROM privacy_requests WHERE id = $1", request)
    assert row["receipt"] is None
    [step] = await fetch("SELECT note, awaiting_until FROM privacy_request_steps WHERE status = 'AWAITING'")
    assert step["note"] == "painter"
    watch.time = step["awaiting_until"] + timedelta(seconds=1)

    assert await run(request, ports) == "COMPLETED"
    told = await receipt(request)
    assert told["recipients"] == [
        {"name": "painter", "got": 1, "deleted": 0, "holding": "NOTHING", "until": None},
    ]


async def test_who_can_be_told_is_told_before_what_it_is_about_is_forgotten(
    person: SignUp, store: LocalObjectStore, ports: RunPorts
) -> None:
    ada, adapter, counters = (await person("ada")).viewer.user_id, Told(Deletion.CONFIRMED), FakeCounters()
    recall = Recall(ports.erasing.recall.gate, {"painter": adapter})
    counters.counted |= {*counters.keys([f"user {ada}"], names_of(str(ada), ["ada@example.com"])), "of somebody else"}
    counted = len(counters.counted) - 1
    ports = replace(ports, erasing=replace(ports.erasing, recall=recall, counters=counters))
    async with recall.gate.disclose("painter", Activity.IMAGE_GENERATION, ada, {Disclosed.PROMPT}):
        pass
    request = await asked(ada, waive_grace=True)

    assert await run(request, ports) == "COMPLETED"

    assert len(adapter.got) == 1
    done = await counts(request)
    assert (done["recipients"], done["budgets and limits"]) == (1, counted)
    assert counters.counted == {"of somebody else"}


async def test_only_a_clean_look_gives_a_receipt(person: SignUp, store: LocalObjectStore, ports: RunPorts) -> None:
    ada = (await person("ada")).viewer.user_id
    missing = {name: holder for name, holder in PERSONAL_DATA.items() if name != "feed_entries"}
    lame = Eraser(missing.values(), object_erasers(store))
    request = await asked(ada, waive_grace=True)
    with pytest.raises(Residue, match="feed_entries"):
        await run(request, replace(ports, erasing=replace(ports.erasing, eraser=lame)))
    [row] = await fetch("SELECT status, receipt FROM privacy_requests WHERE id = $1", request)
    assert (row["status"], row["receipt"]) == ("IN_PROGRESS", None)
    assert await fetch("SELECT 1 FROM users WHERE id = $1", ada) != []

    assert await run(request, ports) == "COMPLETED"


async def test_a_letter_that_cannot_be_sent_holds_nothing_up_for_ever(
    person: SignUp, store: LocalObjectStore, ports: RunPorts
) -> None:
    ada, watch = (await person("ada")).viewer.user_id, Watch()
    ports = replace(ports, office=replace(OFFICE, clock=watch))
    request = await asked(ada, waive_grace=True)
    for _ in range(2):
        with pytest.raises(NotYet):
            await run_request(await lease_of(request), request, ports)
    assert len(await fetch("SELECT 1 FROM mails WHERE kind = 'ERASURE_DONE'")) == 1, "it is written once"
    watch.time += MAIL_LASTS + timedelta(minutes=1)

    await run_request(await lease_of(request), request, ports)

    [step] = await fetch("SELECT note FROM privacy_request_steps WHERE holder = 'the last mail'")
    assert step["note"] == "NOT_SENT"
    assert await leading_to("ada@example.com") == {}


async def test_chosen_things_go_at_once_and_nothing_else(
    person: SignUp, store: LocalObjectStore, ports: RunPorts
) -> None:
    ada = (await person("ada")).viewer.user_id
    planter = await Planter.of(PERSONAL_DATA)
    await planter.plant(ada)
    place = Place(planter, store, ada, ada)
    [generation] = await fetch("SELECT id FROM generations")
    [reference] = await fetch("SELECT id, picture_id FROM reference_images")
    kept = await fetch("SELECT gen_random_uuid() AS id")
    await execute(
        """INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
           VALUES ($1, $2, 'STORED', 8, 8, 'x', '{}', now())""",
        kept[0]["id"],
        ada,
    )
    await execute("DELETE FROM avatars")
    await place.put(ada)
    others = {key for key in await place.objects() if not key.startswith("pictures/")}

    request = await asked(ada, generations=(UUID(str(generation["id"])),), references=(UUID(str(reference["id"])),))

    assert await run(request, ports) == "COMPLETED"
    told = await receipt(request)
    assert told["scope"] == "CHOSEN"
    assert (await counts(request))["generations"] == (await counts(request))["reference_images"] == 1
    assert await place.objects() == others | {object_key(kept[0]["id"], variant) for variant in Variant}
    [row] = await fetch("SELECT status FROM users WHERE id = $1", ada)
    assert row["status"] == "ACTIVE"
    assert await fetch("SELECT 1 FROM generations") == await fetch("SELECT 1 FROM reference_images") == []
    with pytest.raises(InvalidInput, match="nothing to waive"):
        await asked(ada, generations=(UUID(str(generation["id"])),), waive_grace=True)


@pytest.mark.parametrize("before", [status for status in UserStatus if status is not UserStatus.ERASING])
async def test_whatever_an_account_is_it_is_again(person: SignUp, before: UserStatus) -> None:
    """Also what is decided about it meanwhile."""
    ada = (await person("ada")).viewer.user_id
    report = Report("A school photo", timedelta(hours=48))
    if before is UserStatus.FROZEN:
        await flag_by_email("ada@example.com", report)
    else:
        await execute("UPDATE users SET status = $1", before.value)
    request = await asked(ada)
    stood = await locked_at(request)
    assert (stood.starts_at == stood.verified_at) is (before is UserStatus.FROZEN), "a child's account goes at once"
    if before is UserStatus.ACTIVE:
        await flag_by_email("ada@example.com", report)
        await lift_by_email("ada@example.com", "A passport")
    [row] = await fetch("SELECT status, status_before_erasure FROM users")
    assert row == {"status": "ERASING", "status_before_erasure": before.value}

    await cancel(request, OFFICE, actor=None)

    [row] = await fetch("SELECT status, status_before_erasure FROM users")
    assert row == {"status": before.value, "status_before_erasure": None}
    if before is UserStatus.FROZEN:
        assert (await lift_by_email("ada@example.com", "A passport")).status is UserStatus.ACTIVE


async def locked_at(request: UUID):  # type: ignore[no-untyped-def]
    async with transaction():
        return await locked(request)


async def test_a_purge_ends_what_was_asked_for_and_leaves_an_erasure_its_proof(
    person: SignUp, store: LocalObjectStore, ports: RunPorts
) -> None:
    ada = (await person("ada")).viewer.user_id
    sale, _ = await open_request(
        Asked(PrivacyRight.OPT_OUT_OF_SALE), Requester(ada, Channel.SIGNED_IN, proved=True), OFFICE
    )
    request = await asked(ada)
    alias = await alias_of(ada)

    async def free() -> None:
        """Hold nothing."""

    await ports.erasing.eraser.clear(ada, free)
    async with transaction():
        await ports.erasing.eraser.finish(ada)

    rows = await fetch("SELECT id, status, denial FROM privacy_requests WHERE subject_id = $1 ORDER BY id", alias)
    assert [(row["id"], row["status"], row["denial"]) for row in rows] == [
        (sale, "DENIED", "ACCOUNT_ERASED"),
        (request, "VERIFIED", None),
    ]
    assert await run(request, ports) == "COMPLETED"
    assert await receipt(request)


async def test_the_last_administrator_stays(person: SignUp) -> None:
    ada = (await person("ada")).viewer.user_id
    await execute("UPDATE users SET role = 'ADMIN'")
    denied = await locked_at(await asked(ada))
    assert (denied.status, denied.denial) == (RequestStatus.DENIED, "LAST_ADMINISTRATOR")
    assert (await fetch("SELECT status FROM users"))[0]["status"] == "ACTIVE"
    await person("eve")
    await execute("UPDATE users SET role = 'ADMIN'")
    assert (await locked_at(await asked(ada))).status is RequestStatus.VERIFIED
    with pytest.raises(Conflict):
        await cancel(denied.id, OFFICE, actor=None)
