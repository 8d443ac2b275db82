"""A plugin of pytest that writes down what the tests behind the clauses said: `pytest --evidence FILE`.

`make test` writes the file that is shipped. It judges what ran: a check that did not run in that run has no evidence.
"""

import subprocess
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.policy import evidence
from app.policy.clauses import CLAUSES

CHECKS = frozenset(check for clause in CLAUSES for check in clause.checks)


class Recorder:
    """Sees every report of a run, in the process that has them all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._passed: set[str] = set()
        self._failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a report: a test is green where each of its cases passed, and none was skipped."""
        check = report.nodeid.partition("[")[0]
        if check not in CHECKS:
            return
        if not report.passed:
            self._failed.add(check)
        elif report.when == "call":
            self._passed.add(check)

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, exitstatus: int) -> Generator[None, None, None]:
        """Write the file, once all workers are done. A run that was cut off leaves it: some cases of a test were green,
        and nobody knows of the others.
        """
        yield
        if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
            return
        run = evidence.Run(datetime.now(UTC).replace(microsecond=0), commit_of_tree())
        before = evidence.load(self._path)
        evidence.save(before.after(run, self._passed - self._failed, self._failed), self._path)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--evidence`."""
    parser.addoption("--evidence", type=Path, help="write down which checks of the clauses were green")


def pytest_configure(config: pytest.Config) -> None:
    """Record, except in the processes that only run tests for another one."""
    path: Path | None = config.getoption("evidence")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(path))


def commit_of_tree(folder: Path = Path(__file__).parent) -> str:
    """Return the commit that is tested, marked where files differ from it (the evidence itself aside)."""
    command = ["git", "-c", "safe.directory=*", "-C", str(folder)]
    shown = subprocess.run([*command, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    if shown.returncode != 0:
        return "unknown"
    changed = subprocess.run(
        [*command, "status", "--porcelain", "--", ":/", f":(exclude,top)app/policy/{evidence.FILE.name}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip() + ("-dirty" if changed.stdout else "")
