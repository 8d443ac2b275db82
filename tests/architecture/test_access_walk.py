"""The walk through the API (`tests/schema/test_access*.py`) notices when somebody is let in, or shut out."""

import re
from pathlib import Path

import pytest

from tests.architecture.checks.copies import break_file, copy_of_project, failing_tests

FILE = "tests/schema/test_access.py"
WALK = f"{FILE}::test_each_viewer_gets_what_is_meant_for_them_and_a_denial_changes_nothing"
TABLE = f"{FILE}::test_the_table_lets_in_whom_the_matrix_lets_in_and_nobody_else"
DETOURS = "tests/schema/test_access_detours.py"
NOTICED = (
    WALK,
    TABLE,
    f"{FILE}::test_only_the_owner_can_watch",
    f"{DETOURS}::test_no_document_commands_what_is_denied",
    f"{DETOURS}::test_no_document_reads_what_is_somebody_elses",
)


@pytest.mark.timeout(1200)
def test_a_loose_table_a_query_without_its_owner_and_an_entry_that_is_gone_are_noticed(tmp_path: Path) -> None:
    """Any other change of any entry is noticed where the table is held against the matrix (`FILE`, in one process)."""
    folder = copy_of_project(tmp_path, with_tests=True)
    break_file(folder / "schema/access.py", "OWN = Access(False,", "OWN = Access(True,")
    break_file(folder / "schema/access.py", "device note subjectAlias", "device note")
    break_file(
        folder / "app/generation/queries.py",
        "WHERE user_id = $1 AND id = ANY($2)",
        "WHERE $1::uuid IS NOT NULL AND id = ANY($2)",
    )

    failed = failing_tests(folder, NOTICED)

    assert failed.keys() == set(NOTICED)
    rows = failed[WALK]  # what each kind of viewer got of each type
    assert re.search(r"Subscription +\.", rows), "a stranger starts what is somebody's own, and it went unnoticed"
    assert re.search(r"AuditEntry +\.+ id .*subjectAlias", rows), "nobody gets what has no entry, and it went unnoticed"
