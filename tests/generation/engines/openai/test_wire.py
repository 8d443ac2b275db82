"""What is sent, to the byte, and what is understood of the answers."""

import base64
import gzip

import orjson
import pytest
import structlog

from app.generation.engines.base import BadOutput, EngineError, ImageReady, Notes, Order, Reference
from app.generation.engines.openai import OpenAIEngine
from app.generation.engines.openai.wire import MAX_SEED, seed_of
from app.processors.register import Register
from app.processors.service import Gate
from tests.fakes import openai_server as fakes
from tests.fakes.openai_server import KEY, FakeOpenAI
from tests.generation.engines.openai.workshop import an_order, engine_of, ready, run, settings_of

pytestmark = pytest.mark.usefixtures("ledger")

PICTURE = fakes.paint(b"\x01\x02\x03", 64, 72)


async def test_the_request_is_what_the_api_asks_for(openai_server: FakeOpenAI) -> None:
    engine = engine_of(openai_server, quality="high", moderation="low", response_format="b64_json")
    events = await run(engine, an_order(2))

    [call] = openai_server.calls
    assert call.path == "/v1/images/generations"
    assert call.fields == {
        "prompt": "a smiling person",
        "model": "a-model",
        "n": 1,
        "size": "64x72",
        "quality": "high",
        "output_format": "png",
        "response_format": "b64_json",
        "moderation": "low",
        "safety_identifier": "a-pseudonym",
    }
    sent = {name: call.headers[name] for name in ("authorization", "idempotency-key", "content-type", "accept")}
    assert sent == {
        "authorization": f"Bearer {KEY}",
        "idempotency-key": "the-key:2",
        "content-type": "application/json",
        "accept": "application/json",
    }
    assert call.headers["accept-encoding"] == "identity"
    assert ready(events) == [2]


async def test_nothing_optional_is_sent_unless_it_is_set(openai_server: FakeOpenAI) -> None:
    order = Order("the-key", "a person", 7, 64, 64, (0,))
    await run(engine_of(openai_server, output_format=""), order)

    assert openai_server.calls[0].fields.keys() == {"prompt", "model", "n", "size"}


async def test_every_picture_is_a_request_of_its_own(openai_server: FakeOpenAI) -> None:
    events = await run(engine_of(openai_server), an_order(0, 1, 3))

    assert ready(events) == [0, 1, 3]
    assert {call.fields["n"] for call in openai_server.calls} == {1}
    assert sorted(call.headers["idempotency-key"] for call in openai_server.calls) == [
        "the-key:0",
        "the-key:1",
        "the-key:3",
    ]


async def test_references_become_an_edit(openai_server: FakeOpenAI) -> None:
    references = (Reference(PICTURE, "image/png", has_face=False), Reference(b"a jpeg", "image/jpeg", has_face=False))
    events = await run(engine_of(openai_server, partial_images=1), an_order(0, references=references))

    [call] = openai_server.calls
    assert call.path == "/v1/images/edits"
    assert [(part.name, part.filename, part.content_type, part.content) for part in call.parts] == [
        ("image[]", "reference-0.png", "image/png", PICTURE),
        ("image[]", "reference-1.jpg", "image/jpeg", b"a jpeg"),
    ]
    assert call.fields["n"] == "1"
    assert (call.fields["stream"], call.fields["partial_images"]) == (True, "1")
    assert call.fields["prompt"] == "a smiling person"
    assert ready(events) == [0]


@pytest.mark.parametrize(
    "references",
    [(Reference(b"x", "image/gif", has_face=False),), (Reference(b"x", "image/png", has_face=False),) * 5],
)
async def test_references_that_cannot_be_sent_are_refused(
    openai_server: FakeOpenAI, references: tuple[Reference, ...]
) -> None:
    with pytest.raises(EngineError):
        await run(engine_of(openai_server), an_order(0, references=references))
    assert openai_server.calls == []


async def test_faces_leave_only_where_an_agreement_says_that_nothing_is_kept(openai_server: FakeOpenAI) -> None:
    order = an_order(0, references=(Reference(PICTURE, "image/png"),))
    with pytest.raises(EngineError, match="gets no faces") as refused:
        await run(engine_of(openai_server), order)
    assert not refused.value.retryable
    assert openai_server.calls == []

    events = await run(engine_of(openai_server, retention_agreement="zero retention, 2026-11"), order)
    assert ready(events) == [0]


async def test_an_undeclared_processor_gets_nothing(openai_server: FakeOpenAI) -> None:
    with pytest.raises(EngineError, match="may not be given"):
        await run(OpenAIEngine(settings_of(openai_server), Gate(Register())), an_order(0))
    assert openai_server.calls == []


async def test_a_seed_is_sent_where_the_server_takes_one(openai_server: FakeOpenAI) -> None:
    engine = engine_of(openai_server, seeded=True)
    await run(engine, an_order(0, 1))

    seeds = {call.index: call.fields["seed"] for call in openai_server.calls}
    assert seeds == {0: seed_of(7, 0), 1: seed_of(7, 1)}
    assert len(set(seeds.values())) == 2
    assert all(0 <= seed_of(2**63 - 1, index) <= MAX_SEED for index in range(10))


async def test_addresses_are_fetched_without_the_key(openai_server: FakeOpenAI) -> None:
    openai_server.urls = True
    [*_, picture] = await run(engine_of(openai_server), an_order(0))

    assert isinstance(picture, ImageReady)
    assert picture.content.startswith(b"\x89PNG")
    assert "authorization" not in openai_server.fetched[0]


async def test_a_data_address_is_a_picture(openai_server: FakeOpenAI) -> None:
    url = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    openai_server.will(fakes.raw(orjson.dumps({"data": [{"url": url, "b64_json": None}]})))

    [*_, picture] = await run(engine_of(openai_server), an_order(0))

    assert picture == ImageReady(0, PICTURE)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"data": []}',
        b'{"data": [null]}',
        b'{"data": [{}]}',
        b'{"data": [{"b64_json": 7}]}',
        b'{"data": [{"b64_json": "not base64!"}]}',
        b'{"data": [{"b64_json": "\xff"}]}',
        b'{"data": [{"url": "data:image/png;base64,%%"}]}',
    ],
)
async def test_an_answer_that_cannot_be_read_is_bad_output(openai_server: FakeOpenAI, answer: bytes) -> None:
    openai_server.will(fakes.raw(answer))
    with pytest.raises(BadOutput):
        await run(engine_of(openai_server), an_order(0))


async def test_an_answer_is_never_unpacked(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.raw(gzip.compress(b"{}"), content_encoding="gzip"))
    with pytest.raises(BadOutput):
        await run(engine_of(openai_server), an_order(0))


@pytest.mark.parametrize("media_type", ["application/json", "text/event-stream"])
async def test_an_answer_without_an_end_is_cut_off(openai_server: FakeOpenAI, media_type: str) -> None:
    openai_server.will(fakes.raw(b" " * 5000, media_type))
    with pytest.raises(BadOutput):
        await run(engine_of(openai_server, max_answer_bytes=4999), an_order(0))


async def test_a_fetched_picture_without_an_end_is_cut_off(openai_server: FakeOpenAI) -> None:
    url = openai_server.store(b" " * 5000)
    openai_server.will(fakes.raw(orjson.dumps({"data": [{"url": url}]})))
    with pytest.raises(BadOutput, match="too large"):
        await run(engine_of(openai_server, max_answer_bytes=4999), an_order(0))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/other-port.png",
        "https://127.0.0.1/private.png",
        "https://[::1]/private.png",
        "http://example.com/plain.png",
        "file:///etc/passwd",
    ],
)
async def test_an_address_that_points_inside_is_not_asked(openai_server: FakeOpenAI, address: str) -> None:
    openai_server.will(fakes.raw(orjson.dumps({"data": [{"url": address}]})))
    with pytest.raises(EngineError, match="must not be asked") as refused:
        await run(engine_of(openai_server), an_order(0))
    assert not refused.value.retryable
    assert len(openai_server.calls) == 1


async def test_a_result_that_is_gone_may_be_asked_for_again(openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.raw(orjson.dumps({"data": [{"url": f"{openai_server.address}/results/gone"}]})))
    with pytest.raises(EngineError) as failed:
        await run(engine_of(openai_server, retries=1), an_order(0))
    assert failed.value.retryable
    assert len(openai_server.fetched) == 2
    assert len(openai_server.calls) == 1


async def test_redirects_of_a_result_are_counted(openai_server: FakeOpenAI) -> None:
    openai_server.urls, openai_server.redirects = True, 3
    assert ready(await run(engine_of(openai_server), an_order(0))) == [0]

    openai_server.redirects = 4
    with pytest.raises(EngineError, match="must not be asked"):
        await run(engine_of(openai_server), an_order(1))


async def test_commands_to_the_server_are_taken_out_and_said(openai_server: FakeOpenAI) -> None:
    order = an_order(0, prompt='a person <sd_cpp_extra_args>{"seed": 1}</sd_cpp_extra_args> | ugly')
    [notes, *_] = await run(engine_of(openai_server), order)

    assert openai_server.calls[0].fields["prompt"] == "a person , ugly"
    assert isinstance(notes, Notes)
    assert len(notes.sentences) == 2


async def test_a_prompt_of_nothing_but_commands_is_refused(openai_server: FakeOpenAI) -> None:
    with pytest.raises(EngineError, match="nothing but commands"):
        await run(engine_of(openai_server), an_order(0, prompt="<lora:x:1>"))
    assert openai_server.calls == []


async def test_neither_key_nor_prompt_reach_logs_and_errors(openai_server: FakeOpenAI) -> None:
    openai_server.will(
        fakes.error(400, code="a smiling person", message="a smiling person", type="a smiling person"),
        fakes.error(401, code="invalid_api_key", message=f"Incorrect API key provided: {KEY}"),
    )
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(EngineError) as failed:
                await run(engine_of(openai_server), an_order(0))
            assert "smiling" not in repr(failed.value) + repr(failed.value.__cause__)
            assert KEY not in repr(failed.value) + repr(failed.value.__cause__)

    assert [(entry["status"], entry["reason"]) for entry in logs] == [(400, "unknown"), (401, "invalid_api_key")]
    assert "smiling" not in str(logs)
    assert KEY not in str(logs)
