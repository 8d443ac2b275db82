"""Whoever reads personal data outside of a person's own view says what for, and asks."""

import pytest

from tests.architecture.checks.purposes import OPEN, UNASKED, UNBOUND, UNLIMITED, modules, unasked
from tests.architecture.checks.repository import ROOT

PUBLIC = {
    "audit.queries.latest_note": "tells a person themselves why their account is suspended; they cannot sign in then",
    "generation.queries.ready_images": "the pictures of items that the gallery shows already",
    "generation.queries.share_decided": "a number for the feed of the generation's owner",
    "media.queries.stored_image": "whoever holds a link that we signed; ready for whom we gave it to",
    "marketing.queries.campaigns": "texts and numbers: nobody's data",
    "marketing.queries.campaign": "texts and numbers: nobody's data",
    "marketing.queries.mails": "numbers: nobody's data",
    "policy.queries.in_force": "nobody's data",
    "policy.queries.editions": "nobody's data",
    "policy.queries.edition": "nobody's data",
    "policy.queries.edition_of": "nobody's data",
    "policy.queries.listed": "nobody's data",
    "policy.queries.listed_in_force": "nobody's data",
    "policy.queries.listed_by_id": "nobody's data",
    "policy.queries.asked_again": "nobody's data",
    "policy.queries.check_published": "nobody's data",
    "privacy.queue.waiting": "for the operator at the command line, who has the database; it prints nobody's data",
    "retention.queries.runs": "counts of what sweeps ended: nobody's data",
    "analytics.queries.usage_since": "counts of days: nobody's data",
    "analytics.queries.unsent_days": "days",
    "analytics.queries.usage_of": "counts of days: nobody's data",
    "analytics.queries.visits_since": "counts of days and pages: nobody's data",
}
"""Reads that take neither a viewer nor an activity, each with its reason."""
OWN = "async def pages(viewer: Viewer) -> list[Page]:\n    return await fetch('…')\n"
PRIVATE = "async def _pages(user: UUID) -> list[Page]:\n    return await fetch('…')\n"
ALL = """async def pages(activity: Activity, allows: Allows) -> list[Page]:
    await allows(None, activity, Category.CONTENT)
    return await fetch(f"… WHERE {reachable(activity, 'u')}")
"""
ONE = """async def pages(subject: UUID, activity: Activity, allows: Allows) -> list[Page]:
    await allows(subject, activity, Category.CONTENT)
    return await fetch("…")
"""


def test_every_query_is_ones_own_or_asks() -> None:
    sources = modules(ROOT)

    assert {"privacy.queue", "gallery.queries", "audit.queries", "accounts.staff", "consents.queries"} <= sources.keys()
    assert unasked(sources, PUBLIC) == []


@pytest.mark.parametrize("source", [OWN, ALL, ONE, PRIVATE])
def test_a_query_that_is_limited_passes(source: str) -> None:
    assert unasked({"diaries.queries": source}, ()) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (OWN.replace("viewer: Viewer", "user_id: UUID"), UNBOUND),
        (ALL.replace("    await allows(None, activity, Category.CONTENT)\n", ""), UNASKED),
        (ALL.replace("await allows", "allows"), UNASKED),
        (ALL.replace("None, activity", "None, Activity.ANALYTICS"), UNASKED),
        (ALL.replace("reachable(activity, 'u')", "TRUE"), UNLIMITED),
        (ONE.replace("subject, activity", "None, activity"), UNLIMITED),
        (ONE.replace("    await allows(subject, activity, Category.CONTENT)\n", ""), UNASKED),
    ],
)
def test_each_fault_of_a_query_is_named(source: str, fault: str) -> None:
    assert unasked({"diaries.queries": source}, ()) == [f"diaries.queries.pages: {fault}"]


def test_a_public_read_that_is_gone_is_named() -> None:
    assert unasked({"diaries.queries": OWN}, {"diaries.queries.pages"}) == [f"diaries.queries.pages: {OPEN}"]


@pytest.mark.parametrize(
    ("module", "before", "after"),
    [
        ("gallery.queries", "    await allows(None, activity, Category.IDENTITY)\n", ""),
        ("gallery.queries", '{reachable(activity, "u")}', "TRUE"),
        ("audit.queries", "    await allows(subject, activity, Category.ACTIVITY, viewer.role)\n", ""),
        (
            "generation.queries",
            "async def generations(\n    viewer: Viewer",
            "async def generations(\n    viewer: UUID",
        ),
    ],
)
def test_a_real_query_that_stops_asking_is_named(module: str, before: str, after: str) -> None:
    sources = modules(ROOT)
    assert before in sources[module]

    assert unasked({**sources, module: sources[module].replace(before, after)}, PUBLIC)
