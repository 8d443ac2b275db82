"""What keeping requests takes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.core.data_protection_settings import DataProtectionSettings
from app.core.ports import Clock


@dataclass(frozen=True, slots=True)
class Office:
    """Composed where processes are."""

    clock: Clock
    zone: ZoneInfo
    """By whose days and months deadlines are counted."""
    holidays: Collection[date] = ()
    """Days besides weekends that are no business days."""
    mailbox: str = ""
    """Where the officer is reminded; empty: nobody is mailed."""
    erasure_grace: timedelta = timedelta(hours=72)
    """How long an erasure of an account waits, unless its person does not want that."""

    @classmethod
    def configured(cls, clock: Clock, mailbox: str) -> "Office":
        """Return the office as the settings have it. Raises ConfigurationError."""
        settings = DataProtectionSettings.load()
        return cls(clock, settings.time_zone, settings.holidays, mailbox, settings.erasure_grace)
