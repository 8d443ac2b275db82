"""Relay's compiler accepts the committed SDL: global ids, connections, payloads and null that means an error."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.conformance.node import Node

HERE = Path(__file__).parent
SDL = HERE.parents[1] / "schema/schema.graphql"
COMPILER = "node_modules/relay-compiler/cli.js"


class Project:
    """The app in a folder of its own: artefacts are made there."""

    def __init__(self, folder: Path, node: Node) -> None:
        self.config, self.node = folder / "relay.config.json", node
        self.source, self.schema = folder / "src", folder / "schema.graphql"
        shutil.copytree(HERE / "relay", self.source)
        settings = {
            "src": "./src",
            "schema": "./schema.graphql",
            "language": "typescript",
            "customScalarTypes": {"DateTime": "string"},
            "typescriptExcludeUndefinedFromNullableUnion": True,
            "featureFlags": {"enforce_fragment_alias_where_ambiguous": {"kind": "disabled"}},
        }
        self.config.write_text(json.dumps(settings))

    async def compile(self, sdl: str) -> dict[str, str]:
        """Return the artefacts by name. Raises AssertionError with what the compiler says."""
        self.schema.write_text(sdl)
        await self.node.output(COMPILER, str(self.config))
        return {path.name: path.read_text() for path in self.source.glob("__generated__/*")}


@pytest.fixture
def project(tmp_path: Path, node: Node, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)  # the compiler takes its settings' paths from here
    return Project(tmp_path, node)


async def test_relay_compiler_accepts_the_schema(project: Project) -> None:
    artefacts = await project.compile(SDL.read_text())

    assert len(artefacts) == 8
    assert '"connection"' in artefacts["studio_generations.graphql.ts"]
    assert "node(" in artefacts["studioGenerationsPaginationQuery.graphql.ts"]


async def test_relay_compiler_heeds_that_null_means_an_error(project: Project) -> None:
    sdl = SDL.read_text()
    for schema, nullable in ((sdl, False), (sdl.replace(" @semanticNonNull(levels: [0])", ""), True)):
        created = (await project.compile(schema))["studioCreateMutation.graphql.ts"]

        assert ("} | null, unknown>;" in created) is nullable


@pytest.mark.parametrize(
    ("found", "instead", "complaint"),
    [
        (r'  """Where this page stands."""\n  pageInfo: PageInfo!\n', "", "pageInfo"),
        (r'  """Send it as `after` for the next page."""\n  endCursor: String\n', "", "endCursor"),
        (r"type User implements Node ", "type User ", "refetchable"),
        (r"  cursor: String![^\n]*\n\n  \"\"\"Of the last", '  """Of the last', "cursor"),
    ],
)
async def test_relay_compiler_refuses_a_schema_that_breaks_its_rules(
    project: Project, found: str, instead: str, complaint: str
) -> None:
    broken, count = re.subn(found, instead, SDL.read_text())

    assert count > 0
    with pytest.raises(AssertionError, match=complaint):
        await project.compile(broken)
