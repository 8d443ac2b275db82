"""When a request has to be answered: the earlier of what the policy promises and of what the law asks (P22).

All of it is days of the controller's time zone, counted without the day of receipt or proof, and over with the end of
the last one (Regulation 1182/71, Art. 3(1) and (2); Cal. Civ. Code 10). Where a law has two readings we take the one
that ends earlier: what ends on a Saturday, a Sunday or a holiday is not prolonged to the next working day, as Art. 3(4)
would allow, and who does not say where they live has the shorter of the two clocks.
"""

import calendar
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from app.privacy.status import Regime

PROMISED = timedelta(days=15)
"""From the day on which we know that it is the person: what the policy says."""
CCPA = timedelta(days=45)
"""From receipt, and as much again when extended (Cal. Code Regs. tit. 11, 7021(b))."""
CONFIRMED_WITHIN = 10
"""Business days in which receipt is confirmed (Cal. Code Regs. tit. 11, 7021(a))."""
WEEKEND = (5, 6)
SECOND = timedelta(seconds=1)


def legal_due(regime: Regime, received_at: datetime, zone: ZoneInfo) -> datetime:
    """Return until when the law wants an answer: 45 days from receipt in California, else a month (Art. 12(3) GDPR)."""
    return end_of_day(_last_day(regime, _day(received_at, zone)), zone)


def due(regime: Regime, received_at: datetime, verified_at: datetime | None, zone: ZoneInfo) -> datetime:
    """Return until when the person has an answer. Before they have shown that it is them, only the law's clock runs."""
    legal = legal_due(regime, received_at, zone)
    return min(legal, end_of_day(_day(verified_at, zone) + PROMISED, zone)) if verified_at else legal


def extended_due(regime: Regime, received_at: datetime, zone: ZoneInfo) -> datetime:
    """Return until when the law lets an answer wait that was extended in time: two months more (Art. 12(3) GDPR), else
    45 days more.
    """
    last = _last_day(regime, _day(received_at, zone))
    return end_of_day(_months_after(last, 2) if regime is Regime.GDPR else last + CCPA, zone)


def confirm_due(received_at: datetime, zone: ZoneInfo, holidays: Collection[date] = ()) -> datetime:
    """Return until when receipt has to be confirmed; `holidays` are days besides weekends on which nobody works."""
    return end_of_day(business_days_after(_day(received_at, zone), CONFIRMED_WITHIN, holidays), zone)


def business_days_after(day: date, number: int, holidays: Collection[date] = ()) -> date:
    """Return the last of so many business days that follow a day."""
    following = (day + timedelta(days=each) for each in count(1))
    working = (each for each in following if each.weekday() not in WEEKEND and each not in holidays)
    return next(islice(working, number - 1, None))


def reminders(begun_at: datetime, due_at: datetime) -> tuple[datetime, datetime, datetime]:
    """Return when the officer is reminded of a request: at half of its time, three days and one day before its end.

    Of a short time half may come last; each is due for itself.
    """
    return begun_at + (due_at - begun_at) / 2, due_at - timedelta(days=3), due_at - timedelta(days=1)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day, in UTC. It is 23:59:59 there, but where a clock is put on or back over it."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) - SECOND


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _last_day(regime: Regime, received: date) -> date:
    return received + CCPA if regime is Regime.CCPA else _months_after(received, 1)


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or its last one (Regulation 1182/71, Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
