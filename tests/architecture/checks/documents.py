"""What the documents mention: paths, make targets, commands and links have to exist."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.checks.names import TOP_LEVEL

_FENCE = re.compile(r"^( *)(```+|~~~+)[^\n]*\n(.*?)^\1\2\s*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"\]\(<?([^)\s>#]+)")
_MAKE = re.compile(r"(?:^|[$;&|(]) *make +((?:-\S+ +)*)([a-z][\w-]*)(?![\w=])", re.MULTILINE)
_COMMAND = re.compile(r"(?:^|[$;&|(/]|-m ) *(?:anypeople|app\.cli) +([a-z][\w-]*)", re.MULTILINE)
_PATH = re.compile(r"(?<![\w/.:@~-])(?:\./)?([.\w][\w.@<>*…-]*(?:/[\w.@<>*…-]+)*/?)")
_PLACEHOLDER = re.compile(r"<[^>]*>|\*+|…")


@dataclass(frozen=True, slots=True)
class Existing:
    """What documents may mention."""

    root: Path
    targets: Collection[str]
    commands: Collection[str]


def targets(makefile: str) -> set[str]:
    """Return the targets of a Makefile."""
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", makefile, re.MULTILINE))


def documents(root: Path) -> list[Path]:
    """Return the README and everything in docs/."""
    return [path for path in (root / "README.md", *sorted((root / "docs").rglob("*.md"))) if path.exists()]


def broken_mentions(document: Path, existing: Existing) -> list[str]:
    """Name what a document mentions and what does not exist."""
    text = document.read_text()
    code = [match[3] for match in _FENCE.finditer(text)]
    prose = _FENCE.sub("\n", text)
    code += [match[2].strip() for match in _SPAN.finditer(prose)]
    found: list[str] = []
    for piece in code:
        found += [f"make {name}" for _, name in _MAKE.findall(piece) if name not in existing.targets]
        found += [f"anypeople {name}" for name in _COMMAND.findall(piece) if name not in existing.commands]
        found += [path for path in _paths(piece) if not _exists(existing.root, path)]
    found += [link for link in _links(prose) if not (document.parent / link).exists()]
    return [f"{document.name}: {mention}" for mention in found]


def _paths(piece: str) -> Iterable[str]:
    """Yield what looks like a path of ours: it begins with a folder or is a file of the top level."""
    for match in _PATH.finditer(piece):
        path = match[1].rstrip(".…") if match[1].endswith((".", "/…")) else match[1]
        first, slash, _ = path.partition("/")
        if first in TOP_LEVEL and (slash or "." in first):
            yield path


def _exists(root: Path, path: str) -> bool:
    """Return whether the path exists; a placeholder (`<domain>`, `*`) stands for anything that does."""
    if _PLACEHOLDER.search(path):
        return any(root.glob(_PLACEHOLDER.sub("*", path.rstrip("/"))))
    return (root / path).is_dir() if path.endswith("/") else (root / path).exists()


def _links(prose: str) -> Iterable[str]:
    for link in _LINK.findall(prose):
        if "://" not in link and not link.startswith("mailto:"):
            yield link
