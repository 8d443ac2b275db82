"""Words are planted in everything personal, found wherever they lie, and after the erasure nowhere.

What is searched are bytes: PostgreSQL's files and its log of changes, the object store, all of Valkey, letters, logs.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.accounts.staff import promote
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.core.ports import Mailer
from app.core.signing import Signer
from app.core.viewer import Role
from app.generation.fulfilment import Studio
from app.integrations import valkey
from app.integrations.budgets import SharedCounters
from app.integrations.mail import kept_letters_of, mailer_of
from app.privacy.erasure import Eraser
from app.privacy.mailbox import letters_here
from app.privacy.objects import object_erasers
from app.processors.service import Gate
from app.registries import PERSONAL_DATA
from tests.fakes.browsing import browsing
from tests.fakes.openid import FakeOpenID, running_openid
from tests.fakes.providers import providers_register
from tests.fakes.server import RunningServer
from tests.fakes.visiting import Visitor
from tests.faults.test_log_canary import logged
from tests.privacy.leaving import receipt_of
from tests.privacy.life import Life
from tests.privacy.places import Places, settled, uncompressed, written
from tests.privacy.post import PostBox
from tests.privacy.scanning import Hit, Scanner
from tests.privacy.shown import PLANTED, undecided
from tests.privacy.test_receipts import documented
from tests.privacy.words import KEPT, PASSING
from tests.schema.belongings import endow
from workers.context import WorkerContext
from workers.runner import Runner
from workers.settings import request_ports

SDL = (Path(__file__).parents[2] / "schema" / "schema.graphql").read_text()


@pytest.fixture
async def openid() -> AsyncGenerator[FakeOpenID, None]:
    async with running_openid() as fake:
        yield fake


@pytest.fixture
async def settings(
    environment: dict[str, str], database_url: str, openid: FakeOpenID, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A service that offers Google, lets one client ask for as much as it likes, and compresses nothing."""
    async with connected(database_url):
        await uncompressed()
    monkeypatch.setenv("ANYPEOPLE_BUDGET_SIZE", "1000000000")
    named = {"CLIENT_ID": "an-app", "CLIENT_SECRET": "a secret of the app", "ISSUER": openid.address}
    for name, value in named.items():
        monkeypatch.setenv(f"ANYPEOPLE_GOOGLE_{name}", value)
    return Settings.load()


@pytest.fixture
def mailer(settings: Settings) -> Mailer:
    """The folder that a service without a mail server writes to."""
    return mailer_of(settings)


@pytest.fixture
async def worker_context(
    worker_context: WorkerContext, settings: Settings, studio: Studio, valkey_url: str
) -> AsyncGenerator[WorkerContext, None]:
    """Erasing as a worker of the service has it: with its counters, and with the folder of letters."""
    client, register = valkey.connect(valkey_url), providers_register()
    counters = SharedCounters(client, derive(settings.security.key, "budgets"))
    eraser = Eraser(PERSONAL_DATA.values(), object_erasers(studio.store), letters_here(kept_letters_of(settings)))
    ports = request_ports(settings, studio, eraser, Gate(register), counters, worker_context.journal)
    yield replace(worker_context, eraser=eraser, requests=ports)
    await client.aclose()


@pytest.fixture
async def life(server: RunningServer, openid: FakeOpenID, runner: Runner, tmp_path: Path) -> AsyncGenerator[Life, None]:
    """Somebody who is about to come, where others are already: their rows stay when those of one go."""
    eve, staff, officer = [await server.sign_up(name) for name in ("eve", "staff", "officer")]
    await endow(server, eve, "of somebody else")
    await promote("staff@example.com", Role.ADMIN)
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    server.client.headers.update({"user-agent": PASSING["agent"], "referer": f"https://{PASSING['referrer']}.example/"})
    async with browsing(server) as browser:
        yield Life(server, Visitor(server, browser), openid, PostBox(tmp_path / "mail"), runner, staff, officer)


def test_it_is_decided_of_every_personal_field_which_word_it_shows() -> None:
    assert undecided(SDL) == []

    unknown = 'type Diary { day: [String!] @personalData(category: CONTENT, retention: "") at: Int @personalData }'
    assert undecided(f"{SDL}\n{unknown}") == ["Diary.day"]
    assert "User.email" in undecided(SDL.replace("  email: String @personalData", "  email: String @deprecated"))
    assert set(PLANTED.values()) <= KEPT.keys()


def words(hits: Sequence[Hit]) -> set[str]:
    return {hit.word for hit in hits}


async def test_of_whoever_is_erased_no_byte_is_left(
    life: Life,
    settings: Settings,
    tmp_path: Path,
    valkey_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = await Places.of(valkey_url, tmp_path / "objects", tmp_path / "mail")
    with logged(capsys) as lines:
        await life.live()
        await written()
        scanner = Scanner([*KEPT.values(), *PASSING.values(), *life.secrets, *life.mailed])
        before = await places.search(scanner)
        request = await life.leave()
        await settled()
        after = await places.search(scanner)

    unseen = [field for field, name in PLANTED.items() if KEPT[name] not in life.saw_in(field)]
    assert unseen == [], "the API shows each of them"
    assert words(before) == {*KEPT.values(), *life.mailed}, "all that is kept is found, and nothing else is kept"
    assert {hit.word for hit in before if not hit.place.startswith("mail/")} == set(KEPT.values()), "links are hashed"
    assert after == []
    assert list(scanner.search("log", "\n".join(lines).encode())) == []
    claims = await receipt_of(request, Signer(derive(settings.security.key, "signatures")))
    assert claims.keys() == documented()
