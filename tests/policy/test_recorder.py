"""What `pytest --evidence` writes down of a run."""

from pathlib import Path
from typing import Literal

import pytest

from app.policy import evidence
from tests.evidence import CHECKS, Recorder, commit_of_tree

FIRST, SECOND, *_ = sorted(CHECKS)
Outcome = Literal["passed", "failed", "skipped"]
When = Literal["setup", "call", "teardown"]


def report(nodeid: str, outcome: Outcome = "passed", when: When = "call") -> pytest.TestReport:
    return pytest.TestReport(nodeid, (nodeid, 1, ""), {}, outcome, None, when)


def finish(recorder: Recorder, status: pytest.ExitCode = pytest.ExitCode.TESTS_FAILED) -> None:
    for _ in recorder.pytest_sessionfinish(status):
        assert CHECKS, "the workers end here"


def test_a_run_is_written_down_test_by_test(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    recorder = Recorder(path)
    for case in ("[a]", "[b]"):
        recorder.pytest_runtest_logreport(report(f"{FIRST}{case}"))
    recorder.pytest_runtest_logreport(report(f"{SECOND}[a]"))
    recorder.pytest_runtest_logreport(report(f"{SECOND}[b]", "failed"))
    recorder.pytest_runtest_logreport(report("tests/policy/test_recorder.py::test_that_shows_no_clause"))
    finish(recorder)

    found = evidence.load(path)
    assert found.green == {FIRST}
    assert found.red.keys() == {SECOND}
    assert found.last_run is not None
    assert found.last_run.commit == commit_of_tree()


def test_a_test_that_was_skipped_or_could_not_be_set_up_shows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    recorder = Recorder(path)
    recorder.pytest_runtest_logreport(report(FIRST, "skipped", "setup"))
    recorder.pytest_runtest_logreport(report(SECOND))
    recorder.pytest_runtest_logreport(report(SECOND, "failed", "teardown"))
    finish(recorder)

    assert evidence.load(path).green == frozenset()


@pytest.mark.parametrize("status", [pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR])
def test_a_run_that_was_cut_off_changes_nothing(status: pytest.ExitCode, tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    recorder = Recorder(path)
    recorder.pytest_runtest_logreport(report(f"{FIRST}[a]"))  # and [b] never ran
    finish(recorder, status)

    assert not path.exists()


def test_a_folder_without_a_repository_has_no_commit(tmp_path: Path) -> None:
    assert commit_of_tree(tmp_path) == "unknown"
