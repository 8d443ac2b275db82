"""`anypeople privacy`, as the operator types it; in this process, which is cheaper than one for each command."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from typer.testing import CliRunner, Result

from app.accounts.service import NewAccount, sign_up
from app.cli.checkup import examine
from app.cli.commands import app
from app.core.clock import SystemClock
from app.core.db import connected, execute, fetch
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.privacy.errors import CannotExtend, RequestEnded, RequestNotFound
from app.privacy.requests import Requester, open_request
from app.privacy.status import Channel
from tests.fakes.people import POLICY_VERSION, settle_in
from tests.fakes.privacy import OFFICE

T = TypeVar("T")
WHY = ("--reason", "There is much to do")


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["privacy", *words])


def in_database(url: str, work: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        async with connected(url, pool_size=1):
            return await work()

    return asyncio.run(run())


async def requested(name: str) -> UUID:
    """Have somebody ask for something."""
    account = NewAccount(f"{name}@example.com", "correct horse battery", name, True, POLICY_VERSION)
    await sign_up(account, SystemClock(), timedelta(days=1))
    await settle_in(account.email)
    [row] = await fetch("SELECT id FROM users WHERE email = $1", account.email)
    who = Requester(row["id"], Channel.SIGNED_IN, proved=True)
    return (await open_request(Asked(PrivacyRight.OPT_OUT_OF_SALE), who, OFFICE))[0]


def test_the_operator_sees_what_is_urgent_and_decides(environment: dict[str, str]) -> None:
    url = environment["DATABASE_URL"]
    assert typed("queue").output == "Nothing is open.\n"
    first, second = (str(in_database(url, lambda name=name: requested(name))) for name in ("ada", "bob"))  # type: ignore[misc]

    shown = typed("queue").output
    assert 0 <= shown.index(first) < shown.index(second)
    assert "ada" not in shown, "it names nobody"
    assert typed("overdue").output == "Nothing is overdue.\n"
    assert "The person is told." in typed("extend", first, *WHY).output
    assert isinstance(typed("extend", first, *WHY).exception, CannotExtend)
    assert "extended" in typed("queue").output

    late = "UPDATE privacy_requests SET due_at = now() - interval '3 days 1 minute' WHERE id = $1"
    in_database(url, lambda: execute(late, second))
    overdue = typed("overdue")
    assert (overdue.exit_code, "OVERDUE by 3 days" in overdue.output, first in overdue.output) == (1, True, False)

    [found] = [each for each in asyncio.run(examine()) if each.name == "requests"]
    assert (found.healthy, "1 should be answered, the oldest for 72 hours" in found.line()) == (False, True)

    assert isinstance(typed("retry", first).exception, RequestEnded), "a worker is about to"
    in_database(url, lambda: execute("UPDATE jobs SET state = 'FAILED' WHERE kind = 'privacy.run'"))
    assert typed("retry", first).exit_code == 0
    denied = typed("deny", second, "--code", "UNFOUNDED", *WHY)
    assert denied.output == "It is denied. The person is told.\n"
    assert isinstance(typed("deny", second, "--code", "UNFOUNDED", *WHY).exception, RequestEnded)
    assert isinstance(typed("retry", str(UUID(int=7))).exception, RequestNotFound)
    sql = "SELECT action FROM audit_entries WHERE actor_id IS NULL AND action LIKE 'PRIVACY_%' ORDER BY id"
    assert [row["action"] for row in in_database(url, lambda: fetch(sql))] == [
        "PRIVACY_EXTENDED",
        "PRIVACY_RETRIED",
        "PRIVACY_DENIED",
    ]
