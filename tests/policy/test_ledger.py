"""A text that was written down is never edited: each way of doing it anyway is seen."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.policy.ledger import LEDGER, faults, main, write
from app.policy.texts import FOLDER

TEXT = "privacy/2031-01-01.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two texts that are written down."""
    for kind in ("privacy", "terms"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "2031-01-01.md").write_text("As it was published.\n")
    assert write(tmp_path) == []
    return tmp_path


def test_what_is_shipped_is_what_was_written_down() -> None:
    assert faults(FOLDER) == []
    assert (FOLDER / LEDGER).read_text().count("\n") == len(list(FOLDER.glob("*/*.md"))) > 0


def test_an_edited_a_new_and_a_vanished_text_are_named(folder: Path) -> None:
    assert faults(folder) == []
    (folder / TEXT).write_text("As it was published!\n")
    (folder / "privacy/2032-01-01.md").write_text("New.\n")
    (folder / "terms/2031-01-01.md").unlink()

    found = faults(folder)

    assert [fault.split(":")[0] for fault in found] == [TEXT, "privacy/2032-01-01.md", "terms/2031-01-01.md"]


def test_writing_takes_what_is_new_and_never_what_has_changed(folder: Path) -> None:
    (folder / TEXT).write_text("As it was published!\n")
    (folder / "privacy/2032-01-01.md").write_text("New.\n")

    assert [fault.split(":")[0] for fault in write(folder)] == [TEXT]
    assert write(folder, again=[TEXT]) == []


def test_the_check_of_the_build_turns_red(folder: Path) -> None:
    main(["--folder", str(folder)])
    (folder / TEXT).write_text("As it was published!\n")

    answer = subprocess.run(
        [sys.executable, "-m", "app.policy.ledger", "--folder", folder], capture_output=True, text=True, check=False
    )

    assert answer.returncode == 1
    assert TEXT in answer.stderr
