"""The public Node clients."""

from pathlib import Path

import pytest

from tests.conformance.missing import skip_or_fail
from tests.conformance.node import Node, NoNode, node_for


@pytest.fixture(scope="session")
def node(pytestconfig: pytest.Config) -> Node:
    """Node with the public clients."""
    try:
        return node_for(Path(__file__).parent)
    except NoNode as error:
        skip_or_fail(pytestconfig, "the public clients", str(error))
