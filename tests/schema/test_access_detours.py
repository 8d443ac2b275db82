"""No way of writing a document gets around the table of who may see what."""

import json
from typing import Any

import pytest

from tests.fakes.server import Json, RunningServer, receive, send
from tests.schema.access.generation import CREATE, wish
from tests.schema.world import SECRET, Who, World, populate

_CREATE = "createGeneration(input: $input) { __typename generation { id prompt } }"
_HEAD = "mutation Try($input: CreateGenerationInput!)"
_YES = "mutation Try($input: CreateGenerationInput!, $yes: Boolean = true)"
_NO = "mutation Try($input: CreateGenerationInput!, $no: Boolean = false)"
COMMANDS = {
    "plain": f"{_HEAD} {{ {_CREATE} }}",
    "alias": f"{_HEAD} {{ engines: {_CREATE} }}",
    "twice": f"{_HEAD} {{ one: {_CREATE} two: {_CREATE} }}",
    "fragment": f"{_HEAD} {{ ...A }} fragment A on Mutation {{ {_CREATE} }}",
    "fragment in a fragment": f"{_HEAD} {{ ...A }} fragment A on Mutation {{ ...B }}"
    f" fragment B on Mutation {{ {_CREATE} }}",
    "inline fragment": f"{_HEAD} {{ ... on Mutation {{ {_CREATE} }} }}",
    "inline fragment without a type": f"{_YES} {{ ... @include(if: $yes) {{ {_CREATE} }} }}",
    "@include": f"{_YES} {{ {_CREATE.replace(') {', ') @include(if: $yes) {', 1)} }}",
    "@skip": f"{_NO} {{ {_CREATE.replace(') {', ') @skip(if: $no) {', 1)} }}",
    "another operation first": f"query Look {{ engines {{ name }} }} {_HEAD} {{ {_CREATE} }}",
    "merged with itself": f"{_HEAD} {{ {_CREATE} ... on Mutation {{ {_CREATE} }} }}",
}
READS = {
    "plain": "query ($id: ID!) { node(id: $id) { id ... on Generation { prompt images { url } } } }",
    "alias": "query ($id: ID!) { viewer: node(id: $id) { name: id ... on Generation { text: prompt } } }",
    "fragment": "query ($id: ID!) { node(id: $id) { ...A } } fragment A on Generation { prompt }",
    "fragment on the interface": "query ($id: ID!) { node(id: $id) { ...A } }"
    " fragment A on Node { id ... on Generation { prompt } }",
    "inline fragment on the interface": "query ($id: ID!) { node(id: $id) "
    "{ ... on Node { ... on Generation { prompt } } } }",
    "@include": "query ($id: ID!, $yes: Boolean = true) { node(id: $id) @include(if: $yes) "
    "{ ... on Generation @include(if: $yes) { prompt @skip(if: false) } } }",
    "list": "query ($id: ID!) { nodes(ids: [$id, $id]) { ... on Generation { prompt } } }",
}
_GENERATIONS = "generations { nodes { id } }"
NESTED = {
    "plain": f"user {{ displayName {_GENERATIONS} }}",
    "alias": f"user {{ displayName role: {_GENERATIONS} }}",
    "fragment": "user { displayName ...A }",
    "inline fragment on the interface": f"user {{ displayName ... on Node {{ ... on User {{ {_GENERATIONS} }} }} }}",
    "@include": "user { displayName ... @include(if: true) { generations @skip(if: false) { nodes { id } } } }",
}


@pytest.fixture
async def world(server: RunningServer) -> World:
    return await populate(server)


def _codes(answer: Json) -> set[str]:
    return {error["extensions"]["code"] for error in answer.get("errors", [])}


async def test_no_document_commands_what_is_denied(world: World) -> None:
    before = await world.contents()
    for name, document in COMMANDS.items():
        answer = await world.ask(Who.NOBODY, document, wish(Who.NOBODY), "Try")

        assert answer["data"], name
        assert set(answer["data"].values()) == {None}, name
        assert _codes(answer) == {"FORBIDDEN"}, name
        assert await world.contents() == before, name


async def test_the_same_documents_are_good_for_whoever_may(world: World) -> None:
    for name, document in COMMANDS.items():
        answer = await world.ask(Who.OTHER, document, wish(Who.OTHER), "Try")

        assert "errors" not in answer, name
        assert {payload["generation"]["prompt"] for payload in answer["data"].values()} == {"of other"}, name


async def test_what_is_left_out_is_neither_denied_nor_done(world: World) -> None:
    before = await world.contents()
    document = COMMANDS["@skip"].replace("$no: Boolean = false", "$no: Boolean = true")

    answer = await world.ask(Who.NOBODY, document, wish(Who.NOBODY))

    assert answer["data"] == {}
    assert await world.contents() == before


async def test_a_denied_command_does_not_ride_with_an_allowed_one(world: World) -> None:
    before = await world.contents()
    credentials = '{email: "author@example.com", password: "correct horse battery"}'
    document = f"{_HEAD} {{ signIn(input: {credentials}) {{ token }} {_CREATE} }}"

    answer = await world.ask(Who.NOBODY, document, wish(Who.NOBODY))

    after = await world.contents()
    assert answer["data"]["signIn"]["token"]
    assert answer["data"]["createGeneration"] is None
    assert {name for name in after if after[name] != before[name]} == {"sessions", "audit_entries", "audit_details"}


async def test_no_document_reads_what_is_somebody_elses(world: World) -> None:
    for name, document in READS.items():
        variables = {"id": world.generation}
        assert SECRET in json.dumps(await world.ask(Who.OWNER, document, variables)), name
        for who in (Who.NOBODY, Who.OTHER):
            text = json.dumps(await world.ask(who, document, variables))

            assert '"data"' in text, name
            assert not [secret for secret in world.private if secret in text], name


async def test_a_narrower_field_of_a_visible_object_is_null(world: World) -> None:
    variables = {"input": {"email": "author@example.com", "password": "correct horse battery"}}
    for name, selection in NESTED.items():
        fragment = f" fragment A on User {{ {_GENERATIONS} }}" if "...A" in selection else ""
        document = f"mutation ($input: SignInInput!) {{ signIn(input: $input) {{ {selection} }} }}{fragment}"

        answer = await world.ask(Who.NOBODY, document, variables)

        user: dict[str, Any] = answer["data"]["signIn"]["user"]
        assert user.pop("displayName") == "Author", name
        assert list(user.values()) == [None], name
        assert [error["path"] for error in answer["errors"]] == [["signIn", "user", *user]], name
        assert _codes(answer) == {"FORBIDDEN"}, name


async def test_a_document_that_was_answered_before_is_checked_again(world: World) -> None:
    variables = wish(Who.OTHER)
    first = await world.ask(Who.OTHER, CREATE, variables)
    before = await world.contents()

    again = await world.ask(Who.NOBODY, CREATE, variables)

    assert first["data"]["createGeneration"]["generation"]
    assert again["data"] == {"createGeneration": None}
    assert _codes(again) == {"FORBIDDEN"}
    assert await world.contents() == before


async def test_a_socket_is_no_detour(world: World) -> None:
    before = await world.contents()
    async with world.server.socket() as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        for name, document in COMMANDS.items():
            payload = {"query": document, "variables": wish(Who.NOBODY), "operationName": "Try"}
            await send(socket, {"id": name, "type": "subscribe", "payload": payload})
            message = await receive(socket)
            assert (message["type"], message["id"]) == ("next", name)
            assert set(message["payload"]["data"].values()) == {None}
            assert _codes(message["payload"]) == {"FORBIDDEN"}
            assert (await receive(socket))["type"] == "complete"

    assert await world.contents() == before
