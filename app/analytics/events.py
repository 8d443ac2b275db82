"""What is counted, in closed sets: no value of any of them says who."""

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
    """A page of ours."""
    ANONYMOUS = "ANONYMOUS"
    """The API, by nobody who is signed in."""
    SESSION = "SESSION"
    APP = "APP"
    API_KEY = "API_KEY"


class Outcome(StrEnum):
    """What came of it at once; what comes later is not counted, because the wishes of the request are gone by then."""

    DONE = "DONE"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that was done. `page`, `engine` and `style` are names from our own lists, or empty."""

    event: Event
    client: Client
    page: str = ""
    engine: str = ""
    style: str = ""
    outcome: Outcome = Outcome.DONE
