"""At the wire: what the gate refuses leaves no byte, what leaves has a row before, and the person can see both."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from app.core.personal_data import Activity
from app.generation.engines.openai import OpenAIEngine
from app.generation.engines.registry import Engines
from app.processors.register import Disclosed, Processor, Register
from app.processors.service import Gate
from tests.fakes import openai_server as fakes
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.server import Json, RunningServer
from tests.fakes.statements import counted
from tests.fakes.tap import Tap, tapped
from tests.fakes.uploads import Sender
from tests.generation.engines.openai.workshop import settings_of
from tests.media.faces import drawn_face
from tests.media.pictures import painted, saved
from workers.runner import Runner

MINE = """{ viewer { disclosures(first: 20) { nodes {
  processorName processor { name } activity categories aboutType aboutId outcome outcomeAt refusal } } } }"""
PAGE = """{ viewer { generations(first: 20) { nodes { id disclosures { outcome refusal categories } } } } }"""
NOBODY = Register()
Declare = Callable[[Processor], Register]


@pytest.fixture
async def tap(openai_server: FakeOpenAI) -> AsyncGenerator[Tap, None]:
    """In front of the image server."""
    async with tapped(openai_server.address) as found:
        yield found


@pytest.fixture
def engine(openai_server: FakeOpenAI, tap: Tap) -> OpenAIEngine:
    settings = settings_of(openai_server, base_url=f"{tap.address}/v1", retries=0)
    return OpenAIEngine(settings, Gate(Register([settings.processor])))


@pytest.fixture
def engines(engine: OpenAIEngine) -> Engines:
    """The engine under test is the only one."""
    return Engines([engine])


@pytest.fixture
async def sender(server: RunningServer) -> Sender:
    return Sender(server, await server.sign_up("ada"))


async def asked(sender: Sender, **wish: Any) -> str:
    """Ask for a picture, wait until the job ran, and return the generation's id."""
    payload = await sender.server.create(sender.token, **wish)
    assert payload["errors"] == [], payload
    await sender.server.queue.settle()
    return str(payload["generation"]["id"])


async def disclosures(sender: Sender) -> list[Json]:
    """Return what the person sees of the image server: mail to them is not counted."""
    nodes: list[Json] = (await sender.server.data(MINE, None, sender.token))["viewer"]["disclosures"]["nodes"]
    return [node for node in nodes if node["processorName"] == "openai"]


def without(category: Disclosed) -> Declare:
    return lambda entry: Register([replace(entry, categories=entry.categories - {category})])


def _for_mail(entry: Processor) -> Register:
    return Register([replace(entry, activities=frozenset({Activity.ACCOUNT_MANAGEMENT}))])


REFUSED: dict[str, tuple[Declare, bool, str]] = {
    "nobody declared it": (lambda _entry: NOBODY, False, "PROCESSOR_UNREGISTERED"),
    "not for this": (_for_mail, False, "ACTIVITY_NOT_REGISTERED"),
    "not for prompts": (without(Disclosed.PROMPT), False, "CATEGORY_NOT_REGISTERED"),
    "not for references": (without(Disclosed.REFERENCE), True, "CATEGORY_NOT_REGISTERED"),
}


@pytest.mark.parametrize(("declare", "reference", "refusal"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_leaves_no_byte_and_a_row(
    sender: Sender, engine: OpenAIEngine, tap: Tap, declare: Declare, reference: bool, refusal: str
) -> None:
    engine._gate.register = declare(engine._settings.processor)
    wish = {"references": [{"imageId": await sender.reference(saved(painted()))}]} if reference else {}

    id = await asked(sender, **wish)

    assert tap.seen == (0, 0)
    [node] = await disclosures(sender)
    assert (node["outcome"], node["refusal"]) == ("REFUSED", refusal)
    assert (node["aboutType"], node["aboutId"], node["activity"]) == ("Generation", id, "IMAGE_GENERATION")
    assert node["outcomeAt"] is not None


async def test_a_face_without_proof_leaves_no_byte_and_a_row(
    sender: Sender, engine: OpenAIEngine, tap: Tap, runner: Runner
) -> None:
    """The operator's agreement ends while a generation waits: whoever asks now is refused before there is one."""
    face = await sender.reference(drawn_face(), "OWN_FACE")
    without = engine._settings
    engine._settings = without.model_copy(update={"retention_agreement": "agreement 9"})
    await sender.server.queue.settle()
    sender.server.queue.work_with(None)
    payload = await sender.server.create(sender.token, references=[{"imageId": face}])
    assert payload["errors"] == []
    engine._settings = without

    _, job_id, attempt = sender.server.queue.sent[-1]
    await runner.run(job_id, attempt)

    query = "query ($id: ID!) { node(id: $id) { ... on Generation { status failure { code } } } }"
    node = (await sender.server.data(query, {"id": payload["generation"]["id"]}, sender.token))["node"]
    assert (node["status"], node["failure"]["code"]) == ("FAILED", "FACE_NOT_ALLOWED")
    assert tap.seen == (0, 0)
    [told] = await disclosures(sender)
    assert (told["outcome"], told["refusal"]) == ("REFUSED", "FACE_WITHOUT_PROOF")
    assert "FACE" in told["categories"]


async def test_what_leaves_is_on_record_and_shown_with_its_generation(sender: Sender, tap: Tap) -> None:
    id = await asked(sender)

    connections, sent = tap.seen
    assert connections >= 1
    assert sent > 100
    [node] = await disclosures(sender)
    assert (node["outcome"], node["refusal"], node["aboutId"]) == ("SENT", None, id)
    assert sorted(node["categories"]) == ["PROMPT", "PSEUDONYM"]
    assert node["processor"] == {"name": "openai"}
    [shown] = (await sender.server.data(PAGE, None, sender.token))["viewer"]["generations"]["nodes"]
    assert [each["outcome"] for each in shown["disclosures"]] == ["SENT"]


async def test_nobody_sees_what_left_about_somebody_else(sender: Sender) -> None:
    await asked(sender)
    eve = Sender(sender.server, await sender.server.sign_up("eve"))
    assert await disclosures(eve) == []


async def test_a_provider_that_fails_leaves_a_row_that_says_so(sender: Sender, openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.error(400, code="bad_request"))
    await asked(sender)
    assert [(node["outcome"], node["refusal"]) for node in await disclosures(sender)] == [("FAILED", None)]


async def test_a_result_at_an_address_inside_is_not_asked_and_on_record(
    sender: Sender, openai_server: FakeOpenAI
) -> None:
    async with tapped(openai_server.address) as inside:  # another port of this machine: nobody's image server
        for address in (f"{inside.address}/results/x", inside.address.replace("http:", "https:")):
            openai_server.will(fakes.raw(orjson.dumps({"data": [{"url": address}]})))
            await asked(sender)
        assert inside.seen == (0, 0)

    told = [(node["outcome"], node["refusal"], node["categories"] == []) for node in await disclosures(sender)]
    assert told == [("REFUSED", "ADDRESS_REFUSED", True), ("FAILED", None, False)] * 2


async def test_a_page_of_generations_costs_one_statement_more(sender: Sender) -> None:
    costs = []
    for _ in range(2):
        await asked(sender)
        with counted() as statements:
            nodes = (await sender.server.data(PAGE, None, sender.token))["viewer"]["generations"]["nodes"]
        assert all(len(node["disclosures"]) == 1 for node in nodes)
        costs.append((len(statements.about("disclosures")), len(statements)))
    assert costs[0] == costs[1]
    assert costs[0][0] == 1


async def test_pages_of_disclosures_follow_each_other(sender: Sender) -> None:
    for _ in range(3):
        await asked(sender)
    query = """query ($after: String) { viewer { disclosures(first: 2, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { id } } } }"""
    seen: list[str] = []
    after, more = None, True
    while more:
        page = (await sender.server.data(query, {"after": after}, sender.token))["viewer"]["disclosures"]
        assert len(page["nodes"]) <= 2
        seen += [node["id"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    everything = await sender.server.data("{ viewer { disclosures(first: 100) { nodes { id } } } }", None, sender.token)
    assert seen == [node["id"] for node in everything["viewer"]["disclosures"]["nodes"]]
    assert len(seen) >= 3
