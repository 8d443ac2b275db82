"""An officer, requests of people, and a clock that tests turn by hand."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from app.accounts.staff import promote
from app.core import jobs
from app.core.db import execute, fetch, transaction
from app.core.jobs import Lease
from app.core.viewer import Role
from app.privacy.clock import WATCH, watch
from app.privacy.office import Office
from tests.fakes.server import Json, RunningServer
from tests.privacy.asking import submit
from tests.schema.world import key_of

MAILBOX = "privacy@people.test"
FIELDS = "id status dueAt extension { until reason } denial { code reason }"
EXTEND = f"""mutation ($input: ExtendPrivacyRequestInput!) {{ extendPrivacyRequest(input: $input) {{
  request {{ {FIELDS} }} errors {{ code path message }} }} }}"""
DENY = f"""mutation ($input: DenyPrivacyRequestInput!) {{ denyPrivacyRequest(input: $input) {{
  request {{ {FIELDS} }} errors {{ code path message }} }} }}"""
RETRY = f"""mutation ($input: RetryPrivacyRequestInput!) {{ retryPrivacyRequest(input: $input) {{
  request {{ {FIELDS} }} errors {{ code path message }} }} }}"""
QUEUE = """query ($first: Int, $after: String, $status: PrivacyRequestStatus, $overdue: Boolean) {
  privacyRequests(first: $first, after: $after, status: $status, overdue: $overdue) {
    nodes { id status dueAt account address statement channel evidence } pageInfo { endCursor hasNextPage } } }"""


@dataclass(slots=True)
class Turned:
    """A clock so long after now."""

    by: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@dataclass(slots=True)
class Desk:
    """Whoever answers requests, and when it is."""

    server: RunningServer
    officer: str
    clock: Turned = field(default_factory=Turned)
    holidays: Collection[date] = ()

    @property
    def office(self) -> Office:
        """As the clock has it."""
        return Office(self.clock, ZoneInfo("UTC"), self.holidays, MAILBOX)

    async def asked(self, token: str, key: str = "once", **said: Any) -> str:
        """Ask for something that nobody carries out meanwhile; return the request's id."""
        return str((await submit(self.server, token, "OPT_OUT_OF_SALE", key, **said))["request"]["id"])

    async def extend(self, id: str, token: str | None = None, **said: Any) -> Json:
        """Have it extended; return the payload."""
        return await self._decide(EXTEND, "extendPrivacyRequest", id, token, {"reason": "There is much of it.", **said})

    async def deny(self, id: str, token: str | None = None, **said: Any) -> Json:
        """Have it denied; return the payload."""
        given = {"code": "EXCESSIVE", "reason": "It was asked for yesterday.", **said}
        return await self._decide(DENY, "denyPrivacyRequest", id, token, given)

    async def retry(self, id: str, token: str | None = None, **said: Any) -> Json:
        """Have it carried out again; return the payload."""
        return await self._decide(RETRY, "retryPrivacyRequest", id, token, said)

    async def queue(self, token: str | None = None, **wanted: Any) -> Json:
        """Return a page of the queue."""
        found = await self.server.data(QUEUE, wanted, token or self.officer)
        return cast(Json, found["privacyRequests"])

    async def look(self, days: float = 0.0) -> None:
        """Have the job look so many days from now."""
        self.clock.by = timedelta(days=days)
        await watch(await leased(), self.office)

    async def _decide(self, document: str, name: str, id: str, token: str | None, said: Json) -> Json:
        variables = {"input": {"id": id, "idempotencyKey": "one", **said}}
        return cast(Json, (await self.server.data(document, variables, token or self.officer))[name])


async def opened(server: RunningServer) -> Desk:
    """Return the desk of an officer; nobody works on jobs from then on."""
    officer = await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    server.queue.work_with(None)
    return Desk(server, officer)


async def leased() -> Lease:
    """Take a job of the clock that nobody else was told of."""
    async with transaction():
        job_id = await jobs.record(WATCH, {}, delay=timedelta(hours=1))
        await execute("UPDATE jobs SET run_after = now() WHERE id = $1", job_id)
    lease = await jobs.take(job_id, 0, timedelta(hours=1))
    assert lease is not None
    return lease


async def due_in(id: str, left: timedelta) -> None:
    """Have a request be due so long from now."""
    await execute("UPDATE privacy_requests SET due_at = now() + $2::interval WHERE id = $1", key_of(id), left)


async def mailed(address: str) -> list[str]:
    """Return the kinds of mail that were recorded to an address, in order."""
    rows = await fetch("SELECT kind FROM mails WHERE address = $1 ORDER BY id", address)
    return [row["kind"] for row in rows]


def uuid_of(id: str) -> UUID:
    """Return the key in a global id."""
    return UUID(key_of(id))
