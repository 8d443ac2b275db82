"""Typed settings from the environment (and `.env`), one class for each concern; `.env.example` documents them all."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.errors import AppError
from app.core.object_location import Bucket, parse_location

NOWHERE = "localhost.localdomain"
"""Where mail of development claims to come from."""


class ConfigurationError(AppError):
    """A setting is missing or unsafe; the message names it and says what to do."""

    code = "CONFIGURATION"


Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
"""ISO 3166-1 alpha-2, or nothing."""


def concern(prefix: str = "ANYPEOPLE_") -> SettingsConfigDict:
    """Return how a class of settings is read: from variables that begin with `prefix`."""
    return SettingsConfigDict(env_file=".env", extra="ignore", env_prefix=prefix, frozen=True)


class ServerSettings(BaseSettings):
    """Where the web server listens and how the world calls it."""

    model_config = concern()

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: str = ""
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1_048_576
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()

    @field_validator("allowed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def base_url(self) -> str:
        """The address that links begin with, without a trailing slash."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


class StoreSettings(BaseSettings):
    """PostgreSQL, Valkey and the object store. URLs and S3 keys have no prefix: platforms set them."""

    model_config = concern("")

    database_url: SecretStr | None = None
    valkey_url: SecretStr | None = None
    object_store_url: str = ""
    aws_access_key_id: SecretStr = SecretStr("")
    aws_secret_access_key: SecretStr = SecretStr("")
    aws_session_token: SecretStr = SecretStr("")
    database_pool_size: Annotated[int, Field(ge=1, le=200, validation_alias="ANYPEOPLE_DATABASE_POOL_SIZE")] = 10
    var: Annotated[Path, Field(validation_alias="ANYPEOPLE_VAR")] = Path("var")

    def urls(self) -> tuple[str, str]:
        """Return the URLs of PostgreSQL and Valkey. Raises ConfigurationError where one is not set."""
        if self.database_url is None or self.valkey_url is None:
            name = "DATABASE_URL" if self.database_url is None else "VALKEY_URL"
            raise ConfigurationError(f"{name} is not set: set it, or run `anypeople up`, which brings its own servers.")
        return self.database_url.get_secret_value(), self.valkey_url.get_secret_value()

    @field_validator("object_store_url")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value:
            parse_location(value)
        return value

    @property
    def objects(self) -> Path | Bucket:
        """The folder or the bucket that holds pictures."""
        return parse_location(self.object_store_url) if self.object_store_url else self.var / "objects"

    def s3_keys(self) -> tuple[str, str, str | None]:
        """Return key id, secret and session token (or None). Raises ConfigurationError without the first two."""
        key, secret, token = (
            value.get_secret_value()
            for value in (self.aws_access_key_id, self.aws_secret_access_key, self.aws_session_token)
        )
        if not key or not secret:
            name = "AWS_SECRET_ACCESS_KEY" if key else "AWS_ACCESS_KEY_ID"
            raise ConfigurationError(f"{name} is not set: OBJECT_STORE_URL names a bucket, which asks for keys.")
        return key, secret, token or None


class SecuritySettings(BaseSettings):
    """Keys and lifetimes."""

    model_config = concern()

    secret_key: SecretStr | None = None
    session_days: Annotated[int, Field(ge=1, le=365)] = 30
    session_max_days: Annotated[int, Field(ge=1, le=730)] = 180
    image_link_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    recovery_hours: Annotated[int, Field(ge=1, le=720)] = 72
    password_memory: Annotated[int, Field(ge=32, le=4_194_304)] = 65_536
    """KiB that argon2id takes for one password."""

    @property
    def key(self) -> bytes:
        """The secret that everything else is derived from; raises ConfigurationError where there is none."""
        if self.secret_key is None:
            raise ConfigurationError(
                "ANYPEOPLE_SECRET_KEY is not set: put 32 or more random characters into it, "
                "for example from `openssl rand -base64 48`, the same for everything that uses this database. "
                "(`anypeople up` makes one by itself: ANYPEOPLE_VAR has it in the file secret_key.)"
            )
        return self.secret_key.get_secret_value().encode()

    @property
    def session_lifetime(self) -> timedelta:
        """How long a session token works after its last use."""
        return timedelta(days=self.session_days)

    @property
    def session_limit(self) -> timedelta:
        """How long a session token works at most, however much it is used."""
        return timedelta(days=self.session_max_days)

    @property
    def recovery_wait(self) -> timedelta:
        """How long it takes until a lost second factor is removed."""
        return timedelta(hours=self.recovery_hours)

    @property
    def image_link_lifetime(self) -> timedelta:
        """How long a picture's address works."""
        return timedelta(minutes=self.image_link_minutes)


class BudgetSettings(BaseSettings):
    """What one viewer, or one network of people who are not signed in, may ask for; seconds that Valkey may take."""

    model_config = concern()

    budget_size: Annotated[int, Field(ge=1)] = 10_000
    budget_restore_rate: Annotated[float, Field(gt=0)] = 500.0
    budget_timeout: Annotated[float, Field(gt=0)] = 0.1


class WorkSettings(BaseSettings):
    """Jobs and the processes that make pictures. Durations are seconds."""

    model_config = concern()

    job_lease: Annotated[float, Field(gt=0)] = 10.0
    job_renewal: Annotated[float, Field(gt=0)] = 3.0
    job_redispatch: Annotated[float, Field(gt=0)] = 5.0
    job_retry_delay: Annotated[float, Field(ge=0)] = 1.0
    dispatch_interval: Annotated[float, Field(gt=0)] = 0.5
    tally_interval: Annotated[float, Field(gt=0, le=600)] = 1.0
    """How long what is counted lies in memory."""
    shutdown_grace: Annotated[float, Field(ge=0)] = 3.0
    concurrency: Annotated[int, Field(ge=1, le=100)] = 4
    running_per_person: Annotated[int, Field(ge=1, le=100)] = 2
    image_processes: Annotated[int, Field(ge=1, le=64)] = 1
    image_timeout: Annotated[float, Field(gt=0)] = 60.0
    engines: Annotated[tuple[str, ...], NoDecode] = ("illustration",)

    @field_validator("engines", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class UploadSettings(BaseSettings):
    """How much of what people send is taken."""

    model_config = concern()

    upload_max_bytes: Annotated[int, Field(ge=1024, le=20 * 1024 * 1024)] = 20 * 1024 * 1024
    upload_max_pixels: Annotated[int, Field(ge=64 * 64, le=200_000_000)] = 50_000_000
    open_uploads_per_person: Annotated[int, Field(ge=1, le=1000)] = 20
    references_per_person: Annotated[int, Field(ge=1, le=1000)] = 100


class MailSettings(BaseSettings):
    """How mail is sent, and what it says about us. Without a server, development writes it into a folder."""

    model_config = concern()

    smtp_url: SecretStr | None = None
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465`."""
    smtp_operator: str = ""
    smtp_country: Country = ""
    smtp_transfer: Literal["", "INSIDE_EEA", "ADEQUACY", "SCC"] = ""
    smtp_dpa: str = ""
    smtp_retention_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    """How long it keeps what it carried, at most; None: it does not say."""
    smtp_marketing: bool = False
    """Whether the agreement with whoever carries the mail covers mail to people who turned on news."""
    smtp_timeout: Annotated[float, Field(gt=0)] = 20.0
    mail_from: str = f"AnyPeople <no-reply@{NOWHERE}>"
    contact_email: str = f"support@{NOWHERE}"
    support_email: str = ""

    @property
    def support_mailbox(self) -> str:
        """Where support is written to, and answers come back to."""
        return self.support_email or self.contact_email


class MinorSettings(BaseSettings):
    """What becomes of an account that is said to be a child's."""

    model_config = concern()

    minor_purge_hours: Annotated[int, Field(ge=1, le=71)] = 48
    """Everything is gone within 72 hours: the rest is for a worker that is late."""

    @property
    def purge_after(self) -> timedelta:
        """How long an account stays frozen before it is deleted."""
        return timedelta(hours=self.minor_purge_hours)


class PolicySettings(BaseSettings):
    """How the privacy policy and the terms change, and what they call the service."""

    model_config = concern()

    service_name: Annotated[str, Field(min_length=1, max_length=60)] = "AnyPeople"
    notice_days: Annotated[int, Field(ge=0, le=365)] = 30

    @property
    def notice(self) -> timedelta:
        """How long before a material change takes effect people are told of it."""
        return timedelta(days=self.notice_days)


class LogSettings(BaseSettings):
    """What is written to standard error."""

    model_config = concern()

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    log_json: bool = False

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value
