"""The backdrop: sky, place, weather and haze, composed for the size that was ordered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from app.generation.engines.illustration.indoors import cafe, home, library, office
from app.generation.engines.illustration.outdoors import beach, city, desert, forest, hills, mountains, park
from app.generation.engines.illustration.palette import companion, luminance, mix
from app.generation.engines.illustration.scene import LIGHTS, Ground, Light, ellipse, glow, line, path, rect, slope

OUTDOORS: Mapping[str, Callable[[Ground], str]] = MappingProxyType(
    {
        "city": city,
        "beach": beach,
        "forest": forest,
        "park": park,
        "mountains": mountains,
        "hills": hills,
        "desert": desert,
    }
)
INDOORS: Mapping[str, Callable[[Ground], str]] = MappingProxyType(
    {"library": library, "cafe": cafe, "office": office, "home": home}
)
STUDIO = "studio"
_NEUTRAL_TINT = ("#ffffff", "#f6f4f6")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when the person is drawn."""

    place: str
    """A key of `OUTDOORS` or `INDOORS`, or `studio`."""
    time: str
    """A key of `LIGHTS`."""
    weather: str | None
    """`rain`, `snow` or nothing."""
    colour: str
    """`#rrggbb`: the paper of a studio; not used elsewhere."""
    seed: str
    """Decides the shapes: each house, tree and wave."""


def tint(setting: Setting) -> tuple[str, str]:
    """Return the colours to multiply a person with in this light, top and bottom."""
    if setting.place == STUDIO:
        return _NEUTRAL_TINT
    top, bottom = LIGHTS[setting.time].tint
    if setting.place in INDOORS:
        return mix(top, "#ffffff", 0.6), mix(bottom, "#ffffff", 0.6)
    return top, bottom


def paper_for(clothes: str, rng: Random) -> str:
    """Return a quiet studio colour that goes with the clothes and stands off from them."""
    turn = rng.choice((0.5, 0.42, 0.58, 0.08, 0.92))
    lightness = 0.66 if luminance(clothes) > 0.72 else rng.uniform(0.70, 0.83)
    return companion(clothes, turn, lightness, rng.uniform(0.28, 0.46))


def backdrop_svg(setting: Setting, width: int, height: int) -> str:
    """Return the SVG of the backdrop for a picture of `width` x `height` pixels."""
    unit = 1000 / min(width, height)
    ground = Ground(width * unit, height * unit, LIGHTS[setting.time], Random(setting.seed))  # noqa: S311
    body = _studio(ground, setting.colour) if setting.place == STUDIO else _place(ground, setting)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ground.width:.1f} {ground.height:.1f}">{body}</svg>'


def _studio(ground: Ground, colour: str) -> str:
    """A paper roll with a spot of light behind the head and a faint floor curve."""
    width, height = ground.width, ground.height
    deep = mix(colour, companion(colour, 0.04, 0.35, 0.35), 0.28)
    shapes = slope("paper", (mix(colour, "#ffffff", 0.18), colour, deep)) + rect(0, 0, width, height, "url(#paper)")
    centre = width * ground.rng.uniform(0.42, 0.58)
    shapes += glow("spot", centre, height * 0.40, max(width, height) * 0.62, mix(colour, "#ffffff", 0.85), 0.75)
    radius = 1000 * ground.rng.uniform(0.40, 0.46)
    return shapes + ellipse(width / 2, height - 430, radius, radius, mix(colour, "#ffffff", 0.55), 0.35)


def _place(ground: Ground, setting: Setting) -> str:
    painter = OUTDOORS.get(setting.place)
    if painter is None:
        shapes = INDOORS[setting.place](ground)
    else:
        shapes = _sky(ground, setting) + painter(ground) + _weather(ground, setting.weather)
    return shapes + _haze(ground)


def _sky(ground: Ground, setting: Setting) -> str:
    light, width, height = ground.light, ground.width, ground.height
    shapes = slope("sky", light.sky) + rect(0, 0, width, height * 0.72, "url(#sky)")
    shapes += rect(0, height * 0.715, width, height, light.sky[2])
    side = ground.rng.choice((0.15, 0.85))
    if setting.time == "night":
        shapes += _stars(ground) + _moon(width * side, height * 0.13, light)
    elif setting.weather is None:
        low = {"sunset": 0.44, "morning": 0.36, "evening": 0.5}.get(setting.time, 0.15)
        shapes += glow("sun", width * side, height * low, 460, light.lamp, 0.95)
        shapes += ellipse(width * side, height * low, 58, 58, mix(light.lamp, "#ffffff", 0.4), 0.95)
    return shapes + _clouds(ground, setting)


def _stars(ground: Ground) -> str:
    rng = ground.rng
    return "".join(
        ellipse(
            rng.uniform(0, ground.width),
            rng.uniform(0, ground.height * 0.5),
            size,
            size,
            "#fff7df",
            rng.uniform(0.4, 1),
        )
        for size in (rng.choice((1.6, 2.2, 2.2, 3.4)) for _ in range(90))
    )


def _moon(x: float, y: float, light: Light) -> str:
    crescent = path(f"M{x:.0f} {y - 54:.0f}a54 54 0 1 0 54 54a42 42 0 0 1 -54 -54z", mix("#fff3cf", light.lamp, 0.2))
    return glow("moon", x, y, 300, "#dfe6ff", 0.5) + crescent


def _clouds(ground: Ground, setting: Setting) -> str:
    rng, shapes = ground.rng, ""
    colour = (
        mix("#ffffff", ground.light.sky[2], 0.25) if setting.time == "day" else mix(ground.light.sky[2], "#ffffff", 0.2)
    )
    opacity = 0.28 if setting.time == "night" else 0.6
    for _ in range(6 if setting.weather else 4):
        x, y, size = rng.uniform(0, ground.width), rng.uniform(0.05, 0.34) * ground.height, rng.uniform(0.7, 1.3)
        puffs = ((0, 0, 92, 24), (-44, -16, 40, 28), (14, -30, 50, 40), (60, -10, 36, 24))
        cloud = "".join(ellipse(x + dx * size, y + dy * size, rx * size, ry * size, colour) for dx, dy, rx, ry in puffs)
        shapes += f'<g opacity="{opacity}">{cloud}</g>'
    return shapes


def _weather(ground: Ground, weather: str | None) -> str:
    rng, shapes = ground.rng, ""
    if weather is None:
        return shapes
    for _ in range(110):
        x, y = rng.uniform(0, ground.width), rng.uniform(0, ground.height)
        if weather == "snow":
            shapes += ellipse(x, y, *(rng.uniform(3, 9),) * 2, "#ffffff", rng.uniform(0.55, 0.95))
        else:
            shapes += line(f"M{x:.0f} {y:.0f}l-9 {rng.uniform(30, 60):.0f}", "#eaf2ff", 2.6, rng.uniform(0.3, 0.6))
    if weather == "snow":
        lying = mix("#f6f9fc", ground.light.near, 0.15)
        drifts = slope("drifts", (lying, lying, lying)).replace("/>", ' stop-opacity="0"/>', 1)
        return drifts + rect(0, ground.height * 0.5, ground.width, ground.height * 0.5, "url(#drifts)", 0.95) + shapes
    return rect(0, 0, ground.width, ground.height, "#5c6b80", 0.34) + shapes


def _haze(ground: Ground) -> str:
    """Air between the place and the person: pale, thickest behind the head."""
    light = ground.light
    colour = mix(light.sky[2], light.sky[1], 0.3)
    veil = rect(0, 0, ground.width, ground.height, colour, 0.10)
    return veil + glow("air", ground.width / 2, ground.height - 520, 620, mix(colour, "#ffffff", 0.25), 0.42)
