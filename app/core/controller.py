"""Who answers for the processing (Art. 4(7) GDPR), and where data lies: what the operator says of themselves."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

NOBODY = "The operator of this service"


class ControllerSettings(BaseSettings):
    """`ANYPEOPLE_CONTROLLER_…`. Production needs name, address and country."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_prefix="ANYPEOPLE_CONTROLLER_", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=200)] = NOBODY
    address: Annotated[str, Field(max_length=500)] = ""
    country: Annotated[str, Field(max_length=2)] = ""
    storage_country: Annotated[str, Field(max_length=2)] = ""


@dataclass(frozen=True, slots=True)
class Controller:
    """The controller, as consent records name it."""

    name: str
    address: str
    contact: str
    """Where people write to."""
    url: str
    country: str
    """ISO 3166-1 alpha-2: whose law governs the processing."""
    storage_country: str
    """Where database and object store are."""

    @classmethod
    def of(cls, said: ControllerSettings, contact: str, url: str) -> "Controller":
        """Build from what the operator says."""
        return cls(said.name, said.address, contact, url, said.country, said.storage_country)
