"""The fake of OpenAI's image API, driven by the official client: what that client understands is true."""

import base64
from collections.abc import AsyncGenerator

import openai
import pytest
from openai.types import ImageEditCompletedEvent, ImageGenCompletedEvent, ImageGenPartialImageEvent

from tests.fakes import openai_server as fakes
from tests.fakes.openai_server import KEY, FakeOpenAI

MODEL = "a-model"


@pytest.fixture
async def sdk(openai_server: FakeOpenAI) -> AsyncGenerator[openai.AsyncOpenAI, None]:
    async with openai.AsyncOpenAI(base_url=openai_server.base_url, api_key=KEY, max_retries=2) as client:
        yield client


async def test_a_picture_comes_as_base64(sdk: openai.AsyncOpenAI) -> None:
    answer = await sdk.images.generate(model=MODEL, prompt="a person", size="64x64", n=1)

    assert answer.data is not None
    assert base64.b64decode(answer.data[0].b64_json or "").startswith(b"\x89PNG")


async def test_a_picture_comes_as_an_address(sdk: openai.AsyncOpenAI, openai_server: FakeOpenAI) -> None:
    openai_server.urls = True
    answer = await sdk.images.generate(model=MODEL, prompt="a person", size="64x64")

    assert answer.data is not None
    assert str(answer.data[0].url).startswith(openai_server.address)


async def test_partial_pictures_are_streamed(sdk: openai.AsyncOpenAI) -> None:
    stream = await sdk.images.generate(model=MODEL, prompt="a person", size="64x64", stream=True, partial_images=2)
    events = [event async for event in stream]

    assert [type(event) for event in events] == [
        ImageGenPartialImageEvent,
        ImageGenPartialImageEvent,
        ImageGenCompletedEvent,
    ]
    assert [event.partial_image_index for event in events if isinstance(event, ImageGenPartialImageEvent)] == [0, 1]


async def test_a_refusal_is_a_bad_request_with_a_code(sdk: openai.AsyncOpenAI, openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.refused("input", "violence"))

    with pytest.raises(openai.BadRequestError) as refused:
        await sdk.images.generate(model=MODEL, prompt="a person", size="64x64")

    assert (refused.value.code, refused.value.type) == ("moderation_blocked", "image_generation_user_error")


async def test_the_client_waits_as_long_as_it_is_told(sdk: openai.AsyncOpenAI, openai_server: FakeOpenAI) -> None:
    openai_server.will(fakes.error(429, code="rate_limit_exceeded", retry_after="0.01"))

    await sdk.images.generate(model=MODEL, prompt="a person", size="64x64")

    assert len(openai_server.calls) == 2


async def test_a_wrong_key_is_an_authentication_error(openai_server: FakeOpenAI) -> None:
    async with openai.AsyncOpenAI(base_url=openai_server.base_url, api_key="wrong") as client:
        with pytest.raises(openai.AuthenticationError):
            await client.images.generate(model=MODEL, prompt="a person", size="64x64")


async def test_edits_are_a_form_with_pictures(sdk: openai.AsyncOpenAI, openai_server: FakeOpenAI) -> None:
    picture = fakes.paint(b"\x01\x02\x03", 8, 8)
    images = [("one.png", picture, "image/png"), ("two.png", picture, "image/png")]
    answer = await sdk.images.edit(model=MODEL, prompt="smiling", image=images, size="64x64")

    assert answer.data
    [call] = openai_server.calls
    assert [(part.name, part.content_type, part.content) for part in call.parts] == [
        ("image[]", "image/png", picture),
        ("image[]", "image/png", picture),
    ]
    assert call.fields["prompt"] == "smiling"


async def test_edits_are_streamed(sdk: openai.AsyncOpenAI) -> None:
    image = ("one.png", fakes.paint(b"\x01\x02\x03", 8, 8), "image/png")
    stream = await sdk.images.edit(
        model=MODEL, prompt="smiling", image=image, size="64x64", stream=True, partial_images=1
    )
    events = [event async for event in stream]

    assert len(events) == 2
    assert isinstance(events[-1], ImageEditCompletedEvent)
