"""Ceilings for files and functions. The wish is 100 and 15 lines; a file is split at 300."""

import ast
from collections.abc import Iterable
from pathlib import Path

FILE_CEILING = 500
FUNCTION_CEILING = 60


def oversized(files: Iterable[Path]) -> list[str]:
    """Name the Python files and functions that passed their ceiling."""
    found = []
    for path in files:
        text = path.read_text()
        lines = len(text.splitlines())
        if lines > FILE_CEILING:
            found.append(f"{path}: {lines} lines, the ceiling is {FILE_CEILING}: split it along its nouns")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_CEILING:
                    found.append(f"{path}:{node.lineno}: {node.name} has {length} lines, more than {FUNCTION_CEILING}")
    return found
