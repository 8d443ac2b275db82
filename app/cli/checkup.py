"""`anypeople doctor`: what is configured, what answers, what is missing, and what to do about it."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from app.accounts.providers import provider_register
from app.core.clock import SystemClock
from app.core.concerns import ConfigurationError
from app.core.config import Mode, Settings
from app.core.db import connected, fetch
from app.core.identity_settings import GitHubSettings, GoogleSettings
from app.core.migrations import pending
from app.core.object_location import Bucket
from app.generation.engines.registry import Engines
from app.integrations import valkey
from app.integrations.mail import mailer_of
from app.integrations.object_store import object_store
from app.integrations.s3_store import StoreFailed
from app.journal.errors import JournalError
from app.journal.standing import check_standing
from app.journal.tip import tip, unwritten
from app.privacy.clock import overdue
from app.privacy.office import Office
from app.processors.register import Role
from app.registries import processor_register
from workers.carriers import QUEUES

TIMEOUT = 5.0
"""Seconds that each check gets."""
MIN_FREE_BYTES = 1024**3
MANY_UNWRITTEN = 100
"""Decisions that wait to be written to the journal: a worker that lives writes each within seconds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    healthy: bool
    state: str
    remedy: str = ""

    def line(self) -> str:
        """Return the line to print."""
        advice = f"\n      → {self.remedy}" if self.remedy and not self.healthy else ""
        return f"  {'ok ' if self.healthy else '!! '} {self.name:<12} {self.state}{advice}"


async def examine() -> list[Finding]:
    """Look at everything; never raises for what is merely wrong."""
    try:
        settings = Settings.load()
    except ConfigurationError as error:
        return [Finding("settings", False, error.message, "mend the setting; .env.example explains each")]
    checks: list[Callable[[Settings], Awaitable[Finding]]] = [
        *(_mode, _engines, _providers, _recipients, _objects, _postgresql, _journal, _valkey, _workers, _requests)
    ]
    return [await _bounded(check, settings) for check in checks]


async def _bounded(check: Callable[[Settings], Awaitable[Finding]], settings: Settings) -> Finding:
    name = check.__name__.lstrip("_")
    try:
        return await asyncio.wait_for(check(settings), TIMEOUT)
    except ConfigurationError as error:
        return Finding(name, False, error.message)
    except Exception as error:  # noqa: BLE001 - the point is to report whatever is wrong
        return Finding(name, False, f"does not answer ({type(error).__name__})", REMEDIES.get(name, ""))


REMEDIES = {
    "objects": "does the bucket of OBJECT_STORE_URL exist, and may the keys in AWS_ACCESS_KEY_ID write to it?",
    "journal": "do PostgreSQL and the object store answer? See above.",
    "postgresql": "is the server running, and are host, user and password in DATABASE_URL right?",
    "valkey": "is the server running, and is VALKEY_URL right? Jobs wait and hubs poll until it answers.",
    "workers": "start one: `anypeople worker`",
    "requests": "answer them now: `anypeople privacy overdue` shows which",
}


async def _mode(settings: Settings) -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    state = f"{settings.mode.value}, Python {version}, {settings.server.base_url}"
    if settings.mode is Mode.PRODUCTION and not settings.server.trusted_proxies:
        # Not refused: without a proxy it is right.
        state += "; behind a proxy everybody looks like one client: name it in ANYPEOPLE_TRUSTED_PROXIES"
    return Finding("mode", True, state)


async def _engines(settings: Settings) -> Finding:
    names = [engine.name for engine in Engines.configured(settings.work.engines)]
    return Finding("engines", True, f"{', '.join(names)} (default: {names[0]})")


async def _providers(_settings: Settings) -> Finding:
    google, github = GoogleSettings.load(), GitHubSettings.load()
    offered = [entry.name for entry in provider_register(google, github)]
    if not offered:
        return Finding("providers", True, "nobody signs in with others (ANYPEOPLE_GOOGLE_CLIENT_ID, _GITHUB_CLIENT_ID)")
    return Finding("providers", True, f"people sign in with {' and '.join(offered)}")


async def _recipients(settings: Settings) -> Finding:
    engines = Engines.configured(settings.work.engines)
    register = processor_register(settings, engines, mailer_of(settings))
    others = [f"{entry.name} ({entry.country})" for entry in register if entry.role is not Role.OURSELVES]
    return Finding(
        "recipients", True, f"data leaves for {', '.join(others)}" if others else "nothing leaves for others"
    )


async def _objects(settings: Settings) -> Finding:
    place = settings.stores.objects
    return _folder(settings.mode, place) if isinstance(place, Path) else await _bucket(settings, place)


def _folder(mode: Mode, objects: Path) -> Finding:
    folder = objects.resolve()
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    writable = os.access(place, os.W_OK)
    state = f"{folder}, {free // 1024**2} MiB free" + ("" if writable else ", not writable")
    if mode is Mode.PRODUCTION:
        # Not refused: with one machine it is right, and no process can tell how many there are.
        state += "; web and worker must see the same folder: for several machines set OBJECT_STORE_URL=s3://…"
    remedy = "set OBJECT_STORE_URL or ANYPEOPLE_VAR to a writable, larger place"
    return Finding("objects", writable and free > MIN_FREE_BYTES, state, remedy)


async def _bucket(settings: Settings, bucket: Bucket) -> Finding:
    """Write and delete a small object: that a server answers does not say that its keys may do that."""
    store = object_store(settings)
    state = f"bucket {bucket.name} at {bucket.endpoint or f'Amazon, {bucket.region}'}"
    try:
        probe = f"doctor/{uuid4().hex}"
        written = [await store.put_new(probe, b""), await store.put_new(probe, b"")]
        await store.delete(probe)
    except StoreFailed as error:
        return Finding("objects", False, f"{state}: {error}", REMEDIES["objects"])
    # A server that does not know the condition writes over what is there: the decision journal must not allow that.
    remedy = "it takes no conditional writes (If-None-Match: *), which the decision journal needs: use a newer version"
    return Finding("objects", written == [True, False], f"{state}, writable", remedy)


async def _postgresql(settings: Settings) -> Finding:
    if settings.stores.database_url is None:
        return Finding("postgresql", True, "embedded: `anypeople up` starts it (DATABASE_URL is not set)")
    url = settings.stores.database_url.get_secret_value()
    async with connected(url, pool_size=1):
        version = (await fetch("SHOW server_version"))[0]["server_version"]
    waiting = await pending(url)
    state = f"PostgreSQL {version}, " + (f"{len(waiting)} migrations to apply" if waiting else "up to date")
    return Finding("postgresql", not waiting, state, "run `anypeople migrate`")


async def _journal(settings: Settings) -> Finding:
    if settings.stores.database_url is None:
        return Finding("journal", True, "`anypeople up` compares it with the embedded database")
    async with connected(settings.stores.database_url.get_secret_value(), pool_size=1):
        try:
            await check_standing(object_store(settings))
        except JournalError as error:
            return Finding("journal", False, error.message)
        known, waiting = await tip(), await unwritten()
    state = f"the database knows all {known} decisions" + (f", {waiting} are to be written" if waiting else "")
    return Finding("journal", waiting < MANY_UNWRITTEN, state, REMEDIES["workers"])


async def _valkey(settings: Settings) -> Finding:
    if settings.stores.valkey_url is None:
        return Finding("valkey", True, "embedded: `anypeople up` starts it (VALKEY_URL is not set)")
    client = valkey.connect(settings.stores.valkey_url.get_secret_value())
    try:
        info = await client.info("server")
    finally:
        await client.aclose()
    return Finding("valkey", True, f"Valkey {info.get('valkey_version', info.get('redis_version'))}")


async def _workers(settings: Settings) -> Finding:
    if settings.stores.valkey_url is None:
        return Finding("workers", True, "`anypeople up` starts one")
    client = valkey.connect(settings.stores.valkey_url.get_secret_value())
    try:
        alive = [queue for queue in QUEUES if await client.exists(valkey.health_key(queue))]
    finally:
        await client.aclose()
    missing = ", ".join(queue for queue in QUEUES if queue not in alive)
    state = f"nobody works on: {missing}" if missing else "every queue has a worker"
    return Finding("workers", not missing, state, REMEDIES["workers"])


async def _requests(settings: Settings) -> Finding:
    if settings.stores.database_url is None:
        return Finding("requests", True, "`anypeople privacy overdue` shows privacy requests that are late")
    url = settings.stores.database_url.get_secret_value()
    if await pending(url):
        return Finding("requests", True, "not looked for before the migrations are applied")
    async with connected(url, pool_size=1):
        late, since = await overdue(Office.configured(SystemClock(), settings.mail.contact_email))
    state = f"{late} should be answered, the oldest for {since // timedelta(hours=1)} hours" if late else "none is late"
    return Finding("requests", not late, state, REMEDIES["requests"])
