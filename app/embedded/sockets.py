"""Short private folders for Unix sockets, whose paths are limited to about 100 bytes."""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded.account import Account
from app.embedded.errors import EmbeddedError

# Not tempfile.gettempdir(): TMPDIR may be long, or closed to the account that PostgreSQL runs as.
_PARENT = Path("/tmp")  # noqa: S108 - the name is ours only after its owner and mode were checked


@contextmanager
def socket_folder(folder: Path, account: Account | None) -> Iterator[Path]:
    """Make the empty 0700 folder for the sockets of the server on `folder`, and remove it at the end.

    It belongs to `account`, or to us when that is None. The caller holds the lock of `folder`: what an earlier
    server left there is stale.
    """
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    sockets = _PARENT / f"anypeople-{os.geteuid()}-{digest}"
    _remove(sockets, account)
    sockets.mkdir(mode=0o700)
    try:
        if account is not None:
            os.chown(sockets, account.uid, account.gid, follow_symlinks=False)
        yield sockets
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def _remove(sockets: Path, account: Account | None) -> None:
    try:
        found = sockets.lstat()
    except FileNotFoundError:
        return
    owners = {os.geteuid()} if account is None else {os.geteuid(), account.uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise EmbeddedError(f"{sockets} belongs to somebody else: remove it, or have its owner remove it.")
    shutil.rmtree(sockets)
