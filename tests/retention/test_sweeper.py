"""By the clock: each kind of row is there until its day, and gone on it; whatever happens to a sweep."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from app.audit.chain import Tip, resign
from app.audit.truncation import truncate
from app.audit.verification import Broken, NoTip, verify
from app.core.db import execute, fetch, transaction
from app.core.signing import Signer
from app.core.sweeps import RECORDS_LAST, SweepPorts
from app.integrations.local_store import LocalObjectStore
from app.media.service import delete_bytes
from app.registries import SWEEPS
from app.retention.queries import runs
from app.retention.service import Sweeper
from tests.fakes.carriers import Crash
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.fakes.sweeping import SIGNER
from tests.retention.cases import CASES
from tests.retention.somebody import alias, person

MOMENT = timedelta(microseconds=1)
LONG_AGO = datetime.now(UTC) - timedelta(days=8 * 366)
"""Year 0 of the travel. Its year 7 is over by now: what the database itself looks at is its own clock."""


@dataclass(slots=True)
class Watch:
    """`Clock` that is turned by hand."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """Return the time."""
        return self.time


def sweeper(folder: Path, watch: Watch | None = None, batch: int = 500) -> Sweeper:
    store = LocalObjectStore(folder / "objects", durable=False)
    return Sweeper(SWEEPS, SweepPorts(store, SIGNER), watch or Watch(), batch)


async def reported(by: Sweeper) -> dict[str, int]:
    """Sweep, and return what the report says was ended, by name. Nothing may be left."""
    id = await by.sweep()
    [run] = await runs(first=1)
    assert run.id == id
    assert run.finished_at is not None
    assert [(count.remaining, count.oldest, count.error) for count in run.counts] == [(0, None, None)] * len(run.counts)
    return {count.sweep: count.ended for count in run.counts}


async def rows_of_everything() -> dict[str, int]:
    """Return how many rows there are in each table that sweeps cover; nothing of empty ones."""
    tables = sorted({table for sweep in SWEEPS.values() for table in sweep.tables})
    counts = " UNION ALL ".join(f"SELECT '{table}' AS name, count(*) AS number FROM {table}" for table in tables)
    return {row["name"]: row["number"] for row in await fetch(counts) if row["number"]}


async def test_everything_is_there_until_its_day_and_gone_on_it(database: str, tmp_path: Path) -> None:
    """From the first day to the seventh year, over everything that the registry has a sweep for."""
    assert CASES.keys() == SWEEPS.keys(), "a sweep that nobody has seen at work"
    watch = Watch()
    by = sweeper(tmp_path, watch)
    days = {name: LONG_AGO + timedelta(seconds=number) for number, name in enumerate(CASES)}
    for name, write in CASES.items():
        await write(days[name], by.ports.store)
    watch.time = LONG_AGO
    assert await by.due() == []
    assert len(await rows_of_everything()) >= len({sweep.table for sweep in SWEEPS.values()})

    for name in sorted(SWEEPS, key=lambda name: days[name] + SWEEPS[name].after):
        day = days[name] + SWEEPS[name].after
        watch.time = day - MOMENT
        assert (await SWEEPS[name].due(watch.now())).number == 0, name

        watch.time = day
        assert {sweep.name: due.number for sweep, due in await by.due()}[name] == 1, name
        assert (await reported(by))[name] == 1, name

    assert watch.time > LONG_AGO + RECORDS_LAST
    assert await delete_bytes(by.ports.store) == 3
    assert await reported(by) == {"users": 1}, "the account whose pictures had to go before"
    assert [key async for key in by.ports.store.list("")] == []
    rest = await rows_of_everything()
    assert rest.pop("users") == len(await fetch("SELECT 1 FROM users WHERE confirmed_email IS NOT NULL"))
    assert rest.pop("subject_aliases") == len(
        await fetch("SELECT 1 FROM subject_aliases WHERE user_id IS NOT NULL OR ended_at > $1", watch.time)
    )
    del rest["retention_runs"], rest["retention_counts"]  # of the last ninety days
    assert rest == STAYS
    assert (await verify(SIGNER)).ended == 2


STAYS = {
    "audit_entries": 1,  # that the recovery is finished: of now, as the mail that says so
    "mails": 1,
    "jobs": 4,  # it, and three times that pictures are to be deleted
    "consent_records": 1,
    "objection_records": 1,
    "restriction_records": 1,
    "document_versions": 3,  # and the two that the installation began with
    "privacy_requests": 1,  # whose archive is gone
    "privacy_request_steps": 1,
}
"""What still counts, and what the last days wrote."""


async def test_two_sweeps_at_once_end_each_row_once(database: str, tmp_path: Path) -> None:
    owner = await person(LONG_AGO)
    await execute(
        """INSERT INTO tickets (id, user_id, purpose, address, expires_at)
           SELECT gen_random_uuid(), $1, 'CONFIRM_EMAIL', 'ada@example.com', $2 FROM generate_series(1, 3000)""",
        owner,
        LONG_AGO,
    )
    await CASES["uploads"](LONG_AGO, (by := sweeper(tmp_path, batch=100)).ports.store)
    await CASES["audit_entries"](LONG_AGO, by.ports.store)

    await asyncio.gather(*(by.sweep() for _ in range(2)))

    counts = await fetch("SELECT sweep, sum(ended)::int AS ended, max(error) AS error FROM retention_counts GROUP BY 1")
    assert {row["sweep"]: row["ended"] for row in counts} == {"tickets": 3000, "uploads": 1, "audit_entries": 2}
    assert {row["error"] for row in counts} == {None}
    assert await by.due() == []
    assert (await verify(SIGNER)).ended == 2


async def test_a_sweep_that_dies_at_any_commit_is_gone_on_with(database: str, tmp_path: Path) -> None:
    """Its report counts what it ended before it died, and only that; the next one does the rest."""
    names = ("mails", "uploads", "audit_entries")
    by = replace(sweeper(tmp_path, batch=2), sweeps={name: SWEEPS[name] for name in names})

    async def write() -> None:
        for _ in range(3):
            await CASES["mails"](LONG_AGO, by.ports.store)
        await CASES["uploads"](LONG_AGO, by.ports.store)
        await CASES["audit_entries"](LONG_AGO, by.ports.store)

    at, died = 0, True
    while died:
        await write()
        with dying_at_commits(CrashPoints(at)):
            died = await _dies(by)
        await by.sweep()
        [row] = await fetch("SELECT sum(ended)::int AS ended, count(error) AS errors FROM retention_counts")
        assert row == {"ended": 6, "errors": 0}, at
        assert await by.due() == []
        assert [key async for key in by.ports.store.list("")] == []
        assert len(await fetch("SELECT 1 FROM retention_runs WHERE finished_at IS NULL")) <= 1
        await verify(SIGNER)
        await execute("DELETE FROM retention_runs")
        at += 1

    assert at > 6


async def _dies(by: Sweeper) -> bool:
    try:
        await asyncio.create_task(_sweep(by))
    except Crash:
        return True
    return False


async def _sweep(by: Sweeper) -> None:
    await by.sweep()


async def test_what_cannot_be_ended_is_an_alarm_and_keeps_nothing_else(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An entry that somebody changed breaks its sweep off: the evidence stays, and the report says so."""
    by = sweeper(tmp_path)
    await CASES["audit_entries"](LONG_AGO, by.ports.store)
    await CASES["disclosures"](LONG_AGO, by.ports.store)
    await execute("UPDATE audit_entries SET action = 'SIGNED_OUT'")

    await by.sweep()

    [run] = await runs(first=5)
    assert [(count.sweep, count.ended, count.remaining, count.error) for count in run.counts] == [
        ("audit_entries", 0, 2, "ChainBroken"),
        ("disclosures", 1, 0, None),
    ]
    assert run.counts[0].oldest == LONG_AGO + RECORDS_LAST
    assert len(await fetch("SELECT 1 FROM audit_entries")) == 2
    shown = capsys.readouterr()
    said = [line for line in (shown.out + shown.err).splitlines() if "retention." in line]
    assert len(said) == 2
    assert "retention.overdue" in said[1]
    assert "audit_entries" in said[1]


async def test_the_database_refuses_to_end_decisions_before_their_time(database: str, tmp_path: Path) -> None:
    store = sweeper(tmp_path).ports.store
    bound = datetime.now(UTC) - RECORDS_LAST
    for table in ("consent_records", "objection_records"):
        await CASES[table](bound + timedelta(minutes=1), store)
        with pytest.raises((IntegrityError, OperationalError), match="append only"):  # a day older than what counts
            await execute(f"DELETE FROM {table} WHERE sequence = 2")
        await execute(f"DELETE FROM {table} WHERE sequence = 1")
        with pytest.raises((IntegrityError, OperationalError), match="append only"):  # it counts
            await execute(f"DELETE FROM {table}")

        assert [row["sequence"] for row in await fetch(f"SELECT sequence FROM {table}")] == [2]


async def test_a_beginning_that_no_rule_ended_shows(database: str, tmp_path: Path) -> None:
    by = sweeper(tmp_path)
    await CASES["audit_entries"](LONG_AGO, by.ports.store)
    await CASES["audit_entries"](datetime.now(UTC), by.ports.store)
    kept = (await verify(SIGNER)).tip
    [tip] = await fetch("SELECT signature FROM audit_tips WHERE id = 1")
    [first] = await fetch(
        "SELECT s.hash, e.at FROM audit_seals s JOIN audit_entries e ON e.id = s.entry_id WHERE s.position = 1"
    )
    of_the_first = Tip(1, first["hash"], first["at"]).signature(SIGNER)
    await by.sweep()
    assert (await verify(SIGNER, kept)).ended == 2
    base = "UPDATE audit_tips SET {} WHERE id = 0"

    for change, said in (
        ("DELETE FROM audit_seals WHERE position = 3", "Link 3 was removed"),
        ("DELETE FROM audit_tips WHERE id = 0", "Link 1 was removed"),
        (base.format("position = 3"), "does not begin where it was signed"),
        (base.format(f"signature = '{tip['signature']}'"), "not signed by us"),
    ):
        await execute("CREATE TABLE remembered AS TABLE audit_tips")
        await execute("CREATE TABLE links AS TABLE audit_seals")
        await execute(change)
        with pytest.raises(Broken, match=said):
            await verify(SIGNER)
        for table, copy in (("audit_tips", "remembered"), ("audit_seals", "links")):
            await execute(f"DELETE FROM {table}")
            await execute(f"INSERT INTO {table} SELECT * FROM {copy}")
            await execute(f"DROP TABLE {copy}")
    other = Signer(bytes(31) + b"1")
    await resign(SIGNER, other)
    assert (await verify(other)).ended == 2
    await resign(other, SIGNER)
    with pytest.raises(NoTip, match="has ended since"):
        await verify(SIGNER, of_the_first)
    await truncate_early()


async def truncate_early() -> None:
    """Who has the key too cannot pass off a younger beginning for one whose time was over."""
    async with transaction():
        await truncate(SIGNER, datetime.now(UTC), 10)
    with pytest.raises(Broken, match="ended before their time"):
        await verify(SIGNER)


async def test_an_account_goes_when_nobody_can_get_in_any_more(database: str, tmp_path: Path) -> None:
    watch = Watch(LONG_AGO + timedelta(days=30))
    by = sweeper(tmp_path, watch)
    kinds = ("gone", "confirmed", "with an identity", "with a passkey", "frozen", "signed in for forty days")
    people = {kind: await person(LONG_AGO, confirmed=kind == "confirmed") for kind in kinds}
    await execute(
        """INSERT INTO identities (id, user_id, provider, subject, created_at, last_used_at)
           VALUES (gen_random_uuid(), $1, 'google', 'hash', now(), now())""",
        people["with an identity"],
    )
    await execute(
        """INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)
           VALUES (gen_random_uuid(), $1, '', '', 0, 'Key', now())""",
        people["with a passkey"],
    )
    await execute(
        """INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
           VALUES (gen_random_uuid(), $1, 'hash', now(), $2)""",
        people["signed in for forty days"],
        LONG_AGO + timedelta(days=40),
    )
    await execute("UPDATE users SET status = 'FROZEN' WHERE id = $1", people["frozen"])
    name = await alias()
    await execute("UPDATE subject_aliases SET user_id = $2 WHERE id = $1", name, people["gone"])
    entry = uuid4()
    await execute(
        "INSERT INTO audit_entries (id, at, action, subject_id) VALUES ($1, $2, 'SIGNED_UP', $3)", entry, LONG_AGO, name
    )
    await execute("INSERT INTO audit_details (id, entry_id, salt, content) VALUES ($1, $1, '', '{}')", entry)

    async def there() -> set[str]:
        left = {row["id"] for row in await fetch("SELECT id FROM users")}
        return {kind for kind in kinds if people[kind] in left}

    watch.time -= MOMENT
    assert "users" not in await reported(by)
    watch.time += MOMENT
    assert (await reported(by))["users"] == 1
    assert await there() == set(kinds) - {"gone"}
    [row] = await fetch("SELECT user_id, ended_at IS NOT NULL AS ended FROM subject_aliases WHERE id = $1", name)
    assert row == {"user_id": None, "ended": True}
    assert await fetch("SELECT 1 FROM audit_details") == []

    watch.time = LONG_AGO + timedelta(days=40)
    assert (await reported(by))["users"] == 1
    assert await there() == set(kinds) - {"gone", "signed in for forty days"}
