"""A browser: npm's Chromium for servers, or the one that CHROMIUM names."""

import asyncio
from pathlib import Path

import pytest

from tests.conformance.missing import skip_or_fail
from tests.conformance.node import Node, NoNode, node_for


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Node:
    """Node that can start a browser."""
    try:
        node = node_for(Path(__file__).parent)
        asyncio.run(node.output("start.mjs"))
    except (NoNode, AssertionError) as error:
        skip_or_fail(pytestconfig, "the tests in a browser", str(error).splitlines()[0])
    return node
