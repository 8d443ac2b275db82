"""A folder instead of a mail server, for development."""

import asyncio
import os
from collections.abc import Collection
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from app.core.ports import Letter
from app.integrations.composing import message_of

NAME = "mailbox"
KEPT = 200
"""The latest letters; older ones are removed."""


class Mailbox:
    """Writes each letter to a file that its owner alone can read. Implements `Mailer` and `KeptLetters`."""

    processor = NAME
    is_local = True

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        """Write the letter; a repeated one replaces the first. Raises OSError."""
        await asyncio.to_thread(self._write, letter)

    async def forget(self, ids: Collection[str], addresses: Collection[str]) -> int:
        """Delete letters: those of these ids, and all to these addresses; return how many. Raises OSError."""
        return await asyncio.to_thread(self._forget, frozenset(ids), frozenset(addresses))

    def _forget(self, ids: frozenset[str], addresses: frozenset[str]) -> int:
        gone = [path for path in self._folder.glob("*.eml") if path.stem in ids or receiver_of(path) in addresses]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _write(self, letter: Letter) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = message_of(letter, self._sender).as_bytes()
        partial = self._folder / f".{letter.id}"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        partial.rename(self._folder / f"{letter.id}.eml")
        for old in sorted(self._folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)


def receiver_of(path: Path) -> str:
    """Return whom a letter is to; nobody, where it is gone meanwhile."""
    try:
        with path.open("rb") as file:
            message = BytesHeaderParser(policy=default).parse(file)
    except FileNotFoundError:
        return ""
    return parseaddr(str(message["To"]))[1]
