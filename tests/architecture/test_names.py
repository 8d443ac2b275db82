"""Modules are named after what they hold, and the top of the repository is a short list."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.checks.names import meaningless, stray
from tests.architecture.checks.repository import ROOT, python_files
from tests.architecture.checks.tracked import tracked


def test_the_top_of_the_repository_holds_what_the_design_names() -> None:
    assert stray(tracked()) == []


def test_anything_else_there_is_named() -> None:
    assert stray(["app/main.py", "scripts/fix.sh", "notes.md", "docs/a.md"]) == ["notes.md", "scripts"]


def test_every_module_has_a_name_that_says_something() -> None:
    assert meaningless(str(path.relative_to(ROOT)) for path in python_files(ROOT)) == []


@pytest.mark.parametrize(
    "path",
    [
        "app/core/utils.py",
        "app/helpers/dates.py",
        "schema/common.py",
        "workers/job_manager.py",
        "app/media/service_v2.py",
        "app/media/imaging_part2.py",
        "tests/web/test_helpers.py",
    ],
)
def test_a_name_that_says_nothing_is_refused(path: str) -> None:
    assert meaningless([path]) == [path]


def test_names_that_only_contain_such_a_word_are_fine() -> None:
    assert meaningless(["app/commons_licence.py", "app/utility.py", "docs/helpers.md", "app/media/service.py"]) == []


def test_only_what_git_tracks_counts(tmp_path: Path) -> None:
    if not tracked():
        pytest.skip("NOT CHECKED: nothing is tracked here")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for name in ("kept.py", "loose.py"):
        (tmp_path / name).write_text("")
    subprocess.run(["git", "add", "kept.py"], cwd=tmp_path, check=True)

    assert tracked(tmp_path) == ["kept.py"]


def test_without_a_repository_nothing_is_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match="NOT CHECKED"):
        tracked(tmp_path)

    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="cannot be told"):
        tracked(tmp_path)
