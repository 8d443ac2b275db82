"""What is sent to hurt or by mistake: each gets its own clear error, on every transport, and nothing is executed.

Pictures that are sent to hurt: `tests/media`. Tokens, origins, methods in detail: `test_http.py`, `test_websocket.py`.
"""

import json
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.core.db import execute, fetch
from schema.extensions.limits import MAX_ALIASES, MAX_DEPTH, MAX_DIRECTIVES, MAX_ENTRIES, MAX_FIELDS
from tests.fakes.server import CREATE, FOLLOW, Json, RunningServer, receive, send
from tests.schema.test_events import EVENTS, events_of

NEW = "application/graphql-response+json"
OLD = "application/json"
MUTATION = 'cancelGeneration(input: {id: "x"}) { errors { message } }'
WISH = {"input": {"generation": {"prompt": "a person", "width": 64, "height": 64}, "idempotencyKey": "1"}}
EFFECTS = ("generations", "jobs", "feed_entries", "idempotency_keys")


def nested(depth: int) -> str:
    """Return a selection that deep; every third field is a connection, as who asks in earnest would write it."""
    names = ["gallery", "nodes", "author"]
    fields = [names[level % 3] for level in range(depth - 1)]
    return "{".join([*fields, "__typename"]) + "}" * (depth - 1)


def fragments(count: int, field: str) -> str:
    """Return fragments each of which spreads the next one twice."""
    chain = (f"fragment f{i} on Query {{ {field} ...f{i + 1} ...f{i + 1} }}" for i in range(count))
    return " ".join([*chain, f"fragment f{count} on Query {{ __typename }}"])


HOSTILE: dict[str, tuple[str, str, str]] = {
    "10,000 tokens": (
        "mutation { " + MUTATION.replace("message", "message " * 10_000) + " }",
        "TOO_MANY_TOKENS",
        "The document has more than 5000 tokens: ask for less, or in several requests.",
    ),
    "many comments": (
        "#\n" * 10_000 + f"mutation {{ {MUTATION} }}",
        "TOO_MANY_TOKENS",
        "The document has more than 5000 tokens: ask for less, or in several requests.",
    ),
    "a million characters": (
        f"mutation {{ {MUTATION} }} #{'x' * 1_000_000}",
        "QUERY_TOO_LONG",
        "The document has more than 100000 characters: send values as variables.",
    ),
    "200 aliases": (
        "mutation { " + " ".join(f"a{i}: {MUTATION}" for i in range(200)) + " }",
        "TOO_MANY_ALIASES",
        "There are more than 100 aliases: use variables and lists, or several requests.",
    ),
    "200 aliases, by fragments": (
        "mutation { " + " ".join(f"...f{i}" for i in range(2)) + " } "
        + " ".join(
            f"fragment f{i} on Mutation {{ " + " ".join(f"a{i}b{j}: {MUTATION}" for j in range(100)) + " }"
            for i in range(2)
        ),
        "TOO_MANY_ALIASES",
        "There are more than 100 aliases: use variables and lists, or several requests.",
    ),
    "2^40 aliases, by 40 fragments": (
        "query { ...f0 } " + fragments(40, "a: __typename"),
        "TOO_MANY_ALIASES",
        "There are more than 100 aliases: use variables and lists, or several requests.",
    ),
    "2^40 fields, by 40 fragments": (
        "query { ...f0 } " + fragments(40, "__typename"),
        "TOO_MANY_FIELDS",
        "More than 500 fields are selected: ask for less, or in several requests.",
    ),
    "the same field again and again": (
        "query { " + "__typename " * (MAX_FIELDS + 1) + "}",
        "TOO_MANY_FIELDS",
        "More than 500 fields are selected: ask for less, or in several requests.",
    ),
    "depth 40": (
        f"query {{ {nested(40)} }}",
        "QUERY_TOO_DEEP",
        "Fields are nested more than 20 deep: ask for the inner objects by `node(id:)`.",
    ),
    "depth 37, by fragments": (
        "query { ...f } "
        + f"fragment f on Query {{ {nested(19).replace('__typename', '...g')} }} "
        + f"fragment g on Profile {{ {nested(19)} }}",
        "QUERY_TOO_DEEP",
        "Fields are nested more than 20 deep: ask for the inner objects by `node(id:)`.",
    ),
    "depth 1,000": (
        "query " + "{ gallery" * 1_000 + " }" * 1_000,
        "QUERY_TOO_DEEP",
        "Fields are nested more than 20 deep: ask for the inner objects by `node(id:)`.",
    ),
    "inline fragments without end": (
        "query { " + "... { " * 150 + "__typename" + " }" * 150 + " }",
        "QUERY_TOO_DEEP",
        "Fields are nested more than 20 deep: ask for the inner objects by `node(id:)`.",
    ),
    "fragments that spread each other": (
        "query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        "GRAPHQL_VALIDATION_FAILED",
        "Cannot spread fragment 'a' within itself via 'b'.",
    ),
    "directives without end": (
        f"mutation {{ {MUTATION} }}".replace(") {", ")" + " @include(if: true)" * (MAX_DIRECTIVES + 1) + " {"),
        "TOO_MANY_DIRECTIVES",
        "There are more than 10 directives in one place: leave some out.",
    ),
    "a name that a hundred faults would quote": (
        " ".join(f"query q{i} {{ ...f }}" for i in range(100))
        + f" fragment f on Query {{ node(id: ${'v' * 30_000}) {{ id }} }}",
        "NAME_TOO_LONG",
        "A name has more than 200 characters: shorten it.",
    ),
    "a list of 101": (
        "query { nodes(ids: [" + '"x" ' * (MAX_ENTRIES + 1) + "]) { id } }",
        "LIST_TOO_LONG",
        "A list or an object has more than 100 entries: send the rest in another request.",
    ),
    "an object of 101": (
        "query { quoteGeneration(input: {" + " ".join(f"a{i}: 1" for i in range(101)) + "}) { eligible } }",
        "LIST_TOO_LONG",
        "A list or an object has more than 100 entries: send the rest in another request.",
    ),
    "introspection without end": (
        "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
        "GRAPHQL_VALIDATION_FAILED",
        "Maximum introspection depth exceeded",
    ),
    "pages of pages": (
        "{ gallery(first: 100) { nodes { author { gallery(first: 100) { nodes { id } } } } } }",
        "QUERY_TOO_COSTLY",
        "This operation costs 10301 and can never be executed: nobody has more than 10000. Ask for less of it.",
    ),
}  # fmt: skip


async def effects() -> dict[str, int]:
    """Return how many rows there are of what a command leaves behind."""
    return {table: (await fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in EFFECTS}


def errors_of(answer: httpx.Response) -> list[Json]:
    """Return the errors, of an answer that has no data."""
    body = answer.json()
    assert set(body) - {"extensions"} == {"errors"}
    errors: list[Json] = body["errors"]
    return errors


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_document_gets_its_error_on_every_transport(server: RunningServer, name: str) -> None:
    document, code, message = HOSTILE[name]
    token = await server.sign_up()
    before = await effects()
    headers = {"authorization": f"Bearer {token}"}
    new, old, stream = [
        await server.client.post("/graphql", json={"query": document}, headers={**headers, "accept": accept})
        for accept in (NEW, OLD, EVENTS["accept"])
    ]
    async with server.socket(token) as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        await send(socket, {"type": "subscribe", "id": "1", "payload": {"query": document}})
        over_socket = await receive(socket)
        await send(socket, {"type": "subscribe", "id": "2", "payload": {"query": "{ __typename }"}})
        assert (await receive(socket))["payload"]["data"] == {"__typename": "Query"}
    streamed = events_of(stream.text)[0].data

    assert (new.status_code, old.status_code) == (400, 200)
    assert over_socket["type"] == "error"
    assert streamed.get("data") is None
    for errors in (errors_of(new), errors_of(old), streamed["errors"], over_socket["payload"]):
        assert [(error["extensions"]["code"], error["message"]) for error in errors] == [(code, message)]
    assert await effects() == before


async def test_what_is_just_within_the_limits_is_executed(server: RunningServer) -> None:
    for document in (
        "{ " + " ".join(f"a{i}: __typename" for i in range(MAX_ALIASES)) + " }",
        "{ " + "__typename " * MAX_FIELDS + "}",
        "{ __schema { types { " + "ofType { " * (MAX_DEPTH - 3) + "name" + " }" * (MAX_DEPTH - 3) + " } } }",
        "{ nodes(ids: [" + '"x" ' * MAX_ENTRIES + "]) { id } }",
        get_introspection_query(schema_description=True, specified_by_url=True, input_value_deprecation=True),
    ):
        answer = await server.execute(document)
        assert "errors" not in answer, answer["errors"][0]["message"]


@pytest.mark.parametrize("value", [["x"] * 101, [["x"] * 101], {str(i): i for i in range(101)}])
async def test_a_long_list_among_the_variables_is_refused(server: RunningServer, value: Any) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await server.client.post("/graphql", json={"query": query, "variables": {"ids": value}})

    assert [error["extensions"]["code"] for error in errors_of(answer)] == ["LIST_TOO_LONG"]


async def test_a_page_of_more_than_100_is_refused(server: RunningServer) -> None:
    given = "query ($n: Int!) { gallery(first: $n) { nodes { id } } }"
    for query, variables in (("{ gallery(first: 101) { nodes { id } } }", None), (given, {"n": 1_000_000})):
        [error] = (await server.execute(query, variables))["errors"]
        assert (error["extensions"]["code"], error["message"]) == ("BAD_USER_INPUT", "`first` is 0 to 100.")


async def test_a_hostile_request_gets_its_error_and_does_nothing(server: RunningServer) -> None:
    token, expired = await server.sign_up("ada"), await server.sign_up("eve")
    await execute(
        "UPDATE sessions SET expires_at = now() - interval '1 second' FROM users WHERE users.id = user_id "
        "AND email = 'eve@example.com'"
    )
    before = await effects()
    body = {"query": CREATE, "variables": WISH}
    variables = json.dumps(WISH)
    mine, old = {"authorization": f"Bearer {token}"}, {"authorization": f"Bearer {expired}"}
    requests: list[tuple[int, str, str, Json]] = [
        (413, "PAYLOAD_TOO_LARGE", "bytes: send a smaller request",
         {"method": "POST", "json": {**body, "extensions": {"x": "x" * 40_000_000}}, "headers": mine}),
        (400, "BATCHING_NOT_SUPPORTED", "send one operation for each request",
         {"method": "POST", "json": [body, body], "headers": mine}),
        (401, "UNAUTHENTICATED", "sign in again", {"method": "POST", "json": body, "headers": old}),
        (405, "METHOD_NOT_ALLOWED", "Send mutations by POST",
         {"method": "GET", "params": {"query": CREATE, "variables": variables}, "headers": mine}),
        (400, "SUBSCRIPTION_NEEDS_WEBSOCKET", "WebSocket",
         {"method": "POST", "json": {"query": FOLLOW, "variables": {"id": "x"}}, "headers": mine}),
    ]  # fmt: skip
    for status, code, message, request in requests:
        for accept in (NEW, OLD):
            sent = {**request, "headers": {**request["headers"], "accept": accept}}
            answer = await server.client.request(url="/graphql", **sent)
            [error] = errors_of(answer)
            assert (answer.status_code, error["extensions"]["code"]) == (status, code)
            assert message in error["message"]
    assert await effects() == before


async def test_a_foreign_origin_gets_no_socket_and_no_leave_to_read(server: RunningServer) -> None:
    foreign = "https://evil.example"
    preflight = await server.client.options(
        "/graphql", headers={"origin": foreign, "access-control-request-method": "POST"}
    )
    with pytest.raises(InvalidStatus) as refused:
        async with connect(
            server.address.replace("http", "ws") + "/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            origin=Origin(foreign),
            proxy=None,
        ):
            pass

    assert (preflight.status_code, preflight.text) == (400, "Disallowed CORS origin")
    assert "access-control-allow-origin" not in preflight.headers
    assert refused.value.response.status_code == 403


async def test_an_operation_that_is_not_there_is_said_to_be_missing_on_every_transport(server: RunningServer) -> None:
    payload = {"query": "query A { __typename }", "operationName": "B"}
    plain = await server.client.post("/graphql", json=payload)
    stream = await server.client.post("/graphql", json=payload, headers=EVENTS)
    async with server.socket() as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        await send(socket, {"type": "subscribe", "id": "1", "payload": payload})
        over_socket = await receive(socket)

    for errors in (errors_of(plain), events_of(stream.text)[0].data["errors"], over_socket["payload"]):
        [error] = errors
        assert error["extensions"] == {"code": "OPERATION_RESOLUTION_FAILURE"}
        assert error["message"] == 'Unknown operation named "B".'
