"""What the record of processing activities asks (Art. 30(1)(a) GDPR) and no code can know."""

from datetime import date, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.concerns import ConfigurationError


class DataProtectionSettings(BaseSettings):
    """Who else answers for data protection: name and how they are reached; empty where there is nobody."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_prefix="ANYPEOPLE_", frozen=True)

    data_protection_officer: Annotated[str, Field(max_length=500)] = ""
    """Art. 37."""
    time_zone: ZoneInfo = ZoneInfo("UTC")
    """By whose days and months deadlines are counted: a name as `Europe/Berlin`."""
    holidays: Annotated[tuple[date, ...], NoDecode, Field(max_length=500)] = ()
    """Days besides weekends that are no business days."""
    erasure_grace_hours: Annotated[int, Field(ge=0, le=240)] = 72
    """How long an erasure of an account may be taken back, unless its person waives that."""
    representative: Annotated[str, Field(max_length=500)] = ""
    """Of a controller outside the Union: Art. 27."""

    @field_validator("holidays", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def erasure_grace(self) -> timedelta:
        """How long an erasure of an account may be taken back."""
        return timedelta(hours=self.erasure_grace_hours)

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises ConfigurationError for what cannot be read."""
        try:
            return cls()
        except ValidationError as error:
            problems = "; ".join(f"ANYPEOPLE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise ConfigurationError(f"A setting cannot be read: {problems}. See .env.example.") from None
