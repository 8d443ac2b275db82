"""Everything that domains declare, assembled in one place. A duplicate raises."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from app.accounts import personal_data as accounts
from app.accounts import retention as accounts_retention
from app.accounts.lost_factors import FINISH_RECOVERY
from app.accounts.providers import provider_register
from app.analytics import personal_data as analytics
from app.analytics.provider import SEND_USAGE, analytics_processor
from app.analytics.service import ROLL_UP
from app.audit import personal_data as audit
from app.audit import retention as audit_retention
from app.audit.chain import SEAL
from app.consents import personal_data as consents
from app.consents import retention as consents_retention
from app.consents.notices import PublishedNotices
from app.consents.office import ConsentOffice, Effect
from app.consents.purposes import Objectionable
from app.core import holders as core
from app.core import upkeep
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.consent_purposes import ConsentPurpose
from app.core.controller import Controller
from app.core.identity_settings import GitHubSettings, GoogleSettings
from app.core.jobs import JobKind
from app.core.keys import derive
from app.core.personal_data import Holder, PersonalDataHolder, Store
from app.core.ports import Mailer
from app.core.recipient_settings import AnalyticsSettings, HostingSettings, StorageSettings
from app.core.signing import Signer
from app.core.sweeps import Sweep
from app.gallery import personal_data as gallery
from app.generation import personal_data as generation
from app.generation import retention as generation_retention
from app.generation.engines.registry import Engines
from app.generation.service import RUN_GENERATION
from app.generation.withdrawal import withdraw_faces
from app.journal import personal_data as journal
from app.journal import retention as journal_retention
from app.journal.service import WRITE
from app.legal_disclosures import personal_data as legal_disclosures
from app.legal_disclosures import retention as legal_disclosures_retention
from app.legal_disclosures.service import END_BARS
from app.mail import personal_data as mail
from app.mail import retention as mail_retention
from app.mail.carriers import mail_processor
from app.mail.service import SEND_MAIL, SEND_TO_MANY
from app.marketing import personal_data as marketing
from app.marketing import retention as marketing_retention
from app.marketing.service import CAMPAIGN
from app.media import personal_data as media
from app.media import retention as media_retention
from app.media.avatars import COPY_AVATAR
from app.media.service import DELETE_PICTURES
from app.media.uploads import DELETE_UPLOADS
from app.minors import personal_data as minors
from app.minors import retention as minors_retention
from app.minors.purge import PURGE_MINORS
from app.outreach import personal_data as outreach
from app.outreach.announcing import ANNOUNCE
from app.policy import personal_data as policy
from app.policy import retention as policy_retention
from app.privacy import personal_data as privacy
from app.privacy import retention as privacy_retention
from app.privacy.clock import WATCH
from app.privacy.lifting import LIFT_RESTRICTION
from app.privacy.requests import RUN_REQUEST
from app.processors import personal_data as processors
from app.processors import retention as processors_retention
from app.processors.register import Register
from app.processors.standing import standing_processors
from app.retention import personal_data as retention
from app.retention import retention as reports
from app.retention.service import SWEEP
from app.support import personal_data as support
from app.support import retention as support_retention
from app.training import personal_data as training
from app.training import retention as training_retention
from app.training.marking import MARK_LAPSED, mark_objected, mark_withdrawn

T = TypeVar("T")


def by_name(entries: Iterable[T], name: Callable[[T], str]) -> Mapping[str, T]:
    """Return entries by their name. Raises ValueError where two have the same one."""
    found: dict[str, T] = {}
    for entry in entries:
        if name(entry) in found:
            raise ValueError(f"{name(entry)} is registered twice")
        found[name(entry)] = entry
    return found


JOB_KINDS: Mapping[str, JobKind] = by_name(
    (
        RUN_GENERATION,
        DELETE_PICTURES,
        DELETE_UPLOADS,
        COPY_AVATAR,
        SEND_MAIL,
        SEND_TO_MANY,
        ANNOUNCE,
        CAMPAIGN,
        FINISH_RECOVERY,
        PURGE_MINORS,
        END_BARS,
        RUN_REQUEST,
        WATCH,
        LIFT_RESTRICTION,
        MARK_LAPSED,
        ROLL_UP,
        SEND_USAGE,
        SEAL,
        SWEEP,
        WRITE,
    ),
    lambda kind: kind.name,
)

PERSONAL_DATA: Mapping[str, Holder] = by_name(
    (
        *core.HOLDERS,
        *retention.HOLDERS,
        *journal.HOLDERS,
        *audit.HOLDERS,
        *policy.HOLDERS,
        *processors.HOLDERS,
        *mail.HOLDERS,
        *accounts.HOLDERS,
        *consents.HOLDERS,
        *media.HOLDERS,
        *generation.HOLDERS,
        *gallery.HOLDERS,
        *training.HOLDERS,
        *analytics.HOLDERS,
        *outreach.HOLDERS,
        *marketing.HOLDERS,
        *support.HOLDERS,
        *minors.HOLDERS,
        *legal_disclosures.HOLDERS,
        *privacy.HOLDERS,
    ),
    lambda holder: holder.table,
)


SWEEPS: Mapping[str, Sweep] = by_name(
    (
        *upkeep.SWEEPS,
        *reports.SWEEPS,
        *mail_retention.SWEEPS,
        *media_retention.SWEEPS,
        *generation_retention.SWEEPS,
        *accounts_retention.SWEEPS,
        *consents_retention.SWEEPS,
        *marketing_retention.SWEEPS,
        *support_retention.SWEEPS,
        *training_retention.SWEEPS,
        *minors_retention.SWEEPS,
        *legal_disclosures_retention.SWEEPS,
        *privacy_retention.SWEEPS,
        *policy_retention.SWEEPS,
        *processors_retention.SWEEPS,
        *audit_retention.SWEEPS,
        *audit_retention.ALIASES,
        *journal_retention.SWEEPS,
    ),
    lambda sweep: sweep.name,
)
"""What time ends, in the order in which it is ended: who refers to something goes before it."""

ON_WITHDRAWAL: Mapping[ConsentPurpose, Effect] = {
    ConsentPurpose.FACE_REFERENCE_IMAGES: withdraw_faces,
    ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT: mark_withdrawn,
}

"""What a no does to a person's things, in the transaction that records it.

The other purposes need nothing here: who would mail or set a cookie asks first.
"""
ON_OBJECTION: Mapping[Objectionable, Effect] = {Objectionable.MODEL_TRAINING: mark_objected}
"""What an objection does, likewise."""

STORES: Mapping[str, Store] = by_name(
    (
        *core.STORES,
        *journal.STORES,
        *policy.STORES,
        *processors.STORES,
        *mail.STORES,
        *accounts.STORES,
        *media.STORES,
        *generation.STORES,
        *analytics.STORES,
        *privacy.STORES,
    ),
    lambda store: store.name,
)

HOLDERS: Sequence[PersonalDataHolder] = (*PERSONAL_DATA.values(), *STORES.values())
"""Everything that may hold something about a person."""


def processor_register(settings: Settings, engines: Engines, mailer: Mailer) -> Register:
    """Return everybody who gets data of people, as the settings have it. Raises ConfigurationError for what they lack.

    A recipient without a transfer mechanism, or without an agreement, is none that can be configured (P11, P19).
    """
    return Register(
        [
            *dict.fromkeys(engine.processor for engine in engines if engine.processor is not None),
            mail_processor(settings.mail, mailer.processor, is_local=mailer.is_local),
            *provider_register(GoogleSettings.load(), GitHubSettings.load()),
            *analytics_processor(AnalyticsSettings.load()),
            *standing_processors(StorageSettings.load(), settings.stores.objects, HostingSettings.load()),
        ]
    )


def consent_office_of(settings: Settings, engines: Engines) -> ConsentOffice:
    """Compose what keeps consents."""
    controller = Controller.of(settings.controller, settings.mail.contact_email, settings.server.base_url)
    given_faces = {engine.processor.operator for engine in engines if engine.processor and engine.retention}
    recipients = {
        ConsentPurpose.MARKETING_EMAIL: [settings.mail.smtp_operator] if settings.mail.smtp_url else [],
        ConsentPurpose.FACE_REFERENCE_IMAGES: sorted(given_faces),
    }
    signer = Signer(derive(settings.security.key, "signatures"))
    notices = PublishedNotices()
    return ConsentOffice(signer, SystemClock(), controller, notices, ON_WITHDRAWAL, recipients, ON_OBJECTION)
