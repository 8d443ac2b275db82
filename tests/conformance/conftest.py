"""The public Node clients."""

import os

import pytest

from tests.conformance.node import Node, NoNode, node_with_clients


@pytest.fixture(scope="session")
def node() -> Node:
    """Node with the public clients. Without it the tests are skipped, or fail where CI=true."""
    try:
        return node_with_clients()
    except NoNode as error:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(f"CI must run the public clients, but {error}")
        pytest.skip(f"THE PUBLIC CLIENTS DID NOT RUN: {error}")
