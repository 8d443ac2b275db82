"""The real clock."""

from datetime import UTC, datetime


class SystemClock:
    """`Clock` from the operating system."""

    def now(self) -> datetime:
        """Return the present moment, in UTC, with its time zone."""
        return datetime.now(UTC)
