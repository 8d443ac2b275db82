"""Places under the sky. Each painter returns SVG from the horizon down; the sky is painted before it."""

from app.generation.engines.illustration.palette import mix
from app.generation.engines.illustration.scene import Ground, ellipse, glow, line, path, rect, ridge

_WALLS = ("#e9b58f", "#d98f7c", "#f2ddb8", "#8fa3c4")
"""What the houses of a city are tinged with."""


def city(ground: Ground) -> str:
    """Three rows of houses that fade into the sky, with lit windows after dark."""
    light, shapes = ground.light, ""
    rows = ((0.30, 0.16, 0.25), (0.42, 0.16, 0.55), (0.60, 0.14, 0.9))
    for top, swing, share in rows:
        colour = mix(mix(light.far, light.sky[2], 0.42), light.near, share * 0.94)
        shapes += _row_of_houses(ground, top, swing, colour, share)
    return shapes


def _row_of_houses(ground: Ground, top: float, swing: float, colour: str, share: float) -> str:
    rng, lit, dark = ground.rng, "", ""
    walls = [mix(colour, wall, 0.10 + 0.16 * share) for wall in _WALLS]
    houses = dict.fromkeys(walls, "")
    x = -rng.uniform(0, 60)
    while x < ground.width:
        width = rng.uniform(75, 150) * (0.7 + share * 0.5)
        y = ground.height * (top + rng.uniform(-swing, swing))
        outline = f"M{x:.0f} {y:.0f}h{width:.0f}V{ground.height:.0f}h{-width:.0f}z"
        houses[rng.choice(walls)] += outline + _roof(ground, x, y, width)
        bright, dim = _windows(ground, x, y, width, share)
        lit, dark = lit + bright, dark + dim
        x += width + rng.choice((0, 0, 6, 14))
    glass = mix(colour, ground.light.sky[1], 0.4)
    shapes = "".join(path(data, wall) for wall, data in houses.items() if data)
    return shapes + path(dark, glass, 0.5) + path(lit, ground.light.lamp, 0.35 + share * 0.5)


def _roof(ground: Ground, x: float, y: float, width: float) -> str:
    kind = ground.rng.randrange(5)
    middle = x + width / 2
    if kind == 0:
        return f"M{middle - 3:.0f} {y + 2:.0f}v-60h6v60z"
    if kind == 1:
        return f"M{x + width * 0.2:.0f} {y + 2:.0f}v-26h{width * 0.6:.0f}v26z"
    if kind == 2:
        return f"M{x:.0f} {y + 2:.0f}L{middle:.0f} {y - width * 0.35:.0f}L{x + width:.0f} {y + 2:.0f}z"
    return ""


def _windows(ground: Ground, x: float, y: float, width: float, share: float) -> tuple[str, str]:
    rng, lit, dark = ground.rng, "", ""
    pitch = 25 + 10 * share
    columns = max(2, int((width - 16) / pitch))
    gap = (width - 12) / columns
    row = y + 18
    lowest = min(ground.height * 0.97, y + ground.height * (0.34 + 0.3 * share))  # below, nearer houses hide them
    while row < lowest:
        for column in range(columns):
            pane = f"M{x + 8 + column * gap:.0f} {row:.0f}h{gap * 0.55:.1f}v{pitch * 0.6:.1f}h{-gap * 0.55:.1f}z"
            if rng.random() < ground.light.lit:
                lit += pane
            else:
                dark += pane
        row += pitch * 1.35
    return lit, dark


def beach(ground: Ground) -> str:
    """Sea, sand, a sail and a palm that leans in from one side."""
    light, rng, width, height = ground.light, ground.rng, ground.width, ground.height
    sea = mix(mix("#3aa3b5", light.sky[1], 0.25), light.near, 0.25)
    horizon, shore = height * 0.52, height * 0.74
    shapes = rect(0, horizon, width, height, mix(sea, light.sky[2], 0.35))
    shapes += rect(0, horizon + (shore - horizon) * 0.35, width, height, mix(sea, light.sky[2], 0.12))
    for _ in range(26):
        x, y = rng.uniform(0, width), rng.uniform(horizon + 12, shore - 20)
        length = rng.uniform(30, 90) * (y - horizon) / (shore - horizon) + 20
        shapes += line(f"M{x:.0f} {y:.0f}h{length:.0f}", light.sky[2], 4, 0.55)
    shapes += _sail(ground, width * rng.choice((0.13, 0.84)), horizon + 6)
    sand = mix(mix("#efd6a4", light.near, 0.2), light.sky[2], 0.25)
    shapes += ridge(ground, shore - 18, 10, 260, mix(sand, "#ffffff", 0.6), smooth=True)
    shapes += ridge(ground, shore + 10, 10, 260, sand, smooth=True)
    return shapes + _palm(ground, rng.choice((-1, 1)))


def _sail(ground: Ground, x: float, y: float) -> str:
    cloth, hull = mix("#ffffff", ground.light.sky[2], 0.3), mix(ground.light.near, "#ffffff", 0.1)
    sails = path(f"M{x:.0f} {y - 88:.0f}l44 74h-44z", cloth) + path(
        f"M{x - 6:.0f} {y - 74:.0f}l-26 60h26z", cloth, 0.85
    )
    return sails + path(f"M{x - 40:.0f} {y - 10:.0f}h92l-16 20h-60z", hull)


def _palm(ground: Ground, side: int) -> str:
    light, height = ground.light, ground.height
    edge = 0.0 if side < 0 else ground.width
    tip_x, tip_y = edge - side * 95, height * 0.26
    trunk, leaf = mix("#8a6a4c", light.near, 0.45), mix("#3f8f6a", light.near, 0.42)
    shapes = line(
        f"M{edge + side * 10:.0f} {height:.0f}Q{edge - side * 20:.0f} {height * 0.5:.0f} {tip_x:.0f} {tip_y:.0f}",
        trunk,
        30,
    )
    for dx, dy, bend in (
        (-230, 30, -70),
        (-190, -90, -80),
        (-60, -150, -60),
        (120, -110, -70),
        (210, 10, -90),
        (-120, 130, -10),
        (110, 140, 0),
    ):
        end_x, end_y = tip_x + dx, tip_y + dy
        middle_x, middle_y = tip_x + dx * 0.5, tip_y + dy * 0.5 + bend
        shapes += path(
            f"M{tip_x:.0f} {tip_y:.0f}Q{middle_x:.0f} {middle_y:.0f} {end_x:.0f} {end_y:.0f}"
            f"Q{middle_x:.0f} {middle_y + 52:.0f} {tip_x:.0f} {tip_y:.0f}z",
            mix(leaf, light.sky[2], abs(dx) / 1400),
        )
    return shapes


def forest(ground: Ground) -> str:
    """Firs in three depths and a few trunks close by, with light falling through."""
    light, rng = ground.light, ground.rng
    green = mix("#3d7a5a", light.near, 0.35)
    shapes = ""
    for top, swing, share in ((0.30, 0.10, 0.28), (0.42, 0.10, 0.55), (0.56, 0.08, 0.85)):
        colour, firs, x = mix(mix(light.far, light.sky[2], 0.3), green, share), "", -60.0
        while x < ground.width + 60:
            y = ground.height * (top + rng.uniform(-swing, swing))
            firs += _fir(x, y, ground.height, 70 + 60 * share)
            x += rng.uniform(60, 110) * (0.6 + share * 0.6)
        shapes += path(firs, colour)
        shapes += ridge(ground, ground.height * (0.80 + 0.06 * share), 14, 240, colour, smooth=True)
    for share in (0.06, 0.9):
        x = ground.width * share + rng.uniform(-20, 20)
        shapes += path(
            f"M{x - 24:.0f} 0h48l12 {ground.height:.0f}h-72z", mix(mix("#6d5645", light.near, 0.45), green, 0.2), 0.9
        )
    for _ in range(22):
        x, y = rng.uniform(0, ground.width), rng.uniform(ground.height * 0.2, ground.height * 0.9)
        shapes += ellipse(x, y, 5, 5, light.lamp, rng.uniform(0.3, 0.75))
    return shapes


def _fir(x: float, y: float, bottom: float, width: float) -> str:
    data, tier = "", (bottom - y) / 4.2
    for i in range(4):
        half, top = width * (0.34 + 0.22 * i), y + tier * 0.8 * i
        data += f"M{x:.0f} {top:.0f}Q{x + half * 0.3:.0f} {top + tier * 0.8:.0f} {x + half:.0f} {top + tier * 1.25:.0f}"
        data += f"H{x - half:.0f}Q{x - half * 0.3:.0f} {top + tier * 0.8:.0f} {x:.0f} {top:.0f}z"
    return data + f"M{x - 8:.0f} {bottom - tier:.0f}h16V{bottom:.0f}h-16z"


def park(ground: Ground) -> str:
    """Round trees on a lawn, with flowers."""
    light, rng = ground.light, ground.rng
    green = mix("#69a864", light.near, 0.3)
    shapes = ""
    for base, crown, share in ((0.56, 120, 0.4), (0.64, 180, 0.8)):
        colour, x = mix(light.far, green, share), -40.0
        while x < ground.width + 80:
            radius = crown * rng.uniform(0.75, 1.2)
            shapes += _round_tree(x, ground.height * base, radius, colour, mix("#7a5b45", light.near, 0.5))
            x += radius * rng.uniform(1.1, 1.7)
        shapes += ridge(
            ground,
            ground.height * base,
            12,
            300,
            mix(mix("#8fc071", light.near, 0.25), light.far, 0.6 - share * 0.6),
            smooth=True,
        )
    for _ in range(70):
        y = rng.uniform(ground.height * 0.7, ground.height)
        size = 4 + 9 * (y / ground.height - 0.7) / 0.3
        petal = mix(rng.choice(("#fff3e0", "#f6c7cf", "#f7dd8c", "#ef9c8f")), light.near, 0.15)
        shapes += ellipse(rng.uniform(0, ground.width), y, size, size * 0.8, petal, 0.9)
    return shapes


def _round_tree(x: float, base: float, radius: float, leaf: str, trunk: str) -> str:
    top = base - radius * 1.5
    shapes = rect(x - radius * 0.08, top, radius * 0.16, base - top + 10, trunk)
    shapes += ellipse(x - radius * 0.45, top + radius * 0.15, radius * 0.6, radius * 0.55, leaf)
    shapes += ellipse(x + radius * 0.45, top + radius * 0.2, radius * 0.6, radius * 0.52, leaf)
    shapes += ellipse(x, top - radius * 0.3, radius * 0.72, radius * 0.7, leaf)
    return shapes + ellipse(x - radius * 0.18, top - radius * 0.42, radius * 0.4, radius * 0.36, "#ffffff", 0.10)


def mountains(ground: Ground) -> str:
    """Snow-capped peaks, hills and a line of firs."""
    light, height = ground.light, ground.height
    rock = mix("#6f86a8", light.near, 0.45)
    shapes = ""
    x = -ground.rng.uniform(60, 200)
    while x < ground.width:
        width, peak = ground.rng.uniform(420, 620), height * ground.rng.uniform(0.20, 0.36)
        shapes += _peak(x + width / 2, peak, width, height * 0.72, mix(rock, light.sky[2], 0.35), light.sky[2])
        x += width * 0.55
    shapes += ridge(
        ground, height * 0.60, 34, 220, mix(mix("#5d8f80", light.near, 0.4), light.sky[2], 0.38), smooth=True
    )
    shapes += ridge(
        ground, height * 0.72, 30, 260, mix(mix("#4f8468", light.near, 0.4), light.sky[2], 0.18), smooth=True
    )
    firs, left = "", -20.0
    while left < ground.width:
        firs += _fir(left, height * ground.rng.uniform(0.70, 0.80), height * 1.04, 56)
        left += ground.rng.uniform(46, 90)
    return shapes + path(firs, mix("#3a6b58", light.near, 0.5))


def _peak(x: float, y: float, width: float, bottom: float, rock: str, sky: str) -> str:
    half, rise = width / 2, bottom - y
    shapes = path(f"M{x:.0f} {y:.0f}L{x + half:.0f} {bottom:.0f}H{x - half:.0f}z", rock)
    shapes += path(
        f"M{x:.0f} {y:.0f}L{x + half:.0f} {bottom:.0f}H{x + half * 0.1:.0f}"
        f"L{x - half * 0.08:.0f} {y + rise * 0.4:.0f}z",
        "#22304f",
        0.10,
    )
    cap = 0.30
    snow = f"M{x:.0f} {y:.0f}L{x + half * cap:.0f} {y + rise * cap:.0f}l{-half * 0.13:.0f} {-rise * 0.05:.0f}"
    snow += f"l{-half * 0.14:.0f} {rise * 0.09:.0f}l{-half * 0.12:.0f} {-rise * 0.08:.0f}"
    snow += f"L{x - half * cap:.0f} {y + rise * cap:.0f}z"
    return shapes + path(snow, mix("#ffffff", sky, 0.25), 0.92)


def hills(ground: Ground) -> str:
    """Rolling fields: where the prompt names a time of day, and no place."""
    light, height = ground.light, ground.height
    green = mix("#7fae72", light.near, 0.35)
    shapes = ridge(ground, height * 0.56, 40, 330, mix(green, light.sky[2], 0.62), smooth=True)
    shapes += ridge(ground, height * 0.66, 36, 380, mix(green, light.sky[2], 0.36), smooth=True)
    for _ in range(7):
        x, size = ground.rng.uniform(0, ground.width), ground.rng.uniform(34, 60)
        shapes += _round_tree(x, height * 0.72, size, mix(green, light.near, 0.35), mix("#7a5b45", light.near, 0.5))
    return shapes + ridge(ground, height * 0.76, 26, 420, mix(green, light.sky[2], 0.12), smooth=True)


def desert(ground: Ground) -> str:
    """Dunes."""
    light, height = ground.light, ground.height
    sand = mix("#e2b57c", light.near, 0.25)
    shapes = "".join(
        ridge(ground, height * base, 46, 360, mix(sand, light.sky[2], haze), smooth=True)
        for base, haze in ((0.56, 0.6), (0.66, 0.36), (0.78, 0.1))
    )
    return glow("heat", ground.width / 2, height * 0.58, height * 0.5, light.lamp, 0.3) + shapes
