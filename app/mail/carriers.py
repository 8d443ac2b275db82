"""Who carries our mail, as the register of processors states it."""

from datetime import timedelta

from app.core.concerns import ConfigurationError, MailSettings
from app.core.personal_data import Activity
from app.mail.english import ENGLISH
from app.processors.register import LOCAL, Disclosed, Processor, Proof, RetentionPromise, Role, Transfer

WRITTEN_FOR = frozenset(wording.activity for wording in ENGLISH.values())


def mail_processor(settings: MailSettings, name: str, *, is_local: bool) -> Processor:
    """Return the register's entry for the mailer of that name. Raises ConfigurationError for what it lacks."""
    if not is_local and (problems := _problems(settings)):
        raise ConfigurationError("\n".join(problems))
    return Processor(
        name=name,
        operator="ourselves" if is_local else settings.smtp_operator,
        role=Role.OURSELVES if is_local else Role.PROCESSOR,
        purpose="Carries our mail.",
        activities=WRITTEN_FOR if is_local or settings.smtp_marketing else WRITTEN_FOR - {Activity.MARKETING},
        categories=frozenset({Disclosed.ADDRESS}),
        country=LOCAL if is_local else settings.smtp_country,
        transfer=Transfer.NONE_NEEDED if is_local else Transfer(settings.smtp_transfer),
        dpa=settings.smtp_dpa or None,
        retention=_promise(settings),
    )


def _promise(settings: MailSettings) -> RetentionPromise | None:
    days = settings.smtp_retention_days
    if days is None:
        return None
    statement = f"It says that it keeps what it carried for at most {days} days."
    return RetentionPromise(statement, Proof.NONE, settings.smtp_dpa or "its word", timedelta(days=days))


def _problems(settings: MailSettings) -> list[str]:
    wanted = (
        ("OPERATOR", settings.smtp_operator, "name the company that carries the mail."),
        ("COUNTRY", settings.smtp_country, "name its country (ISO 3166-1, two letters)."),
        ("TRANSFER", settings.smtp_transfer, "say what allows the transfer: INSIDE_EEA, ADEQUACY or SCC."),
        ("DPA", settings.smtp_dpa, "name the data processing agreement with it (Art. 28 GDPR)."),
    )
    return [f"ANYPEOPLE_SMTP_{name}: {remedy}" for name, value, remedy in wanted if not value]
