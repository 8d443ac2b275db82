"""Reference pictures in generations, at the API: who may use which, which engine gets them, how long they stay."""

import uuid

import pytest

from app.core.db import execute, fetch
from app.generation.engines.illustration import IllustrationEngine
from app.generation.engines.openai import OpenAIEngine
from app.generation.engines.registry import Engines
from tests.consents.test_api import decide
from tests.fakes.engines import FaultyEngine, SlowEngine
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.server import Json, RunningServer
from tests.fakes.statements import counted
from tests.fakes.sweeping import swept
from tests.fakes.uploads import Sender
from tests.generation.engines.openai.workshop import engine_of
from tests.media.faces import drawn_face
from tests.media.pictures import painted, saved
from workers.runner import Runner

GENERATION = """query ($id: ID!) { node(id: $id) { ... on Generation { id status notes
  references { id hasFace } images { index } failure { code message retryable } } } }"""
PAGE = """{ viewer { generations(first: 20) { nodes { id references { id url } } } } }"""
QUOTE = """query ($input: GenerationInput!) { quoteGeneration(input: $input) {
  eligible errors { __typename code path } } }"""
RETRY = """mutation ($input: RetryGenerationInput!) { retryGeneration(input: $input) {
  generation { id references { id } } errors { code message path } } }"""
ENGINES = "{ engines { name capabilities { maxReferences } } }"
PLAIN = saved(painted())


@pytest.fixture
def engines(faulty: FaultyEngine, openai_server: FakeOpenAI) -> Engines:
    """`slow` proves that it keeps nothing; `faulty` and `openai` do not."""
    return Engines([SlowEngine(pause=0.0), faulty, IllustrationEngine(), engine_of(openai_server)])


@pytest.fixture
async def sender(server: RunningServer) -> Sender:
    return Sender(server, await server.sign_up("ada"))


def named(*ids: str) -> list[Json]:
    return [{"imageId": id} for id in ids]


async def made(sender: Sender, **wish: object) -> Json:
    """Ask for pictures, wait for the end, and return the generation."""
    payload = await sender.server.create(sender.token, **wish)  # type: ignore[arg-type]
    assert payload["errors"] == [], payload
    await sender.server.queue.settle()
    return await shown(sender, payload["generation"]["id"])


async def shown(sender: Sender, id: str) -> Json:
    node: Json = (await sender.server.data(GENERATION, {"id": id}, sender.token))["node"]
    return node


async def refused(sender: Sender, **wish: object) -> tuple[str, list[str]]:
    """Ask for pictures and return the code and the path of the one error."""
    payload = await sender.server.create(sender.token, **wish)  # type: ignore[arg-type]
    [error] = payload["errors"]
    assert payload["generation"] is None
    return error["code"], error["path"]


async def test_the_engine_gets_them_in_order_without_metadata(sender: Sender, faulty: FaultyEngine) -> None:
    one, two = await sender.reference(PLAIN), await sender.reference(saved(painted(80, 80)))

    node = await made(sender, engine="faulty", references=named(two, one))

    assert [reference["id"] for reference in node["references"]] == [two, one]
    [order] = faulty.calls
    assert [reference.content_type for reference in order.references] == ["image/webp"] * 2
    assert [reference.has_face for reference in order.references] == [False, False]
    assert len(order.references[0].content) != len(order.references[1].content)


async def test_what_is_not_one_s_own_or_gone_is_not_found_where_it_stands(sender: Sender) -> None:
    eve = Sender(sender.server, await sender.server.sign_up("eve"))
    own, others, gone = await eve.reference(PLAIN), await sender.reference(PLAIN), await eve.reference(PLAIN)
    await eve.delete(gone)
    path = ["generation", "references", "1", "imageId"]

    for id in (others, gone, "nonsense"):
        assert await refused(eve, references=named(own, id)) == ("NOT_FOUND", path)
    await execute("UPDATE reference_images SET expires_at = now() - interval '1 second'")
    assert await refused(eve, references=named(own)) == ("NOT_FOUND", ["generation", "references", "0", "imageId"])
    assert await fetch("SELECT 1 FROM generations") == []


async def test_no_more_than_the_engine_takes(sender: Sender) -> None:
    ids = [await sender.reference(saved(painted(64 + number, 64))) for number in range(3)]
    assert await refused(sender, references=named(*ids)) == ("INVALID_INPUT", ["generation", "references"])
    assert await refused(sender, references=named(ids[0], ids[0])) == ("INVALID_INPUT", ["generation", "references"])
    found = (await sender.server.data(ENGINES))["engines"]
    assert {engine["name"]: engine["capabilities"]["maxReferences"] for engine in found}["illustration"] == 1


async def test_a_face_goes_to_no_engine_without_proof(sender: Sender, openai_server: FakeOpenAI) -> None:
    face = await sender.reference(drawn_face(), "OWN_FACE")
    path = ["generation", "references", "0", "imageId"]

    for engine in ("faulty", "openai"):
        assert await refused(sender, engine=engine, references=named(face)) == ("INVALID_INPUT", path)

    assert openai_server.calls == []
    assert (await made(sender, engine="slow", references=named(face)))["status"] == "SUCCEEDED"


async def test_it_is_asked_again_before_the_bytes_leave(
    sender: Sender, faulty: FaultyEngine, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = await sender.reference(drawn_face(), "OWN_FACE")
    sender.server.queue.work_with(None)
    monkeypatch.setattr(faulty, "retention", SlowEngine.retention)
    payload = await sender.server.create(sender.token, engine="faulty", references=named(face))
    monkeypatch.undo()
    await run_left(sender, runner)

    failure = (await shown(sender, payload["generation"]["id"]))["failure"]

    assert (failure["code"], failure["retryable"]) == ("FACE_NOT_ALLOWED", False)
    assert faulty.calls == []


async def run_left(sender: Sender, runner: Runner) -> None:
    """Have the jobs run that were recorded while nobody worked."""
    queue = sender.server.queue
    queue.work_with(runner.run)
    for name, job_id, attempt in list(queue.sent):
        await queue.enqueue(name, job_id, attempt)
    await queue.settle()


async def test_one_that_is_deleted_meanwhile_fails_the_generation(
    sender: Sender, faulty: FaultyEngine, runner: Runner
) -> None:
    reference = await sender.reference(PLAIN)
    sender.server.queue.work_with(None)
    id = (await sender.server.create(sender.token, engine="faulty", references=named(reference)))["generation"]["id"]

    assert (await sender.delete(reference))["errors"] == []
    await run_left(sender, runner)

    node = await shown(sender, id)
    assert (node["status"], node["references"]) == ("FAILED", [])
    assert (node["failure"]["code"], node["failure"]["retryable"]) == ("REFERENCE_GONE", False)
    assert faulty.calls == []
    again = await retry(sender, id)
    assert (again["generation"], again["errors"][0]["code"]) == (None, "CONFLICT")


async def retry(sender: Sender, id: str) -> Json:
    variables = {"input": {"id": id, "idempotencyKey": str(uuid.uuid4())}}
    payload: Json = (await sender.server.data(RETRY, variables, sender.token))["retryGeneration"]
    return payload


async def test_trying_again_keeps_them(sender: Sender) -> None:
    ids = [await sender.reference(PLAIN), await sender.reference(saved(painted(80, 80)))]
    node = await made(sender, engine="faulty", prompt="refused", references=named(*ids))
    assert node["status"] == "FAILED"

    again = await retry(sender, node["id"])

    assert [reference["id"] for reference in again["generation"]["references"]] == ids
    await execute("UPDATE reference_images SET expires_at = now() - interval '1 second'")
    await sender.server.queue.settle()
    late = await retry(sender, again["generation"]["id"])
    assert (late["errors"][0]["code"], late["errors"][0]["path"]) == ("NOT_FOUND", ["id"])


async def test_they_are_part_of_what_the_key_stands_for(sender: Sender) -> None:
    one, two = await sender.reference(PLAIN), await sender.reference(saved(painted(80, 80)))
    first = await sender.server.create(sender.token, key="key", references=named(one))
    again = await sender.server.create(sender.token, key="key", references=named(one))
    assert again["generation"]["id"] == first["generation"]["id"]
    for others in ([], named(two), named(one, two)):
        assert (await refused(sender, key="key", references=others))[0] == "IDEMPOTENCY_MISMATCH"


async def test_a_quote_honours_them(sender: Sender) -> None:
    face = await sender.reference(drawn_face(), "OWN_FACE")

    async def quoted(token: str | None, engine: str, *ids: str) -> tuple[bool, list[str]]:
        wish = {"prompt": "a person", "width": 256, "height": 256, "engine": engine, "references": named(*ids)}
        quote = (await sender.server.data(QUOTE, {"input": wish}, token))["quoteGeneration"]
        return quote["eligible"], [error["code"] for error in quote["errors"]]

    assert await quoted(sender.token, "slow", face) == (True, [])
    assert await quoted(sender.token, "faulty", face) == (False, ["INVALID_INPUT"])
    assert await quoted(sender.token, "illustration", face, face) == (False, ["INVALID_INPUT"])
    assert await quoted(sender.token, "slow", "nonsense") == (False, ["NOT_FOUND"])
    assert await quoted(None, "slow", face) == (False, ["NOT_FOUND"])


async def test_a_page_costs_one_statement_more_with_its_references(sender: Sender) -> None:
    reference = await sender.reference(PLAIN)
    for _ in range(5):
        await made(sender, references=named(reference))

    with counted() as statements:
        nodes = (await sender.server.data(PAGE, {}, sender.token))["viewer"]["generations"]["nodes"]

    assert [len(node["references"]) for node in nodes] == [1] * 5
    assert len(statements.about("FROM generation_references")) == 1
    assert len([sent for sent in statements.sent if "FROM feeds" not in sent]) == 5, statements.sent


async def test_one_that_is_waited_for_is_not_swept(sender: Sender, runner: Runner) -> None:
    waited, idle = await sender.reference(PLAIN), await sender.reference(PLAIN)
    kept = await sender.reference(PLAIN, saved=True)
    await sender.server.queue.settle()
    sender.server.queue.work_with(None)
    id = (await sender.server.create(sender.token, references=named(waited)))["generation"]["id"]
    assert await swept("reference_images") == 0
    await execute("UPDATE reference_images SET expires_at = now() - interval '6 minutes' WHERE NOT saved")

    assert await swept("reference_images") == 1
    assert [row["saved"] for row in await fetch("SELECT saved FROM reference_images ORDER BY id")] == [False, True]
    assert [reference["id"] for reference in (await shown(sender, id))["references"]] == [waited]
    await run_left(sender, runner)
    assert (await shown(sender, id))["status"] == "SUCCEEDED"

    assert await swept("reference_images") == 1
    assert idle != kept
    assert await swept("reference_images") == 0
    assert (await shown(sender, id))["references"] == []


async def test_illustration_says_what_it_took(sender: Sender) -> None:
    face = await sender.reference(drawn_face(), "OWN_FACE")
    wish = {"engine": "illustration", "width": 256, "height": 256, "seed": "1", "references": named(face)}

    node = await made(sender, prompt="a woman with red hair", **wish)

    assert node["status"] == "SUCCEEDED"
    notes = " ".join(node["notes"])
    assert "Taken from your reference: colour of the clothes, colour of the background, skin tone." in notes
    assert "Your words decided instead of your reference: hair colour." in notes
    plain = await sender.reference(PLAIN)
    node = await made(sender, prompt="a woman", **{**wish, "references": named(plain)})
    assert any("No face was found in your reference" in note for note in node["notes"])


async def test_openai_edits_them(sender: Sender, openai_server: FakeOpenAI) -> None:
    plain = await sender.reference(PLAIN)

    node = await made(sender, engine="openai", references=named(plain))

    assert node["status"] == "SUCCEEDED"
    [call] = openai_server.calls
    assert call.path == "/v1/images/edits"
    [part] = [part for part in call.parts if part.name == "image[]"]
    assert (part.content_type, part.content[:4]) == ("image/webp", b"RIFF")


class TestWithAnAgreement:
    """The same server, whose operator agreed to keep nothing."""

    @pytest.fixture
    def engines(self, openai_server: FakeOpenAI) -> Engines:
        """The only engine."""
        engine: OpenAIEngine = engine_of(openai_server, retention_agreement="contract of 2026")
        return Engines([engine])

    async def test_a_face_may_go(self, sender: Sender, openai_server: FakeOpenAI) -> None:
        face = await sender.reference(drawn_face(), "OWN_FACE")
        assert (await made(sender, references=named(face)))["status"] == "SUCCEEDED"
        assert len(openai_server.calls) == 1


ASK_ANEW = """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
             asks_again, published_by_id)
           SELECT gen_random_uuid(), 'TERMS', 'x', 'x', now(), now(), true, '', 'FACE_REFERENCE_IMAGES', id
           FROM subject_aliases LIMIT 1"""


async def test_a_face_is_used_no_more_where_a_later_policy_asks_anew(sender: Sender) -> None:
    face, plain = await sender.reference(drawn_face(), "OWN_FACE", saved=True), await sender.reference(PLAIN)
    await made(sender, references=named(face))
    await execute(ASK_ANEW)

    assert await refused(sender, references=named(plain, face)) == (
        "CONSENT_REQUIRED",
        ["generation", "references", "1", "imageId"],
    )
    await decide(sender.server, sender.token, FACE_REFERENCE_IMAGES=True)
    assert (await made(sender, references=named(face)))["status"] == "SUCCEEDED"


@pytest.mark.parametrize("change", [ASK_ANEW, "UPDATE users SET status = 'RESTRICTED'"])
async def test_a_face_that_waited_is_used_no_more_either(change: str, sender: Sender, runner: Runner) -> None:
    face = await sender.reference(drawn_face(), "OWN_FACE", saved=True)
    sender.server.queue.work_with(None)
    id = (await sender.server.create(sender.token, references=named(face)))["generation"]["id"]
    await execute(change)

    await run_left(sender, runner)

    node = await shown(sender, id)
    assert (node["status"], node["images"]) == ("FAILED", [])
    assert (node["failure"]["code"], node["failure"]["retryable"]) == ("CONSENT_REQUIRED", False)


async def test_a_withdrawal_stops_what_waits_or_runs_with_a_face(sender: Sender) -> None:
    face, plain = await sender.reference(drawn_face(), "OWN_FACE"), await sender.reference(PLAIN)
    sender.server.queue.work_with(None)
    ids = [
        (await sender.server.create(sender.token, references=named(each)))["generation"]["id"] for each in (face, plain)
    ]
    await execute("UPDATE generations SET status = 'RUNNING', started_at = now()")

    await decide(sender.server, sender.token, FACE_REFERENCE_IMAGES=False)

    nodes = [await shown(sender, id) for id in ids]
    assert [(node["status"], len(node["references"])) for node in nodes] == [("CANCELED", 0), ("RUNNING", 1)]
    rows = await fetch("SELECT state FROM jobs WHERE kind = 'generation.run' ORDER BY id")
    assert [row["state"] for row in rows] == ["CANCELED", "QUEUED"]
