"""Fixtures: real PostgreSQL and Valkey for each test process, a fresh database for each test, a real web server."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import hypothesis
import pytest
import redis

from app.accounts import passwords
from app.accounts.service import NewAccount, sign_up
from app.accounts.sessions import SignedIn
from app.core import feed, jobs, migrations
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.core.keys import derive
from app.core.one_time import OneTimeTokens
from app.core.ports import Mailer
from app.core.signing import Signer
from app.core.sweeps import SweepPorts
from app.embedded import EmbeddedPostgres, EmbeddedValkey
from app.gallery.service import publish
from app.generation.engines.registry import Engines
from app.generation.fulfilment import Studio
from app.integrations.local_store import LocalObjectStore
from app.journal.writing import Journal
from app.marketing.readership import Readership
from app.media.avatars import MAX_BYTES, AvatarCopier
from app.policy.beginning import begin
from app.policy.library import lend_from
from app.privacy.erasure import Eraser
from app.privacy.objects import object_erasers
from app.processors.fetcher import Fetcher
from app.processors.service import Gate
from app.registries import JOB_KINDS, PERSONAL_DATA, SWEEPS
from app.retention.service import Sweeper
from tests.fakes.carriers import DirectQueue, LocalSignals
from tests.fakes.consents import purpose_limitation
from tests.fakes.databases import Databases
from tests.fakes.engines import FaultyEngine, SlowEngine
from tests.fakes.mail import FakeMailer, post_office
from tests.fakes.openai_server import FakeOpenAI, running_openai
from tests.fakes.people import POLICY_VERSION, settle_in
from tests.fakes.privacy import run_ports
from tests.fakes.providers import providers_register
from tests.fakes.s3 import S3Server, running_s3
from tests.fakes.server import RunningServer, running_server
from tests.fakes.shelf import Shelf
from workers.context import WorkerContext
from workers.runner import Runner
from workers.settings import HANDLERS

P = ParamSpec("P")
R = TypeVar("R")

TEMPLATE = "template_for_tests"
SUBJECT_KEY = b"s" * 32
MEMORY = Path("/dev/shm")
ROOM_FOR_A_CLUSTER = 2 * 1024**3
LITTLE_MEMORY = 64
"""KiB for a password: hashing them as in production would be a third of what all tests cost."""
passwords.configure(LITTLE_MEMORY)
# No example is too slow for a machine that does much besides, and each run tries the same ones.
hypothesis.settings.register_profile(
    "tests", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tests")


@dataclass(frozen=True, slots=True)
class Servers:
    """This test process's PostgreSQL and Valkey."""

    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    databases: Databases


async def inline(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """`Compute` on this core."""
    return function(*args, **kwargs)


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path, None, None]:
    """A folder for the servers' data, in memory where there is room: cloning a database copies some 10 MB."""
    if MEMORY.exists() and shutil.disk_usage(MEMORY).free > ROOM_FOR_A_CLUSTER:
        folder = MEMORY / f"anypeople-tests-{uuid.uuid4().hex[:12]}"
        folder.mkdir(mode=0o711)
    else:
        folder = tmp_path_factory.mktemp("servers")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def _installed(url: str) -> None:
    """Make a database as a new installation has it."""
    await migrations.migrate(url)
    async with connected(url, pool_size=1):
        await begin(SystemClock())


@pytest.fixture(scope="session")
def servers(server_folder: Path) -> Generator[Servers, None, None]:
    """PostgreSQL with a migrated template database, and Valkey."""
    with (
        EmbeddedPostgres(server_folder / "postgres", durable=False) as postgres,
        EmbeddedValkey(server_folder / "valkey") as valkey,
    ):
        postgres.create_database(TEMPLATE)
        asyncio.run(_installed(postgres.database_url(TEMPLATE)))
        with Databases(postgres) as databases:
            yield Servers(postgres, valkey, databases)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Server, None, None]:
    """An S3 server; it takes two seconds to start, so only tests of the object store ask for it."""
    with running_s3(tmp_path_factory.mktemp("s3") / "server.log") as server:
        yield server


@pytest.fixture
def database_url(servers: Servers) -> Generator[str, None, None]:
    """A fresh, migrated database."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    yield servers.databases.create(name, TEMPLATE)
    servers.databases.drop(name)


@pytest.fixture
def valkey_url(servers: Servers) -> str:
    """An empty Valkey."""
    with redis.Redis(unix_socket_path=servers.valkey.url.removeprefix("unix://")) as client:
        client.flushall()
    return servers.valkey.url


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[str, None]:
    """A fresh database that this test is connected to."""
    async with connected(database_url):
        yield database_url


@pytest.fixture(scope="session")
def ledger_url(servers: Servers) -> Generator[str, None, None]:
    """A database of this test process, for tests of what cannot leave without a row, and of nothing in it."""
    name = f"ledger_{uuid.uuid4().hex[:16]}"
    yield servers.databases.create(name, TEMPLATE)
    servers.databases.drop(name)


@pytest.fixture
async def ledger(ledger_url: str) -> AsyncGenerator[str, None]:
    """Connected to that database, which others have written to: cheaper than a fresh one."""
    async with connected(ledger_url, pool_size=1):
        yield ledger_url


@pytest.fixture
def environment(database_url: str, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a service on this test's servers, set for this process too."""
    values = {
        "DATABASE_URL": database_url,
        "VALKEY_URL": valkey_url,
        "ANYPEOPLE_VAR": str(tmp_path),
        "ANYPEOPLE_SECRET_KEY": "a secret of the tests, long enough for all",
        "ANYPEOPLE_PASSWORD_MEMORY": str(LITTLE_MEMORY),
        "ANYPEOPLE_PORT": "0",
        "ANYPEOPLE_PUBLIC_URL": "http://images.test",
        "ANYPEOPLE_JOB_LEASE": "1.0",
        "ANYPEOPLE_JOB_RENEWAL": "0.3",
        "ANYPEOPLE_JOB_REDISPATCH": "0.5",
        "ANYPEOPLE_JOB_RETRY_DELAY": "0.01",
        "ANYPEOPLE_DISPATCH_INTERVAL": "0.1",
        "ANYPEOPLE_TALLY_INTERVAL": "600",  # never by the clock: a test writes when it looks
    }
    monkeypatch.delenv("OBJECT_STORE_URL", raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)  # no .env of a developer there
    return values


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """Typed settings of this test's service."""
    return Settings.load()


@pytest.fixture
def faulty() -> FaultyEngine:
    """The engine that misbehaves on demand."""
    return FaultyEngine()


@pytest.fixture
def engines(faulty: FaultyEngine) -> Engines:
    """The test engines; `slow` is the default."""
    return Engines([SlowEngine(), faulty])


@pytest.fixture
async def openai_server() -> AsyncGenerator[FakeOpenAI, None]:
    """A server that speaks OpenAI's image API, on a real port in this loop."""
    async with running_openai() as fake:
        yield fake


@pytest.fixture
def queue() -> Generator[DirectQueue, None, None]:
    """Carries jobs; they run once a runner is given to it."""
    carrier = DirectQueue()
    jobs.carry_with(carrier)
    yield carrier
    jobs.carry_with(None)


@pytest.fixture
def signals() -> Generator[LocalSignals, None, None]:
    """Carries signals within this process."""
    carrier = LocalSignals()
    feed.signal_with(carrier)
    yield carrier
    feed.signal_with(None)


@pytest.fixture
def studio(engines: Engines, tmp_path: Path) -> Studio:
    """Test engines, pixels on this core, objects in a folder."""
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    return Studio(engines, inline, store, publish, SUBJECT_KEY, purpose_limitation(), at_once_per_person=100)


@pytest.fixture
def mailer() -> FakeMailer:
    """Keeps the letters that were sent."""
    return FakeMailer()


@pytest.fixture
def fetcher() -> Fetcher:
    """Fetches what is on the public Internet; tests that have a server of their own have another one."""
    return Fetcher(max_bytes=MAX_BYTES, timeout=5.0)


@pytest.fixture
def worker_context(settings: Settings, studio: Studio, mailer: Mailer, fetcher: Fetcher) -> WorkerContext:
    """What jobs work with."""
    tokens = OneTimeTokens(derive(settings.security.key, "one-time-tokens"))
    avatars = AvatarCopier(fetcher, Gate(providers_register()), studio.compute, studio.store)
    signer = Signer(derive(settings.security.key, "signatures"))
    return WorkerContext(
        settings.work,
        studio,
        post_office(mailer, tokens),
        avatars,
        signer,
        Readership(purpose_limitation()),
        Eraser(PERSONAL_DATA.values(), object_erasers(studio.store)),
        Sweeper(SWEEPS, SweepPorts(studio.store, signer), SystemClock()),
        run_ports(studio.store, signer, providers_register()),
        Journal(studio.store, signer, settings.backups.kept),
    )


@pytest.fixture
def runner(worker_context: WorkerContext) -> Runner:
    """Runs jobs in this process."""
    return Runner(worker_context, JOB_KINDS, HANDLERS)


@pytest.fixture
def shelf(tmp_path: Path) -> Generator[Shelf, None, None]:
    """The shipped documents, and what a test ships besides."""
    yield Shelf(tmp_path / "documents")
    lend_from(None)


@pytest.fixture
def real_passwords(server: RunningServer) -> Generator[None, None, None]:
    """Passwords are hashed as in production, for tests of how long that takes."""
    passwords.configure(passwords.MEMORY)
    yield
    passwords.configure(LITTLE_MEMORY)


SignUp = Callable[[str], Awaitable[SignedIn]]


@pytest.fixture
def person(database: str) -> SignUp:
    """Makes accounts, by the local part of their address."""

    async def make(name: str = "ada") -> SignedIn:
        account = NewAccount(f"{name}@example.com", "correct horse battery", name.title(), True, POLICY_VERSION)
        signed_in = await sign_up(account, SystemClock(), timedelta(days=1))
        await settle_in(account.email)
        return signed_in

    return make


@pytest.fixture
async def server(settings: Settings, engines: Engines, runner: Runner) -> AsyncGenerator[RunningServer, None]:
    """The whole web application on a real port, in this loop; jobs run in this loop too, without ARQ.

    Uploads are looked at on this core: the detector is the real one, but is loaded once for all tests.
    """
    async with running_server(settings, engines, runner, inline) as running:
        yield running
