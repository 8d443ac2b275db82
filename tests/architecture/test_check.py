"""`make check` fails, without any server, on data that nobody classified and on clients that nobody let in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checks.copies import break_file, copy_of_project
from tests.architecture.checks.repository import ROOT


def _check(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.architecture"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_check_is_part_of_make_check_and_finds_nothing() -> None:
    answer = _check(ROOT)

    assert (answer.returncode, answer.stderr) == (0, "")
    recipe = (ROOT / "Makefile").read_text().split("\ncheck:")[1].split("\n\n")[0]
    assert "python -m tests.architecture" in recipe


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        (
            "app/accounts/personal_data.py",
            '            "display_name": _SHOWN,\n',
            "",
            "users.display_name: not classified",
        ),
        (
            "app/accounts/models.py",
            "    display_name =",
            "    shoe_size = fields.IntField(null=True)\n    display_name =",
            "users.shoe_size: not classified",
        ),
        (
            "app/media/service.py",
            "import uuid7\n",
            "import uuid7\nimport httpx\n",
            "app/media/service.py: imports httpx",
        ),
    ],
)
def test_what_nobody_classified_or_let_in_fails_it(path: str, old: str, new: str, fault: str, tmp_path: Path) -> None:
    folder = copy_of_project(tmp_path, with_tests=True)
    break_file(folder / path, old, new)

    answer = _check(folder)

    assert answer.returncode == 1
    assert fault in answer.stderr.splitlines()
