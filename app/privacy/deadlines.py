"""When a request has to be answered: the earlier of what the policy promises and of what the law asks."""

import calendar
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.privacy.status import Regime

PROMISED = timedelta(days=15)
"""From the moment at which we know that it is the person (policy, P22)."""
CCPA = timedelta(days=45)
"""Cal. Civ. Code 1798.130(a)(2)(A): calendar days from receipt."""


def legal_due(regime: Regime, received_at: datetime, zone: ZoneInfo) -> datetime:
    """Return until when the law wants an answer; the shortest of all where none is named."""
    if regime is Regime.CCPA:
        return received_at + CCPA
    return _month_after(received_at.astimezone(zone)).astimezone(received_at.tzinfo)


def due(regime: Regime, received_at: datetime, verified_at: datetime, zone: ZoneInfo) -> datetime:
    """Return until when the person has an answer."""
    return min(verified_at + PROMISED, legal_due(regime, received_at, zone))


def _month_after(day: datetime) -> datetime:
    """Return the same day of the next month, or its last day (Regulation 1182/71, Art. 3)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))
