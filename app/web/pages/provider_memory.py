"""What a browser keeps while its person is at a provider, and until they have decided about who came back."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from starlette.requests import Request

from app.accounts.identity import MAX_DISPLAY_NAME
from app.accounts.providers import Proven, Provider
from app.core.ports import Clock, Departure, ProvenIdentity
from app.core.sealing import Sealer
from app.policy.cookies import CookieRegister
from app.web.cookies import Cookie
from app.web.local_paths import HOME
from app.web.sealed_cookies import SealedCookie

MAX_PATH = 1300
"""Characters: with the rest it has to fit into a cookie of 4,096, sealed and in base64. Browsers drop longer ones."""
MAX_PICTURE = 500
"""Bytes of its address."""


class Purpose(StrEnum):
    """What somebody is sent to a provider for."""

    SIGN_IN = "sign-in"
    LINK = "link"
    PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser was sent to a provider with."""

    id: UUID
    provider: Provider
    purpose: Purpose
    to: str
    session: str
    """The session that it is for; nothing where it is to open one."""
    departure: Departure


@dataclass(frozen=True, slots=True)
class Memory:
    """Two cookies: the question while it is open, and whoever came back and has no account yet or did not link it."""

    questions: SealedCookie
    arrivals: SealedCookie

    @classmethod
    def of(cls, sealer: Sealer, clock: Clock, cookies: CookieRegister) -> Self:
        """Return the memory of browsers at one service."""
        question, arrival = Cookie(cookies.named("question")), Cookie(cookies.named("arrival"))
        return cls(SealedCookie(question, sealer, clock), SealedCookie(arrival, sealer, clock))

    def ask(self, request: Request, question: Question) -> None:
        """Keep a question; a new one takes the place of the last."""
        left = asdict(question.departure)
        left.pop("url")
        kept = {**asdict(question), "to": _short(question.to), "departure": left}
        self.questions.keep(request, kept)

    def asked(self, request: Request) -> Question | None:
        """Return the question of this browser."""
        kept = self.questions.read(request)
        if kept is None:
            return None
        left = {**kept["departure"], "begun_at": datetime.fromisoformat(kept["departure"]["begun_at"])}
        return Question(
            UUID(kept["id"]),
            Provider(kept["provider"]),
            Purpose(kept["purpose"]),
            kept["to"],
            kept["session"],
            Departure(url="", **left),
        )

    def arrive(self, request: Request, proven: Proven, to: str) -> None:
        """Keep who came back, until they decide."""
        who = proven.identity
        self.arrivals.keep(
            request,
            {
                "provider": proven.provider,
                "subject": who.subject,
                "email": who.email,
                "name": " ".join(who.name.split())[:MAX_DISPLAY_NAME],
                "picture": who.picture if len((who.picture or "").encode()) <= MAX_PICTURE else None,
                "proved_at": who.proved_at and who.proved_at.timestamp(),
                "to": _short(to),
            },
        )

    def arrived(self, request: Request, provider: Provider) -> tuple[Proven, str] | None:
        """Return who came back from that provider, and where they wanted to go."""
        kept = self.arrivals.read(request)
        if kept is None or kept["provider"] != provider:
            return None
        proved_at = datetime.fromtimestamp(kept["proved_at"], UTC) if kept["proved_at"] else None
        who = ProvenIdentity(kept["subject"], kept["email"], kept["name"], kept["picture"], proved_at)
        return Proven(provider, who), kept["to"]


def _short(path: str) -> str:
    return path if len(path) <= MAX_PATH else HOME
