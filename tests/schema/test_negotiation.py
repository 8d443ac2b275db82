"""Which media type an answer gets."""

import pytest

from schema.transport.negotiation import GRAPHQL_RESPONSE, JSON, media_type_for


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        ("application/graphql-response+json", GRAPHQL_RESPONSE),
        ("application/graphql-response+json; charset=utf-8", GRAPHQL_RESPONSE),
        ("application/json, application/graphql-response+json", GRAPHQL_RESPONSE),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_RESPONSE),
        ("application/graphql-response+json;q=0.8, application/json;q=0.9", JSON),
        ("application/graphql-response+json, */*", GRAPHQL_RESPONSE),
        ("application/graphql-response+json;q=0.5, */*", JSON),
        ("application/graphql-response+json;q=0, */*", JSON),
        ("application/json;q=0, */*", GRAPHQL_RESPONSE),
        ("application/json, */*;q=0.5", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("application/json;q=lots, application/graphql-response+json;q=0.1", GRAPHQL_RESPONSE),
        ("text/html", None),
        ("image/png", None),
        ("application/json;q=0", None),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, expected: str | None) -> None:
    assert media_type_for([] if accept is None else [accept]) == expected


def test_an_accept_header_may_come_in_several_lines() -> None:
    assert media_type_for(["text/html", GRAPHQL_RESPONSE]) == GRAPHQL_RESPONSE
