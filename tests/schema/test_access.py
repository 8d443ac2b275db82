"""Who gets what, at the real server: every root field, every kind of viewer, and that a denial changes nothing."""

import pytest

from schema.executable import build
from tests.architecture.checks.access import unwalked
from tests.fakes.server import RunningServer, authorization, receive, send
from tests.schema.access_cases import CASES, CREATE, Case, Outcome, wish
from tests.schema.world import Who, World, populate

WATCH = "subscription ($id: ID!) { generationProgress(id: $id) { type cursor generation { prompt } } }"
WALKED = {("Subscription", "generationProgress"), ("Subscription", "generationEvents")}
"""The root fields that have tests of their own below."""


@pytest.fixture
async def world(server: RunningServer) -> World:
    return await populate(server)


def test_every_root_field_is_walked() -> None:
    cases = {(case.type_name, case.field_name) for case in CASES}

    assert unwalked(build()._schema, cases | WALKED) == []


async def test_each_viewer_reads_what_is_meant_for_them(world: World) -> None:
    queries = [case for case in CASES if case.type_name == "Query"]
    assert queries
    for case in queries:
        for who in Who:
            await _walk(world, case, who)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.type_name == "Mutation"], ids=lambda case: str(case.field_name)
)
async def test_each_viewer_commands_what_is_meant_for_them(case: Case, world: World) -> None:
    for who in Who:
        await _walk(world, case, who)


async def _walk(world: World, case: Case, who: Who) -> None:
    """Ask, and compare the answer and what changed with what the case says."""
    hint = f"{case.field_name} {case.label}, {who}"
    await world.become(who)
    before, owners = await world.contents(), await world.contents(about=Who.OWNER)

    answer = await world.ask(who, case.document, case.variables(world, who))

    after, outcome = await world.contents(), case.outcomes[who]
    codes = [(error["path"], error["extensions"]["code"]) for error in answer.get("errors", [])]
    changed = {name for name in after if after[name] != before[name]}
    if outcome is Outcome.FORBIDDEN:
        assert codes == [([case.field_name], "FORBIDDEN")], hint
        assert answer["data"] == {case.field_name: None}, hint
        assert changed == set(), hint
    else:
        value = case.shown(world, who) if outcome is Outcome.SHOWN else case.empty
        assert codes == [], hint
        assert answer["data"] == {case.field_name: value}, hint
        further = case.further_changes.get(who, case.owner_changes if who is Who.OWNER else frozenset())
        assert changed == case.changes | further, hint
    if who is not Who.OWNER and not (case.leaves_a_trace and outcome is Outcome.SHOWN):
        assert await world.contents(about=Who.OWNER) == owners, hint


async def test_a_fingerprint_changes_with_its_person_only(world: World) -> None:
    owner, other = await world.contents(about=Who.OWNER), await world.contents(about=Who.OTHER)

    await world.ask(Who.OTHER, CREATE, wish(Who.OTHER))

    assert owner["generations"].startswith("1 ")
    assert other["generations"].startswith("0 ")
    assert await world.contents(about=Who.OWNER) == owner
    assert (await world.contents(about=Who.OTHER))["generations"].startswith("1 ")


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
