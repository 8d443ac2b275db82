"""A library that begins as the shipped one and grows, lent to this process."""

import shutil
from pathlib import Path

from app.policy.library import Library, lend_from
from app.policy.texts import FOLDER, DocumentKind

TEXT = """---
version: {version}
effective: {version}
---

# {title}

Version {version} binds {{controller}} at {{address}}.
{sentence}

## Whom to write to

Write to {{contact}} about {{service}}.
"""


class Shelf:
    """The library's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(FOLDER, folder)
        lend_from(Library(folder))

    def ship(self, version: str, sentence: str = "Nothing else.", kind: DocumentKind = DocumentKind.PRIVACY) -> None:
        """Ship one more version, with a sentence of its own."""
        title = "Privacy policy" if kind is DocumentKind.PRIVACY else "Terms of service"
        path = self.folder / kind.value.lower() / f"{version}.md"
        path.write_text(TEXT.format(version=version, title=title, sentence=sentence))
        lend_from(Library(self.folder))
