"""Only modules on a list talk to the outside, and those lead through the gate."""

from pathlib import Path

import pytest

from tests.architecture.checks.clients import (
    ALLOWED,
    NETWORK,
    OPENED,
    OURS,
    TOOLS,
    WAYS_OUT,
    Way,
    faults,
    openings,
    strays,
    unguarded,
    unknown,
    unused,
)
from tests.architecture.checks.copies import break_file, copy_of_project
from tests.architecture.checks.repository import ROOT, python_files

GUARDED = """async def f(self):
    async with self.gate.disclose(1) as sending, connected(sending) as client:
        await client.send(letter)
"""


def test_only_modules_on_the_list_talk_to_the_outside() -> None:
    assert faults() == []


def test_a_stray_client_is_named(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/example.py").write_text("import httpx\nfrom authlib.jose import jwt\nimport json\n")

    assert strays(python_files(tmp_path, ["app"]), tmp_path, ALLOWED) == [
        "app/example.py: imports authlib",
        "app/example.py: imports httpx",
    ]


@pytest.mark.parametrize(
    "line",
    [
        *(f"import {client}" for client in ALLOWED if client != "tortoise"),
        *(f"import {module}" for module in sorted(NETWORK)),
        *(f"import {name}" for name in ("aiohttp", "requests", "urllib3", "stripe", "openai", "boto3", "asyncpg")),
        "from urllib import request",
        "from http import client",
        "from httpx import AsyncClient",
        "from app.processors.fetcher import Fetcher",
        "from app.processors import fetcher",
        "from app.generation.engines.openai.client import connected",
        "asyncio.open_connection('example.com', 443)",
        "loop.create_connection(None, 'example.com', 443)",
        "asyncio.create_subprocess_exec('curl')",
        "os.system('curl')",
        "importlib.import_module('httpx')",
        "__import__('httpx')",
    ],
)
def test_every_other_way_out_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/example.py").write_text(f"{line}\n")
    files = python_files(tmp_path, ["app"])

    found = [
        *strays(files, tmp_path, ALLOWED),
        *unknown(files, tmp_path),
        *openings(files, tmp_path),
        *strays(files, tmp_path, TOOLS),
    ]

    assert len(found) == 1
    assert found[0].startswith("app/example.py: ")


def test_an_allowance_that_nobody_needs_is_named(tmp_path: Path) -> None:
    files = python_files(ROOT, OURS)
    assert unused(files, ROOT) == []
    rest = [path for path in files if path.name != "s3_store.py"]
    assert unused(rest, ROOT) == ["app/integrations/s3_store.py: may import obstore, and does not"]
    assert all((ROOT / name).exists() for name in OPENED)


def test_every_way_out_leads_through_the_gate() -> None:
    for name, call in WAYS_OUT:
        assert unguarded((ROOT / name).read_text(), call) == [], name


def test_every_place_that_leads_to_others_is_reached_by_a_way_out() -> None:
    """The fetcher is a tool of three ways out, the sign-ins and mail are reached by their ports."""
    places = {place for clients in ALLOWED.values() for place, way in clients.items() if way is Way.GATE}
    assert places == {
        "app/integrations/smtp.py",
        "app/integrations/oauth.py",
        "app/integrations/oidc.py",
        "app/processors/fetcher.py",
        "app/processors/addresses.py",
        "app/generation/engines/openai",
    }


@pytest.mark.parametrize(
    ("source", "call", "faulty"),
    [
        (GUARDED, "connected", False),
        (GUARDED, "client.send", False),
        (GUARDED, "client.gone", True),
        (GUARDED.replace("disclose", "open"), "connected", True),
        (GUARDED + "    await client.send(letter)\n", "client.send", True),
        ("async def f(gate):\n    async with connected() as c, gate.disclose(1):\n        pass\n", "connected", True),
    ],
)
def test_what_is_outside_of_the_gate_is_named(source: str, call: str, faulty: bool) -> None:
    assert bool(unguarded(source, call)) is faulty


BREAKS = {
    "app/mail/service.py": ("self._gate.disclose(", "self._gate.open("),
    "app/media/avatars.py": ("self.gate.disclose(", "self.gate.open("),
    "app/analytics/provider.py": ("self.gate.disclose(", "self.gate.open("),
    "app/accounts/providers.py": ("self.gate.ask(", "self.gate.open("),
    "app/generation/engines/openai/engine.py": ("self._gate.disclose(", "self._gate.open("),
}


def test_each_adapter_that_leaves_the_gate_is_named(tmp_path: Path) -> None:
    folder = copy_of_project(tmp_path)
    for name, (old, new) in BREAKS.items():
        break_file(folder / name, old, new)

    assert {fault.partition(":")[0] for fault in faults(folder)} == set(BREAKS)
