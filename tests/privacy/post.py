"""The folder of letters that stands for a mail server, as a person and the law see it."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


class PostBox:
    """Reads what was mailed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def to(self, address: str) -> list[EmailMessage]:
        """Return the letters to an address, in the order in which they were recorded."""
        letters = [
            message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.folder.glob("*.eml"))
        ]
        return [letter for letter in letters if address in str(letter["to"])]

    def token(self, address: str) -> str:
        """Return the token of the latest link that was mailed to an address."""
        return str(re.findall(r"token=([\w-]+)", text_of(self.to(address)[-1]))[-1])


def text_of(letter: EmailMessage) -> str:
    """Return what a letter says in plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
