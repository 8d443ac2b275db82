"""Who gets what, at the real server: every field, every kind of viewer, and that a denial changes nothing."""

from dataclasses import replace

import pytest

from app.core.viewer import Role, Scope
from app.policy.texts import DocumentKind
from schema.access import ACCESS
from tests.architecture.checks.access import coordinates, unwalked
from tests.fakes.server import RunningServer, authorization, receive, send
from tests.fakes.shelf import Shelf
from tests.schema.access import (
    accounts,
    analytics,
    clients,
    consents,
    generation,
    legal_disclosures,
    media,
    nodes,
    policy,
    privacy,
    registers,
    signing,
    staff,
    support,
    training,
)
from tests.schema.access.generation import CREATE, wish
from tests.schema.access.matrix import FILE, differences, disagreements, read, unreached, written
from tests.schema.access.walk import SCHEMA, WATCHED, Walk
from tests.schema.belongings import NEWER_TERMS, NEXT_POLICY
from tests.schema.world import BANNED, Who, World, populate

CASES = (
    *signing.CASES,
    *accounts.CASES,
    *staff.CASES,
    *clients.CASES,
    *nodes.CASES,
    *generation.CASES,
    *media.CASES,
    *registers.CASES,
    *policy.CASES,
    *consents.CASES,
    *support.CASES,
    *legal_disclosures.CASES,
    *privacy.CASES,
    *training.CASES,
    *analytics.CASES,
)
FIELDS = list(coordinates(SCHEMA))
FORGOTTEN = f"""mutation {{ requestPasswordReset(input: {{email: "{BANNED}"}}) {{ mailed }} }}"""
WATCH = "subscription ($id: ID!) { generationProgress(id: $id) { type cursor generation { prompt } } }"


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service that lets one client ask for as much as it likes."""
    monkeypatch.setenv("ANYPEOPLE_BUDGET_SIZE", "1000000000")
    return environment


@pytest.fixture
async def world(server: RunningServer, shelf: Shelf) -> World:
    shelf.ship(NEWER_TERMS, kind=DocumentKind.TERMS)
    shelf.ship(NEXT_POLICY)
    return await populate(server)


def test_every_root_field_is_walked() -> None:
    cases = {(case.type_name, case.field_name) for case in CASES}

    assert unwalked(SCHEMA, cases | {("Subscription", name) for name in WATCHED}) == []


@pytest.mark.timeout(900)
async def test_each_viewer_gets_what_is_meant_for_them_and_a_denial_changes_nothing(world: World) -> None:
    right, walk = read(FILE.read_text()), Walk(world)
    for _ in range(10):  # as often as it may be asked
        await world.ask(Who.NOBODY, FORGOTTEN)
    await world.remember()
    for who in Who:
        await walk.become(who)
        for case in CASES:
            await walk.ask(case, who)
        await walk.watch(who)

    matrix = walk.seen.matrix(FIELDS)
    assert differences(right, matrix) == [], written(matrix)
    faults = [*walk.faults, *walk.seen.faults, *walk.seen.misleading(right)]
    assert faults == [], "\n".join(faults)
    assert unreached(matrix) == []


def test_the_table_lets_in_whom_the_matrix_lets_in_and_nobody_else() -> None:
    assert disagreements(read(FILE.read_text()), ACCESS) == []


def test_no_entry_can_change_unnoticed() -> None:
    right = read(FILE.read_text())
    for field, entry in ACCESS.items():
        others = [
            *(replace(entry, scopes=entry.scopes ^ {scope}) for scope in Scope),
            *(replace(entry, roles=entry.roles ^ {role}) for role in Role),
            replace(entry, anonymous=not entry.anonymous),
        ]
        one = {field: right[field]}
        assert disagreements(one, {}), field
        for other in others:
            assert disagreements(one, {field: other}), (field, other)


async def test_a_fingerprint_changes_with_its_person_only(world: World) -> None:
    owner, other = await world.contents(about=Who.OWNER), await world.contents(about=Who.OTHER)

    await world.ask(Who.OTHER, CREATE, wish(Who.OTHER))

    assert owner["generations"].startswith("1 ")
    assert other["generations"].startswith("1 ")
    assert await world.contents(about=Who.OWNER) == owner
    assert (await world.contents(about=Who.OTHER))["generations"].startswith("2 ")


async def _watch(world: World, who: Who) -> tuple[list[str], list[str]]:
    """Return the types of the events of the owner's generation, and the codes of errors."""
    events, codes = [], []
    async with world.server.socket(world.tokens[who]) as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        payload = {"query": WATCH, "variables": {"id": world.generation}}
        await send(socket, {"id": "1", "type": "subscribe", "payload": payload})
        while (message := await receive(socket))["type"] != "complete":
            errors = message["payload"] if message["type"] == "error" else message["payload"].get("errors", [])
            codes += [error["extensions"]["code"] for error in errors]
            if message["type"] == "error":
                break
            if data := message["payload"].get("data"):
                events.append(data["generationProgress"]["type"])
    return events, codes


async def test_only_the_owner_can_watch(world: World) -> None:
    before = await world.contents()

    assert await _watch(world, Who.NOBODY) == ([], ["FORBIDDEN"])
    assert await _watch(world, Who.OTHER) == ([], ["NOT_FOUND"])
    assert await _watch(world, Who.OWNER) == (["SNAPSHOT"], [])
    assert await world.contents() == before


async def test_no_media_type_lets_others_watch(world: World) -> None:
    kinds = ("application/json", "text/event-stream", "multipart/mixed;subscriptionSpec=1.0")
    for kind in kinds:
        for who in (Who.NOBODY, Who.OTHER):
            answer = await world.server.client.post(
                "/graphql",
                json={"query": WATCH, "variables": {"id": world.generation}},
                headers={"accept": kind, **authorization(world.tokens[who])},
            )

            assert '"errors"' in answer.text, (kind, who)
            assert "SNAPSHOT" not in answer.text, (kind, who)
            assert not [secret for secret in world.private if secret in answer.text], (kind, who)
