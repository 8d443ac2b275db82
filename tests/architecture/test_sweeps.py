"""What the sweeper does not cover is named."""

from dataclasses import replace

from app.core.personal_data import Activity, Category, Column, Holder, Medium, OnErasure, Retention, Store, Withheld
from app.core.retention import RETENTION_RULES, Mechanism
from app.core.sweeps import RECORDS_LAST, Sweep
from app.registries import HOLDERS, SWEEPS
from tests.architecture.checks.sweeps import overlong, strange, unswept

WEEK = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.WEEK)
DIARIES = Holder("diaries", "author_id", {"author_id": WEEK})


def test_whatever_time_should_end_has_a_sweep() -> None:
    assert unswept(HOLDERS, RETENTION_RULES, SWEEPS) == []
    assert list(strange(HOLDERS, RETENTION_RULES, SWEEPS)) == []
    assert overlong(RETENTION_RULES, SWEEPS) == []
    assert "retention_runs" in SWEEPS, "reports end too"


def test_a_sweep_that_is_missing_is_named() -> None:
    """One after the other: each table, and each that goes with one, is needed by what the registry says of it."""
    needed = {
        name
        for name in SWEEPS
        if unswept(HOLDERS, RETENTION_RULES, {other: sweep for other, sweep in SWEEPS.items() if other != name})
    }
    alone = {name: replace(sweep, takes=()) for name, sweep in SWEEPS.items()}

    assert SWEEPS.keys() - needed == {
        *("jobs", "retention_runs", "provider_questions", "training_sets"),  # nobody's
        *("users", "content of unconfirmed accounts"),  # what the erasure of an account would end
    }
    assert unswept(HOLDERS, RETENTION_RULES, alone) == [
        "app_tokens: nothing ends what is kept as CONNECTION there",
        "audit_seals: nothing ends what is kept as RECORD there",
        "privacy_request_steps: nothing ends what is kept as RECORD there",
        "support_messages: nothing ends what is kept as SUPPORT there",
    ]


def test_a_new_table_and_a_mechanism_that_cannot_reach_are_named() -> None:
    cookie = Store(
        "a cookie",
        Medium.BROWSER,
        ("crumb",),
        "whose browser it is",
        "Crumbs.",
        replace(WEEK, withheld=Withheld.ELSEWHERE, on_erasure=OnErasure.EXPIRES),
    )
    by_event = {
        Retention.WEEK: replace(RETENTION_RULES[Retention.WEEK], ended_by=(Mechanism.EVENT,)),
    }

    assert unswept([DIARIES, cookie], RETENTION_RULES, SWEEPS) == [
        "a cookie: nothing ends what is kept as WEEK there",
        "diaries: nothing ends what is kept as WEEK there",
    ]
    assert unswept([DIARIES], by_event, {}) == []
    assert unswept([DIARIES], RETENTION_RULES, {"diaries": Sweep(Retention.WEEK, "diaries", "r.at")}) == []


def test_sweeps_of_something_else_and_empty_promises_are_named() -> None:
    more = {
        "horoscopes": Sweep(Retention.WEEK, "horoscopes", "r.at"),
        "diaries": Sweep(Retention.DAY, "diaries", "r.at", RECORDS_LAST),
    }
    rules = {kind: RETENTION_RULES[kind] for kind in (Retention.WEEK, Retention.DAY, Retention.LINK)}

    assert list(strange([DIARIES], rules, more)) == [
        "sweep of horoscopes: there is no table horoscopes",
        "sweep of diaries: nothing there is kept as DAY",
        "LINK: said to be swept, and no sweep does (app/core/retention.py)",
    ]
    assert overlong(rules, more) == ["sweep of diaries: it waits for longer than DAY may be kept"]
