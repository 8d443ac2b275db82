"""Places with walls. A window or a lamp shows the time of day."""

from app.generation.engines.illustration.palette import mix
from app.generation.engines.illustration.scene import Ground, ellipse, glow, line, path, rect

_BOOKS = ("#b5675a", "#d3a55c", "#6f8f86", "#55708f", "#8d6a86", "#c9b79a", "#7f8b5e", "#a8574f")
_DARK = 0.3
"""From this share of lit windows on, a room is lit by its lamps."""


def _wall(ground: Ground, day: str, night: str) -> str:
    return mix(night, ground.light.sky[2], 0.12) if ground.light.lit >= _DARK else mix(day, ground.light.sky[2], 0.25)


def library(ground: Ground) -> str:
    """Shelves full of books, and warm lamps."""
    rng, wood = ground.rng, _wall(ground, "#a97f5c", "#5b4138")
    shapes = rect(0, 0, ground.width, ground.height, mix(wood, "#1d1410", 0.25))
    shelf = 172.0
    for row in range(int(ground.height / shelf) + 1):
        bottom = (row + 1) * shelf - 40
        x = rng.uniform(4, 20)
        while x < ground.width:
            width, height = rng.uniform(15, 36), rng.uniform(88, 138)
            if rng.random() < 0.08:
                x += width * 2
                continue
            colour = mix(mix(rng.choice(_BOOKS), wood, 0.42), "#ffffff", rng.uniform(0, 0.12))
            shapes += rect(x, bottom - height, width, height, colour, 1, 3)
            shapes += rect(x, bottom - height * 0.8, width, 6, "#f4e3bd", 0.4)
            x += width + rng.choice((1, 1, 2, 6))
        shapes += rect(0, bottom, ground.width, 20, mix(wood, "#ffffff", 0.1))
        shapes += rect(0, bottom + 20, ground.width, 16, "#000000", 0.18)
    posts = "".join(rect(ground.width * share - 12, 0, 24, ground.height, wood) for share in (0.14, 0.86))
    return shapes + posts + _lamp_light(ground, 0.5, 0.16, 0.5)


def cafe(ground: Ground) -> str:
    """A window to the street, hanging lamps, and a shelf of cups."""
    width, height = ground.width, ground.height
    shapes = rect(0, 0, width, height, _wall(ground, "#c9a48a", "#6a4a46"))
    shapes += rect(0, height * 0.66, width, height, "#3b2a2a", 0.25)
    shapes += _window(ground, width * 0.03, height * 0.18, width * 0.32, height * 0.44)
    for level in (0.30, 0.46):
        shapes += rect(width * 0.68, height * level, width * 0.32, 12, "#5a4038", 0.8)
        shapes += _things(ground, width * 0.69, width * 0.99, height * level)
    for share in (0.16, 0.5, 0.84):
        shapes += _pendant(ground, width * share, height * 0.12, f"pendant{int(share * 100)}")
    return shapes + _plant(ground, width * 0.93, height * 0.98, 1.2)


def office(ground: Ground) -> str:
    """Tall windows with a pale skyline, and a plant."""
    width, height = ground.width, ground.height
    shapes = rect(0, 0, width, height, _wall(ground, "#d8dcdc", "#4a5263"))
    pane = max(220.0, width / 4)
    for column in range(int(width / pane) + 1):
        shapes += _window(ground, column * pane + 14, height * 0.06, pane - 28, height * 0.62)
    shapes += rect(0, height * 0.72, width, 18, "#ffffff", 0.5) + rect(0, height * 0.74, width, height, "#2f3a46", 0.14)
    return shapes + _plant(ground, width * 0.09, height, 1.5) + _plant(ground, width * 0.95, height * 0.99, 1.1)


def home(ground: Ground) -> str:
    """A painted wall with pictures, a lamp and a plant."""
    width, height = ground.width, ground.height
    wall = _wall(ground, ground.rng.choice(("#cfd9cf", "#e3cfc0", "#c9d3df", "#e6dcc3")), "#57526b")
    shapes = rect(0, 0, width, height, wall) + rect(0, height * 0.78, width, height, mix(wall, "#5a4638", 0.35))
    shapes += rect(0, height * 0.775, width, 12, "#ffffff", 0.45)
    shapes += _window(ground, width * 0.70, height * 0.12, width * 0.26, height * 0.42)
    for x, y, w, h in ((0.05, 0.14, 150, 190), (0.05, 0.40, 150, 130)):
        tone = mix(ground.rng.choice(_BOOKS), wall, 0.35)
        shapes += rect(width * x, height * y, w, h, "#fffaf0", 0.95, 4) + rect(
            width * x + 16, height * y + 16, w - 32, h - 32, tone
        )
        shapes += ellipse(width * x + w / 2, height * y + h * 0.55, w * 0.22, h * 0.2, "#fffaf0", 0.55)
    return shapes + _plant(ground, width * 0.93, height * 0.99, 1.4) + _lamp_light(ground, 0.16, 0.5, 0.4)


def _window(ground: Ground, x: float, y: float, width: float, height: float) -> str:
    light, rng = ground.light, ground.rng
    shapes = rect(x - 12, y - 12, width + 24, height + 24, mix("#fbf6ec", light.near, 0.25), 1, 8)
    shapes += rect(x, y, width, height, light.sky[1]) + rect(x, y + height / 2, width, height / 2, light.sky[2], 0.7)
    left = x
    while left < x + width - 20:
        house = min(rng.uniform(40, 80), x + width - left)
        rise = height * rng.uniform(0.2, 0.55)
        shapes += rect(left, y + height - rise, house, rise, mix(light.far, light.sky[2], 0.25))
        for _ in range(round(light.lit * 8)):
            shapes += rect(
                left + rng.uniform(4, house - 12), y + height - rng.uniform(14, rise), 8, 10, light.lamp, 0.8
            )
        left += house
    bars = f"M{x + width / 2:.0f} {y:.0f}v{height:.0f}M{x:.0f} {y + height * 0.42:.0f}h{width:.0f}"
    return shapes + line(bars, mix("#fbf6ec", light.near, 0.25), 9)


def _pendant(ground: Ground, x: float, y: float, name: str) -> str:
    cord = line(f"M{x:.0f} 0V{y:.0f}", "#2f2626", 4, 0.8)
    shade = path(f"M{x - 46:.0f} {y + 44:.0f}q46 -100 92 0z", "#37302f", 0.9) + ellipse(x, y + 46, 22, 12, "#fff0c2")
    return glow(name, x, y + 60, 210, "#ffdf9c", 0.55) + cord + shade


def _things(ground: Ground, left: float, right: float, bottom: float) -> str:
    shapes, x = "", left
    while x < right - 30:
        width, height = ground.rng.uniform(22, 40), ground.rng.uniform(30, 74)
        shapes += rect(x, bottom - height, width, height, mix(ground.rng.choice(_BOOKS), "#f0e0cc", 0.35), 0.95, 7)
        x += width + ground.rng.uniform(8, 26)
    return shapes


def _plant(ground: Ground, x: float, bottom: float, scale: float) -> str:
    leaf, shapes = mix("#4f8a66", ground.light.near, 0.3), ""
    for dx, dy in ((-120, -190), (-70, -280), (0, -310), (70, -270), (120, -180), (-30, -220), (40, -210)):
        tip_x, tip_y, root = x + dx * scale, bottom + dy * scale, bottom - 90 * scale
        bend = f"{x + dx * scale * 0.2:.0f} {bottom + dy * scale * 0.8:.0f}"
        fold = f"{x + dx * scale * 0.9:.0f} {bottom + dy * scale * 0.45:.0f}"
        shapes += path(
            f"M{x:.0f} {root:.0f}Q{bend} {tip_x:.0f} {tip_y:.0f}Q{fold} {x:.0f} {root:.0f}z",
            mix(leaf, "#ffffff", abs(dx) / 900),
        )
    pot = f"M{x - 56 * scale:.0f} {bottom - 100 * scale:.0f}h{112 * scale:.0f}"
    pot += f"l{-16 * scale:.0f} {110 * scale:.0f}h{-80 * scale:.0f}z"
    return shapes + path(pot, mix("#d9c3ab", ground.light.near, 0.25))


def _lamp_light(ground: Ground, x: float, y: float, strength: float) -> str:
    radius = max(ground.width, ground.height) * 0.55
    return glow("lamp", ground.width * x, ground.height * y, radius, "#ffe2a6", strength)
