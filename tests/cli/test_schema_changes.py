"""What clients have built on does not go without notice."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from app.cli.schema_changes import breaks, dangers
from tests.architecture.checks.copies import break_file, copy_of_project

TODAY = date(2027, 6, 2)
SCHEMA = """
type Query { viewer: User, old: Legacy @deprecated(reason: "Use `viewer`. Removed after 2027-06-01."), node: Node }
interface Node { id: ID! }
type User implements Node { id: ID!, email: String, role: Role!, friends(first: Int): [User!]! }
type Legacy { name: String }
enum Role { USER STAFF GUEST @deprecated(reason: "Use USER. Removed after 2027-06-01.") }
input Wish { prompt: String!, size: Int @deprecated(reason: "Nothing heeds it. Removed after 2027-06-02.") }
type Mutation { ask(input: Wish!): User }
"""
LATER = "Removed after 2027-12-02."


def changed(*changes: tuple[str, str]) -> str:
    text = SCHEMA
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


OLD_FIELD = ', old: Legacy @deprecated(reason: "Use `viewer`. Removed after 2027-06-01.")'
LEGACY = "type Legacy { name: String }\n"
OLD_VALUE = ' GUEST @deprecated(reason: "Use USER. Removed after 2027-06-01.")'
OLD_INPUT = ', size: Int @deprecated(reason: "Nothing heeds it. Removed after 2027-06-02.")'


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [("email: String", "email: String, name: String")],
        [("email: String", "email: String!")],
        [(OLD_FIELD, "")],
        [(OLD_FIELD, ""), (LEGACY, "")],
        [(OLD_VALUE, "")],
        [("email: String", f'email: String @deprecated(reason: "Ask them. {LATER}")')],
        [("2027-06-01", "2028-06-01")],
    ],
)
def test_what_clients_do_not_notice_or_were_told_of_is_allowed(changes: list[tuple[str, str]]) -> None:
    assert breaks(SCHEMA, changed(*changes), TODAY) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("email: String, ", "")], ["Field User.email was removed."]),
        ([(" STAFF", "")], ["Enum value Role.STAFF was removed."]),
        ([("(first: Int)", "")], ["Argument User.friends(first:) was removed."]),
        ([("email: String", "email: Int")], ["Field User.email changed type from String to Int."]),
        ([("prompt: String!", "prompt: String!, key: ID!")], ["A required field Wish.key was added."]),
        # The day itself is still promised.
        ([(OLD_INPUT, "")], ["Field Wish.size was removed."]),
        ([("Removed after 2027-06-01.", "Soon.")],
         ["Query.old is deprecated without a date: end its reason with `Removed after <year-month-day>.`",
          "Role.GUEST is deprecated without a date: end its reason with `Removed after <year-month-day>.`"]),
        ([("Use USER. Removed after 2027-06-01.", "Use USER. Removed after 2027-05-31.")],
         ["Role.GUEST was promised until 2027-06-01: that date can only be put off."]),
        ([("email: String", 'email: String @deprecated(reason: "No. Removed after 2027-12-01.")')],
         ["User.email is deprecated for less than six months: say 2027-12-02 or later."]),
        ([("(first: Int)", '(first: Int @deprecated(reason: "No. Removed after 2027-02-30."))')],
         ["User.friends(first:) is deprecated without a date: end its reason with `Removed after <year-month-day>.`"]),
    ],
)  # fmt: skip
def test_what_breaks_clients_is_named(changes: list[tuple[str, str]], said: list[str]) -> None:
    assert breaks(SCHEMA, changed(*changes), TODAY) == said


def test_a_removal_that_was_only_just_announced_is_refused() -> None:
    announced = changed(("email: String", f'email: String @deprecated(reason: "Ask them. {LATER}")'))

    assert breaks(announced, changed(("email: String, ", "")), TODAY) == ["Field User.email was removed."]
    assert breaks(announced, changed(("email: String, ", "")), date(2027, 12, 3)) == []


def test_what_an_announced_removal_leaves_behind_has_to_stay_as_it_was() -> None:
    before = changed(("node: Node", "node: Node, again: Legacy"))
    after = before.replace(OLD_FIELD, "").replace("Legacy { name", "Legacy { title")

    assert breaks(before, after, TODAY) == ["Field Legacy.name was removed."]


def test_what_may_surprise_is_told() -> None:
    assert dangers(SCHEMA, changed((" STAFF", " STAFF OWNER"))) == ["Enum value Role.OWNER was added."]


# The command, in a repository


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = copy_of_project(tmp_path / "project")
    commit(folder, "First", init=True)
    return folder


def commit(folder: Path, message: str, *, init: bool = False) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    for command in ([["init", "-q"]] if init else []) + [["add", "-A"], [*who, "commit", "-q", "-m", message]]:
        subprocess.run(["git", *command], cwd=folder, check=True, env=_environment())


def check(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "schema", "--check"],
        cwd=folder,
        env=_environment({"PYTHONPATH": str(folder), **environment}),
        capture_output=True,
        text=True,
        check=False,
    )


def _environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what it says about other repositories and about CI."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") and name != "CI"}
    return {**mine, "GIT_CONFIG_GLOBAL": os.devnull, **(more or {})}


def remove_field(folder: Path) -> None:
    """Take a field away from clients, in code and schema alike."""
    break_file(
        folder / "schema/generation/types.py",
        '    source: str = strawberry.field(description="What backs it.")\n',
        "",
    )
    break_file(folder / "schema/generation/types.py", ", source=proof.source", "")
    break_file(folder / "schema/personal_data.py", '"statement source"', '"statement"')
    file = folder / "schema/schema.graphql"
    file.write_text(file.read_text().replace('\n  """What backs it."""\n  source: String!\n', ""))


def test_a_removed_field_is_refused_before_and_after_it_is_committed(repository: Path) -> None:
    assert (check(repository).returncode, check(repository).stderr) == (0, "")
    remove_field(repository)
    before = check(repository)
    commit(repository, "Break a client")
    after = check(repository)
    (repository / "notes.txt").write_text("Nothing of the schema.")
    commit(repository, "Go on")

    for answer in (before, after):
        assert answer.returncode == 1
        assert "Field RetentionProof.source was removed." in answer.stderr
        assert "Removed after <date>." in answer.stderr
    assert check(repository).returncode == 0


def test_without_an_earlier_schema_it_says_so_and_fails_in_ci(repository: Path, tmp_path: Path) -> None:
    (repository / "notes.txt").write_text("More.")
    commit(repository, "Second")
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", repository.as_uri(), str(shallow)], check=True, env=_environment()
    )
    archive = copy_of_project(tmp_path / "archive")
    for folder, why in ((shallow, "this clone is shallow"), (archive, "this is no git repository")):
        answer = check(folder)
        assert answer.returncode == 0
        assert f"THE SCHEMA IS NOT COMPARED with an earlier one: {why}" in answer.stderr
        assert check(folder, CI="true").returncode == 1
    no_git = check(repository, PATH="")
    assert "there is no git here" in no_git.stderr
