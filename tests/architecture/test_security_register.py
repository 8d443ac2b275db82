"""Every check that the security register names exists."""

import ast
from collections.abc import Iterable
from pathlib import Path

from app.core.security_register import SECURITY_REGISTER, Measure
from tests.architecture.checks.repository import ROOT


def missing(measures: Iterable[Measure], root: Path = ROOT) -> list[str]:
    """Return the checks that are no test of a file."""
    return [check for measure in measures for check in measure.checks if not _exists(check, root)]


def _exists(check: str, root: Path) -> bool:
    name, _, test = check.partition("::")
    path = root / name
    if not test.startswith("test_") or not name.startswith("tests/") or not path.is_file():
        return False
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(node, functions) and node.name == test for node in ast.parse(path.read_text()).body)


def test_every_check_of_the_register_is_a_test() -> None:
    assert missing(SECURITY_REGISTER) == []
    assert len({measure.name for measure in SECURITY_REGISTER}) == len(SECURITY_REGISTER) > 10


def test_a_check_that_is_none_is_named() -> None:
    here = "tests/architecture/test_security_register.py"
    wrong = (f"{here}::test_that_was_renamed", f"{here}::missing", "tests/gone.py::test_a", "README.md::test_a", here)
    right = f"{here}::test_a_check_that_is_none_is_named"

    assert missing([Measure("a", "We do it.", (*wrong, right))]) == list(wrong)
