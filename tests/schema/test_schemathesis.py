"""Schemathesis makes up operations from the schema; none of them may break anything."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID
from zlib import crc32

import pytest
from graphql import print_schema

from app.core.db import execute
from schema.executable import build
from schema.relay import encode_cursor
from tests.fakes.server import RunningServer
from tests.schema.world import Who, World, populate

SCHEMA = build()._schema
PROGRAM = Path(sys.executable).with_name("schemathesis")
CHECKS = Path(__file__).with_name("schemathesis_checks.py")
EXAMPLES = 15
"""For each field of the roots."""
SEED = "SCHEMATHESIS_SEED"
"""An environment variable: the seed of a run to repeat, or of one that makes up others.

Without it every schema has its own seed, so that what is found is found with the change that let it in, and by all.
"""
ODD_TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "'",
    "%",
    "\\",
    "{}",
    "\u202e",
    "x" * 5_000,
    "-1",
    "9" * 30,
    "a@example.com",
]
ODD_NUMBERS = [0, 1, -1, 4, 64, 100, 101, 2**31 - 1, -(2**31)]


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service that lets one client ask for as much as it likes."""
    monkeypatch.setenv("ANYPEOPLE_BUDGET_SIZE", "1000000000")
    return environment


@pytest.fixture
async def world(server: RunningServer) -> World:
    """Somebody with a generation, and somebody else."""
    return await populate(server)


def configuration(world: World) -> str:
    """Return settings of Schemathesis: beside what it makes up it tries what is there, and what is odd.

    Pages are mostly such as there are: an argument that is refused at once hides what the others do.
    """
    there = [world.generation, world.image, *world.users.values(), "faulty", "photo"]
    dictionaries: dict[str, Sequence[object]] = {
        "string": [*ODD_TEXTS, *there],
        "integer": ODD_NUMBERS,
        "page": [0, 1, 20, 100],
        "cursor": [encode_cursor(UUID(int=2**128 - 1))],
    }
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in dictionaries.items()]
    bound = [f'{name} = {{ dictionary = "{name}", probability = 0.4 }}' for name in ("string", "integer")]
    pages = [
        f'"*.*.{argument}" = {{ dictionary = "{name}", probability = 0.9 }}'
        for argument, name in (("first", "page"), ("after", "cursor"))
    ]
    return "\n".join([*lines, "[generation.dictionaries]", *bound, "[parameters]", *pages, ""])


async def explore(world: World, folder: Path, who: Who, *options: str) -> tuple[int, str]:
    """Run Schemathesis; return its status and what it says."""
    seed = os.environ.get(SEED) or str(crc32(print_schema(SCHEMA).encode()))
    (folder / "schemathesis.toml").write_text(configuration(world))
    command = [
        *("--config-file", str(folder / "schemathesis.toml"), "run", f"{world.server.address}/graphql"),
        *("--phases", "fuzzing", "--mode", "positive", "--max-examples", str(EXAMPLES), "--seed", seed),
        *("--checks", "answers_are_well_formed", "--generation-allow-x00", "true", "--generation-database", "none"),
        *("--suppress-health-check", "all", "--no-color", "--warnings", "off", *options),
    ]
    if token := world.tokens[who]:
        # Signing out would end the only session.
        command += ["--header", f"Authorization: Bearer {token}", "--exclude-name", "Mutation.signOut"]
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM),
        *command,
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(CHECKS), "NO_PROXY": "*"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, f"To repeat: {SEED}={seed}\n{said.decode()}"


ROOT_FIELDS = sum(len(root.fields) for root in (SCHEMA.query_type, SCHEMA.mutation_type) if root)


@pytest.mark.timeout(900)  # its work is bounded by examples, and a busy machine takes its time for them
@pytest.mark.parametrize("who", [Who.NOBODY, Who.OWNER])
async def test_schemathesis_finds_nothing(
    world: World, tmp_path: Path, who: Who, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = await explore(world, tmp_path, who)

    assert status == 0, said
    with capsys.disabled():  # stderr: a worker of pytest-xdist has no other way to the terminal
        print(f"\nSchemathesis, {who}: nothing found. {said.splitlines()[0]}", file=sys.stderr)
    operations = ROOT_FIELDS if who is Who.NOBODY else ROOT_FIELDS - 1  # all but signing out
    assert f"Tested: {operations}" in said


async def test_schemathesis_finds_what_is_broken(world: World, tmp_path: Path) -> None:
    await execute("ALTER TABLE users DROP COLUMN display_name")
    status, said = await explore(world, tmp_path, Who.OWNER, "--include-name", "Query.viewer")

    assert status == 1, said
    assert "INTERNAL_SERVER_ERROR" in said
