"""Nothing grows beyond what one can read in one sitting."""

from pathlib import Path

from tests.architecture.checks.repository import ROOT, python_files
from tests.architecture.checks.sizes import FILE_CEILING, FUNCTION_CEILING, oversized


def test_files_and_functions_keep_below_their_ceilings() -> None:
    files = python_files(ROOT)

    assert {Path(__file__), ROOT / "app" / "main.py"} <= set(files)
    assert oversized(files) == []


def test_what_passes_a_ceiling_is_named(tmp_path: Path) -> None:
    table = tmp_path / "table.py"
    table.write_text("WORDS = {\n" + '    "word": "text",\n' * (FILE_CEILING - 1) + "}\n")
    method = tmp_path / "method.py"
    method.write_text("class A:\n    async def long(self):\n" + "        x = 1\n" * FUNCTION_CEILING)

    assert oversized([table, method]) == [
        f"{table}: {FILE_CEILING + 1} lines, the ceiling is {FILE_CEILING}: split it along its nouns",
        f"{method}:2: long has {FUNCTION_CEILING + 1} lines, more than {FUNCTION_CEILING}",
    ]


def test_what_reaches_a_ceiling_may_stay(tmp_path: Path) -> None:
    file = tmp_path / "file.py"
    file.write_text("def f():\n" + "    x = 1\n" * (FUNCTION_CEILING - 1) + "\n" * (FILE_CEILING - FUNCTION_CEILING))

    assert oversized([file]) == []
