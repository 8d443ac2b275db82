"""GraphQL over HTTP, as the public audit suite of npm `graphql-http` sees it."""

import json
import sys

import pytest

from tests.conformance.node import Node
from tests.fakes.server import RunningServer

AUDITS = 61


async def test_every_audit_of_graphql_http_is_ok(
    server: RunningServer, node: Node, capsys: pytest.CaptureFixture[str]
) -> None:
    results = json.loads(await node.output("audit.mjs", f"{server.address}/graphql"))

    passed = [result for result in results if result["status"] == "ok"]
    failed = [f"{result['id']} {result['name']}: {result}" for result in results if result["status"] != "ok"]
    with capsys.disabled():  # stderr: a worker of pytest-xdist has no other way to the terminal
        print(f"\nGraphQL over HTTP: {len(passed)}/{len(results)} audits ok", file=sys.stderr)
    assert failed == []
    assert len(passed) == AUDITS
