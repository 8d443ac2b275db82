"""`schema/schema.graphql` is the schema that is served."""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.checks.copies import copy_of_project
from tests.architecture.checks.repository import ROOT


def _check(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "schema", "--check"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_committed_schema_is_the_one_that_is_built() -> None:
    answer = _check(ROOT)

    assert answer.returncode == 0, answer.stderr


def test_another_text_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    folder = copy_of_project(tmp_path)
    file = folder / "schema" / "schema.graphql"
    file.write_text(file.read_text().replace("displayName: String!", "displayName: String", 1))

    answer = _check(folder)

    assert answer.returncode == 1
    assert "run `make schema`" in answer.stderr
