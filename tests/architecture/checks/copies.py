"""A copy of the project to break things in."""

import shutil
from pathlib import Path

from tests.architecture.checks.repository import ROOT

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def copy_of_project(folder: Path) -> Path:
    """Copy what the tools read, without the tests, to `folder`; return it."""
    for name in ("app", "schema", "workers", "migrations"):
        shutil.copytree(ROOT / name, folder / name, ignore=_LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder
