"""What keeps consents, and what the documents say of whoever runs this."""

from app.consents.notices import PublishedNotices
from app.consents.office import ConsentOffice
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.consent_purposes import ConsentPurpose
from app.core.controller import Controller
from app.core.keys import derive
from app.core.signing import Signer
from app.generation.engines.registry import Engines
from app.policy.wording import Facts
from app.registries import ON_OBJECTION, ON_WITHDRAWAL


def consent_office_of(settings: Settings, engines: Engines) -> ConsentOffice:
    """Compose what keeps consents."""
    server, said = settings.server, settings.controller
    controller = Controller(
        said.name, said.address, settings.mail.contact_email, server.base_url, said.country, said.storage_country
    )
    given_faces = {engine.processor.operator for engine in engines if engine.processor and engine.retention}
    recipients = {
        ConsentPurpose.MARKETING_EMAIL: [settings.mail.smtp_operator] if settings.mail.smtp_url else [],
        ConsentPurpose.FACE_REFERENCE_IMAGES: sorted(given_faces),
    }
    signer = Signer(derive(settings.security.key, "signatures"))
    notices = PublishedNotices()
    return ConsentOffice(signer, SystemClock(), controller, notices, ON_WITHDRAWAL, recipients, ON_OBJECTION)


NO_ADDRESS = "whose address is not configured"
"""What a policy says in development; production needs one."""


def facts_of(settings: Settings) -> Facts:
    """Compose what stands for the placeholders of the documents."""
    said = settings.controller
    return Facts(said.name, said.address or NO_ADDRESS, settings.mail.contact_email, settings.policy.service_name)
