"""What the illustration engine reads out of a prompt."""

import pytest

from app.generation.engines.illustration import remarks
from app.generation.engines.illustration.attributes import read_attributes
from app.generation.engines.illustration.palette import COLOURS, HAIR_COLOURS, channels

GREEN, NAVY, RED = COLOURS["green"], COLOURS["navy"], COLOURS["red"]


@pytest.mark.parametrize(
    ("prompt", "slot", "value"),
    [
        ("a woman with a bob", "hair", "bob"),
        ("an afro", "hair", "afro"),
        ("long dreadlocks", "hair", "dreads"),
        ("hair in a bun", "hair", "bun"),
        ("a bald man", "hair", "bald"),
        ("a man with a shaved head", "hair", "shaved"),
        ("she has no hair", "hair", "shaved"),
        ("a purple hijab", "headwear", "hijab"),
        ("a Sikh man in a turban", "headwear", "turban"),
        ("wearing a bobble hat", "headwear", "beanie"),
        ("a straw hat", "headwear", "hat"),
        ("spectacles", "eyewear", "glasses"),
        ("dark glasses", "eyewear", "sunglasses"),
        ("a bearded man", "facial_hair", "beard"),
        ("a mustache", "facial_hair", "moustache"),
        ("a jumper", "clothes", "jumper"),
        ("a sweater", "clothes", "jumper"),
        ("a three-piece suit", "clothes", "blazer"),
        ("dungarees", "clothes", "overall"),
        ("a T-shirt", "clothes", "t-shirt"),
        ("an evening dress", "clothes", "dress"),
        ("laughing", "expression", "laugh"),
        ("a winking person", "expression", "wink"),
        ("he looks sad", "expression", "sad"),
        ("a city behind her", "place", "city"),
        ("at the seaside", "place", "beach"),
        ("in the woods", "place", "forest"),
        ("in a café", "place", "cafe"),
        ("against a plain background", "place", "studio"),
        ("in London", "place", "city"),
        ("at golden hour", "time", "sunset"),
        ("under a starry sky", "time", "night"),
        ("in the rain", "weather", "rain"),
        ("a lady", "person", "woman"),
        ("he smiles", "person", "man"),
        ("a portrait of her", "person", "woman"),
        ("a black and white portrait", "look", "noir"),
        ("a woman in New York", "place", "city"),
    ],
)
def test_a_word_has_its_meaning(prompt: str, slot: str, value: str) -> None:
    assert read_attributes(prompt).wish(slot).value == value


@pytest.mark.parametrize(
    ("prompt", "slot", "colour"),
    [
        ("red curly hair, glasses and a green jumper, a city behind her", "hair", HAIR_COLOURS["red"]),
        ("red curly hair, glasses and a green jumper, a city behind her", "clothes", GREEN),
        ("red curly hair, glasses and a green jumper, a city behind her", "eyewear", None),
        ("red hair glasses green jumper city", "clothes", GREEN),
        ("red hair glasses green jumper city", "hair", HAIR_COLOURS["red"]),
        ("her hair is long and red, green jumper", "hair", HAIR_COLOURS["red"]),
        ("her hair is long and red, green jumper", "clothes", GREEN),
        ("a blonde woman in navy", "hair", HAIR_COLOURS["blonde"]),
        ("a blonde woman in navy", "clothes", NAVY),
        ("a blonde, blue-eyed woman", "hair", HAIR_COLOURS["blonde"]),
        ("silver-haired woman", "hair", HAIR_COLOURS["silver"]),
        ("hair dyed blue", "hair", COLOURS["blue"]),
        ("a navy blue dress", "clothes", NAVY),
        ("a sky blue blouse, forest behind", "clothes", COLOURS["sky"]),
        ("a forest green beanie", "headwear", COLOURS["forest"]),
        ("a grey suit", "clothes", COLOURS["grey"]),
        ("a gray suit", "clothes", COLOURS["grey"]),
        ("red woollen jumper", "clothes", RED),
        ("red glasses", "eyewear", RED),
        ("a long white beard", "facial_hair", HAIR_COLOURS["white"]),
        ("on a yellow background", "place", COLOURS["yellow"]),
        ("background: teal", "place", COLOURS["teal"]),
        ("gold hoop earrings", "earrings", COLOURS["gold"]),
        ("a mustard scarf", "scarf", COLOURS["mustard"]),
        ("a golden retriever and brown hair", "hair", HAIR_COLOURS["brown"]),
        ("a red car, a jumper", "clothes", None),
        ("a hundred jumpers, a jumper", "clothes", None),
    ],
)
def test_a_colour_belongs_to_its_noun(prompt: str, slot: str, colour: str | None) -> None:
    assert read_attributes(prompt).wish(slot).colour == colour


def test_a_shade_changes_its_colour() -> None:
    dark, light = (read_attributes(f"a {shade} green jumper").wish("clothes").colour for shade in ("dark", "light"))
    assert dark is not None
    assert light is not None
    assert sum(channels(dark)) < sum(channels(GREEN)) < sum(channels(light))


@pytest.mark.parametrize(
    ("prompt", "qualities"),
    [
        ("short, curly black hair", {"short", "curls"}),
        ("wavy shoulder-length hair", {"waves", "medium"}),
        ("a long dress, hair", set()),
        ("hair: long and straight", {"long", "straight"}),
    ],
)
def test_what_is_said_of_hair(prompt: str, qualities: set[str]) -> None:
    assert read_attributes(prompt).wish("hair").qualities == qualities


@pytest.mark.parametrize(
    ("prompt", "old"),
    [
        ("an old man", True),
        ("an elderly lady", True),
        ("a grandmother who is old", True),
        ("a woman aged 72", True),
        ("a 68-year-old", True),
        ("in her seventies", True),
        ("a woman with a golden retriever", False),
        ("a 25 year old woman", False),
        ("a thirty-year-old", False),
        ("an old jumper", False),
        ("in an old library", False),
        ("bold colours", False),
    ],
)
def test_who_is_old(prompt: str, old: bool) -> None:
    assert read_attributes(prompt).old is old


@pytest.mark.parametrize(
    ("prompt", "skin"),
    [
        ("pale skin", (0, 1)),
        ("a dark-skinned man", (6, 9)),
        ("a Black woman", (6, 9)),
        ("a woman in black", None),
        ("a dark jumper and fair hair", None),
        ("black hair", None),
    ],
)
def test_skin_only_where_it_is_said(prompt: str, skin: tuple[int, int] | None) -> None:
    assert read_attributes(prompt).skin == skin


@pytest.mark.parametrize(
    ("prompt", "negative", "slot", "value"),
    [
        ("a woman without glasses", None, "eyewear", "glasses"),
        ("isn't wearing glasses", None, "eyewear", "glasses"),
        ("no beard or moustache", None, "facial_hair", "moustache"),
        ("no beard or moustache", None, "facial_hair", "beard"),
        ("without a beard and glasses", None, "eyewear", "glasses"),
        ("clean-shaven", None, "facial_hair", "beard"),
        ("a man", "glasses, beard", "facial_hair", "beard"),
        ("a man with glasses", "glasses, beard", "eyewear", "glasses"),
        ("a woman", "smiling", "expression", "smile"),
        ("not smiling", None, "expression", "smile"),
        ("a woman", "red hair", "hair", HAIR_COLOURS["red"]),
        ("a woman", "long hair", "hair", "long"),
    ],
)
def test_what_is_ruled_out(prompt: str, negative: str | None, slot: str, value: str) -> None:
    attributes = read_attributes(prompt, negative)
    assert not attributes.allows(slot, value)
    assert attributes.wish(slot).value != value


def test_a_no_ends_with_its_phrase() -> None:
    attributes = read_attributes("no glasses and a green jumper, a hat")
    assert attributes.wish("clothes").colour == GREEN
    assert attributes.wish("headwear").value == "hat"


@pytest.mark.parametrize(
    "prompt", ["two glasses of wine", "a glass of water", "holding wine glasses", "a hundred candles", "shades of blue"]
)
def test_things_that_only_sound_like_it(prompt: str) -> None:
    attributes = read_attributes(prompt)
    assert not attributes.wish("eyewear").value
    assert not attributes.wish("hair").colour
    assert not attributes.wish("clothes").value


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        ("two friends laughing", remarks.SEVERAL),
        ("a man and his wife", remarks.SEVERAL),
        ("three women", remarks.SEVERAL),
        ("full body, standing", remarks.CROP),
        ("a child", remarks.ADULTS),
        ("a teenager", remarks.ADULTS),
        ("a girl of 7", remarks.ADULTS),
        ("a seven-year-old", remarks.ADULTS),
        ("a woman, 17 years old", remarks.ADULTS),
        ("a woman holding a cup", remarks.HANDS),
        ("with her dog", remarks.ANIMALS),
        ("a golden retriever", remarks.ANIMALS),
        ("a sign with text", remarks.TEXT),
        ("a photorealistic portrait", remarks.PHOTO),
        ("Clementine Rookwood smiling", remarks.LIKENESS),
        ("a Japanese woman", remarks.ORIGIN),
        ("blue eyes", remarks.EYES),
        ("braided hair", remarks.BRAIDS),
        ("blonde hair and a hijab", remarks.COVERED),
        ("naked", remarks.UNDRESSED),
        ("in Paris", remarks.PLACE_NAME),
        ("xyzzy plugh", remarks.NOTHING_READ),
    ],
)
def test_what_cannot_be_drawn_is_said(prompt: str, sentence: str) -> None:
    assert sentence in read_attributes(prompt).sentences


@pytest.mark.parametrize(
    "prompt",
    [
        "red curly hair, glasses and a green jumper, a city behind her",
        "a 25 year old woman",
        "a woman, no children, no dogs, no text",
        "A Smiling Woman With Red Hair",
        "",
        "   ",
    ],
)
def test_nothing_is_said_where_all_was_honoured(prompt: str) -> None:
    assert read_attributes(prompt).sentences == ()


def test_at_most_six_unknown_words_are_named() -> None:
    (sentence,) = read_attributes("a woman with zork, blorb, quux, wibble, frotz, gnusto, rezrov, yomin").sentences
    assert sentence == "These words had no effect: “zork”, “blorb”, “quux”, “wibble”, “frotz”, “gnusto”."


def test_unwanted_things_need_no_remark() -> None:
    assert read_attributes("a woman", "blurry, extra fingers, dog, text, photo").sentences == ()
