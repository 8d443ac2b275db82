"""`anypeople policy check`."""

from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner

from app.cli.commands import app
from app.cli.errors import CommandFailed
from app.policy import evidence
from app.policy.clauses import CLAUSES
from app.policy.evidence import NOTHING, Run

RUN = Run(datetime(2026, 11, 25, 12, 0, tzinfo=UTC), "abc123")
CHECKS = {check for clause in CLAUSES for check in clause.checks}


def test_every_clause_is_listed_with_what_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    evidence.save(NOTHING.after(RUN, CHECKS, []), path)

    answer = CliRunner().invoke(app, ["policy", "check", "--evidence", str(path)])

    assert answer.exit_code == 0, answer.output
    assert "Last run of the tests: 2026-11-25 12:00 UTC, abc123" in answer.output
    lines = {line.split()[0]: line.split()[1] for line in answer.output.splitlines() if line.startswith("P")}
    assert lines == {clause.id: "planned" if clause.planned else "kept" for clause in CLAUSES}
    assert all(symbol in answer.output for clause in CLAUSES for symbol in (*clause.kept_by, *clause.checks))


def test_a_red_check_breaks_its_clause_and_the_command(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    red = next(clause for clause in CLAUSES if clause.id == "P17.2").checks[0]
    evidence.save(NOTHING.after(RUN, CHECKS - {red}, [red]), path)

    answer = CliRunner().invoke(app, ["policy", "check", "--evidence", str(path)])

    assert answer.exit_code == 1
    assert f"{red} was red" in answer.output
    broken = {clause.id for clause in CLAUSES if red in clause.checks}
    assert f"Broken: {', '.join(sorted(broken))}." in answer.output


def test_without_evidence_nothing_is_shown_and_the_way_to_it_is_named(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["policy", "check", "--evidence", str(tmp_path / "none.json")])

    assert answer.exit_code == 1
    assert "Last run of the tests: never" in answer.output
    assert "Run `make test`: it writes the evidence." in answer.output
    assert {line.split()[1] for line in answer.output.splitlines() if line.startswith("P")} == {"broken", "planned"}


def test_a_file_that_is_no_evidence_is_named(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    for content in (b"\xff", b"{}"):
        path.write_bytes(content)
        answer = CliRunner().invoke(app, ["policy", "check", "--evidence", str(path)])
        assert isinstance(answer.exception, CommandFailed)
        assert str(path) in str(answer.exception)
