"""Tests that registers name as their evidence."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.architecture.checks.repository import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


def unfounded(checks: Iterable[str], root: Path = ROOT) -> list[str]:
    """Name the checks (`file::name`) that are no test of their file, or a test that asserts nothing."""
    return [check for check in checks if not _asserts(check, root)]


def _asserts(check: str, root: Path) -> bool:
    name, _, test = check.partition("::")
    path = root / name
    if not test.startswith("test_") or not name.startswith("tests/") or not path.is_file():
        return False
    found = _tests(path).get(test)
    return found is not None and any(map(_is_assertion, ast.walk(found)))


@cache
def _tests(path: Path) -> dict[str, Function]:
    body = ast.parse(path.read_text()).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _is_assertion(node: ast.AST) -> bool:
    """Return whether this is `assert …` or `pytest.raises(…)`."""
    if isinstance(node, ast.Assert):
        return True
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"pytest.raises", "pytest.fail"}
