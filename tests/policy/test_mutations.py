"""Breaking any one mechanism turns at least its clauses red."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import resolve_name

import orjson
import pytest

from app.policy.clauses import CLAUSES
from app.policy.evidence import NOTHING, ClauseState, Run
from tests.architecture.checks.repository import ROOT
from tests.policy.mutations import CONTROLS, MUTATIONS

BY_ID = {clause.id: clause for clause in CLAUSES}


def test_every_clause_that_is_kept_has_a_mechanism_that_can_be_broken() -> None:
    kept = {clause.id for clause in CLAUSES if clause.planned is None}

    assert {mutation.clause for mutation in MUTATIONS} == kept
    assert [mutation for mutation in MUTATIONS if mutation.check not in BY_ID[mutation.clause].checks] == []
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS)


def test_what_is_broken_is_there() -> None:
    """A mechanism that is gone would make each of its checks an error, which is no red of theirs."""
    assert [mutation.breaks for mutation in MUTATIONS if not _is_there(mutation.breaks)] == []
    assert not _is_there("app.policy.clauses:PROMISES")


def _is_there(symbol: str) -> bool:
    try:
        return resolve_name(symbol) is not None
    except (ImportError, AttributeError):
        return False


@pytest.mark.timeout(1200)
def test_breaking_any_mechanism_turns_its_clauses_red(tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    checks = sorted({mutation.check for mutation in MUTATIONS})
    options = ["-n", "0", "-p", "tests.policy.breaking", "-p", "no:cacheprovider", "--timeout", "240", "--tb", "no"]
    command = [sys.executable, "-m", "pytest", *options, "--show-capture", "no", "--broken", str(file), *checks]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode in {0, 1}, ran.stdout + ran.stderr
    noticed = orjson.loads(file.read_bytes())

    assert [each.name for each in CONTROLS if noticed.pop(each.name)] == [], "red although nothing was broken"
    assert [name for name, red in noticed.items() if not red] == [], "nothing noticed that these were broken"
    for mutation in MUTATIONS:
        clause = BY_ID[mutation.clause]
        others = set(clause.checks) - {mutation.check}
        found = NOTHING.after(Run(datetime.now(UTC), "broken"), others, [mutation.check])
        assert found.state(clause) is ClauseState.BROKEN
