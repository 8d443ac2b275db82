"""Names of modules and of what lies at the top of the repository."""

import re
from collections.abc import Iterable

PACKAGES = ("app", "schema", "workers", "migrations", "tests")
TOP_LEVEL = frozenset(
    {
        *PACKAGES,
        *("README.md", "CHANGELOG.md", "LICENSE", "docs"),
        *("pyproject.toml", "requirements.lock", "requirements-dev.lock", ".python-version"),
        *("Makefile", "Dockerfile", "compose.yaml", ".dockerignore", ".env.example", ".ci"),
        *(".gitignore", ".gitattributes", ".editorconfig"),
    }
)
_EMPTY_NAME = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|part\d+|v\d+)(_|$)")


def stray(paths: Iterable[str]) -> list[str]:
    """Name what lies at the top of the repository without being meant to."""
    return sorted({path.split("/")[0] for path in paths} - TOP_LEVEL)


def meaningless(paths: Iterable[str]) -> list[str]:
    """Name the modules and packages whose name says nothing about what they hold."""
    found = []
    for path in paths:
        if path.endswith(".py"):
            parts = path.removesuffix(".py").split("/")
            found += [path for part in parts if _EMPTY_NAME.search(part.lower().removeprefix("test_"))]
    return found
