"""A process that dies around a disclosure: the row is there and says unknown, and a second try has a row of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.core.db import fetch, transaction
from app.core.ports import Letter
from app.mail.kinds import MailKind
from app.mail.service import SEND_MAIL, record_mail
from app.processors.outcomes import Outcome
from app.processors.queries import DisclosureRecord, disclosures_about, own_disclosures
from tests.conftest import SignUp
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, dying_at_statements
from tests.fakes.mail import FakeMailer
from workers.runner import Runner

Dying = Callable[[CrashPoints], AbstractContextManager[None]]


class DyingMailer(FakeMailer):
    """Has the process die when a letter is handed over: before a byte leaves, or after all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.dies = ""

    async def send(self, letter: Letter) -> None:
        if self.dies == "before":
            raise Crash("before")
        await super().send(letter)
        if self.dies == "after":
            raise Crash("after")


class Desk:
    """One person, and the job that writes to them."""

    def __init__(self, person: SignUp, runner: Runner, mailer: DyingMailer) -> None:
        self._person, self._runner, self.mailer = person, runner, mailer

    async def write(self) -> None:
        self.ada = (await self._person("ada")).viewer
        async with transaction():
            self.mail = await record_mail(MailKind.NO_ACCOUNT, "ada@example.com", person=self.ada.user_id)

    async def work(self) -> None:
        """Run the job, also from a worker that died."""
        [row] = await fetch(
            """UPDATE jobs SET lease_until = now() - interval '1 second', run_after = now()
               WHERE payload ->> 'mail' = $1 RETURNING id, attempt""",
            str(self.mail),
        )
        await self._runner.run(row["id"], row["attempt"])

    async def dies(self) -> None:
        with pytest.raises(Crash):
            await self.work()

    async def told(self) -> list[Outcome]:
        """Return the outcomes that the person sees, the oldest first."""
        [about] = await disclosures_about(self.ada, "Mail", [self.mail])
        found: list[DisclosureRecord] = await own_disclosures(self.ada, first=9)
        assert found == about
        return [record.outcome for record in reversed(found)]


@pytest.fixture
def mailer() -> DyingMailer:
    return DyingMailer()


@pytest.fixture
def desk(database: str, person: SignUp, runner: Runner, mailer: DyingMailer, queue: DirectQueue) -> Desk:
    assert SEND_MAIL.max_failures > 2
    return Desk(person, runner, mailer)


@pytest.mark.parametrize(("moment", "left"), [("before", 0), ("after", 1)])
async def test_what_dies_around_the_bytes_is_unknown_and_tried_again_with_a_row_of_its_own(
    desk: Desk, moment: str, left: int
) -> None:
    await desk.write()
    desk.mailer.dies = moment
    await desk.dies()
    assert len(desk.mailer.letters) == left
    assert await desk.told() == [Outcome.UNKNOWN]

    desk.mailer.dies = ""
    await desk.work()

    assert len(desk.mailer.letters) == left + 1
    assert await desk.told() == [Outcome.UNKNOWN, Outcome.SENT]


async def test_at_no_statement_a_death_lets_out_what_has_no_row(desk: Desk) -> None:
    """Wherever it dies: no more letters than rows, no row says that it was sent without a letter, and it ends."""
    await desk.write()
    at, died = 0, True
    while died:
        try:
            with dying_at_statements(CrashPoints(at)):
                await desk.work()
            died = False
        except Crash:
            at += 1
        told = await desk.told()
        assert len(told) >= len(desk.mailer.letters) >= told.count(Outcome.SENT)

    assert at > 4
    assert told[-1] is Outcome.SENT
    assert Outcome.UNKNOWN in told
    assert [row["state"] for row in await fetch("SELECT state FROM mails WHERE id = $1", desk.mail)] == ["SENT"]
