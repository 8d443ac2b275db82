"""Documents mention what exists."""

from pathlib import Path

import pytest

from app.cli.commands import COMMANDS
from tests.architecture.checks.documents import Existing, broken_mentions, documents, targets
from tests.architecture.checks.repository import ROOT


@pytest.fixture
def existing() -> Existing:
    return Existing(ROOT, targets((ROOT / "Makefile").read_text()), set(COMMANDS))


def test_the_documents_mention_what_exists(existing: Existing) -> None:
    found = documents(ROOT)

    assert ROOT / "README.md" in found
    assert {"demo", "up", "test"} <= set(existing.targets)
    assert {"demo", "doctor"} <= set(existing.commands)
    assert [mention for document in found for mention in broken_mentions(document, existing)] == []


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("See `app/core/nothing.py`.", "app/core/nothing.py"),
        ("See `docs/nowhere/`.", "docs/nowhere/"),
        ("Each is in `app/<domain>/nothing.py`.", "app/<domain>/nothing.py"),
        ("See `tests/*/nothing_*.py` for more", "tests/*/nothing_*.py"),
        ("Edit `compose.yaml/x`.", "compose.yaml/x"),
        ("Run `make nothing`.", "make nothing"),
        ("```sh\ncd x && make nothing PROMPT=y\n```", "make nothing"),
        ("```sh\n$ make -s nothing\n```", "make nothing"),
        ("Run `anypeople nothing --count 2`.", "anypeople nothing"),
        ("```\n.venv/bin/anypeople nothing\n```", "anypeople nothing"),
        ("```\ncat workers/nothing.py\n```", "workers/nothing.py"),
        ("[Read on](docs/nothing.md#top).", "docs/nothing.md"),
    ],
)
def test_what_does_not_exist_is_named(text: str, mention: str, tmp_path: Path, existing: Existing) -> None:
    document = tmp_path / "guide.md"
    document.write_text(f"# Guide\n\n{text}\n")

    assert broken_mentions(document, existing) == [f"guide.md: {mention}"]


@pytest.mark.parametrize(
    "text",
    [
        "See `app/main.py`, `./app/core/`, `app/<domain>/models.py`, `tests/` and `pyproject.toml`.",
        "Run `make demo PROMPT=\"a person\" COUNT=4` or `anypeople demo --count 2 -- 'make tea'`.",
        "It writes to `var/objects/` and answers `GET /graphql`; see <https://example.com/app/x.py>.",
        "[Home](https://example.com/docs/x) and [top](#top)",
        "They make nothing of anypeople nothing.",
        "```python\n# make sure of it\nvalue = make(nothing)\n```",
    ],
)
def test_what_exists_or_is_not_ours_is_left_alone(text: str, tmp_path: Path, existing: Existing) -> None:
    document = tmp_path / "guide.md"
    document.write_text(f"{text}\n")

    assert broken_mentions(document, existing) == []
