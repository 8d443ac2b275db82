"""Kinds of jobs: whatever is declared is registered."""

import ast
from collections.abc import Collection, Iterable
from pathlib import Path


def unregistered(files: Iterable[Path], registered: Collection[str]) -> list[str]:
    """Name the kinds that a file declares and that the registry does not know."""
    found = []
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "JobKind":
                name = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "name")
                if not isinstance(name, ast.Constant) or name.value not in registered:
                    found.append(f"{path.name}:{node.lineno}: {ast.unparse(name)} is not in app/registries.py")
    return found
