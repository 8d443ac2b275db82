"""A copy of the project to break things in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

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


def failing_tests(folder: Path, tests: Sequence[str]) -> dict[str, str]:
    """Run tests of a copy; return what each says that fails. One that breaks before it asserts does not count."""
    report = folder / "report.xml"
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", f"--junitxml={report}", *tests],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode in {0, 1}, answer.stdout + answer.stderr
    return {
        f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}": str(failure.text)
        for case in ElementTree.parse(report).iter("testcase")
        for failure in case.iter("failure")
        if "assert" in failure.attrib["message"].lower()
    }
