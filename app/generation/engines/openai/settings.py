"""Settings of the engine, `ANYPEOPLE_OPENAI_…`; `.env.example` documents them."""

from datetime import timedelta
from typing import Annotated, Literal, Self

import httpx
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.concerns import ConfigurationError
from app.core.personal_data import Activity
from app.generation.engines.base import Capabilities
from app.processors.addresses import is_loopback
from app.processors.register import LOCAL, Disclosed, Processor, Proof, RetentionPromise, Role, Transfer

PREFIX = "ANYPEOPLE_OPENAI_"
NAME = "openai"


class OpenAISettings(BaseSettings):
    """One server. Durations are seconds, sides are pixels."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_prefix=PREFIX, frozen=True, hide_input_in_errors=True
    )

    base_url: str = ""
    """With the version: what `/images/generations` is put behind."""
    api_key: SecretStr | None = None
    model: str = ""
    operator: str = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    transfer: Literal["INSIDE_EEA", "ADEQUACY", "SCC", ""] = ""
    dpa: str = ""
    """Reference of the data processing agreement."""
    retention_agreement: str = ""
    retention_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    """How long the operator keeps what it is sent, at most, where it agreed to no less; None: it does not say."""

    min_side: Annotated[int, Field(ge=16, le=8192)] = 1024
    max_side: Annotated[int, Field(ge=16, le=8192)] = 1536
    side_step: Annotated[int, Field(ge=1, le=4096)] = 512
    max_count: Annotated[int, Field(ge=1, le=10)] = 4
    max_references: Annotated[int, Field(ge=0, le=16)] = 0
    max_prompt_length: Annotated[int, Field(ge=1, le=32_000)] = 4000

    quality: Annotated[str, Field(max_length=20)] = ""
    moderation: Literal["auto", "low", ""] = ""
    output_format: Literal["png", "jpeg", "webp", ""] = "png"
    response_format: Literal["b64_json", "url", ""] = ""
    partial_images: Annotated[int, Field(ge=0, le=3)] = 0
    seeded: bool = False

    timeout: Annotated[float, Field(gt=0)] = 180.0
    """For one request, from connecting to the last byte."""
    connect_timeout: Annotated[float, Field(gt=0)] = 10.0
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    retry_delay: Annotated[float, Field(ge=0)] = 1.0
    max_retry_after: Annotated[float, Field(ge=0)] = 20.0
    max_answer_bytes: Annotated[int, Field(ge=1024, le=2**30)] = 64 * 1024**2
    """For one answer, and for one fetched picture. Raw pictures of 8 megapixels in base64 are half of the default."""
    parallel: Annotated[int, Field(ge=1, le=10)] = 4

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises ConfigurationError, which names every setting that is missing or wrong."""
        try:
            settings = cls()
        except ValidationError as error:
            problems = "; ".join(f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
            raise ConfigurationError(f"A setting cannot be read: {problems}. See .env.example.") from None
        if problems_found := settings.problems():
            raise ConfigurationError("The engine `openai` cannot be used:\n" + "\n".join(problems_found))
        return settings

    def problems(self) -> list[str]:
        """Return a line for each setting that is missing or unsafe: its name and what to do about it."""
        found = [f"{PREFIX}BASE_URL: {problem}" for problem in _address_problems(self.base_url)]
        if not self.model:
            found.append(f"{PREFIX}MODEL: name the model; there is no default.")
        if not self.is_local:
            found += [f"{PREFIX}{name}: {remedy}" for name, value, remedy in self._abroad() if not value]
        key = self.api_key.get_secret_value() if self.api_key else ""
        if not (key.isascii() and key.isprintable()) or key != key.strip():
            found.append(f"{PREFIX}API_KEY: it holds characters that no key has.")
        if self.min_side > self.max_side or self.min_side % self.side_step or self.max_side % self.side_step:
            found.append(f"{PREFIX}MIN_SIDE, {PREFIX}MAX_SIDE: make them multiples of {PREFIX}SIDE_STEP, in order.")
        return found

    def _abroad(self) -> tuple[tuple[str, object, str], ...]:
        return (
            ("API_KEY", self.api_key and self.api_key.get_secret_value(), "set the server's key."),
            ("OPERATOR", self.operator, "name the company that runs the server: the register of processors states it."),
            ("COUNTRY", self.country, "name its country (ISO 3166-1, two letters)."),
            ("TRANSFER", self.transfer, "say what allows the transfer: INSIDE_EEA, ADEQUACY or SCC."),
            ("DPA", self.dpa, "name the data processing agreement with them (Art. 28 GDPR)."),
        )

    @property
    def url(self) -> httpx.URL:
        """The base URL without a trailing slash."""
        return httpx.URL(self.base_url.rstrip("/"))

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        try:
            return is_loopback(self.url.host)
        except httpx.InvalidURL:
            return False

    @property
    def capabilities(self) -> Capabilities:
        """What this server can be asked for."""
        return Capabilities(
            min_side=self.min_side,
            max_side=self.max_side,
            side_step=self.side_step,
            max_count=self.max_count,
            max_prompt_length=self.max_prompt_length,
            previews=self.partial_images > 0,
            seeded=self.seeded,
            max_references=self.max_references,
        )

    @property
    def processor(self) -> Processor:
        """The entry in the register of processors."""
        return Processor(
            name=NAME,
            operator=self.operator or "ourselves",
            role=Role.OURSELVES if self.is_local else Role.PROCESSOR,
            purpose="Makes pictures from prompts and reference pictures.",
            activities=frozenset({Activity.IMAGE_GENERATION}),
            categories=frozenset({Disclosed.PROMPT, Disclosed.REFERENCE, Disclosed.FACE, Disclosed.PSEUDONYM}),
            country=self.country or LOCAL,
            transfer=Transfer.NONE_NEEDED if self.is_local else Transfer(self.transfer),
            dpa=self.dpa or None,
            retention=self.promise,
        )

    @property
    def promise(self) -> RetentionPromise | None:
        """The promise to keep nothing, backed by the agreement that was named; or one to keep it for some days."""
        if not self.retention_agreement:
            return self._days_promised
        statement = "The server's operator agreed to keep nothing of what it is sent."
        return RetentionPromise(statement, Proof.CONTRACT, self.retention_agreement)

    @property
    def _days_promised(self) -> RetentionPromise | None:
        if self.retention_days is None:
            return None
        statement = f"The server's operator says that it keeps what it is sent for at most {self.retention_days} days."
        return RetentionPromise(statement, Proof.NONE, self.dpa or "its word", timedelta(days=self.retention_days))


def _address_problems(address: str) -> list[str]:
    if not address:
        return ["set the server's address with its version, such as https://api.example.com/v1."]
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return ["it is no address."]
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment or url.userinfo:
        return ["it is an http address without user, query and fragment."]
    if url.scheme == "http" and not is_loopback(url.host):
        return ["use https: only a server on this machine may be asked without it."]
    return []
