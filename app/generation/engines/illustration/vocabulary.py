"""The words that the engine understands: tables from a word or phrase to what it means in a picture.

A *noun* names a thing that other words describe ("curly red **hair**"). A *quality* describes the noun of its phrase,
or the person where it stands alone ("**bald**", "**smiling**"). Phrases of several words win over single ones.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from app.generation.engines.illustration.remarks import listed


def _table(rows: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return word -> meaning from rows of a meaning and its synonyms, which are separated by commas."""
    return MappingProxyType({word.strip(): meaning for meaning, words in rows for word in words.split(",")})


PERSON_NOUNS = _table(
    (
        ("woman", "woman, women, lady, ladies, female, she, her, girlfriend, wife, mother, mum, mom, grandmother,"
                  " grandma, granny, aunt, sister, daughter, queen, princess, businesswoman, actress, waitress, "
                  "bride, gal, policewoman, girl, girls"),
        ("man", "man, men, gentleman, male, he, his, him, guy, bloke, chap, boyfriend, husband, father, dad, "
                "grandfather, grandpa, grandad, uncle, brother, son, king, prince, businessman, actor, waiter, "
                "groom, fellow, dude, policeman, boy, boys"),
        ("person", "person, someone, somebody, human, adult, they, them, their, student, teacher, doctor, nurse, "
                   "artist, engineer, scientist, pensioner, individual, character, portrait, face, head, avatar, "
                   "figure, model"),
    )
)  # fmt: skip

HAIR_NOUNS = _table(
    (
        ("", "hair, hairs, haired, haircut, hairdo, hairstyle, locks, mane, tresses"),
        ("bob", "bob, bobbed hair, bob cut, pageboy"),
        ("bun", "bun, hair bun, top knot, topknot, chignon, updo, man bun"),
        ("afro", "afro, fro"),
        ("dreads", "dreads, dreadlocks, locs"),
        ("curls", "curls, ringlets"),
        ("braids", "braid, braids, plait, plaits, cornrows, pigtails"),
        ("ponytail", "ponytail, pony tail"),
        ("fringe", "fringe, bangs"),
        ("mullet", "mullet"),
        ("undercut", "undercut, shaved sides, side shave"),
        ("buzz", "buzz cut, buzzcut, crew cut, crewcut, stubble hair"),
        ("quiff", "quiff, mohawk, pompadour"),
        ("pixie", "pixie cut, pixie"),
    )
)  # fmt: skip

HAIR_QUALITIES = _table(
    (
        ("curls", "curly, curled, frizzy, wild, coiled, kinky"),
        ("waves", "wavy"),
        ("straight", "straight, sleek, smooth"),
        ("long", "long, waist-length, flowing, very long"),
        ("medium", "shoulder-length, medium, medium-length, chin-length"),
        ("short", "short, cropped, close-cropped, short-cropped"),
        ("big", "big, voluminous, thick, bushy, huge, fluffy"),
        ("bald", "thinning, receding, balding"),
        ("shaved", "shaved, shaven"),
        ("messy", "messy, tousled, shaggy, untidy, scruffy"),
        ("braids", "braided, plaited"),
        ("fringe", "fringed"),
    )
)  # fmt: skip

HAIR_ALONE = _table((("bald", "bald, hairless, bald head"), ("shaved", "shaved head, shaven head, bald-headed")))

HAIR_COLOUR_ALONE = _table(
    (
        ("blonde", "blonde, blond"),
        ("red", "redhead, redheaded, red-headed"),
        ("ginger", "ginger"),
        ("brown", "brunette"),
        ("auburn", "auburn"),
    )
)

HEADWEAR_NOUNS = _table(
    (
        ("hat", "hat, fedora, sunhat, sun hat, straw hat, panama, trilby, bowler, top hat, cowboy hat, "
                "wide-brimmed hat"),
        ("beanie", "beanie, woolly hat, wool hat, knitted hat, bobble hat, knit cap, cap, bonnet, winter hat"),
        ("ear flaps", "ushanka, trapper hat, chullo, hat with ear flaps"),
        ("hijab", "hijab, headscarf, head scarf, veil"),
        ("turban", "turban, dastar, headwrap, head wrap"),
        ("band", "headband, head band, hairband, hair band, bandana, bandanna"),
        ("flowers", "flower crown, flowers in her hair, flowers in the hair, floral crown, flower in her hair"),
    )
)  # fmt: skip

EYEWEAR_NOUNS = _table(
    (
        ("glasses", "glasses, spectacles, eyeglasses, specs, reading glasses, eyewear"),
        ("sunglasses", "sunglasses, shades, sun glasses, dark glasses, sunnies, aviators, wayfarers"),
    )
)

EYEWEAR_QUALITIES = _table(
    (
        ("round", "round, circular, john lennon"),
        ("square", "square, rectangular, thick, thick-rimmed, black-rimmed, horn-rimmed, chunky, big, large"),
    )
)

FACIAL_HAIR_NOUNS = _table(
    (
        ("beard", "beard, beards, bearded, facial hair, goatee, whiskers"),
        ("stubble", "stubble, stubbly, unshaven, five o'clock shadow"),
        ("moustache", "moustache, mustache, moustaches, moustachioed, mustachioed"),
    )
)
FACIAL_HAIR_QUALITIES = _table(
    (
        ("long", "long, bushy, big, full, huge, thick, majestic, wizard"),
        ("stubble", "short, light, trimmed, neat, stubbly, close-cropped"),
        ("fancy", "curled, handlebar, fancy, waxed, twirled"),
    )
)
CLEAN_SHAVEN = frozenset(("clean-shaven", "clean shaven", "cleanshaven", "beardless", "shaven", "smooth-faced"))

CLOTHES_NOUNS = _table(
    (
        ("jumper", "jumper, sweater, pullover, knitwear, cardigan, turtleneck, polo neck, roll-neck, knit, jersey"),
        ("hoodie", "hoodie, sweatshirt, hooded top, hooded sweatshirt, tracksuit, anorak, raincoat"),
        ("shirt", "shirt, blouse, polo shirt, button-up, tunic, uniform"),
        ("t-shirt", "t-shirt, tee, tshirt, t shirt, top, vest, tank top, singlet"),
        ("blazer", "blazer, suit, jacket, suit jacket, tuxedo, dinner jacket, coat, overcoat, leather jacket"),
        ("dress", "dress, gown, frock, sundress, evening dress, kimono, sari, robe"),
        ("overall", "overall, overalls, dungarees, boiler suit, apron, pinafore"),
        ("graphic", "graphic t-shirt, graphic tee, printed t-shirt, band t-shirt"),
        ("", "clothes, clothing, outfit, wearing, dressed, clad, attire"),
    )
)  # fmt: skip

PATTERNS = _table(
    (
        ("stripes", "striped, stripy, stripey, breton"),
        ("dots", "spotted, spotty, polka-dot, polka dot, dotted"),
        ("knit", "knitted, woolly, woollen, chunky, cosy, woolen, knit, cable-knit"),
    )
)

OTHER_NOUNS = _table(
    (
        ("scarf", "scarf, shawl, neckerchief"),
        ("earrings", "earring, earrings, hoops, hoop earrings, ear rings"),
        ("freckles", "freckles, freckled, freckly"),
        ("skin", "skin, complexion, skin tone, skinned"),
        ("eyes", "eyes, eye, eyed"),
        ("lips", "lips, lipstick, make-up, makeup, eyeshadow"),
    )
)

EXPRESSIONS = _table(
    (
        ("smile", "smiling, smile, smiles, happy, cheerful, friendly, grinning, grin, joyful"),
        ("laugh", "laughing, laugh, laughs, laughter, giggling, beaming, delighted, overjoyed"),
        ("serious", "serious, neutral, stern, solemn, thoughtful, pensive, focused, expressionless, professional"),
        ("sad", "sad, unhappy, sorrowful, melancholy, melancholic, gloomy, upset, frowning, frown"),
        ("cry", "crying, weeping, tearful, in tears"),
        ("surprised", "surprised, astonished, shocked, amazed, startled, wide-eyed"),
        ("wink", "winking, wink, winks, cheeky"),
        ("angry", "angry, cross, furious, annoyed, scowling, grumpy, mad"),
        ("worried", "worried, anxious, nervous, concerned, afraid, scared"),
        ("calm", "calm, peaceful, relaxed, serene, dreamy, eyes closed, closed eyes, sleeping, meditating"),
        ("sceptical", "sceptical, skeptical, doubtful, smirking, smirk, sly, suspicious"),
        ("love", "in love, loving, lovestruck, adoring"),
    )
)  # fmt: skip

PLACES = _table(
    (
        ("city", "city, cityscape, skyline, downtown, street, streets, skyscraper, skyscrapers, town, urban, "
                 "rooftops, rooftop, buildings, metropolis, london, paris, new york, tokyo, berlin, nyc"),
        ("beach", "beach, sea, seaside, ocean, coast, shore, seashore, sand, tropical, island, harbour, lake"),
        ("forest", "forest, woods, woodland, jungle, trees, pines, fir trees, pine trees"),
        ("park", "park, garden, gardens, meadow, lawn, flowers, orchard, backyard"),
        ("mountains", "mountain, mountains, alps, alpine, peaks, himalayas, cliffs, snowy peaks"),
        ("hills", "hills, countryside, field, fields, farm, prairie, vineyard, outdoors, outside, nature, sky, "
                  "landscape"),
        ("desert", "desert, dunes, sahara"),
        ("library", "library, bookshop, bookstore, bookshelf, bookshelves, bookcase, books"),
        ("cafe", "cafe, café, coffee shop, coffee house, restaurant, bar, pub, bakery, bistro"),
        ("office", "office, workplace, desk, classroom, meeting room, boardroom, laboratory, lab, coworking space"),
        ("home", "home, living room, room, kitchen, bedroom, indoors, inside, house, apartment, sofa"),
        ("studio", "studio, photo studio, background, backdrop, backgrounds, wall, gradient, plain background"),
    )
)  # fmt: skip

TIMES = _table(
    (
        ("morning", "morning, sunrise, dawn, early morning"),
        ("day", "day, daylight, daytime, midday, noon, afternoon, sunny, bright day, sunshine, blue sky, sunlight"),
        ("sunset", "sunset, golden hour, sundown, golden light, setting sun, evening sun, late afternoon"),
        ("evening", "evening, dusk, twilight, blue hour, nightfall"),
        ("night", "night, nighttime, night-time, midnight, stars, starry, moon, moonlight, moonlit, night sky, "
                  "starry sky"),
    )
)  # fmt: skip

WEATHERS = _table(
    (
        ("snow", "snow, snowing, snowy, snowfall, winter, wintry, snowflakes"),
        ("rain", "rain, raining, rainy, drizzle, stormy, storm"),
    )
)

OLD = listed("old elderly aged senior grandmother grandma granny grandfather grandpa grandad pensioner older retired")
YOUNG_ONES = listed(
    "child children kid kids boy boys girl girls baby babies toddler infant teen teens teenage teenager teenagers"
    " schoolboy schoolgirl minor minors preteen tween adolescent newborn underage youngster toddlers"
)

LOOKS = _table(
    (
        ("noir", "black and white, black-and-white, monochrome, noir, greyscale, grayscale"),
        ("pastel", "pastel, pastels"),
    )
)

SHADES: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "dark": ("#15131a", 0.36), "deep": ("#15131a", 0.26), "light": ("#ffffff", 0.40), "pale": ("#ffffff", 0.48),
        "soft": ("#ffffff", 0.28), "pastel": ("#ffffff", 0.42), "baby": ("#ffffff", 0.45), "bright": ("#ffffff", 0.08),
        "dusty": ("#9a9095", 0.30), "bottle": ("#15131a", 0.38), "powder": ("#ffffff", 0.5), "royal": ("#1b1466", 0.22),
        "dirty": ("#8a7a60", 0.35), "midnight": ("#0b0d20", 0.5), "vivid": ("#ffffff", 0.0), "warm": ("#e09a60", 0.15),
    }
)  # fmt: skip
"""What a shade word mixes into the colour that follows it."""
