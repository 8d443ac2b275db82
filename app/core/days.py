"""How pages and mails write days."""

from datetime import datetime


def day(moment: datetime) -> str:
    """Return the day of a moment, as in `3 May 2031`."""
    return f"{moment:%d %B %Y}".lstrip("0")
