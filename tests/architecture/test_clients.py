"""Only modules on a list talk to the outside."""

from pathlib import Path

from tests.architecture.checks.clients import ALLOWED, strays
from tests.architecture.checks.repository import ROOT, python_files

OURS = ("app", "schema", "workers")


def test_only_modules_on_the_list_talk_to_the_outside() -> None:
    assert strays(python_files(ROOT, OURS), ROOT, ALLOWED) == []


def test_a_stray_client_is_named(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/example.py").write_text("import httpx\nfrom authlib.jose import jwt\nimport json\n")

    assert sorted(strays(python_files(tmp_path, ["app"]), tmp_path, ALLOWED)) == [
        "app/example.py: imports authlib",
        "app/example.py: imports httpx",
    ]
