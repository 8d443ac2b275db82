"""What keeping requests takes."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.core.ports import Clock


@dataclass(frozen=True, slots=True)
class Office:
    """Composed in `app.composition.privacy`."""

    clock: Clock
    zone: ZoneInfo
    """By whose days and months deadlines are counted."""
