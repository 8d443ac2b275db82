"""What the guide tells client developers works as it stands, from its first example to its last."""

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Generator
from pathlib import Path

import pytest

from app.accounts.clients import register
from app.core.config import Settings
from app.core.ports import Mailer
from app.core.viewer import Scope
from app.generation.engines.registry import Engines
from app.integrations.mailbox import Mailbox
from tests.conformance.guide import Example, documents, examples, follows
from tests.conformance.missing import skip_or_fail
from tests.conformance.node import Node
from tests.fakes.browsing import visit
from tests.fakes.engines import SlowEngine
from tests.fakes.server import RunningServer
from tests.faults.processes import free_port

GUIDE = Path(__file__).parents[2] / "docs/clients.md"
ADDRESS = "http://127.0.0.1:8000"
"""Where the guide finds the server."""
NAMES = {"js": "guide-example.mjs", "python": "guide_example.py", "sh": "guide-example.sh"}
KEEP = "\n{ declare -p | grep -v '^declare -[a-z]*r'; declare -f; } > guide-shell"
"""One shell for the whole guide: what a block sets and defines is there in the next."""


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service whose pictures are where it is."""
    monkeypatch.setenv("ANYPEOPLE_PORT", str(free_port()))
    monkeypatch.setenv("ANYPEOPLE_PUBLIC_URL", "")
    return environment


@pytest.fixture
def mailer(settings: Settings) -> Mailer:
    """What `/dev/mail` shows."""
    return Mailbox(settings.stores.var / "mail", settings.mail.mail_from)


@pytest.fixture
def engines() -> Engines:
    """An engine that can be watched, and canceled."""
    return Engines([SlowEngine(steps=4, pause=0.2)])


@pytest.fixture
def folder(node: Node, pytestconfig: pytest.Config) -> Generator[Path, None, None]:
    """Where the reader works: the packages are there."""
    for program in ("bash", "curl", "jq"):
        if shutil.which(program) is None:
            skip_or_fail(pytestconfig, "the guide's examples", f"there is no {program}")
    path = node.folder / "guide"
    path.mkdir(exist_ok=True)
    yield path
    shutil.rmtree(path)


async def output(folder: Path, example: Example, code: str, node: Node) -> str:
    """Run an example in the guide's shell; return what it prints."""
    script = folder / NAMES[example.language]
    program = {"js": node.program, "python": sys.executable, "sh": "source"}[example.language]
    script.write_text(code)
    line = f"set -eu -o pipefail; touch guide-shell; source ./guide-shell; {program} {script}{KEEP}"
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", line, cwd=folder, stdout=PIPE, stderr=STDOUT, env={**os.environ, "NO_PROXY": "*"}
    )
    printed = b""
    async with asyncio.timeout(30):
        assert process.stdout is not None
        async for said in process.stdout:
            printed += said
            if said.startswith(b'{"open":'):
                await visit(json.loads(said)["open"], password="four words make sense")
        await process.wait()
    assert process.returncode == 0, f"{GUIDE.name}:{example.line}: {printed.decode()}"
    return printed.decode()


async def test_every_example_of_the_guide_does_what_it_says(
    server: RunningServer, node: Node, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered = await register("Studio", ["http://127.0.0.1/signed-in"], [Scope.PROFILE, Scope.GENERATIONS_READ])
    monkeypatch.setenv("CLIENT", str(registered.id))
    found = examples(GUIDE)
    assert {example.language for example in found} == set(NAMES)
    for example in found:
        printed = await output(folder, example, example.code.replace(ADDRESS, server.address), node)
        if example.prints is not None:
            assert follows(documents(printed), documents(example.prints)), f"{GUIDE.name}:{example.line}: {printed}"


@pytest.mark.parametrize(
    ("printed", "shown", "fits"),
    [
        ('{"a": [1, "x"]}', '{"a": [1, "…"]}', True),
        ('{"a": [1, "x"]}', '{"a": [2, "…"]}', False),
        ('{"a": 1, "b": 2}', '{"a": 1}', False),
        ("[1]", "[1, 2]", False),
        ("1 2 3 4", '1 "…" 4', True),
        ("1 4", '1 "…" 4', True),
        ("1 2", '1 "…" 4', False),
        ("1", "1 2", False),
        ("1 2", "1", False),
        ("", '"…"', False),
    ],
)
def test_output_that_is_not_what_is_shown_is_seen(printed: str, shown: str, fits: bool) -> None:
    assert follows(documents(printed), documents(shown)) is fits


@pytest.mark.parametrize("text", ["```graphql\n{ x }\n```\n", "```\nx\n```\n", "```json\n1\n```\n"])
def test_a_block_that_nobody_would_check_is_refused(text: str, tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text(text)

    with pytest.raises(ValueError, match=r"guide.md:1: no"):
        examples(guide)
