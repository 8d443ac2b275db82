"""What the illustration engine draws, and the events it yields on the way."""

import io
import json
import pickle
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import ParamSpec, TypeVar

import pytest
from PIL import Image

from app.generation.engines.base import Engine, Event, ImageReady, Notes, Order, Preview, Progress
from app.generation.engines.illustration import IllustrationEngine, drawing, wardrobe
from app.generation.engines.illustration.attributes import read_attributes
from app.generation.engines.illustration.backdrop import INDOORS, OUTDOORS, Setting, backdrop_svg
from app.generation.engines.illustration.cast import character_of, setting_of
from app.generation.engines.illustration.character import LAYERS, Character, person_svg, style
from app.generation.engines.illustration.engine import plan_of
from app.generation.engines.illustration.scene import LIGHTS

P = ParamSpec("P")
R = TypeVar("R")

PROMPT = "red curly hair, glasses and a green jumper, a city behind her"
ORDER = Order(key="k", prompt=PROMPT, seed=7, width=256, height=256, indexes=(0,))
HOSTILE = [
    '<svg onload="alert(1)"><script>x</script></svg> red hair',
    "a & b \"quotes\" 'single' <!-- --> ]]> &lt; &#x41;",
    "]]></svg><image href='file:///etc/passwd'/> green jumper",
    "😀🎉 مرحبا بالعالم שלום \u202e reversed \u0000\ufeff",
    "{0} %s ${x} {prompt!r} \\ \n\r\t",
    "red " * 400,
    ",;:.!?()|&+/-'" * 140,
    "a-b-" * 500,
    "".join(chr(33 + (i * 7919) % 5000) for i in range(2000)),
    "​",
    "",
]


async def inline(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    return function(*args, **kwargs)


async def events_of(order: Order) -> list[Event]:
    return [event async for event in IllustrationEngine().run(order, inline)]


async def pictures_of(order: Order) -> dict[int, bytes]:
    return {event.index: event.content for event in await events_of(order) if isinstance(event, ImageReady)}


def character(prompt: str, seed: int = 1, index: int = 0, negative: str | None = None) -> Character:
    return character_of(read_attributes(prompt, negative), seed, index)


def setting(prompt: str, seed: int = 1) -> Setting:
    return setting_of(read_attributes(prompt), seed, 0)


def test_it_is_an_engine() -> None:
    engine: Engine = IllustrationEngine()
    assert engine.retention is not None
    assert engine.capabilities.styles == ("flat", "pastel", "noir")


def test_every_variant_that_we_name_is_in_the_style() -> None:
    definition = json.loads(files("dicebear_styles").joinpath("avataaars.json").read_text("utf-8"))
    known = {name: set(part["variants"]) for name, part in definition["components"].items()}
    looks = wardrobe.EXPRESSIONS.values()
    named = {
        "top": {*wardrobe.HAIR, *wardrobe.COVERING, *wardrobe.UNDER_HAT, *wardrobe.HAIR_OF_ITS_OWN}
        | {variant for table in (wardrobe.HEADWEAR, wardrobe.HAIR_FOR) for row in table.values() for variant in row},
        "accessories": {variant for row in wardrobe.EYEWEAR.values() for variant in row},
        "facialHair": {variant for row in wardrobe.FACIAL_HAIR.values() for variant in row},
        "clothes": {variant for outfit in wardrobe.OUTFITS.values() for variant in outfit.variants},
        "clothesGraphic": set(wardrobe.GRAPHICS),
        "mouth": {variant for look in looks for variant in look.mouth},
        "eyes": {variant for look in looks for variant in look.eyes},
        "eyebrows": {variant for look in looks for variant in look.eyebrows},
    }
    for part, variants in named.items():
        assert variants <= known[part], part
    assert definition["meta"]["license"]["name"] == "Free for personal and commercial use"


def test_every_quality_of_hair_is_a_tag_that_some_hair_has() -> None:
    tags = frozenset().union(*wardrobe.HAIR.values())
    for prompt in ("curly", "wavy", "straight", "long", "short", "big", "messy", "shoulder-length", "braided"):
        assert read_attributes(f"{prompt} hair").wish("hair").qualities <= tags


def test_layers_are_drawn_one_upon_the_other() -> None:
    drawn = [person_svg(character(PROMPT), count) for count in range(1, len(LAYERS) + 1)]
    assert [len(svg) for svg in drawn] == sorted({len(svg) for svg in drawn})
    for svg in drawn:
        ElementTree.fromstring(svg)


@pytest.mark.parametrize("time", LIGHTS)
@pytest.mark.parametrize("place", [*OUTDOORS, *INDOORS, "studio"])
def test_every_backdrop_is_sound_xml(place: str, time: str) -> None:
    for weather, (width, height) in ((None, (1024, 1024)), ("snow", (256, 1536)), ("rain", (1536, 256))):
        ElementTree.fromstring(backdrop_svg(Setting(place, time, weather, "#ddbb99", "3"), width, height))


@pytest.mark.parametrize("seed", range(6))
def test_what_the_prompt_says_is_drawn_whatever_the_seed(seed: int) -> None:
    drawn = character(PROMPT, seed)
    assert drawn.hair is not None
    assert "curls" in wardrobe.HAIR[drawn.hair]
    assert drawn.eyewear in wardrobe.EYEWEAR["glasses"]
    assert drawn.pattern == "knit"
    assert setting(PROMPT, seed).place == "city"
    bare = character("a man", seed, negative="glasses, beard, moustache")
    assert bare.eyewear is None
    assert bare.facial_hair is None


def test_one_word_more_changes_one_thing_only() -> None:
    plain, with_glasses = character("a woman", 4), character("a woman with round glasses", 4)
    assert replace(plain, eyewear="round") == with_glasses


def test_seeds_cover_the_whole_range_of_skin() -> None:
    assert len({character("a person", seed).skin for seed in range(120)}) >= 8


def test_the_old_have_grey_hair_unless_a_colour_is_named() -> None:
    grey = character("an old woman").hair_colour
    assert max(bytes.fromhex(grey[1:])) - min(bytes.fromhex(grey[1:])) < 16
    assert character("an old woman with red hair").hair_colour == character("red hair").hair_colour


async def test_the_same_order_gives_the_same_bytes() -> None:
    first, again = await pictures_of(ORDER), await pictures_of(ORDER)
    other_seed = await pictures_of(replace(ORDER, seed=8))
    assert first == again
    assert first[0] != other_seed[0]


async def test_an_image_does_not_depend_on_its_neighbours() -> None:
    whole = await pictures_of(replace(ORDER, indexes=(0, 1, 2)))
    assert len(set(whole.values())) == 3
    assert await pictures_of(replace(ORDER, indexes=(2,))) == {2: whole[2]}


@pytest.mark.parametrize(("width", "height"), [(256, 256), (256, 1536), (1536, 256), (264, 376)])
async def test_size_is_exact_and_previews_are_small(width: int, height: int) -> None:
    events = await events_of(replace(ORDER, width=width, height=height))
    (picture,) = (event.content for event in events if isinstance(event, ImageReady))
    assert Image.open(io.BytesIO(picture)).size == (width, height)
    previews = [event.content for event in events if isinstance(event, Preview)]
    assert 4 <= len(previews) <= 6
    assert len(set(previews)) >= 4
    assert max(len(content) for content in previews) <= 8 * 1024
    assert max(max(Image.open(io.BytesIO(content)).size) for content in previews) <= 192


@pytest.mark.parametrize(
    "prompt", ["library at night", "forest in the snow", "city, evening", "polka dot dress, beach"]
)
def test_busy_scenes_have_small_previews(prompt: str) -> None:
    order = replace(ORDER, prompt=prompt, width=1024, height=1024)
    plan = plan_of(order, read_attributes(prompt), 0)
    assert len(drawing.preview(plan, len(LAYERS))) <= 8 * 1024


async def test_the_order_of_events() -> None:
    events = await events_of(replace(ORDER, prompt="two friends", indexes=(1, 3)))
    assert isinstance(events[0], Notes)
    assert sum(isinstance(event, Notes) for event in events) == 1
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert fractions[0] > 0
    assert fractions[-1] == 1.0
    assert [event.index for event in events if isinstance(event, ImageReady)] == [1, 3]
    assert isinstance(events[-1], ImageReady)


async def test_no_notes_where_there_is_nothing_to_say() -> None:
    assert not any(isinstance(event, Notes) for event in await events_of(ORDER))


async def test_closing_stops_between_two_layers() -> None:
    calls: list[str] = []

    async def counting(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        calls.append(function.__name__)
        return function(*args, **kwargs)

    stream = IllustrationEngine().run(replace(ORDER, indexes=(0, 1)), counting)
    async for event in stream:
        if isinstance(event, Preview):
            break
    await stream.aclose()
    assert calls == ["preview"]


async def test_the_jumper_is_green_and_the_hair_red() -> None:
    (content,) = (await pictures_of(ORDER)).values()
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    red, green, blue = picture.crop((118, 240, 138, 254)).resize((1, 1), Image.Resampling.BOX).tobytes()
    assert green > red + 25
    assert green > blue + 25
    red, green, blue = picture.crop((118, 44, 138, 58)).resize((1, 1), Image.Resampling.BOX).tobytes()
    assert red > green + 50
    assert red > blue + 50


async def test_styles() -> None:
    flat, pastel, noir = [(await pictures_of(replace(ORDER, style=style)))[0] for style in ("flat", "pastel", "noir")]
    assert flat == (await pictures_of(ORDER))[0]
    light = [sum(Image.open(io.BytesIO(content)).convert("L").histogram()[200:]) for content in (flat, pastel)]
    assert light[1] > light[0]
    hues = Image.open(io.BytesIO(noir)).convert("HSV").getchannel("S").histogram()
    assert sum(hues[120:]) < 0.25 * sum(hues)
    assert (await pictures_of(replace(ORDER, prompt=f"{PROMPT}, black and white")))[0] != flat


@pytest.mark.parametrize("prompt", HOSTILE)
async def test_hostile_prompts_are_drawn_and_never_reach_the_svg(prompt: str) -> None:
    order = replace(ORDER, prompt=prompt, negative_prompt=prompt)
    plan = plan_of(order, read_attributes(prompt, prompt), 0)
    for svg in (person_svg(plan.character, len(LAYERS)), backdrop_svg(plan.setting, 256, 256)):
        ElementTree.fromstring(svg)
        assert not any(trace in svg for trace in ("alert", "passwd", "onload", "reversed", "script"))
    picture = Image.open(io.BytesIO(drawing.final(plan)))
    assert picture.size == (256, 256)


def test_a_drawing_can_be_sent_to_another_process() -> None:
    plan = plan_of(ORDER, read_attributes(PROMPT), 0)
    function, sent, layers = pickle.loads(pickle.dumps((drawing.preview, plan, 2)))
    assert function(sent, layers) == drawing.preview(plan, 2)


def test_long_hair_is_seen_under_a_hat() -> None:
    for seed in range(8):
        assert character("a woman with long hair and a beanie", seed).hair in wardrobe.UNDER_HAT


def test_the_style_is_built_once() -> None:
    assert style() is style()
