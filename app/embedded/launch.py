"""Runs in the child, and becomes the server: drops root, ties its life to the parent's, then executes the server.

A program of its own (`python -I -S launch.py`, about 20 ms) rather than a `preexec_fn`: that runs Python between fork
and exec, where a lock held by another thread of the parent deadlocks it. It imports only the standard library, all of
it before root is dropped, because afterwards the interpreter's own files may be out of reach.

Arguments: parent's pid, signal to get when the parent dies, `uid:gid` or `-`, paths that the account must be able to
read, `--`, the command.
"""

import ctypes
import os
import sys
from typing import NoReturn

# From <linux/prctl.h>, <linux/securebits.h> and <linux/capability.h>.
_PR_SET_PDEATHSIG = 1
_PR_GET_SECUREBITS = 27
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2

_ON_LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> NoReturn:
    """Become the server."""
    parent, death_signal, account, *rest = arguments
    split = rest.index("--")
    needed, command = rest[:split], rest[split + 1 :]
    if account != "-":
        uid, gid = (int(number) for number in account.split(":"))
        _become(uid, gid, needed)
    if _ON_LINUX:
        # After the change of user, which clears it; the exec below keeps it.
        _prctl(_PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != int(parent):
        sys.exit("The supervisor died while its server was starting.")
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def _become(uid: int, gid: int, needed: list[str]) -> None:
    """Turn from root into another account that can read all of `needed`, whatever its parent folders forbid."""
    os.setgroups([])
    os.setregid(gid, gid)
    # access(2) judges by the real user: the kernel itself says what that account could reach.
    os.setreuid(uid, 0)
    unreachable = [path for path in needed if not os.access(path, os.R_OK)]
    if not unreachable:
        os.setreuid(uid, uid)
        return
    try:
        _keep_reading_right(uid)
    except OSError as error:
        sys.exit(
            f"PostgreSQL must not run as root, and user {uid} cannot reach {unreachable[0]} ({error.strerror}): "
            "move the checkout to a folder that others may enter, run AnyPeople as an ordinary user, "
            "or set DATABASE_URL."
        )


def _keep_reading_right(uid: int) -> None:
    """Become `uid` with one privilege left, which passes on through exec: to read and enter any folder."""
    if not _ON_LINUX:
        raise PermissionError(0, "only Linux can grant it the way")
    # Without this bit access(2), with which initdb looks for postgres, ignores the capabilities of ordinary users.
    # It also keeps the capabilities through the change of user.
    _prctl(_PR_SET_SECUREBITS, _prctl(_PR_GET_SECUREBITS) | _SECBIT_NO_SETUID_FIXUP)
    os.setreuid(uid, uid)
    try:
        _keep_only(_CAP_DAC_READ_SEARCH)
    except PermissionError:
        # The default of Docker and Podman: root there has the stronger right but not the weaker.
        _keep_only(_CAP_DAC_OVERRIDE)


def _keep_only(capability: int) -> None:
    """Drop every capability but this one, and make it ambient.

    The permitted set is then exactly the ambient set: otherwise the kernel would treat the exec as a gain of
    privileges, clear the death signal and ignore the binaries' library paths.
    """
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable: the low words, then the high words
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if _libc.capset(header, sets) != 0:
        _raise_errno()
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def _prctl(option: int, *arguments: int) -> int:
    padded = [ctypes.c_ulong(number) for number in (*arguments, 0, 0, 0, 0)[:4]]
    result = int(_libc.prctl(option, *padded))
    if result < 0:
        _raise_errno()
    return result


def _raise_errno() -> NoReturn:
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(sys.argv[1:])
