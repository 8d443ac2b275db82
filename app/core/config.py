"""All settings together, checked against the mode: what production refuses is here."""

import re
from enum import StrEnum
from typing import Self

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from app.core.backup_settings import BackupSettings
from app.core.concerns import (
    NOWHERE,
    BudgetSettings,
    ConfigurationError,
    LogSettings,
    MailSettings,
    MinorSettings,
    PolicySettings,
    SecuritySettings,
    ServerSettings,
    StoreSettings,
    UploadSettings,
    WorkSettings,
    concern,
)
from app.core.controller import NOBODY, ControllerSettings

MIN_PASSWORD_MEMORY = 19_456
"""KiB: the least that OWASP's Password Storage Cheat Sheet recommends for argon2id."""
MIN_SECRET_LENGTH = 32
SUPPORT_MAILBOX = re.compile(r"[^@\s<>+]{1,18}@[^@\s<>]+")
"""A local part has 64 characters (RFC 5321, 4.5.3.1.1), and the token of a thread takes 45 and a plus."""


class Mode(StrEnum):
    """`development` may use defaults that `production` refuses."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings:
    """All concerns together. `load` checks them against the mode."""

    def __init__(self, mode: Mode = Mode.DEVELOPMENT) -> None:
        self.mode = mode
        self.server = ServerSettings()
        self.stores = StoreSettings()
        self.security = SecuritySettings()
        self.budget = BudgetSettings()
        self.work = WorkSettings()
        self.uploads = UploadSettings()
        self.mail = MailSettings()
        self.log = LogSettings()
        self.policy = PolicySettings()
        self.minors = MinorSettings()
        self.backups = BackupSettings()
        self.controller = ControllerSettings()

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises ConfigurationError for a value that cannot be read, and in production for every unsafe one.
        """
        try:
            mode = _ModeSettings().mode
            settings = cls(mode)
        except ValidationError as error:
            problems = "; ".join(f"{_variable(e['loc'])}: {e['msg']}" for e in error.errors())
            raise ConfigurationError(f"A setting cannot be read: {problems}. See .env.example.") from None
        if settings.work.job_renewal >= settings.work.job_lease:
            raise ConfigurationError(
                "ANYPEOPLE_JOB_RENEWAL: it is shorter than ANYPEOPLE_JOB_LEASE, best a third of it."
            )
        if settings.security.session_max_days < settings.security.session_days:
            raise ConfigurationError("ANYPEOPLE_SESSION_MAX_DAYS: it is no less than ANYPEOPLE_SESSION_DAYS.")
        if not SUPPORT_MAILBOX.fullmatch(settings.mail.support_mailbox):
            raise ConfigurationError(
                "ANYPEOPLE_SUPPORT_EMAIL: an address with at most 18 characters before the @, or the one of "
                "ANYPEOPLE_CONTACT_EMAIL if that has no more: answers come back to it with 46 more."
            )
        if mode is Mode.PRODUCTION and (problems_found := unsafe(settings)):
            raise ConfigurationError("Production does not start like this:\n" + "\n".join(problems_found))
        return settings


class _ModeSettings(BaseSettings):
    model_config = concern()

    mode: Mode = Mode.DEVELOPMENT


def _variable(location: tuple[int | str, ...]) -> str:
    """Return the environment variable that a field is read from."""
    name = str(location[0]).upper()
    if name.lower() in ControllerSettings.model_fields:
        return f"ANYPEOPLE_CONTROLLER_{name}"
    bare = name.lower() in StoreSettings.model_fields or name.startswith("ANYPEOPLE_")
    return name if bare else f"ANYPEOPLE_{name}"


def unsafe(settings: Settings) -> list[str]:
    """Return a line for each setting that production refuses: the setting's name and what to do about it."""
    problems: list[str] = []
    secret = settings.security.secret_key
    if secret is None or len(secret.get_secret_value()) < MIN_SECRET_LENGTH:
        problems.append(f"ANYPEOPLE_SECRET_KEY: set at least {MIN_SECRET_LENGTH} random characters.")
    if settings.stores.database_url is None:
        problems.append("DATABASE_URL: name a PostgreSQL server; the embedded one is for development.")
    if settings.stores.valkey_url is None:
        problems.append("VALKEY_URL: name a Valkey server; the embedded one is for development.")
    if not settings.server.public_url.startswith("https://"):
        problems.append("ANYPEOPLE_PUBLIC_URL: set the https:// address that people use.")
    if settings.mail.smtp_url is None:
        problems.append("ANYPEOPLE_SMTP_URL: name a mail server; without mail nobody can confirm an address.")
    if settings.mail.mail_from.rstrip(">").endswith(NOWHERE):
        problems.append("ANYPEOPLE_MAIL_FROM: set the address that mail comes from, and that takes bounces.")
    if settings.mail.contact_email.endswith(NOWHERE):
        problems.append("ANYPEOPLE_CONTACT_EMAIL: set the address that people write to.")
    problems += [
        f"ANYPEOPLE_CONTROLLER_{name}: {what}: the privacy policy has to say so (Art. 13(1)(a) GDPR)."
        for name, value, what in (
            ("NAME", settings.controller.name.replace(NOBODY, ""), "set who answers for the processing"),
            ("ADDRESS", settings.controller.address.strip(), "set their postal address"),
            ("COUNTRY", settings.controller.country.strip(), "set their country (ISO 3166-1)"),
        )
        if not value
    ]
    if settings.security.password_memory < MIN_PASSWORD_MEMORY:
        problems.append(f"ANYPEOPLE_PASSWORD_MEMORY: {MIN_PASSWORD_MEMORY} KiB at least, else they are soon guessed.")
    if "*" in settings.server.allowed_origins:
        problems.append("ANYPEOPLE_ALLOWED_ORIGINS: name the origins; `*` lets every site act for your users.")
    return problems
