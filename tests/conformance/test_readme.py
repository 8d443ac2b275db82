"""What the README tells a client developer to write works as it stands."""

import re
from collections.abc import Generator
from pathlib import Path

import pytest

from app.generation.engines.illustration import IllustrationEngine
from app.generation.engines.registry import Engines
from tests.conformance.node import Node
from tests.fakes.server import RunningServer

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def example(language: str) -> str:
    """Return the README's example in a language."""
    found = re.search(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def engines() -> Engines:
    """What a newcomer has."""
    return Engines([IllustrationEngine()])


@pytest.fixture
def script() -> Generator[str, None, None]:
    """The TypeScript example, which is JavaScript as well, beside the packages that it imports."""
    path = HERE / "readme-example.mjs"
    path.write_text(example("ts"))
    yield path.name
    path.unlink()


async def test_the_graphql_example_is_accepted(server: RunningServer) -> None:
    sign_up, create = example("graphql").split("# with the header")
    answer = await server.execute(sign_up)
    token = answer["data"]["signUp"]["token"]

    created = await server.execute("mutation" + create.split("mutation", 1)[1], token=token)

    assert created["data"]["createGeneration"]["errors"] == []


async def test_the_typescript_example_follows_a_generation_to_its_end(
    server: RunningServer, node: Node, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await server.sign_up()
    id = (await server.create(token, width=256, height=256))["generation"]["id"]
    url = server.address.replace("http", "ws") + "/graphql"
    for name, value in {"TOKEN": token, "ID": id, "URL": url}.items():
        monkeypatch.setenv(name, value)

    printed = await node.output(script)

    assert "SNAPSHOT" in printed
    assert "http://images.test/images/" in printed
