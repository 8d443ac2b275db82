"""The files that git tracks."""

import ast
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.checks.names import PACKAGES

ROOT = Path(__file__).parents[3]


def tracked(root: Path = ROOT) -> list[str]:
    """Return the tracked files' paths. Without git the test is skipped, and fails where CI is set."""
    answer = None
    if git := shutil.which("git"):
        command = [git, "-c", "safe.directory=*", "ls-files", "-z"]
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if answer is None or answer.returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail("git or the repository is missing: which files are committed cannot be told")
        pytest.skip("NOT CHECKED: git or the repository is missing")
    return [path for path in answer.stdout.split("\0") if path and (root / path).exists()]


def python_files(root: Path, folders: Iterable[str] = PACKAGES) -> list[Path]:
    """Return every Python file of the packages below `root`."""
    found = (path for folder in folders for path in (root / folder).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    """Return what a Python file says; several checks look at the same ones."""
    return ast.parse(path.read_text())
