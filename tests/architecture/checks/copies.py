"""A copy of the project to break things in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.architecture.checks.names import PACKAGES
from tests.architecture.checks.repository import ROOT

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules")


def copy_of_project(folder: Path, *, with_tests: bool = False) -> Path:
    """Copy the code and its settings to `folder`; return it."""
    for name in PACKAGES:
        if with_tests or name != "tests":
            shutil.copytree(ROOT / name, folder / name, ignore=_LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def break_file(path: Path, old: str, new: str) -> None:
    """Replace text that occurs; a break that breaks nothing proves nothing."""
    text = path.read_text()
    assert old in text, f"{path.name} no longer says {old!r}"
    path.write_text(text.replace(old, new))


def failing_tests(folder: Path, tests: Sequence[str]) -> set[str]:
    """Run tests of a copy; return those that fail. A test that breaks before it asserts anything does not count."""
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "-rf", "--tb=no", *tests],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(" ") for line in answer.stdout.splitlines() if line.startswith("FAILED ")]
    assert lines or answer.returncode == 0, answer.stdout + answer.stderr
    return {words[1] for words in lines if "AssertionError" in " ".join(words) or "assert" in words}
