"""What operations cost, who pays, and what happens when it is not there."""

import asyncio
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis.asyncio
from structlog.testing import capture_logs

from app.core.config import Settings
from app.embedded import EmbeddedValkey
from app.generation.engines.registry import Engines
from tests.fakes.server import CREATE, FOLLOW, Json, RunningServer, receive, running_server, send
from tests.schema.test_events import EVENTS, events_of
from workers.runner import Runner

NEW = "application/graphql-response+json"
OLD = "application/json"
SIZE, RATE = 300, 0.01
"""So slow that no test sees it come back."""
PAGE = """query ($first: Int! = 20) { gallery(first: $first) {
  pageInfo { hasNextPage endCursor } edges { cursor node { id author { displayName } images { url } } } } }"""
"""A page, and for each entry itself, its author and four images."""
PRICES: list[tuple[str, Json | None, int]] = [
    ("{ __typename }", None, 1),
    ("{ viewer { id email } }", None, 1),
    ("{ __schema { types { name } } }", None, 100),
    ("{ engines { name capabilities { maxSide } retention { source } } }", None, 12 * 3),
    (PAGE, None, 1 + 20 * 6),
    (PAGE, {"first": 3}, 1 + 3 * 6),
    (PAGE, {"first": 0}, 1),
    ("{ gallery { nodes { id } } }", None, 1 + 20),
    ("{ gallery(first: 5) { nodes { id } edges { node { id } } } }", None, 1 + 5 + 5),
    ("{ gallery(first: 5) { nodes { ...a ...b ...a } } } fragment a on GalleryItem { author { id } } "
     "fragment b on GalleryItem { author { displayName } }", None, 1 + 5 * 2),
    ("{ a: viewer { id } b: viewer { id } }", None, 2),
    ('{ node(id: "x") { ... on Generation { images { id } } ... on Profile { gallery(first: 2) { nodes { id } } } } }',
     None, 1 + 4),
    ('{ nodes(ids: ["x", "y", "z"]) { id } }', None, 3),
    ("query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on GalleryItem { images { id } } } }", {"ids": ["x"] * 7},
     7 * 5),
    ('{ nodes(ids: "x") { id ... on GalleryItem { images { id } } } }', None, 5),
    ("{ nodes(ids: 7) { id } }", None, 1),
    ("query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on GalleryItem { images { id } } } }", {"ids": "x"}, 5),
    ('query ($ids: [ID!]! = "x") { nodes(ids: $ids) { id ... on GalleryItem { images { id } } } }', None, 5),
    ("query ($id: ID!) { nodes(ids: [$id, $id]) { id } }", {"id": "x"}, 2),
    ("{ viewer { generations(first: 2) { nodes { id } } } }", None, 1 + 1 + 2),
    ("mutation { signOut(input: {}) { signedOut errors { message } } }", None, 10 + 1),
]  # fmt: skip


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Budgets that are soon spent, and one trusted proxy: this machine."""
    monkeypatch.setenv("ANYPEOPLE_BUDGET_SIZE", str(SIZE))
    monkeypatch.setenv("ANYPEOPLE_BUDGET_RESTORE_RATE", str(RATE))
    monkeypatch.setenv("ANYPEOPLE_BUDGET_TIMEOUT", "20")
    monkeypatch.setenv("ANYPEOPLE_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")
    return environment


def cost(answer: Json) -> Json:
    found: Json = answer["extensions"]["cost"]
    return found


async def ask(
    server: RunningServer, query: str, accept: str = NEW, headers: Mapping[str, str] | None = None, **body: Any
) -> httpx.Response:
    return await server.client.post(
        "/graphql", json={"query": query, **body}, headers={"accept": accept, **(headers or {})}
    )


async def left(server: RunningServer, **headers: str) -> int:
    """Return what is left to somebody; asking costs 1."""
    answer = await ask(
        server, "{ __typename }", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return int(cost(answer.json())["left"])


@pytest.mark.parametrize(("query", "variables", "price"), PRICES)
async def test_what_operations_cost(server: RunningServer, query: str, variables: Json | None, price: int) -> None:
    answer = (await ask(server, query, variables=variables)).json()

    assert cost(answer) == {"requested": price, "size": SIZE, "left": SIZE - price, "restoreRate": RATE}


async def test_a_mutation_that_queues_work_costs_more(server: RunningServer) -> None:
    token = await server.sign_up()
    wish = {"generation": {"prompt": "a person", "width": 64, "height": 64}, "idempotencyKey": "1"}
    answer = await server.execute(CREATE, {"input": wish}, token)

    assert cost(answer)["requested"] == 50 + 1 + 1
    assert answer["data"]["createGeneration"]["errors"] == []


async def test_an_empty_budget_is_throttled_until_it_is_restored(server: RunningServer) -> None:
    first = await ask(server, PAGE, variables={"first": 45})
    second = await ask(server, PAGE)
    third = await ask(server, PAGE, OLD)

    assert (first.status_code, cost(first.json())["left"]) == (200, SIZE - 271)
    assert (second.status_code, third.status_code) == (429, 200)
    for answer in (second, third):
        [error] = answer.json()["errors"]
        assert set(answer.json()) == {"errors", "extensions"}
        assert error["extensions"]["code"] == "THROTTLED"
        assert error["extensions"]["retryAfterSeconds"] in range(9_000, 9_201)
        assert answer.headers["retry-after"] == str(error["extensions"]["retryAfterSeconds"])
        assert "send it again in" in error["message"]
        assert cost(answer.json())["requested"] == 121
        assert cost(answer.json())["left"] == 29


async def test_what_nobody_can_ever_pay_has_an_error_of_its_own(server: RunningServer) -> None:
    answer = await ask(server, PAGE, variables={"first": 100})

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]) == (400, {"code": "QUERY_TOO_COSTLY"})
    assert "601" in error["message"]
    assert cost(answer.json()) == {"requested": 601, "size": SIZE, "left": SIZE, "restoreRate": RATE}


@pytest.mark.parametrize("query", ["{", "{ nobody }", "{ a b c }", "query A { __typename } query B { __typename }"])
async def test_what_is_refused_for_its_form_costs_nothing(server: RunningServer, query: str) -> None:
    answer = await ask(server, query)

    assert set(answer.json()) == {"errors"}
    assert await left(server) == SIZE - 1


async def test_everybody_has_a_budget_of_their_own(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    before = await left(server)

    assert await left(server, authorization=f"Bearer {ada}") == SIZE - 1
    assert await left(server, authorization=f"Bearer {ada}") == SIZE - 2
    assert await left(server, authorization=f"Bearer {eve}") == SIZE - 1
    assert await left(server) == before - 1


async def test_who_is_not_signed_in_shares_the_budget_of_their_network(server: RunningServer) -> None:
    async def of(address: str) -> int:
        return await left(server, x_forwarded_for=address)

    assert await of("203.0.113.7") == SIZE - 1
    assert await of("203.0.113.200") == SIZE - 2
    assert await of("203.0.114.7") == SIZE - 1
    assert await of("2001:db8:1:2::1") == SIZE - 1
    assert await of("2001:db8:1:ffff::9") == SIZE - 2
    assert await of("2001:db8:2::1") == SIZE - 1
    assert await of("::ffff:203.0.113.9") == SIZE - 3
    # Who adds addresses in front does not leave their network: what the trusted proxies say counts, from the right.
    assert await of("198.51.100.1, 203.0.113.9, 10.1.2.3") == SIZE - 4


async def test_a_stranger_cannot_name_another_address(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, engines: Engines, runner: Runner
) -> None:
    monkeypatch.setenv("ANYPEOPLE_TRUSTED_PROXIES", "")
    async with running_server(Settings.load(), engines, runner) as server:
        assert await left(server, x_forwarded_for="203.0.113.7") == SIZE - 1
        assert await left(server, x_forwarded_for="198.51.100.7") == SIZE - 2


async def test_valkey_holds_neither_addresses_nor_ids_and_forgets(server: RunningServer, valkey_url: str) -> None:
    token = await server.sign_up()
    await left(server, authorization=f"Bearer {token}")
    await left(server)
    async with redis.asyncio.Redis.from_url(valkey_url) as client:
        keys = [key async for key in client.scan_iter("anypeople:budget:*")]
        lifetimes = [await client.pttl(key) for key in keys]
        values = [await client.get(key) for key in keys]

    assert len(keys) == 2
    assert all(len(key) == len("anypeople:budget:") + 64 for key in keys)
    assert all(0 < lifetime <= SIZE / RATE * 1000 for lifetime in lifetimes)
    assert b"127.0" not in b"".join([*keys, *values])


async def test_a_socket_is_told_and_stays_open(server: RunningServer) -> None:
    async with server.socket() as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        for id, first in (("1", 100), ("2", 45), ("3", 45)):
            await send(
                socket, {"type": "subscribe", "id": id, "payload": {"query": PAGE, "variables": {"first": first}}}
            )
        messages = [await receive(socket) for _ in range(4)]
        await send(socket, {"type": "subscribe", "id": "4", "payload": {"query": "{ __typename }"}})
        last = await receive(socket)

    errors = {message["id"]: message["payload"][0]["extensions"] for message in messages if message["type"] == "error"}
    assert errors["1"] == {"code": "QUERY_TOO_COSTLY"}
    [throttled] = [extensions for id, extensions in errors.items() if id != "1"]
    assert throttled["code"] == "THROTTLED"
    assert throttled["retryAfterSeconds"] > 0
    assert cost(last["payload"])["requested"] == 1


async def test_a_subscription_is_charged_once_and_says_so_once(server: RunningServer) -> None:
    token = await server.sign_up()
    id = (await server.create(token))["generation"]["id"]
    before = await left(server, authorization=f"Bearer {token}")
    answer = await server.client.post(
        "/graphql",
        json={"query": FOLLOW, "variables": {"id": id}},
        headers={**EVENTS, "authorization": f"Bearer {token}"},
    )
    events = [event.data for event in events_of(answer.text) if event.name == "next"]
    after = await left(server, authorization=f"Bearer {token}")

    assert len(events) > 2
    assert [("extensions" in event) for event in events] == [True] + [False] * (len(events) - 1)
    assert cost(events[0])["requested"] == 10 + 1 + 1 + 4
    assert before - after == 16 + 1


async def test_a_throttled_stream_says_so(server: RunningServer) -> None:
    await ask(server, PAGE, variables={"first": 45})
    answer = await server.client.post("/graphql", json={"query": PAGE}, headers=EVENTS)
    event, complete = events_of(answer.text)

    assert event.data["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert cost(event.data)["requested"] == 121
    assert complete.name == "complete"


async def test_parallel_requests_cannot_spend_the_same_twice(server: RunningServer) -> None:
    answers = await asyncio.gather(*(ask(server, PAGE, variables={"first": 10}) for _ in range(20)))

    granted = [answer for answer in answers if answer.status_code == 200]
    assert len(granted) == SIZE // 61


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey to take away."""
    with EmbeddedValkey(tmp_path / "own") as valkey:
        yield valkey


@pytest.mark.parametrize("gone", [signal.SIGSTOP, signal.SIGKILL])
async def test_while_valkey_is_away_or_slow_each_process_counts_by_itself(
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    own_valkey: EmbeddedValkey,
    engines: Engines,
    runner: Runner,
    gone: signal.Signals,
) -> None:
    monkeypatch.setenv("VALKEY_URL", own_valkey.url)
    monkeypatch.setenv("ANYPEOPLE_BUDGET_TIMEOUT", "1")
    with capture_logs() as logs:
        async with running_server(Settings.load(), engines, runner) as server:
            assert await left(server) == SIZE - 1
            os.kill(own_valkey.pid, gone)
            statuses = [(await ask(server, PAGE, variables={"first": 40})).status_code for _ in range(4)]
            os.kill(own_valkey.pid, signal.SIGCONT)

    assert statuses == [200, 429, 429, 429]
    assert [entry["event"] for entry in logs if entry["event"].startswith("budgets.")] == ["budgets.valkey_away"]
