"""The account that PostgreSQL runs as: it refuses root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group of the system, by number."""

    uid: int
    gid: int


def server_account(folder: Path) -> Account | None:
    """Choose the account for the server on `folder`; None says our own.

    Only root needs another: the owner of the data, so that a folder made without root stays usable without it,
    else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and there is no account `nobody` to run it as: "
        "run AnyPeople as an ordinary user, or set DATABASE_URL."
    )


def hand_over(folder: Path, account: Account) -> None:
    """Give `folder` and all that is in it to `account`; no parent folder is touched."""
    for parent, _, files in os.walk(folder):
        os.chown(parent, account.uid, account.gid)
        for name in files:
            os.chown(Path(parent, name), account.uid, account.gid, follow_symlinks=False)
