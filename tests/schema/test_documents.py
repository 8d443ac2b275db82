"""What is known of documents is bounded, and right."""

import pytest
from graphql import GraphQLError

from app.core.networks import UNKNOWN, network_of
from schema.executable import build
from schema.extensions.documents import KnownDocuments

SCHEMA = build()._schema


def test_a_known_document_is_read_once() -> None:
    known = KnownDocuments()

    assert known.get(SCHEMA, "{ __typename }") is known.get(SCHEMA, "{ __typename }")
    assert len(known) == 1


def test_what_is_known_is_bounded_by_number_and_by_size() -> None:
    few, small = KnownDocuments(documents=3), KnownDocuments(characters=1_000)
    first = few.get(SCHEMA, "{ a0: __typename }")
    for number in range(1, 4):
        few.get(SCHEMA, f"{{ a{number}: __typename }}")
        few.get(SCHEMA, "{ a1: __typename }")
    for number in range(20):
        small.get(SCHEMA, "{ __typename }" + "#" * 99 + str(number))

    assert len(few) == 3
    assert few.get(SCHEMA, "{ a0: __typename }") is not first
    assert len(small) == 8
    small.get(SCHEMA, "{ __typename }" + "#" * 2_000)
    assert len(small) == 0


def test_what_is_known_is_bounded_by_tokens_which_take_more_memory_than_long_words() -> None:
    known = KnownDocuments(tokens=100)
    for number in range(20):
        known.get(SCHEMA, "{" + "a " * 20 + f"b{number} }}")

    assert len(known) == 4


def test_what_cannot_be_read_is_not_known() -> None:
    known = KnownDocuments()
    with pytest.raises(GraphQLError):
        known.get(SCHEMA, "{")

    assert len(known) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("testclient", UNKNOWN),
        ("", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_only_the_network_of_an_address_is_kept(address: str | None, network: str) -> None:
    assert network_of(address) == network
