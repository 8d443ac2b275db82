"""The evidence: what the tests behind the clauses said when the whole suite last ran, as a file that is shipped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import orjson

from app.policy.clause import Clause

FILE = Path(__file__).parent / "evidence.json"


class ClauseState(StrEnum):
    """How a clause stands."""

    KEPT = "KEPT"
    """Its code is there, and all of its tests were green in the last run."""
    PLANNED = "PLANNED"
    """Not built, so not published."""
    BROKEN = "BROKEN"
    """Published, but a test of it was red or did not run, or its code is gone."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the whole suite."""

    finished_at: datetime
    commit: str
    """Of the tree that was tested; ends with `-dirty` where files differed from it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of each test: the run in which it was last green, and whether that is the last one."""

    last_run: Run | None
    green: frozenset[str]
    red: Mapping[str, Run | None]
    """Tests that did not pass in the last run, with the run in which they last did."""

    def last_green(self, tests: Sequence[str]) -> Run | None:
        """Return the last run in which all of these tests are known to have been green."""
        runs = [self.last_run if test in self.green else self.red.get(test) for test in tests]
        known = [run for run in runs if run is not None]
        return min(known, key=lambda run: run.finished_at) if runs and len(known) == len(runs) else None

    def faults(self, clause: Clause) -> list[str]:
        """Return why a clause cannot be said to be kept, by its tests; nothing where it is."""
        return [
            f"{test} {'was red' if test in self.red else 'never ran'}"
            for test in clause.checks
            if test not in self.green
        ]

    def state(self, clause: Clause) -> ClauseState:
        """Return how the clause stands."""
        if clause.planned is not None:
            return ClauseState.PLANNED
        return ClauseState.BROKEN if self.faults(clause) else ClauseState.KEPT

    def after(self, run: Run, passed: Iterable[str], failed: Iterable[str]) -> "Evidence":
        """Return the evidence after another run; what it did not know is forgotten."""
        return Evidence(run, frozenset(passed), {test: self.last_green([test]) for test in failed})


NOTHING = Evidence(None, frozenset(), {})


def load(path: Path = FILE) -> Evidence:
    """Return the evidence of a file, or none where there is no file. Raises ValueError where it cannot be read."""
    if not path.exists():
        return NOTHING
    try:
        content = orjson.loads(path.read_bytes())
        red = {test: _run(run) for test, run in content["red"].items()}
        return Evidence(_run(content["lastRun"]), frozenset(content["green"]), red)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} is no evidence: {error!r}") from error


@cache
def shipped() -> Evidence:
    """Return what came with the program; it is read once. Raises ValueError as `load` does."""
    return load()


def save(evidence: Evidence, path: Path) -> None:
    """Write the evidence into a file, one test a line."""
    content = {
        "lastRun": _written(evidence.last_run),
        "green": sorted(evidence.green),
        "red": {test: _written(run) for test, run in sorted(evidence.red.items())},
    }
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def missing_code(clause: Clause) -> list[str]:
    """Return what is named as keeping the clause but does not exist."""
    return [f"{symbol} does not exist" for symbol in clause.kept_by if not _exists(symbol)]


def _exists(symbol: str) -> bool:
    try:
        return ":" in symbol and resolve_name(symbol) is not None
    except (ImportError, AttributeError, ValueError):
        return False


def _run(content: Mapping[str, Any] | None) -> Run | None:
    return Run(datetime.fromisoformat(content["finishedAt"]), content["commit"]) if content else None


def _written(run: Run | None) -> Mapping[str, str] | None:
    return {"finishedAt": run.finished_at.isoformat(), "commit": run.commit} if run else None
