"""The files that git tracks."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.checks.repository import ROOT


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
