"""The files of this repository, and what stands in them."""

import ast
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from tests.architecture.checks.names import PACKAGES

ROOT = Path(__file__).parents[3]


def python_files(root: Path, folders: Iterable[str] = PACKAGES) -> list[Path]:
    """Return every Python file of the packages below `root`."""
    found = (path for folder in folders for path in (root / folder).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


@cache
def nodes(path: Path) -> Sequence[ast.AST]:
    """Return whatever a Python file says; several checks look at the same ones."""
    return list(ast.walk(ast.parse(path.read_text())))
