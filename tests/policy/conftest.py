"""A library with several versions, lent to this process for one test."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from app.policy.library import Library, lend_from
from app.policy.texts import DocumentKind

TEXT = """---
version: {version}
effective: {version}
---

# {title}

Version {version} binds {{controller}} at {{address}}.
{sentence}
Write to {{contact}} about {{service}}.
"""

Shelve = Callable[..., None]


@pytest.fixture
def shelf(tmp_path: Path) -> Generator[Shelve, None, None]:
    """Ships one more version: `shelf("2031-01-01", "A sentence of it.")`. The oldest of both kinds are there."""
    folder = tmp_path / "documents"

    def shelve(version: str, sentence: str = "Nothing else.", kind: DocumentKind = DocumentKind.PRIVACY) -> None:
        path = folder / kind.value.lower() / f"{version}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(version=version, title=f"The {kind.value.lower()} text", sentence=sentence))
        lend_from(Library(folder) if all((folder / each.value.lower()).exists() for each in DocumentKind) else None)

    for kind in DocumentKind:
        shelve("2030-01-01", "What was there first.", kind)
    yield shelve
    lend_from(None)
