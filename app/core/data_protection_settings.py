"""What the record of processing activities asks (Art. 30(1)(a) GDPR) and no code can know."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DataProtectionSettings(BaseSettings):
    """Who else answers for data protection: name and how they are reached; empty where there is nobody."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_prefix="ANYPEOPLE_", frozen=True)

    data_protection_officer: Annotated[str, Field(max_length=500)] = ""
    """Art. 37."""
    representative: Annotated[str, Field(max_length=500)] = ""
    """Of a controller outside the Union: Art. 27."""
