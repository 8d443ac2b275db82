"""The walk through the API (`tests/schema/test_access*.py`) notices when somebody is let in."""

from pathlib import Path

from tests.architecture.checks.copies import break_file, copy_of_project, failing_tests

WALK = "tests/schema/test_access.py"
DETOURS = "tests/schema/test_access_detours.py"
NOTICED = (
    f"{WALK}::test_each_viewer_reads_what_is_meant_for_them",
    f"{WALK}::test_each_viewer_commands_what_is_meant_for_them[createGeneration]",
    f"{WALK}::test_only_the_owner_can_watch",
    f"{DETOURS}::test_no_document_commands_what_is_denied",
    f"{DETOURS}::test_no_document_reads_what_is_somebody_elses",
)


def test_a_loose_table_and_a_query_without_its_owner_are_noticed(tmp_path: Path) -> None:
    folder = copy_of_project(tmp_path, with_tests=True)
    break_file(folder / "schema/access.py", "OWN = Access(False,", "OWN = Access(True,")
    break_file(
        folder / "app/generation/queries.py",
        "WHERE user_id = $1 AND id = ANY($2)",
        "WHERE $1::uuid IS NOT NULL AND id = ANY($2)",
    )

    assert failing_tests(folder, NOTICED) == set(NOTICED)
