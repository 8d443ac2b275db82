"""GraphQL over HTTP: what is answered, in which form, with which status."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from app.core.db import execute
from tests.fakes.server import CREATE, FOLLOW, SIGN_UP, RunningServer

NEW = "application/graphql-response+json"
OLD = "application/json"
TYPENAME = {"query": "{ __typename }"}


async def ask(server: RunningServer, accept: str, **body: Any) -> httpx.Response:
    return await server.client.post("/graphql", json=body, headers={"accept": accept})


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code, of an answer that must be one error in GraphQL's shape, perhaps with what it cost."""
    assert answer.headers["content-type"].split(";")[0] in {NEW, OLD}
    body = answer.json()
    assert set(body) - {"extensions"} == {"errors"}
    assert len(body["errors"]) == 1
    assert body["errors"][0]["message"]
    return answer.status_code, body["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize(("accept", "expected"), [(NEW, NEW), (OLD, OLD), ("*/*", OLD), (f"{NEW};q=0.1,{OLD}", OLD)])
async def test_an_answer_has_the_type_that_was_asked_for(server: RunningServer, accept: str, expected: str) -> None:
    answer = await ask(server, accept, **TYPENAME)

    assert answer.json()["data"] == {"__typename": "Query"}
    assert answer.headers["content-type"] == f"{expected}; charset=utf-8"
    assert "accept" in answer.headers["vary"]
    assert answer.headers["cache-control"] == "no-store"


async def test_no_accept_header_means_json(server: RunningServer) -> None:
    request = server.client.build_request("POST", "/graphql", json=TYPENAME)
    del request.headers["accept"]

    answer = await server.client.send(request)

    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{OLD}; charset=utf-8")


async def test_a_client_that_wants_no_json_is_refused_before_anything_happens(server: RunningServer) -> None:
    account = {"email": "ada@example.com", "password": "correct horse battery", "displayName": "Ada", "adult": True}
    for accept in ("text/html", "image/png"):
        variables = {"input": {**account, "policyVersion": "1"}}
        assert refusal(await ask(server, accept, query=SIGN_UP, variables=variables)) == (406, "NOT_ACCEPTABLE")
    assert await server.sign_up("ada")


NOT_EXECUTED: list[tuple[dict[str, Any], str, str]] = [
    ({"query": "{"}, "GRAPHQL_VALIDATION_FAILED", "Syntax Error: Expected Name, found <EOF>."),
    (
        {"query": "{ nobody }"},
        "GRAPHQL_VALIDATION_FAILED",
        "Cannot query field 'nobody' on type 'Query'. Did you mean 'node'?",
    ),
    (
        {"query": "query A { __typename }", "operationName": "B"},
        "OPERATION_RESOLUTION_FAILURE",
        'Unknown operation named "B".',
    ),
    (
        {"query": "query A { __typename } query B { __typename }"},
        "OPERATION_RESOLUTION_FAILURE",
        "This document has several operations: say which one to run in `operationName`.",
    ),
    (
        {"query": "query ($id: ID!) { node(id: $id) { id } }", "variables": {"id": None}},
        "GRAPHQL_VALIDATION_FAILED",
        "Variable '$id' has invalid value: Expected value of non-null type 'ID!' not to be None.",
    ),
]


@pytest.mark.parametrize(("body", "code", "message"), NOT_EXECUTED)
async def test_what_is_not_executed_says_why(
    server: RunningServer, body: dict[str, Any], code: str, message: str
) -> None:
    new, old = await ask(server, NEW, **body), await ask(server, OLD, **body)

    assert refusal(new) == (400, code)
    assert refusal(old) == (200, code)
    assert new.json()["errors"][0]["message"] == old.json()["errors"][0]["message"] == message


@pytest.mark.parametrize(
    ("content", "headers", "expected"),
    [
        (b"{", {}, (400, "BAD_REQUEST")),
        (b"", {}, (400, "BAD_REQUEST")),
        (b'{"query": "\xff"}', {}, (400, "BAD_REQUEST")),
        (b"null", {}, (400, "BAD_REQUEST")),
        (b'"{ __typename }"', {}, (400, "BAD_REQUEST")),
        (b"[" * 100_000, {}, (400, "BAD_REQUEST")),
        (b'[{"query": "{ __typename }"}]', {}, (400, "BATCHING_NOT_SUPPORTED")),
        (b"{}", {}, (400, "BAD_REQUEST")),
        (b'{"query": ""}', {}, (400, "BAD_REQUEST")),
        (b'{"query": 1}', {}, (400, "BAD_REQUEST")),
        (b'{"query": "{ __typename }", "variables": []}', {}, (400, "BAD_REQUEST")),
        (b'{"query": "{ __typename }", "operationName": 1}', {}, (400, "BAD_REQUEST")),
        (b'{"query": "{ __typename }", "extensions": "x"}', {}, (400, "BAD_REQUEST")),
        (b'{"query": "{ __typename }"}', {"content-type": "text/plain"}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        (b'{"query": "{ __typename }"}', {"content-type": ""}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        (b"{}", {"content-type": "application/json; charset=utf-16"}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        (b"x=1", {"content-type": "multipart/form-data; boundary=x"}, (415, "UNSUPPORTED_MEDIA_TYPE")),
    ],
)
async def test_what_is_no_request_is_refused(
    server: RunningServer, content: bytes, headers: Mapping[str, str], expected: tuple[int, str]
) -> None:
    for accept in (NEW, OLD):
        sent = {"content-type": OLD, "accept": accept, **headers}
        assert refusal(await server.client.post("/graphql", content=content, headers=sent)) == expected


async def test_a_body_over_the_limit_is_refused(server: RunningServer) -> None:
    answer = await ask(server, NEW, **TYPENAME, variables={"unused": " " * 1_048_576})

    assert refusal(answer) == (413, "PAYLOAD_TOO_LARGE")
    assert (await ask(server, NEW, **TYPENAME, variables={"unused": " " * 1_000_000})).status_code == 200


async def test_queries_may_come_by_get(server: RunningServer) -> None:
    query = "query A($id: ID!) { node(id: $id) { id } } query B { __typename }"
    parameters = {"query": query, "operationName": "A", "variables": '{"id": "x"}', "extensions": ""}

    answer = await server.client.get("/graphql", params=parameters)

    assert (answer.status_code, answer.json()["data"]) == (200, {"node": None})
    assert refusal(await server.client.get("/graphql")) == (400, "BAD_REQUEST")
    broken = {**parameters, "variables": "{"}
    assert refusal(await server.client.get("/graphql", params=broken)) == (400, "BAD_REQUEST")


async def test_a_mutation_by_get_is_refused(server: RunningServer) -> None:
    answer = await server.client.get("/graphql", params={"query": "mutation { signOut(input: {}) { signedOut } }"})

    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"


async def test_other_methods_are_refused(server: RunningServer) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = await server.client.request(method, "/graphql")
        assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == "GET, POST"


async def test_a_subscription_over_http_is_told_where_to_go(server: RunningServer) -> None:
    token = await server.sign_up()
    body = {"query": FOLLOW, "variables": {"id": "x"}}
    by_post = await server.client.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})
    by_get = await server.client.get("/graphql", params={"query": FOLLOW})

    for answer in (by_post, by_get):
        assert refusal(answer) == (400, "SUBSCRIPTION_NEEDS_WEBSOCKET")
        assert "WebSocket" in answer.text
        assert "graphql-transport-ws" in answer.text


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer nonsense", "Bearer anyp_s_nonsense", "Basic YTpi"])
async def test_a_token_that_is_worth_nothing_is_refused(server: RunningServer, authorization: str) -> None:
    answer = await server.client.post("/graphql", json=TYPENAME, headers={"authorization": authorization})

    assert refusal(answer) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_an_expired_and_an_ended_session_are_refused(server: RunningServer) -> None:
    expired, ended = await server.sign_up("ada"), await server.sign_up("eve")
    assert (await server.data("mutation { signOut(input: {}) { signedOut } }", token=ended))["signOut"] == {
        "signedOut": True
    }
    await execute("UPDATE sessions SET expires_at = now() - interval '1 second'")

    for token in (expired, ended):
        assert refusal(await server.post("{ __typename }", token=token)) == (401, "UNAUTHENTICATED")


async def test_a_denied_field_is_an_error_of_an_executed_request(server: RunningServer) -> None:
    body = {"generation": {"prompt": "a person"}, "idempotencyKey": "1"}
    answer = await ask(server, NEW, query=CREATE, variables={"input": body})

    assert answer.status_code == 200
    assert answer.json()["data"] == {"createGeneration": None}
    [error] = answer.json()["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", ["createGeneration"])


async def test_an_unexpected_exception_in_a_resolver_is_masked(server: RunningServer) -> None:
    token = await server.sign_up()
    await execute("ALTER TABLE users DROP COLUMN display_name")

    answer = await server.post("{ viewer { displayName } }", token=token)

    [error] = answer.json()["errors"]
    assert answer.status_code == 200
    assert error["extensions"] == {
        "code": "INTERNAL_SERVER_ERROR",
        "requestId": answer.headers["x-request-id"],
    }
    assert "display_name" not in answer.text


async def test_an_unexpected_exception_before_the_resolvers_is_masked_too(server: RunningServer) -> None:
    token = await server.sign_up()
    await execute("DROP TABLE sessions CASCADE")

    answer = await server.post("{ __typename }", token=token)

    assert refusal(answer) == (500, "INTERNAL_SERVER_ERROR")
    assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]
    assert "sessions" not in answer.text


async def test_a_document_nested_without_end_is_refused_without_a_word_of_our_insides(server: RunningServer) -> None:
    answer = await ask(server, NEW, query="{ viewer " * 20_000)

    assert refusal(answer)[0] >= 400
    assert "recursion" not in answer.text


async def test_a_request_id_is_given_back_or_made(server: RunningServer) -> None:
    given = await server.client.post("/graphql", json=TYPENAME, headers={"x-request-id": "from-a-proxy-1"})
    odd = await server.client.post("/graphql", json=TYPENAME, headers={"x-request-id": "no <id>"})

    assert given.headers["x-request-id"] == "from-a-proxy-1"
    assert len(odd.headers["x-request-id"]) == 32


async def test_pages_of_this_machine_may_call_it_in_development(server: RunningServer) -> None:
    wish = {"access-control-request-method": "POST", "access-control-request-headers": "authorization, content-type"}
    preflight = await server.client.options("/graphql", headers={"origin": "http://localhost:5173", **wish})
    foreign = await server.client.options("/graphql", headers={"origin": "https://evil.example", **wish})
    call = await server.client.post("/graphql", json=TYPENAME, headers={"origin": "http://localhost:5173"})

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-origin" not in foreign.headers
    assert call.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert call.headers["access-control-expose-headers"] == "x-request-id, retry-after"
    assert set(call.headers["vary"].lower().replace(" ", "").split(",")) >= {"accept", "authorization", "origin"}
