"""Who carries our mail, as the register of processors states it."""

from app.core.config import ConfigurationError, MailSettings
from app.core.personal_data import Activity
from app.processors.register import Disclosed, Processor, Role, Transfer

LOCAL = "local"


def mail_processor(settings: MailSettings, name: str, *, is_local: bool) -> Processor:
    """Return the register's entry for the mailer of that name. Raises ConfigurationError for what it lacks."""
    if not is_local and not (settings.smtp_operator and settings.smtp_country and settings.smtp_transfer):
        raise ConfigurationError(
            "ANYPEOPLE_SMTP_OPERATOR, _COUNTRY and _TRANSFER: say who carries the mail, where, and what allows the "
            "transfer (INSIDE_EEA, ADEQUACY or SCC)."
        )
    return Processor(
        name=name,
        operator="ourselves" if is_local else settings.smtp_operator,
        role=Role.OURSELVES if is_local else Role.PROCESSOR,
        purpose="Carries our mail.",
        activities=frozenset({Activity.ACCOUNT_MANAGEMENT}),
        categories=frozenset({Disclosed.ADDRESS}),
        country=LOCAL if is_local else settings.smtp_country,
        transfer=Transfer.NONE_NEEDED if is_local else Transfer(settings.smtp_transfer),
        retention=None,
    )
