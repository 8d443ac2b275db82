"""Who may import whom."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checks.contracts import configured, judged, uncovered
from tests.architecture.checks.copies import copy_of_project
from tests.architecture.checks.repository import ROOT, python_files

FORBIDDEN = {
    "processes": ("workers/schedule.py", "import schema.relay"),
    "domains": ("app/accounts/service.py", "import app.media.service"),
    "roots": ("app/cli/checkup.py", "import workers.runner"),
    "ports": ("app/media/service.py", "import app.integrations.object_store"),
    "registries": ("schema/accounts/queries.py", "import app.registries"),
    "core": ("app/core/feed.py", "import app.accounts.queries"),
    "embedded": ("app/embedded/process.py", "import app.core.config"),
    "integrations": ("app/integrations/object_store.py", "import app.media.variants"),
    "frameworks": ("app/generation/service.py", "import graphql"),
    "tables": ("workers/media.py", "import app.media.models"),
    "orm": ("schema/nodes.py", "import tortoise"),
    "models-core": ("app/accounts/queries.py", "import app.core.models"),
    "models-retention": ("app/accounts/queries.py", "import app.retention.models"),
    "models-audit": ("app/accounts/queries.py", "import app.audit.models"),
    "models-policy": ("app/accounts/queries.py", "import app.policy.models"),
    "models-processors": ("app/registries.py", "import app.processors.models"),
    "models-mail": ("app/accounts/queries.py", "import app.mail.models"),
    "models-accounts": ("app/generation/queries.py", "import app.accounts.models"),
    "models-consents": ("app/media/queries.py", "import app.consents.models"),
    "models-media": ("app/generation/fulfilment.py", "import app.media.models"),
    "models-generation": ("app/registries.py", "import app.generation.models"),
    "models-gallery": ("app/registries.py", "import app.gallery.models"),
    "models-training": ("app/registries.py", "import app.training.models"),
    "models-analytics": ("app/registries.py", "import app.analytics.models"),
    "models-outreach": ("app/registries.py", "import app.outreach.models"),
    "models-marketing": ("app/registries.py", "import app.marketing.models"),
    "models-support": ("app/registries.py", "import app.support.models"),
    "models-minors": ("app/registries.py", "import app.minors.models"),
    "models-legal-disclosures": ("app/registries.py", "import app.legal_disclosures.models"),
    "models-journal": ("app/registries.py", "import app.journal.models"),
    "models-privacy": ("app/registries.py", "import app.privacy.models"),
}
"""For each contract's id: a file, and an import that it forbids there."""


def test_the_imports_keep_every_contract() -> None:
    broken, kept = judged(ROOT)

    assert broken == set()
    assert kept == {contract["name"] for contract in configured(ROOT)}


def test_every_contract_can_be_broken(tmp_path: Path) -> None:
    contracts = configured(ROOT)
    assert FORBIDDEN.keys() == {contract["id"] for contract in contracts}, "a contract that nobody has seen fail"
    folder = copy_of_project(tmp_path)
    for path, line in FORBIDDEN.values():
        (folder / path).write_text(f"{(folder / path).read_text()}\n{line}\n")

    broken, kept = judged(folder)

    assert kept == set()
    assert broken == {contract["name"] for contract in contracts}


@pytest.mark.parametrize("contract", ["embedded", "models-media", "orm"])
def test_one_forbidden_import_breaks_its_contract_by_itself(contract: str, tmp_path: Path) -> None:
    names = {each["id"]: each["name"] for each in configured(ROOT)}
    folder = copy_of_project(tmp_path)
    path, line = FORBIDDEN[contract]
    (folder / path).write_text(f"{(folder / path).read_text()}\n{line}\n")

    broken, kept = judged(folder)

    assert names[contract] in broken
    assert kept, "nothing else is wrong"


def test_a_new_part_of_the_application_needs_its_place_in_the_order(tmp_path: Path) -> None:
    folder = copy_of_project(tmp_path)
    (folder / "app" / "horoscopes.py").write_text("")

    broken, _ = judged(folder)

    assert broken == {"Domains import each other in one order"}


def test_every_domain_and_entry_point_has_its_contracts() -> None:
    assert uncovered(ROOT, configured(ROOT)) == []


def test_a_part_without_contracts_is_named(tmp_path: Path) -> None:
    (tmp_path / "app" / "horoscopes").mkdir(parents=True)
    (tmp_path / "app" / "horoscopes" / "models.py").write_text("")
    narrow = {"source_modules": ["schema"]}
    contracts = [each | narrow if each["id"] in ("orm", "roots") else each for each in configured(ROOT)]
    (tmp_path / "app" / "web").mkdir()
    (tmp_path / "app" / "composition").mkdir()

    assert uncovered(tmp_path, contracts) == [
        "app.composition: not in the contract `roots`",
        "app.web: not in the contract `orm`",
        "app.horoscopes.models: no contract keeps it private to app.horoscopes",
        "app.horoscopes: not in the contract `frameworks`",
    ]


def _ruff(code: str, path: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "--stdin-filename", path]
    return subprocess.run([*command, "-"], cwd=ROOT, input=code, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", ["app/core/example.py", "schema/example.py", "workers/x.py", "tests/web/test_x.py"])
def test_an_import_inside_a_function_is_refused(path: str) -> None:
    top = '"""Example."""\n\nimport json\n\n\ndef read() -> object:\n    """Return it."""\n'
    inside = '"""Example."""\n\n\ndef read() -> object:\n    """Return it."""\n    import json\n\n'
    rest = '    return json.loads("1")\n'

    assert _ruff(top + rest, path).returncode == 0
    answer = _ruff(inside + rest, path)

    assert answer.returncode == 1
    assert "PLC0415" in answer.stdout


def test_nobody_is_exempt_from_it() -> None:
    marker = "PLC" + "0415"

    assert [path for path in python_files(ROOT) if marker in path.read_text()] == [Path(__file__)]
