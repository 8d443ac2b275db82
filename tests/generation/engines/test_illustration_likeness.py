"""What the illustration engine takes from a reference picture, and what it leaves."""

import io

import pytest
from PIL import Image, ImageDraw

from app.generation.engines.base import Order, Reference
from app.generation.engines.illustration import IllustrationEngine
from app.generation.engines.illustration.attributes import read_attributes
from app.generation.engines.illustration.cast import character_of, setting_of
from app.generation.engines.illustration.likeness import NO_FACE, NOT_TAKEN, Likeness, measure, with_likeness
from app.generation.engines.illustration.palette import COLOURS, HAIR_COLOURS, SKIN_TONES
from app.media.faces import Box
from app.media.imaging import examine
from tests.conftest import inline
from tests.contracts import engines as contract
from tests.media.faces import drawn_face
from tests.media.pictures import MAX_PIXELS, painted, saved

FACE = Box(200, 150, 100, 130)


def person(skin: str, hair: str, clothes: str, background: str) -> Reference:
    """A person of four flat colours, whose face is at `FACE`."""
    image = Image.new("RGB", (500, 600), background)
    draw = ImageDraw.Draw(image)
    draw.ellipse((180, 90, 320, 300), fill=hair)
    draw.ellipse((200, 150, 300, 285), fill=skin)
    draw.rectangle((120, 320, 380, 600), fill=clothes)
    return Reference(saved(image), "image/png", True, FACE)


SEEN = measure(person(SKIN_TONES[6], HAIR_COLOURS["ginger"], COLOURS["navy"], "#88aa77"))


def test_regions_are_told_apart_by_the_place_of_the_face() -> None:
    assert Likeness(COLOURS["navy"], "#88aa77", HAIR_COLOURS["ginger"], 6, True) == SEEN


@pytest.mark.parametrize("skin", range(len(SKIN_TONES)))
def test_hair_is_told_from_skin_of_every_tone(skin: int) -> None:
    colour = HAIR_COLOURS["black" if skin > 2 else "auburn"]
    seen = measure(person(SKIN_TONES[skin], colour, COLOURS["red"], "#ffffff"))
    assert (seen.skin, seen.hair) == (skin, colour)


def test_a_bald_head_has_no_hair_colour() -> None:
    bald = person(SKIN_TONES[2], SKIN_TONES[2], COLOURS["red"], "#ffffff")
    assert measure(bald).hair is None


def test_a_face_that_fills_the_picture_shows_skin_only() -> None:
    close = Reference(saved(Image.new("RGB", (100, 100), SKIN_TONES[4])), "image/png", True, Box(0, 0, 100, 100))
    assert measure(close) == Likeness(skin=4, has_face=True)


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3)])
def test_tiny_and_narrow_pictures_are_measured_too(size: tuple[int, int]) -> None:
    for face in (None, Box(0, 0, 1, 1)):
        seen = measure(Reference(saved(Image.new("RGB", size, "#aa2222")), "image/png", face is not None, face))
        assert seen.has_face is (face is not None)


def test_what_the_words_leave_open_is_taken() -> None:
    attributes = with_likeness(read_attributes("a woman"), SEEN)
    for seed in range(5):
        drawn = character_of(attributes, seed, 0)
        assert drawn.skin == SKIN_TONES[6]
        assert (drawn.hair_colour, drawn.clothes_colour) == (HAIR_COLOURS["ginger"], COLOURS["navy"])
        assert setting_of(attributes, seed, 0).colour == "#88aa77"
    assert len({character_of(attributes, seed, 0).hair for seed in range(20)}) > 3, "the seed decides the rest"
    assert attributes.sentences[-1] == NOT_TAKEN


def test_words_win() -> None:
    words = read_attributes("a pale woman with black hair in a red dress at the beach")
    attributes = with_likeness(words, SEEN)
    assert (attributes.wishes, attributes.skin) == (words.wishes, words.skin)
    assert (
        "Your words decided instead of your reference: hair colour, colour of the clothes, colour of the background, "
        "skin tone." in attributes.sentences
    )
    assert not any("Taken" in sentence for sentence in attributes.sentences)


@pytest.mark.parametrize(
    ("prompt", "negative"), [("an old man", None), ("a man with a shaved head", None), ("a man", "ginger hair")]
)
def test_words_that_exclude_a_hair_colour_win_too(prompt: str, negative: str | None) -> None:
    attributes = with_likeness(read_attributes(prompt, negative), SEEN)
    assert attributes.wish("hair").colour is None
    assert any("decided" in sentence and "hair colour" in sentence for sentence in attributes.sentences)


def test_without_a_face_only_the_palette_is_taken_and_it_says_so() -> None:
    seen = measure(Reference(saved(painted()), "image/png", False))
    assert (seen.hair, seen.skin, seen.has_face) == (None, None, False)
    assert seen.clothes is not None
    assert seen.background is not None
    sentences = with_likeness(read_attributes("a woman"), seen).sentences
    assert sentences[0] == NO_FACE
    assert NOT_TAKEN not in sentences


async def test_an_order_with_a_reference_keeps_the_contract_and_is_deterministic() -> None:
    examined = examine(drawn_face(), max_pixels=MAX_PIXELS)
    picture = examined.picture.variants[0]
    reference = Reference(picture.content, picture.content_type, examined.faces.found, examined.faces.largest)
    engine = IllustrationEngine()
    order = Order("key", "a woman", 3, 256, 256, (0,), references=(reference,))

    runs = [await contract.run(engine, order, inline) for _ in range(2)]

    contract.check_run(engine, runs[0])
    assert runs[0].pictures == runs[1].pictures
    plain = await contract.run(engine, Order("key", "a woman", 3, 256, 256, (0,)), inline)
    assert plain.pictures != runs[0].pictures
    with Image.open(io.BytesIO(runs[0].pictures[0])) as image:
        assert image.size == (256, 256)
