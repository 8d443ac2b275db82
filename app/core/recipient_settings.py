"""Settings of recipients that hold data all the time, for the register of processors: `ANYPEOPLE_STORAGE_…` and
`ANYPEOPLE_HOSTING_…`.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.concerns import ConfigurationError, Country


class RecipientSettings(BaseSettings):
    """Who it is, and what lets them have data of people."""

    prefix: ClassVar[str] = ""
    operator: str = ""
    country: Country = ""
    transfer: Literal["", "INSIDE_EEA", "ADEQUACY", "SCC", "NONE_NEEDED"] = ""
    """`NONE_NEEDED`: it is a machine of ours."""
    dpa: str = ""
    """Reference of the data processing agreement."""

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises ConfigurationError for what cannot be read."""
        try:
            return cls()
        except ValidationError as error:
            problems = "; ".join(f"{cls.prefix}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise ConfigurationError(f"A setting cannot be read: {problems}. See .env.example.") from None

    @property
    def is_ours(self) -> bool:
        """Whether the operator says that it is a machine of their own."""
        return self.transfer == "NONE_NEEDED"

    def problems(self) -> list[str]:
        """Return a line for each setting that somebody else's machine lacks: its name and what to do about it."""
        wanted = (
            ("OPERATOR", self.operator, "name the company."),
            ("COUNTRY", self.country, "name its country (ISO 3166-1, two letters)."),
            ("TRANSFER", self.transfer, "say what allows the transfer: INSIDE_EEA, ADEQUACY or SCC."),
            ("DPA", self.dpa, "name the data processing agreement with it (Art. 28 GDPR)."),
        )
        return [f"{self.prefix}{name}: {remedy}" for name, value, remedy in wanted if not value]


class StorageSettings(RecipientSettings):
    """Whoever runs the bucket of OBJECT_STORE_URL."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_prefix="ANYPEOPLE_STORAGE_", frozen=True)
    prefix: ClassVar[str] = "ANYPEOPLE_STORAGE_"


class AnalyticsSettings(RecipientSettings):
    """Whoever shows us the counts of days; none, where no address is set."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_prefix="ANYPEOPLE_ANALYTICS_", frozen=True, hide_input_in_errors=True
    )
    prefix: ClassVar[str] = "ANYPEOPLE_ANALYTICS_"
    url: Annotated[str, Field(pattern=r"^(https://\S+|http://(localhost|127\.0\.0\.1)(:\d{1,5})?(/\S*)?)?$")] = ""
    key: SecretStr = SecretStr("")
    timeout: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Seconds."""

    def problems(self) -> list[str]:
        """Return a line for each setting that it lacks: its name and what to do about it."""
        ours = [f"{self.prefix}TRANSFER: NONE_NEEDED is for a server on this machine."] if self.is_ours else []
        return [*super().problems(), *ours]


class HostingSettings(RecipientSettings):
    """Whoever runs the machines, PostgreSQL and Valkey included; nothing set: we do."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_prefix="ANYPEOPLE_HOSTING_", frozen=True)
    prefix: ClassVar[str] = "ANYPEOPLE_HOSTING_"

    @property
    def is_ours(self) -> bool:
        """Whether nobody else is named."""
        return super().is_ours or not (self.operator or self.country or self.transfer or self.dpa)
