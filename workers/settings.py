"""Composition root of the worker process: settings → ports → runner → ARQ workers, one per queue."""

import asyncio
import gc
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from app.accounts.lost_factors import FINISH_RECOVERY
from app.analytics.provider import SEND_USAGE, UsageReports
from app.analytics.service import ROLL_UP
from app.audit.chain import SEAL
from app.consents.enforcement import PurposeLimitation
from app.consents.notices import PublishedNotices
from app.core import feed, jobs
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.controller import Controller
from app.core.db import connected
from app.core.keys import derive
from app.core.log import configure
from app.core.one_time import OneTimeTokens
from app.core.personal_data import Activity
from app.core.ports import Counters, Mailer, ObjectStore
from app.core.recipient_settings import AnalyticsSettings
from app.core.signing import Signer
from app.core.sweeps import SweepPorts
from app.gallery.service import publish
from app.generation.engines.registry import Engines
from app.generation.fulfilment import Studio
from app.generation.service import RUN_GENERATION
from app.integrations import budgets, valkey
from app.integrations.mail import kept_letters_of, mailer_of
from app.integrations.object_store import object_store
from app.journal.service import WRITE
from app.journal.standing import check_standing
from app.journal.writing import Journal
from app.legal_disclosures.service import END_BARS
from app.mail.rendering import LetterWriter
from app.mail.replies import ReplyAddresses
from app.mail.service import SEND_MAIL, SEND_TO_MANY, PostOffice
from app.marketing.readership import Readership
from app.marketing.service import CAMPAIGN
from app.media.avatars import COPY_AVATAR, FETCH_TIMEOUT, MAX_BYTES, AvatarCopier
from app.media.pool import ProcessCompute
from app.media.service import DELETE_PICTURES
from app.media.uploads import DELETE_UPLOADS
from app.minors.purge import PURGE_MINORS
from app.outreach.announcing import ANNOUNCE
from app.policy.beginning import begin
from app.policy.queries import check_published
from app.privacy.clock import WATCH
from app.privacy.erasure import Eraser
from app.privacy.export.office import ExportOffice
from app.privacy.lifting import LIFT_RESTRICTION
from app.privacy.mailbox import letters_here
from app.privacy.objects import object_erasers
from app.privacy.office import Office
from app.privacy.requests import RUN_REQUEST
from app.privacy.rights.base import ErasingPorts, RunPorts
from app.processors.deletion import Deletes, Recall
from app.processors.fetcher import Fetcher
from app.processors.register import Register
from app.processors.service import Gate
from app.registries import HOLDERS, JOB_KINDS, PERSONAL_DATA, SWEEPS, consent_office_of, processor_register
from app.retention.service import SWEEP, Sweeper
from app.support.letters import Desk
from app.training.marking import MARK_LAPSED
from workers import (
    accounts,
    analytics,
    audit,
    carriers,
    generation,
    journal,
    legal_disclosures,
    mail,
    marketing,
    media,
    minors,
    outreach,
    privacy,
    retention,
    training,
)
from workers.context import WorkerContext
from workers.dispatch import dispatch_forever
from workers.handlers import Handler
from workers.runner import Runner
from workers.schedule import Schedule

LIMITATION = PurposeLimitation.of(PERSONAL_DATA.values(), PublishedNotices(), SystemClock())
HANDLERS: Mapping[str, Handler] = {
    RUN_GENERATION.name: generation.HANDLER,
    DELETE_PICTURES.name: media.PICTURES,
    DELETE_UPLOADS.name: media.UPLOADS,
    COPY_AVATAR.name: media.AVATARS,
    SEND_MAIL.name: mail.HANDLER,
    SEND_TO_MANY.name: mail.HANDLER,
    ANNOUNCE.name: outreach.ANNOUNCEMENT,
    CAMPAIGN.name: marketing.CAMPAIGN,
    FINISH_RECOVERY.name: accounts.RECOVERY,
    PURGE_MINORS.name: minors.PURGE,
    END_BARS.name: legal_disclosures.BARS,
    RUN_REQUEST.name: privacy.REQUESTS,
    WATCH.name: privacy.CLOCK,
    LIFT_RESTRICTION.name: privacy.RESTRICTIONS,
    MARK_LAPSED.name: training.marker(LIMITATION),
    ROLL_UP.name: analytics.ROLL_UP,
    SEND_USAGE.name: analytics.SENDING,
    SEAL.name: audit.HANDLER,
    SWEEP.name: retention.HANDLER,
    WRITE.name: journal.HANDLER,
}

log = structlog.get_logger(__name__)


@asynccontextmanager
async def composed(settings: Settings, engines: Engines) -> AsyncGenerator[Runner, None]:
    """Open every port for as long as the block runs. Raises ConfigurationError."""
    database_url, valkey_url = settings.stores.urls()
    mailer = mailer_of(settings)
    register = processor_register(settings, engines, mailer)
    gate = Gate(register)
    client = valkey.connect(valkey_url)
    signals = valkey.ValkeySignals(client)
    store = object_store(settings)
    async with (
        connected(database_url, pool_size=settings.stores.database_pool_size),
        ProcessCompute(workers=settings.work.image_processes, timeout=settings.work.image_timeout) as compute,
    ):
        await begin(SystemClock())
        await check_published()
        await check_standing(store)
        jobs.carry_with(valkey.ArqQueue(client))
        feed.signal_with(signals)
        await compute.warm()
        subject_key = derive(settings.security.key, "engine-subject")
        at_once = settings.work.running_per_person
        studio = Studio(engines, compute, store, publish, subject_key, LIMITATION, at_once)
        signer = Signer(derive(settings.security.key, "signatures"))
        readership = Readership(LIMITATION)
        eraser = Eraser(PERSONAL_DATA.values(), object_erasers(studio.store), letters_here(kept_letters_of(settings)))
        journal = Journal(store, signer, settings.backups.kept)
        counters = budgets.SharedCounters(client, derive(settings.security.key, "budgets"))
        context = WorkerContext(
            settings.work,
            studio,
            post_office(settings, mailer, gate, readership),
            avatar_copier(studio, gate),
            signer,
            readership,
            eraser,
            Sweeper(SWEEPS, SweepPorts(store, signer), SystemClock()),
            request_ports(settings, studio, eraser, gate, counters, journal),
            journal,
            UsageReports.configured(AnalyticsSettings.load(), gate),
        )
        runner = Runner(context, JOB_KINDS, HANDLERS)
        watching = asyncio.create_task(runner.watch(signals))
        try:
            yield runner
        finally:
            await _ended(watching)
            jobs.carry_with(None)
            feed.signal_with(None)
            await client.aclose()


def request_ports(
    settings: Settings, studio: Studio, eraser: Eraser, gate: Gate, counters: Counters, journal: Journal
) -> RunPorts:
    """Compose what carries privacy requests out. Raises ConfigurationError."""
    told = {
        engine.processor.name: engine
        for engine in studio.engines
        if engine.processor is not None and isinstance(engine, Deletes)
    }
    return RunPorts(
        studio.store,
        journal.signer,
        Office.configured(SystemClock(), settings.mail.contact_email),
        export_office(settings, studio.store, journal.signer, gate.register),
        ErasingPorts(eraser, Recall(gate, told), counters, HOLDERS, journal),
        consent_office_of(settings, studio.engines),
        Desk(settings.mail.support_mailbox, settings.mail.contact_email),
        tuple(PERSONAL_DATA.values()),
    )


def export_office(settings: Settings, store: ObjectStore, signer: Signer, register: Register) -> ExportOffice:
    """Compose what makes exports."""
    controller = Controller.of(settings.controller, settings.mail.contact_email, settings.server.base_url)
    return ExportOffice(store, signer, SystemClock(), controller, PERSONAL_DATA, HOLDERS, register)


def post_office(settings: Settings, mailer: Mailer, gate: Gate, readership: Readership) -> PostOffice:
    """Compose what sends mail."""
    tokens = OneTimeTokens(derive(settings.security.key, "one-time-tokens"))
    replies = ReplyAddresses(derive(settings.security.key, "support-replies"), settings.mail.support_mailbox)
    writer = LetterWriter(settings.server.base_url, settings.mail.contact_email, tokens, replies)
    return PostOffice(mailer, writer, gate, {Activity.MARKETING: readership.has})


def avatar_copier(studio: Studio, gate: Gate) -> AvatarCopier:
    """Compose what copies pictures from providers of sign-ins."""
    fetcher = Fetcher(max_bytes=MAX_BYTES, timeout=FETCH_TIMEOUT)
    return AvatarCopier(fetcher, gate, studio.compute, studio.store)


async def work(settings: Settings, queues: Sequence[str], engines: Engines | None = None) -> None:
    """Run a worker for `queues` until SIGTERM or SIGINT. Raises ConfigurationError."""
    configure(settings.log.log_level, as_json=settings.log.log_json)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _, valkey_url = settings.stores.urls()
    async with composed(settings, engines or Engines.configured(settings.work.engines)) as runner:
        workers = [carriers.build(queue, valkey_url, runner, settings.work.concurrency) for queue in queues]
        dispatcher = asyncio.create_task(dispatch_forever(settings.work, Schedule(SystemClock())))
        warming = asyncio.create_task(_warm(runner.context.studio))
        gc.freeze()
        log.info("worker.ready", queues=list(queues))
        try:
            await carriers.carry(workers, stop, settings.work.shutdown_grace)
        finally:
            await _ended(dispatcher)
            await _ended(warming)
    log.info("worker.stopped")


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _warm(studio: Studio) -> None:
    """Have engines load what they need; one that cannot will say so when it is given an order."""
    for engine in studio.engines:
        try:
            await engine.warm(studio.compute)
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("engine.not_warm", engine=engine.name, error=type(error).__name__)
