"""What is counted, in closed sets: no value of any of them says who."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """What was done. The values are stored; never rename one."""

    SIGNED_UP = "SIGNED_UP"
    SIGNED_IN = "SIGNED_IN"
    GENERATION_REQUESTED = "GENERATION_REQUESTED"
    PUBLISHED = "PUBLISHED"
    GALLERY_VIEWED = "GALLERY_VIEWED"
    PAGE_VIEWED = "PAGE_VIEWED"


class Client(StrEnum):
    """How it was asked for."""

    PAGES = "PAGES"
    ANONYMOUS = "ANONYMOUS"
    SESSION = "SESSION"
    APP = "APP"
    API_KEY = "API_KEY"


class Outcome(StrEnum):
    """What came of it at once; what comes later is not counted, because the wishes of the request are gone by then."""

    DONE = "DONE"
    REFUSED = "REFUSED"


IN_WORDS: Mapping[StrEnum, str] = {
    Event.SIGNED_UP: "Somebody signed up.",
    Event.SIGNED_IN: "Somebody signed in.",
    Event.GENERATION_REQUESTED: "Pictures were wished for.",
    Event.PUBLISHED: "A generation was made public.",
    Event.GALLERY_VIEWED: "A page of the gallery was read.",
    Event.PAGE_VIEWED: "One of our pages was shown.",
    Client.PAGES: "A page of ours.",
    Client.ANONYMOUS: "The API, by nobody who is signed in.",
    Client.SESSION: "The API, with a session of the person's own.",
    Client.APP: "The API, with the token of an app that the person let in.",
    Client.API_KEY: "The API, with a key of the person's.",
    Outcome.DONE: "It was done, or begun.",
    Outcome.REFUSED: "It was refused.",
}
"""What each value says, for whoever reads the numbers."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that was done. `page`, `engine` and `style` are names from our own lists, or empty."""

    event: Event
    client: Client
    page: str = ""
    engine: str = ""
    style: str = ""
    outcome: Outcome = Outcome.DONE
