"""`anypeople register`: the record of processing activities of this service, as it is configured."""

from app.core.config import Settings
from app.core.controller import Controller, ControllerSettings
from app.core.data_protection_settings import DataProtectionSettings
from app.core.security_register import SECURITY_REGISTER
from app.generation.engines.registry import Engines
from app.integrations.mail import mailer_of
from app.policy.record import Record, activity_records
from app.registries import HOLDERS, processor_register


def record_of(settings: Settings) -> Record:
    """Put the record together. Raises ConfigurationError for what the settings lack."""
    named, others = ControllerSettings(), DataProtectionSettings()
    controller = Controller(
        named.name,
        named.address,
        settings.mail.contact_email,
        settings.server.base_url,
        named.country,
        named.storage_country,
    )
    engines = Engines.configured(settings.work.engines)
    recipients = processor_register(settings, engines, mailer_of(settings))
    return Record(
        controller,
        others.representative,
        others.data_protection_officer,
        activity_records(HOLDERS, recipients),
        SECURITY_REGISTER,
    )
