"""What the drawing set cannot do, and what is said about it."""

from collections.abc import Mapping
from types import MappingProxyType

SEVERAL = "Only one person is drawn, so the others were left out."
ADULTS = "Only adults are drawn here; this picture shows an adult."
CROP = "The drawing shows head and shoulders; the rest of the body and what it does are not drawn."
HANDS = "Hands are not drawn, nor what they hold."
ANIMALS = "Animals are not drawn."
TEXT = "Text and logos are not drawn."
PHOTO = "This engine draws flat illustrations, not photographs."
LIKENESS = "Nobody in particular is drawn: the picture is of no real or famous person."
ORIGIN = "Where a person comes from is not drawn; name a skin tone to have one."
EYES = "Eye colour is not drawn."
MAKE_UP = "Make-up is not drawn."
UNDRESSED = "The person is always drawn dressed."
NOTHING_READ = "None of the words were understood, so the seed decided everything."
COVERED = "The hair is hidden by what is worn on the head."
BRAIDS = "Braids are not in the drawing set; the nearest hair was drawn."
PONYTAIL = "A ponytail is not in the drawing set; the nearest hair was drawn."
PLACE_NAME = "Places are drawn in general, not as a particular town."


def listed(words: str) -> frozenset[str]:
    """Return the words of a text, as a set."""
    return frozenset(words.split())


def _table(*rows: tuple[str, str]) -> Mapping[str, str]:
    return MappingProxyType({word.strip(): remark for remark, words in rows for word in words.split(",")})


REMARKS = _table(
    (SEVERAL, "couple, family, group, friends, crowd, twins, triplets, people, team, siblings, parents, band "
              "members, two people, both, together, colleagues, audience, duo, trio"),
    (CROP, "full body, full-body, full length, full-length, whole body, standing, sitting, running, walking, "
           "dancing, jumping, kneeling, lying, legs, feet, shoes, boots, trousers, jeans, skirt, shorts, posing, "
           "riding, cycling, swimming, driving, cooking, playing, climbing, body, arms, from behind, in profile, "
           "profile, side view, socks, leaning, heels"),
    (HANDS, "hand, hands, holding, holds, waving, fingers, pointing, thumbs up, fist, hugging, reading, drinking,"
            " eating, carrying, smoking, writing"),
    (ANIMALS, "dog, dogs, cat, cats, horse, bird, birds, parrot, puppy, kitten, rabbit, pet, animal, animals, "
              "retriever, fox, lion, tiger, bear, elephant, cow, sheep, owl, butterfly, dragon, poodle, labrador,"
              " golden retriever, monkey, fish"),
    (TEXT, "text, logo, slogan, caption, sign, lettering, letters, watermark, words, quote, title"),
    (PHOTO, "photo, photograph, photorealistic, photo-realistic, realistic, hyperrealistic, dslr, 8k, 4k, bokeh, "
            "35mm, 85mm, photography, lens, canon, nikon, render, 3d, oil painting, watercolour, watercolor, "
            "anime, sketch, cinematic, unreal engine"),
    (LIKENESS, "celebrity, famous, look-alike, lookalike, looks like, president, superhero, batman, superman, "
               "spiderman, pope"),
    (ORIGIN, "african, asian, european, indian, chinese, japanese, korean, latina, latino, hispanic, arab, "
             "arabic, american, british, english, french, german, italian, spanish, mexican, brazilian, nigerian,"
             " kenyan, ethiopian, turkish, persian, iranian, pakistani, scandinavian, swedish, russian, polish, "
             "irish, scottish, vietnamese, thai, filipino, caucasian, middle eastern, caribbean, jamaican, greek,"
             " moroccan, egyptian"),
    (UNDRESSED, "naked, nude, shirtless, topless, undressed, bare-chested, bikini, underwear, lingerie, swimsuit"),
    (PLACE_NAME, "london, paris, new york, tokyo, berlin, nyc"),
)  # fmt: skip

IDIOMS = frozenset(
    (
        "wine glasses", "champagne glasses", "glasses of", "glass of", "opera glasses", "drinking glasses",
        "beer glasses", "old-fashioned", "old fashioned", "year old", "years old", "hot dog", "white wine",
        "red wine", "green tea", "black tea", "orange juice", "black coffee", "head of", "head and shoulders",
        "head shot", "portrait of", "a picture of", "picture of", "image of", "drawing of", "illustration of",
        "cap of", "top of", "shades of", "in front of", "hair dryer", "face to face", "good night", "by day",
        "one day",
    )
)  # fmt: skip
"""Phrases whose words do not mean here what they mean alone."""

QUIET = listed(
    "two three four a an the and or but nor with without of in on at to for from by as is are was be been being "
    "has have having had who whose whom that this these those it its i me my we our you your very really quite "
    "rather so too some any all behind before front against near next beside under over above below around into "
    "out up down off through while when where there here her his their she he they them him please draw drawn "
    "paint make create show me portrait picture image drawing illustration avatar headshot not no never only just"
    " also then than like more most much many few little bit lot wearing wears wear dressed clad coloured colored"
    " dyed style styled looking looks look nice beautiful pretty lovely handsome attractive gorgeous cute good "
    "great high quality detailed best young middle-aged tall age aged years year old yo background close-up "
    "closeup up view camera facing set one person someone plain minus isn't aren't doesn't don't want would could"
    " can will rimmed natural bare background scene shot lit light lights colour color single flat simple stylish"
    " elegant professional modern looked wore shade tone toned avoid vector art sits"
)
"""Words that need no effect of their own: nobody is told that they had none."""
