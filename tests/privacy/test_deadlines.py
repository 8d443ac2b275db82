"""Clocks of privacy requests: months, business days, time zones. Pure: nothing here asks a database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.concerns import ConfigurationError
from app.core.data_protection_settings import DataProtectionSettings
from app.privacy.deadlines import (
    business_days_after,
    confirm_due,
    due,
    end_of_day,
    extended_due,
    legal_due,
    reminders,
)
from app.privacy.status import Regime

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2044, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(2024, 1, 1), date(2044, 1, 1))
REGIMES = st.sampled_from(Regime)
HOLIDAYS = st.frozensets(DAYS, max_size=20)
VIENNA, NUUK, APIA, YORK = (
    ZoneInfo(name) for name in ("Europe/Vienna", "America/Nuuk", "Pacific/Apia", "America/New_York")
)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def at(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def law(regime: Regime, received: date, *, extended: bool = False) -> date:
    """Return the last day that the law gives in its widest reading, counted in another way than the code does."""
    if regime is Regime.CCPA:
        return received + timedelta(days=90 if extended else 45)
    months, last = 3 if extended else 1, received
    for _ in range(months):
        last = last.replace(day=1) + timedelta(days=32)
    last = last.replace(day=1)
    while (last + DAY).month == last.month and last.day < received.day:
        last += DAY
    while last.weekday() >= 5:  # Art. 3(4): the next working day
        last += DAY
    return last


@given(REGIMES, MOMENTS, st.timedeltas(timedelta(), timedelta(days=60)), ZONES)
def test_no_answer_is_due_later_than_the_law_or_the_policy_say(
    regime: Regime, received: datetime, proved_after: timedelta, zone: ZoneInfo
) -> None:
    verified = received + proved_after
    answer, alone = due(regime, received, verified, zone), due(regime, received, None, zone)

    assert alone == legal_due(regime, received, zone)
    assert answer <= alone
    assert answer.astimezone(zone).date() <= law(regime, received.astimezone(zone).date())
    assert answer.astimezone(zone).date() - verified.astimezone(zone).date() <= timedelta(days=15)
    promised = end_of_day(verified.astimezone(zone).date() + timedelta(days=15), zone)
    assert answer in (promised, alone), "it is one of the two, and never the later one"
    assert alone - received > timedelta(days=27), "nobody is denied a month"


@given(REGIMES, MOMENTS, ZONES, st.timedeltas(timedelta(), timedelta(days=3)), st.timedeltas(timedelta(), 5 * DAY))
def test_who_comes_later_is_never_answered_earlier(
    regime: Regime, received: datetime, zone: ZoneInfo, later: timedelta, proof: timedelta
) -> None:
    verified = received + proof
    assert legal_due(regime, received, zone) <= legal_due(regime, received + later, zone)
    assert due(regime, received, verified, zone) <= due(regime, received, verified + later, zone)
    assert due(regime, received, verified, zone) <= due(regime, received + later, verified + later, zone)
    assert extended_due(regime, received, zone) <= extended_due(regime, received + later, zone)
    assert confirm_due(received, zone) <= confirm_due(received + later, zone)


@given(MOMENTS, ZONES)
def test_saying_nothing_is_never_to_ones_harm(received: datetime, zone: ZoneInfo) -> None:
    said = (Regime.GDPR, Regime.CCPA)
    assert legal_due(Regime.OTHER, received, zone) == min(legal_due(each, received, zone) for each in said)
    assert extended_due(Regime.OTHER, received, zone) <= min(extended_due(each, received, zone) for each in said)


@given(REGIMES, MOMENTS, ZONES)
def test_an_extension_adds_what_the_law_gives_and_no_day_more(
    regime: Regime, received: datetime, zone: ZoneInfo
) -> None:
    first, last = [
        each.astimezone(zone).date()
        for each in (legal_due(regime, received, zone), extended_due(regime, received, zone))
    ]

    assert last <= law(regime, received.astimezone(zone).date(), extended=True)
    if regime is Regime.GDPR:
        assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == 2
        assert last.day == first.day or (last + DAY).day == 1
    else:
        assert last - first == timedelta(days=45)


@given(DAYS, ZONES)
def test_a_day_ends_with_its_last_second_whatever_clocks_do(day: date, zone: ZoneInfo) -> None:
    end = end_of_day(day, zone)

    assert (end + SECOND).astimezone(zone).date() > day
    assert end.astimezone(zone).date() <= day
    assert end_of_day(day - DAY, zone) < end or day == date(2011, 12, 30), "days follow each other"
    assert timedelta(hours=22) <= end_of_day(day + DAY, zone) - end <= timedelta(hours=26)


@given(DAYS, st.integers(1, 30), HOLIDAYS)
def test_business_days_are_counted_one_by_one(day: date, number: int, holidays: frozenset[date]) -> None:
    last = business_days_after(day, number, holidays)
    between = [day + timedelta(days=each) for each in range(1, (last - day).days + 1)]
    working = [each for each in between if each.weekday() < 5 and each not in holidays]

    assert (len(working), working[-1]) == (number, last)
    assert business_days_after(day, number) <= last, "a holiday never makes it less"
    assert business_days_after(day, number + 1, holidays) > last


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=100)))
def test_reminders_come_in_time(begun: datetime, lasts: timedelta) -> None:
    half, three, one = reminders(begun, begun + lasts)

    assert begun < half < begun + lasts
    assert (begun + lasts - three, begun + lasts - one) == (3 * DAY, DAY)


@pytest.mark.parametrize(
    ("regime", "received", "zone", "last"),
    [
        (Regime.GDPR, "2027-01-31T10:00", VIENNA, "2027-02-28T23:59:59"),
        (Regime.GDPR, "2028-01-31T10:00", VIENNA, "2028-02-29T23:59:59"),  # a leap year
        (Regime.GDPR, "2027-12-31T23:59", VIENNA, "2028-01-31T23:59:59"),
        (Regime.GDPR, "2027-02-28T10:00", VIENNA, "2027-03-28T23:59:59"),  # clocks are put on that day
        (Regime.GDPR, "2027-09-30T10:00", VIENNA, "2027-10-30T23:59:59"),  # a Saturday: not prolonged
        (Regime.GDPR, "2027-08-31T00:00", VIENNA, "2027-09-30T23:59:59"),
        (Regime.CCPA, "2027-01-15T10:00", YORK, "2027-03-01T23:59:59"),
        (Regime.CCPA, "2028-01-15T10:00", YORK, "2028-02-29T23:59:59"),
        (Regime.OTHER, "2027-02-10T10:00", YORK, "2027-03-10T23:59:59"),
        (Regime.OTHER, "2027-02-28T10:00", NUUK, "2027-03-28T23:59:59"),
    ],
)
def test_known_days(regime: Regime, received: str, zone: ZoneInfo, last: str) -> None:
    assert legal_due(regime, at(received, zone), zone) == at(last, zone)


def test_the_day_is_the_controllers_own() -> None:
    received = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)  # in Vienna it is February
    assert legal_due(Regime.GDPR, received, VIENNA) == at("2027-03-01T23:59:59", VIENNA)
    assert legal_due(Regime.GDPR, received, ZoneInfo("UTC")) == datetime(2027, 2, 28, 23, 59, 59, tzinfo=UTC)


def test_days_that_are_short_long_or_missing() -> None:
    lengths = [end_of_day(date(2027, 3, day), VIENNA) - end_of_day(date(2027, 3, day - 1), VIENNA) for day in (27, 28)]
    assert lengths == [timedelta(hours=24), timedelta(hours=23)]
    assert end_of_day(date(2027, 10, 31), VIENNA) - end_of_day(date(2027, 10, 30), VIENNA) == timedelta(hours=25)
    # In Nuuk the clock is put on from 23:00 to midnight: the day's last second is 22:59:59.
    assert end_of_day(date(2027, 3, 27), NUUK).astimezone(NUUK).hour == 22
    # Samoa had no 30 December 2011: what ends with it ends with the day before.
    assert end_of_day(date(2011, 12, 30), APIA) == end_of_day(date(2011, 12, 29), APIA)


def test_ten_business_days() -> None:
    friday = at("2027-12-17T16:00", VIENNA)
    assert confirm_due(friday, VIENNA) == at("2027-12-31T23:59:59", VIENNA)
    christmas = [date(2027, 12, 24), date(2027, 12, 31), date(2027, 12, 25)]  # the last is a Saturday
    assert confirm_due(friday, VIENNA, christmas) == at("2028-01-04T23:59:59", VIENNA)


@given(MOMENTS, HOLIDAYS, ZONES)
def test_confirmation_falls_on_a_business_day(received: datetime, holidays: frozenset[date], zone: ZoneInfo) -> None:
    last = confirm_due(received, zone, holidays).astimezone(zone).date()
    assume(end_of_day(last, zone).astimezone(zone).date() == last)
    assert last.weekday() < 5
    assert last not in holidays


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ANYPEOPLE_TIME_ZONE", "Europe/Atlantis", "invalid timezone"),
        ("ANYPEOPLE_TIME_ZONE", "../etc/passwd", "invalid timezone"),
        ("ANYPEOPLE_HOLIDAYS", "2027-12-25,Christmas", "valid date"),
        ("ANYPEOPLE_HOLIDAYS", ",".join(["2027-12-25"] * 501), "at most 500"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_named(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"{name}.*{said}"):
        DataProtectionSettings.load()


def test_the_calendar_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(DataProtectionSettings.load().time_zone) == "UTC"
    monkeypatch.setenv("ANYPEOPLE_TIME_ZONE", "Europe/Vienna")
    monkeypatch.setenv("ANYPEOPLE_HOLIDAYS", "2027-12-25, 2027-12-26")
    found = DataProtectionSettings.load()
    assert (found.time_zone, found.holidays) == (VIENNA, (date(2027, 12, 25), date(2027, 12, 26)))
