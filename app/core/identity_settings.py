"""Settings of sign-in with others, `ANYPEOPLE_GOOGLE_…` and `ANYPEOPLE_GITHUB_…`: offered where a client id is set."""

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.concerns import ConfigurationError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _of(prefix: str) -> SettingsConfigDict:
    return SettingsConfigDict(
        env_file=".env", extra="ignore", env_prefix=prefix, frozen=True, hide_input_in_errors=True
    )


class ClientSettings(BaseSettings):
    """Us, as a provider knows us. Times are seconds."""

    prefix: ClassVar[str] = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    operator: str = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    transfer: Literal["", "INSIDE_EEA", "ADEQUACY", "SCC"] = ""
    timeout: Annotated[float, Field(gt=0, le=60)] = 10.0

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises ConfigurationError, which names every setting that is missing or wrong."""
        try:
            settings = cls()
        except ValidationError as error:
            problems = "; ".join(
                f"{cls.prefix}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()
            )
            raise ConfigurationError(f"A setting cannot be read: {problems}. See .env.example.") from None
        if settings.client_id and (problems_found := settings.problems()):
            raise ConfigurationError("\n".join(problems_found))
        return settings

    @property
    @abstractmethod
    def addresses(self) -> dict[str, str]:
        """The servers that are asked, by the name of their setting."""

    @property
    def is_local(self) -> bool:
        """Whether all of it is on this machine."""
        return all(_host(address) in LOOPBACK for address in self.addresses.values())

    def problems(self) -> list[str]:
        """Return a line for each setting that is missing or unsafe: its name and what to do about it."""
        found = [
            f"{self.prefix}{name}: it is an https address without user, query or fragment (or http on this machine)."
            for name, address in self.addresses.items()
            if not _is_safe(address)
        ]
        wanted = {"CLIENT_SECRET": self.client_secret.get_secret_value()}
        if not self.is_local:
            wanted |= {"OPERATOR": self.operator, "COUNTRY": self.country, "TRANSFER": self.transfer}
        return found + [
            f"{self.prefix}{name}: set it too, or leave CLIENT_ID empty." for name, value in wanted.items() if not value
        ]


class GoogleSettings(ClientSettings):
    """Google, or any other provider of OpenID Connect."""

    model_config = _of("ANYPEOPLE_GOOGLE_")
    prefix: ClassVar[str] = "ANYPEOPLE_GOOGLE_"

    issuer: str = "https://accounts.google.com"

    @property
    def addresses(self) -> dict[str, str]:
        """The issuer; the others are what it says."""
        return {"ISSUER": self.issuer}


class GitHubSettings(ClientSettings):
    """GitHub, or a GitHub Enterprise Server."""

    model_config = _of("ANYPEOPLE_GITHUB_")
    prefix: ClassVar[str] = "ANYPEOPLE_GITHUB_"

    url: str = "https://github.com"
    api_url: str = "https://api.github.com"

    @property
    def addresses(self) -> dict[str, str]:
        """Where people sign in, and where we ask who they are."""
        return {"URL": self.url, "API_URL": self.api_url}


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_safe(address: str) -> bool:
    host = _host(address)
    if host is None:
        return False
    parts = urlsplit(address)
    plain = parts.scheme == "http" and host in LOOPBACK
    return (parts.scheme == "https" or plain) and not (parts.query or parts.fragment or parts.username)
