"""The schema that clients have built on: what git has of it."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

GIT_TIMEOUT = 20
"""Seconds."""


class NothingToCompare(Exception):
    """There is no earlier schema here, though there may be one elsewhere; the message says why."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The schema that clients may have built on; None where there was none yet."""

    text: str | None
    changed_on: date
    """When the change that is looked at was made."""


def earlier(file: Path) -> Earlier:
    """Return what HEAD has, where `file` differs from it; else what the commit before HEAD has.

    Raises NothingToCompare without git, outside of a repository, and where a shallow clone lacks the commit before.
    """
    committed = _git(file, "show", f"HEAD:./{file.name}")
    if committed is None:
        _require(file, "HEAD", "this is no git repository with a commit")
        return Earlier(None, _today())
    if committed != file.read_text():
        return Earlier(committed, _today())
    if _git(file, "rev-parse", "--verify", "HEAD^") is None:
        if (_git(file, "rev-parse", "--is-shallow-repository") or "").strip() == "true":
            raise NothingToCompare("this clone is shallow: fetch the commit before HEAD")
        return Earlier(None, _today())
    when = datetime.fromisoformat((_git(file, "show", "--no-patch", "--format=%cI", "HEAD") or "").strip())
    return Earlier(_git(file, "show", f"HEAD^:./{file.name}"), when.astimezone(UTC).date())


def _today() -> date:
    return datetime.now(UTC).date()


def _git(file: Path, *arguments: str) -> str | None:
    """Return what git prints; None where it fails. Raises NothingToCompare where there is no git."""
    try:
        answer = subprocess.run(  # noqa: S603 - every argument is ours
            ["git", *arguments],  # noqa: S607 - the one that the developer uses
            cwd=file.parent,
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise NothingToCompare("there is no git here") from None
    return answer.stdout if answer.returncode == 0 else None


def _require(file: Path, commit: str, why: str) -> None:
    """Raises NothingToCompare where there is no such commit."""
    if _git(file, "rev-parse", "--verify", commit) is None:
        raise NothingToCompare(why)
