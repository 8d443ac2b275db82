"""The audit log is sealed: whatever is changed, removed or slipped in is named, and an erasure is not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.audit.chain import ChainBroken, resign, seal
from app.audit.service import Action, record, record_each, record_looks
from app.audit.verification import Broken, NoTip, verify
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import earliest, uuid7
from app.core.keys import derive
from app.core.personal_data import Activity
from app.core.signing import Signer
from tests.cli.test_commands import anypeople
from tests.conftest import SignUp
from tests.fakes.carriers import Crash
from tests.fakes.crashes import CrashPoints, dying_at_commits, dying_at_statements
from tests.workers.test_schedule import run_recurring
from workers.runner import Runner

SECRET = "a secret of the tests, long enough for all"
SIGNER = Signer(derive(SECRET.encode(), "signatures"))
FORGER = Signer(b"f" * 32)
UNSEAL = "DELETE FROM audit_seals WHERE position >= {}"
REMOVE = "DELETE FROM audit_entries WHERE id = '{}'"


async def entries() -> list[UUID]:
    """Return the entries in the chain's order."""
    return [row["entry_id"] for row in await fetch("SELECT entry_id FROM audit_seals ORDER BY position")]


async def looked_at(person_id: UUID, times: int) -> None:
    async with transaction():
        for _ in range(times):
            await record_looks([person_id], person_id, Activity.FRAUD_PREVENTION)


async def seal_all(batch: int = 1000) -> int:
    sealed = 0
    while found := await seal(SIGNER, batch):
        sealed += found
    return sealed


async def tamper(*statements: str) -> None:
    """Do what only somebody can who has the database: neither triggers nor foreign keys see it."""
    async with transaction():
        await execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await execute(statement)


@pytest.fixture
async def ada(person: SignUp) -> UUID:
    """A person about whom five entries are written and sealed, with one of somebody else's among them."""
    ada, eve = [await person(name) for name in ("ada", "eve")]
    async with transaction():
        await record(Action.SUSPENDED, ada.viewer.user_id, actor=eve.viewer.user_id, details={"note": "a reason"})
        await record_each(Action.APP_REMOVED, [ada.viewer.user_id], actor=None, details={"note": "Studio"})
        await record_looks([ada.viewer.user_id], eve.viewer.user_id, Activity.FRAUD_PREVENTION)
    await seal_all(batch=2)
    return ada.viewer.user_id


async def test_everything_that_was_committed_is_sealed_once(ada: UUID) -> None:
    [row] = await fetch("SELECT count(*) AS number, count(DISTINCT action) AS kinds FROM audit_entries")
    found = await verify(SIGNER, batch=2)

    assert row["kinds"] >= 4
    assert (found.sealed, found.unsealed) == (row["number"], 0)
    assert await seal_all() == 0
    async with transaction():
        await record(Action.SIGNED_OUT, ada, actor=ada)
    assert (await verify(SIGNER)).unsealed == 1
    await looked_at(ada, 4)
    assert [(await verify(SIGNER, batch=size)).unsealed for size in (1, 2, 5, 1000)] == [5] * 4
    assert await seal_all() == 5
    assert (await verify(SIGNER, kept=found.tip)).sealed == row["number"] + 5


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "action = 'SIGNED_OUt'",
        "subject_id = (SELECT id FROM subject_aliases WHERE id <> subject_id LIMIT 1)",
        "actor_id = NULL",
        "purpose = 'MARKETING'",
        "commitment = overlay(coalesce(commitment, repeat('0', 64)) placing 'x' from 64)",
    ],
)
async def test_an_entry_that_was_changed_is_named(change: str, ada: UUID) -> None:
    [*_, changed, later] = [
        row["entry_id"]
        for row in await fetch(
            "SELECT entry_id FROM audit_seals s JOIN audit_entries e ON e.id = entry_id "
            "WHERE actor_id IS NOT NULL ORDER BY position"
        )
    ]
    await tamper(*(f"UPDATE audit_entries SET {change} WHERE id = '{id}'" for id in (changed, later)))

    with pytest.raises(Broken, match=f"^Entry {changed} was changed, or its link"):
        await verify(SIGNER, batch=1)


async def test_an_entry_that_was_removed_is_named(ada: UUID) -> None:
    gone = (await entries())[2]
    await tamper(REMOVE.format(gone))

    with pytest.raises(Broken, match=f"^Entry {gone} was removed: link 3 is all that is left"):
        await verify(SIGNER)


async def test_the_database_itself_keeps_entries_that_are_sealed(ada: UUID) -> None:
    with pytest.raises(Exception, match=r"violates .*foreign key constraint"):
        await execute(REMOVE.format((await entries())[2]))


async def test_a_link_that_was_removed_with_its_entry_is_missed(ada: UUID) -> None:
    await tamper(REMOVE.format((await entries())[2]), "DELETE FROM audit_seals WHERE position = 3")

    with pytest.raises(Broken, match=r"^Link 3 was removed: the next one is 4"):
        await verify(SIGNER)


async def test_links_that_were_counted_anew_do_not_hold(ada: UUID) -> None:
    await tamper(
        REMOVE.format((await entries())[2]),
        "DELETE FROM audit_seals WHERE position = 3",
        "UPDATE audit_seals SET position = -position WHERE position > 3",
        "UPDATE audit_seals SET position = -position - 1 WHERE position < 0",
    )
    following = (await entries())[2]

    with pytest.raises(Broken, match=f"^Entry {following} was changed, or its link 3 was"):
        await verify(SIGNER)


async def test_the_newest_links_cannot_be_cut_off(ada: UUID) -> None:
    gone = (await entries())[-2:]
    last = len(await entries())
    await tamper(*map(REMOVE.format, gone), UNSEAL.format(last - 1))

    with pytest.raises(Broken, match=f"^The links from {last - 1} on were removed: {last} were signed"):
        await verify(SIGNER)
    with pytest.raises(ChainBroken, match="does not end where it was signed"):
        await seal(SIGNER)


async def test_an_older_end_that_was_put_back_is_told_by_one_that_was_kept(ada: UUID) -> None:
    old = await fetch_one("SELECT position, hash, latest_at, signature FROM audit_tips")
    assert old is not None
    async with transaction():
        await record(Action.SIGNED_OUT, ada, actor=ada)
    await seal_all()
    kept, newest = (await verify(SIGNER)).tip, (await entries())[-1]
    await tamper(REMOVE.format(newest), UNSEAL.format(old["position"] + 1))
    await execute("UPDATE audit_tips SET position = $1, hash = $2, latest_at = $3, signature = $4", *old.values())

    assert (await verify(SIGNER)).sealed == old["position"]
    with pytest.raises(Broken, match="were removed: the kept tip has more"):
        await verify(SIGNER, kept)
    await seal_all()
    async with transaction():
        await record(Action.SIGNED_OUT, ada, actor=ada)
    await seal_all()
    with pytest.raises(Broken, match="the chain was written anew"):
        await verify(SIGNER, kept)


@pytest.mark.parametrize("forgery", ["", "not.a.token", FORGER.sign({"position": 1, "hash": "0"}, "audit-tip+jwt")])
async def test_only_our_own_signature_of_the_end_counts(forgery: str, ada: UUID) -> None:
    await execute("UPDATE audit_tips SET signature = $1", forgery)

    with pytest.raises(Broken, match="The end of the chain does not count"):
        await verify(SIGNER)
    with pytest.raises(ChainBroken, match="is not signed by us"):
        await seal(SIGNER)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM audit_tips", "The signed end of the chain was removed"),
        ("UPDATE audit_tips SET position = position - 1", "The end of the chain was changed"),
        ("UPDATE audit_tips SET hash = repeat('0', 64)", "The end of the chain was changed"),
    ],
)
async def test_an_end_that_was_changed_is_noticed_and_not_built_on(statement: str, fault: str, ada: UUID) -> None:
    await tamper(statement)

    with pytest.raises(Broken, match=fault):
        await verify(SIGNER)
    with pytest.raises(ChainBroken):
        await seal(SIGNER)


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_entry_that_was_slipped_in_is_named(at_once: bool, ada: UUID) -> None:
    """Between others in time: whether or not it was sealed meanwhile, it comes too late to be merely late."""
    [row] = await fetch("SELECT min(at) - interval '2 hours' AS at FROM audit_entries")
    slipped = UUID(int=earliest(row["at"]).int + 1)
    await execute("UPDATE audit_tips SET latest_at = latest_at")
    await tamper(
        f"""INSERT INTO audit_entries (id, at, action, subject_id)
            SELECT '{slipped}', '{row["at"]}', 'SIGNED_IN', subject_id FROM audit_entries LIMIT 1"""
    )
    if not at_once:
        await seal_all()

    with pytest.raises(Broken, match=f"^Entry {slipped} was slipped in"):
        await verify(SIGNER, batch=1)


async def test_an_entry_with_an_old_id_is_slipped_in_whatever_its_time(ada: UUID) -> None:
    [row] = await fetch("SELECT max(at) AS at FROM audit_entries")
    slipped = earliest(row["at"] - timedelta(days=2))
    await tamper(
        f"""INSERT INTO audit_entries (id, at, action, subject_id)
            SELECT '{slipped}', '{row["at"]}', 'SIGNED_IN', subject_id FROM audit_entries LIMIT 1"""
    )

    assert await seal_all() == 0
    with pytest.raises(Broken, match=f"^Entry {slipped} was slipped in"):
        await verify(SIGNER, batch=1)


@pytest.mark.parametrize("slipped", [UUID(int=0), UUID(int=(1 << 128) - 1)])
async def test_no_id_is_out_of_sight(slipped: UUID, ada: UUID) -> None:
    await tamper(
        f"""INSERT INTO audit_entries (id, at, action, subject_id)
            SELECT '{slipped}', at - interval '2 hours', 'SIGNED_IN', subject_id FROM audit_entries LIMIT 1"""
    )

    with pytest.raises(Broken, match=f"^Entry {slipped} was slipped in"):
        await verify(SIGNER, batch=1)


async def test_an_entry_whose_commit_came_late_is_sealed_after_younger_ones(ada: UUID, person: SignUp) -> None:
    late, written, go = uuid7(), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with transaction():
            await execute(
                """INSERT INTO audit_entries (id, at, action, subject_id)
                   SELECT $1, now(), 'SIGNED_IN', id FROM subject_aliases LIMIT 1""",
                late,
            )
            written.set()
            await go.wait()

    writing = asyncio.create_task(slow())
    await written.wait()
    await person("young")
    assert await seal_all() > 0
    assert late not in await entries()
    go.set()
    await writing

    assert await seal_all() == 1
    assert (await entries())[-1] == late
    assert (await verify(SIGNER)).unsealed == 0


async def test_sealers_that_run_at_once_take_turns(ada: UUID) -> None:
    await looked_at(ada, 20)

    sealed = await asyncio.gather(*(seal_all(batch=3) for _ in range(4)))

    assert sum(sealed) == 20
    assert (await verify(SIGNER)).unsealed == 0


@pytest.mark.parametrize("dying", [dying_at_commits, dying_at_statements])
async def test_a_sealer_that_dies_anywhere_leaves_a_chain_that_goes_on(
    dying: Callable[[CrashPoints], Awaitable[None]], ada: UUID
) -> None:
    written, points = 0, CrashPoints(0)
    while points.at is not None:
        await looked_at(ada, 3)
        written += 3
        try:
            with dying(points):  # type: ignore[attr-defined]
                await seal(SIGNER, batch=2)
        except Crash:
            await verify(SIGNER)
            points = CrashPoints(points.at + 1)
        else:
            points = CrashPoints()
    await seal_all()

    assert written >= 3 * 3
    assert (await verify(SIGNER)).unsealed == 0


async def test_an_erasure_breaks_nothing(ada: UUID) -> None:
    """What erasure does to the log: the alias leads to nobody, and what was said beside the entries is gone."""
    kept = (await verify(SIGNER)).tip
    await execute(
        """DELETE FROM audit_details WHERE entry_id IN (
             SELECT e.id FROM audit_entries e JOIN subject_aliases a ON a.id = e.subject_id WHERE a.user_id = $1)""",
        ada,
    )
    await execute("UPDATE subject_aliases SET user_id = NULL WHERE user_id = $1", ada)

    assert (await verify(SIGNER, kept)).unsealed == 0


async def test_nobody_who_writes_an_entry_waits_for_a_sealer(ada: UUID) -> None:
    await looked_at(ada, 1)
    sealing, go = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with transaction():
            await seal(SIGNER)
            sealing.set()
            await go.wait()

    task = asyncio.create_task(slow())
    await sealing.wait()

    async def write() -> None:
        async with transaction():
            await record(Action.SIGNED_OUT, ada, actor=ada)

    await asyncio.wait_for(asyncio.create_task(write()), 20)
    go.set()
    await task


@pytest.mark.parametrize("tip", ["nonsense", FORGER.sign({"position": 1, "hash": "0"}, "audit-tip+jwt")])
async def test_a_kept_tip_that_is_none_says_nothing_about_the_log(tip: str, ada: UUID) -> None:
    with pytest.raises(NoTip, match="copy the whole line"):
        await verify(SIGNER, tip)


async def test_another_key_takes_the_chain_over_from_the_one_that_signed_it(ada: UUID) -> None:
    with pytest.raises(ChainBroken, match="is not signed by us"):
        await resign(FORGER, SIGNER)
    with pytest.raises(ChainBroken, match="is not signed by us"):
        await seal(FORGER)

    await resign(SIGNER, FORGER)

    assert (await verify(FORGER)).unsealed == 0
    await looked_at(ada, 1)
    assert await seal(FORGER) == 1
    with pytest.raises(Broken, match="The end of the chain does not count"):
        await verify(SIGNER)


async def test_the_schedule_seals_and_the_operator_verifies(runner: Runner, database: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": database, "ANYPEOPLE_SECRET_KEY": SECRET}
    empty = anypeople(tmp_path, "audit", "verify", **settings)
    await execute("INSERT INTO subject_aliases (id) VALUES (gen_random_uuid())")
    await execute(
        """INSERT INTO audit_entries (id, at, action, subject_id)
           SELECT uuidv7(), now(), 'SIGNED_IN', id FROM subject_aliases, generate_series(1, 3)"""
    )
    await run_recurring(runner, "audit.seal")

    whole = anypeople(tmp_path, "audit", "verify", **settings)
    tip = whole.stdout.splitlines()[1]
    again = anypeople(tmp_path, "audit", "verify", "--tip", tip, **settings)
    renewed = {**settings, "ANYPEOPLE_SECRET_KEY": SECRET.upper()}
    taken_over = anypeople(tmp_path, "audit", "resign", stdin=f"{SECRET}\n", **renewed)
    await tamper(UNSEAL.format(3))
    cut = anypeople(tmp_path, "audit", "verify", **renewed)

    assert (empty.returncode, empty.stdout) == (
        0,
        "0 entries are sealed, and every link holds. 0 are not sealed yet.\n",
    )
    assert whole.stdout.splitlines()[0] == "3 entries are sealed, and every link holds. 0 are not sealed yet."
    assert (again.returncode, again.stdout) == (0, whole.stdout)
    assert (taken_over.returncode, taken_over.stdout.splitlines()[0]) == (0, whole.stdout.splitlines()[0])
    assert (cut.returncode, cut.stdout) == (1, "")
    assert cut.stderr == "THE AUDIT LOG IS NOT WHAT WAS SEALED. The links from 3 on were removed: 3 were signed.\n"


async def test_nobody_stops_the_sealing_by_moving_the_time_from_which_entries_are_looked_for(ada: UUID) -> None:
    await tamper("UPDATE audit_tips SET latest_at = latest_at + interval '100 years'")
    await looked_at(ada, 1)

    with pytest.raises(ChainBroken):
        await seal(SIGNER)
    with pytest.raises(Broken, match=r"^The end of the chain was changed"):
        await verify(SIGNER)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE audit_details SET content = replace(content, 'a reason', 'no reason')", "is not what was said"),
        ("UPDATE audit_details SET salt = sha256('another')", "is not what was said"),
        ("DELETE FROM audit_details", "was removed, and its person is still here"),
        (
            """INSERT INTO audit_details (id, entry_id, salt, content)
               SELECT uuidv7(), id, 'salt', '{"note":"slander"}' FROM audit_entries WHERE action = 'VIEWED_BY_STAFF'""",
            "is not what was said",
        ),
    ],
)
async def test_what_is_said_beside_an_entry_is_what_was_said(change: str, words: str, ada: UUID) -> None:
    await tamper(change)

    with pytest.raises(Broken, match=rf"^What (is|was) said beside entry .* {words}"):
        await verify(SIGNER)
