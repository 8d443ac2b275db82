"""The evidence: what is written down of a run, and what it says of a clause."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.policy import evidence
from app.policy.activities import Source
from app.policy.clause import Clause
from app.policy.evidence import NOTHING, ClauseState, Run

FIRST = Run(datetime(2026, 1, 1, tzinfo=UTC), "aaa")
SECOND = Run(datetime(2026, 1, 2, tzinfo=UTC), "bbb")
CLAUSE = Clause("P01", "A", "Nothing.", "So.", Source.TEXT, ("We do it.",), ("a:b",), ("t::one", "t::two"))
PLANNED = Clause("P02", "B", "Nothing.", "So.", Source.DECISION, planned="Later.")


def test_a_clause_is_kept_while_all_of_its_tests_are_green() -> None:
    first = NOTHING.after(FIRST, ["t::one", "t::two"], [])
    second = first.after(SECOND, ["t::one"], ["t::two"])

    assert (first.state(CLAUSE), first.last_green(CLAUSE.checks)) == (ClauseState.KEPT, FIRST)
    assert (second.state(CLAUSE), second.last_green(CLAUSE.checks)) == (ClauseState.BROKEN, FIRST)
    assert second.faults(CLAUSE) == ["t::two was red"]
    assert second.after(SECOND, ["t::one"], ["t::two"]).last_green(CLAUSE.checks) == FIRST


def test_a_test_that_did_not_run_is_no_evidence() -> None:
    found = NOTHING.after(FIRST, ["t::one"], [])

    assert found.state(CLAUSE) is ClauseState.BROKEN
    assert found.faults(CLAUSE) == ["t::two never ran"]
    assert found.last_green(CLAUSE.checks) is None
    assert NOTHING.after(FIRST, [], ["t::one"]).last_green(["t::one"]) is None


def test_what_is_planned_is_neither_kept_nor_broken() -> None:
    assert NOTHING.state(PLANNED) is ClauseState.PLANNED
    assert NOTHING.last_green(PLANNED.checks) is None


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    found = NOTHING.after(FIRST, ["t::one", "t::two"], []).after(SECOND, ["t::one"], ["t::two", "t::three"])
    evidence.save(found, path)

    assert evidence.load(path) == found
    assert evidence.load(tmp_path / "none.json") == NOTHING


@pytest.mark.parametrize("content", ["[]", "{}", '{"red": [], "green": [], "lastRun": null}', "nonsense"])
def test_what_is_no_evidence_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)

    with pytest.raises(ValueError, match=r"evidence|unexpected|expected"):
        evidence.load(path)


def test_the_oldest_run_counts_for_a_clause() -> None:
    found = replace(NOTHING, last_run=SECOND, green=frozenset({"t::one"}), red={"t::two": FIRST})

    assert found.last_green(CLAUSE.checks) == FIRST
