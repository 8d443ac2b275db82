"""Mail, sign-in with others and their pictures: each leaves with a row, and with no register nothing leaves at all."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.accounts.providers import Provider, Providers
from app.core import jobs
from app.core.clock import SystemClock
from app.core.db import fetch, transaction
from app.core.identity_settings import GoogleSettings
from app.core.jobs import Lease
from app.core.one_time import OneTimeTokens
from app.core.viewer import Viewer
from app.integrations.identity_providers import google_of
from app.integrations.local_store import LocalObjectStore
from app.mail.kinds import MailKind
from app.mail.rendering import LetterWriter
from app.mail.service import PostOffice, record_mail
from app.media.avatars import AvatarCopier, request_copy
from app.processors.errors import ProcessorUnregistered
from app.processors.fetcher import Fetcher
from app.processors.outcomes import Outcome, Refusal
from app.processors.queries import own_disclosures
from app.processors.register import Register
from app.processors.service import Gate
from tests.conftest import SignUp, inline
from tests.fakes.carriers import DirectQueue
from tests.fakes.mail import REPLIES, FakeMailer, post_office
from tests.fakes.openid import CLIENT_ID, CLIENT_SECRET, running_openid
from tests.fakes.providers import providers_register
from tests.fakes.tap import tapped
from tests.processors.painters import outcomes

NOBODY = Gate(Register())
TOKENS = OneTimeTokens(b"k" * 32)
BACK = "https://people.test/back"


@pytest.fixture
async def ada(person: SignUp, queue: DirectQueue) -> Viewer:
    return (await person("ada")).viewer


async def job(name: str) -> Lease:
    """Take the job of a payload that has this name."""
    [row] = await fetch("SELECT id, attempt FROM jobs WHERE payload ? $1", name)
    lease = await jobs.take(row["id"], row["attempt"], timedelta(seconds=30))
    assert lease is not None
    return lease


async def written(ada: Viewer) -> Lease:
    """Return the job of a letter to her."""
    await _forget_mail()
    async with transaction():
        await record_mail(MailKind.NO_ACCOUNT, "ada@example.com", person=ada.user_id)
    return await job("mail")


async def _forget_mail() -> None:
    await fetch("DELETE FROM jobs WHERE payload ? 'mail' RETURNING id")


async def told(ada: Viewer) -> list[tuple[str, Outcome, Refusal | None, str | None]]:
    """Return what she sees: recipient, outcome, reason, kind of object."""
    records = await own_disclosures(ada, first=20)
    return [(each.processor, each.outcome, each.refusal, each.about.type if each.about else None) for each in records]


async def test_a_letter_is_a_disclosure_of_whoever_it_is_to(ada: Viewer) -> None:
    mailer = FakeMailer()
    await post_office(mailer, TOKENS).send(await written(ada))
    assert len(mailer.letters) == 1
    assert await told(ada) == [("fake", Outcome.SENT, None, "Mail")]


async def test_a_letter_that_is_refused_is_not_handed_over(ada: Viewer) -> None:
    mailer = FakeMailer()
    office = PostOffice(mailer, LetterWriter("https://people.test", "help@people.test", TOKENS, REPLIES), NOBODY)
    with pytest.raises(ProcessorUnregistered):
        await office.send(await written(ada))
    assert mailer.letters == []
    assert await told(ada) == [("fake", Outcome.REFUSED, Refusal.PROCESSOR_UNREGISTERED, "Mail")]


def _copier(gate: Gate, folder: Path) -> AvatarCopier:
    fetcher = Fetcher(max_bytes=10**6, timeout=5)
    return AvatarCopier(fetcher, gate, inline, LocalObjectStore(folder, durable=False))


@pytest.mark.parametrize("registered", [True, False])
async def test_a_picture_at_an_address_inside_leaves_no_byte_and_a_row(
    ada: Viewer, tmp_path: Path, registered: bool
) -> None:
    async with running_openid() as fake, tapped(fake.address) as inside:
        address = inside.address.replace("http:", "https:") + "/picture"
        async with transaction():
            await request_copy(ada.user_id, "google", address)
        gate = Gate(providers_register()) if registered else NOBODY
        await _copier(gate, tmp_path).copy(await job("source"))
        assert inside.seen == (0, 0)
    reason = Refusal.ADDRESS_REFUSED if registered else Refusal.PROCESSOR_UNREGISTERED
    assert await told(ada) == [("google", Outcome.REFUSED, reason, None)]


@pytest.mark.parametrize("registered", [True, False])
async def test_signing_in_with_others_leads_through_the_gate(database: str, registered: bool) -> None:
    async with running_openid() as fake, tapped(fake.address) as tap:
        settings = GoogleSettings(client_id=CLIENT_ID, client_secret=SecretStr(CLIENT_SECRET), issuer=tap.address)
        fake.address = tap.address
        google = google_of(settings, "google", BACK, SystemClock())
        right = Providers({Provider.GOOGLE: google}, Gate(providers_register()))
        departure = await right.depart(Provider.GOOGLE, anew=False)
        assert await outcomes() == []  # a question about nobody
        before, providers = tap.seen, right if registered else Providers({Provider.GOOGLE: google}, NOBODY)
        answer = {"state": departure.state, "code": "wrong", "iss": tap.address}

        with pytest.raises(Exception, match=r"no answer|not in the register"):
            await providers.arrive(Provider.GOOGLE, answer, departure)

        assert (tap.seen == before) is not registered
    expected = ("FAILED", None) if registered else ("REFUSED", "PROCESSOR_UNREGISTERED")
    assert await outcomes() == [expected]
