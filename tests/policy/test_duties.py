"""The regulator's page leads from each duty to code and tests that exist."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.commands import app
from app.policy.clauses import CLAUSES
from app.policy.duties import CCPA, DUTIES, GDPR, Duty, clauses_of, page
from app.policy.evidence import missing_code
from tests.architecture.checks.documents import Existing, broken_mentions
from tests.architecture.checks.evidence import unfounded
from tests.architecture.checks.repository import ROOT

PAGE = ROOT / "docs/regulator.md"
ARTICLES = {7, 12, *range(15, 23), 30, 32}
SECTIONS = {100, 105, 106, 110, 115, 120, 121, 130, 135}
EXISTING = Existing(ROOT, {"regulator"}, {"policy", "register"})
DUTY = Duty(GDPR, "Art. 0", "Something", ("P01.1",))


def places(law: str) -> set[int]:
    """Return the articles, or the sections of title 1.81.5, that have a duty."""
    found = " ".join(duty.place for duty in DUTIES if duty.law == law)
    return {int(number) for number in re.findall(r"(?<!\d)\d{1,3}(?![\d(])", found.replace("1798.", " "))}


def test_every_duty_has_its_place() -> None:
    assert places(GDPR) >= ARTICLES
    assert places(CCPA) >= SECTIONS
    assert len({(duty.law, duty.place) for duty in DUTIES}) == len(DUTIES)


def test_the_page_is_what_the_registers_say() -> None:
    assert PAGE.read_text() == page(), "make regulator"
    assert broken_mentions(PAGE, EXISTING) == []
    anchors = set(re.findall(r'<a id="([^"]+)">', page()))
    assert set(re.findall(r"\(#([^)]+)\)", page())) == anchors


def test_what_answers_a_duty_exists() -> None:
    named = [*CLAUSES, *(replace(CLAUSES[0], kept_by=duty.kept_by) for duty in DUTIES if duty.kept_by)]

    assert [fault for each in named for fault in missing_code(each)] == []
    assert unfounded(check for duty in DUTIES for check in duty.checks) == []
    assert all(clauses_of(duty) or duty.kept_by for duty in DUTIES)


def test_a_duty_that_nothing_answers_is_none() -> None:
    planned = next(clause for clause in CLAUSES if clause.planned is not None)

    with pytest.raises(ValueError, match=r"Art\. 0"):
        replace(DUTY, clauses=())
    with pytest.raises(LookupError, match=planned.id):
        page([replace(DUTY, clauses=(planned.id,))])
    with pytest.raises(LookupError):
        page([replace(DUTY, clauses=("P99",))])


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    written = tmp_path / "docs/regulator.md"
    gone = replace(DUTY, clauses=(), kept_by=("app.horoscopes:cast",), checks=("tests/stars/test_mars.py::test_it",))
    written.write_text(page([gone]))

    found = broken_mentions(written, replace(EXISTING, root=tmp_path))

    assert {mention.rpartition(": ")[2] for mention in found} >= {"../app/horoscopes.py", "../tests/stars/test_mars.py"}


def test_the_page_is_written_by_a_command(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["policy", "duties"])
    written = CliRunner().invoke(app, ["policy", "duties", "--out", str(tmp_path / "regulator.md")])

    assert (shown.output, written.exit_code) == (page(), 0)
    assert (tmp_path / "regulator.md").read_text() == page()
