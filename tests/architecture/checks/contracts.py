"""Import contracts: import-linter checks the imports, this module checks that its contracts cover every domain."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
_BROKEN = re.compile(r"^(?P<name>\S.*) BROKEN\b", re.MULTILINE)
_KEPT = re.compile(r"^(?P<name>\S.*) KEPT\b", re.MULTILINE)

_ENTRY_CONTRACTS = {
    "web": ("tables", "orm"),
    "admin": ("tables", "orm"),
    "cli": ("tables", "roots"),
    "composition": ("tables", "roots"),
}

Contract = dict[str, Any]


def configured(folder: Path) -> list[Contract]:
    """Return the contracts of a `pyproject.toml`."""
    settings = tomllib.loads((folder / "pyproject.toml").read_text())
    contracts: list[Contract] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def judged(folder: Path) -> tuple[set[str], set[str]]:
    """Return the names of the contracts that the code below `folder` breaks, and of those that it keeps."""
    answer = subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    broken, kept = set(_BROKEN.findall(answer.stdout)), set(_KEPT.findall(answer.stdout))
    assert broken or kept, answer.stdout + answer.stderr
    assert (answer.returncode != 0) == bool(broken), answer.stdout + answer.stderr
    return broken, kept


def uncovered(folder: Path, contracts: Sequence[Contract]) -> list[str]:
    """Name the domains and the entry points that a contract about such parts leaves out."""
    protected = {
        (table, importer)
        for contract in contracts
        if contract["type"] == "protected" and len(contract["allowed_importers"]) == 1
        for table in contract["protected_modules"]
        for importer in contract["allowed_importers"]
    }
    sources = {contract["id"]: contract.get("source_modules", ()) for contract in contracts}
    found = []
    for entry in sorted((folder / "app").iterdir()):
        for contract in _ENTRY_CONTRACTS.get(entry.name, ()):
            if f"app.{entry.name}" not in sources[contract]:
                found.append(f"app.{entry.name}: not in the contract `{contract}`")
    for models in sorted((folder / "app").glob("*/models.py")):
        domain = f"app.{models.parent.name}"
        if (f"{domain}.models", domain) not in protected:
            found.append(f"{domain}.models: no contract keeps it private to {domain}")
        if domain not in sources["frameworks"]:
            found.append(f"{domain}: not in the contract `frameworks`")
    return found
