"""What a backdrop is painted from: the light of a time of day, and small SVG shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of one time of day, all `#rrggbb`."""

    sky: tuple[str, str, str]
    """From the zenith to the horizon."""
    far: str
    """Things at the horizon: nearly the colour of the sky."""
    near: str
    """Things close by."""
    lamp: str
    """Sun, moon, and lit windows."""
    lit: float
    """Share of the windows that are lit."""
    tint: tuple[str, str]
    """What the person's colours are multiplied with, from the top to the bottom of the picture."""


LIGHTS: Mapping[str, Light] = MappingProxyType(
    {
        "morning": Light(
            sky=("#a9cfe6", "#dfe6e0", "#fde0c4"),
            far="#cfc6c6",
            near="#8d97a3",
            lamp="#fff1cf",
            lit=0.06,
            tint=("#ffffff", "#fff3e4"),
        ),
        "day": Light(
            sky=("#7fbde6", "#b9dff0", "#eaf5ee"),
            far="#b5d0dc",
            near="#7f9fb4",
            lamp="#fffbe6",
            lit=0.0,
            tint=("#ffffff", "#f7fbff"),
        ),
        "sunset": Light(
            sky=("#7a6aa6", "#ec9584", "#ffd08c"),
            far="#d08a86",
            near="#7d5878",
            lamp="#ffe3a3",
            lit=0.3,
            tint=("#fff4ec", "#ffe4cd"),
        ),
        "evening": Light(
            sky=("#2f3d73", "#8a6a9e", "#f2b0a0"),
            far="#8d6f99",
            near="#3d3f6b",
            lamp="#ffd98a",
            lit=0.5,
            tint=("#f6f0ff", "#f3dede"),
        ),
        "night": Light(
            sky=("#0e1737", "#23325f", "#48588c"),
            far="#3a4a7c",
            near="#1a2347",
            lamp="#ffdf8f",
            lit=0.55,
            tint=("#eceefd", "#ccd3f2"),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a painter works: the canvas in units (the shorter side is 1000), the light, and the seeded choices."""

    width: float
    height: float
    light: Light
    rng: Random


def rect(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1, radius: float = 0) -> str:
    """Return a rectangle; all lengths in canvas units."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.1f}" '
        f'fill="{fill}" fill-opacity="{opacity:.2f}"/>'
    )


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1) -> str:
    """Return an ellipse around (`x`, `y`); all lengths in canvas units."""
    return (
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}" fill-opacity="{opacity:.2f}"/>'
    )


def path(data: str, fill: str, opacity: float = 1) -> str:
    """Return a filled path."""
    return f'<path d="{data}" fill="{fill}" fill-opacity="{opacity:.2f}"/>'


def line(data: str, stroke: str, width: float, opacity: float = 1) -> str:
    """Return a stroked path with round ends."""
    return (
        f'<path d="{data}" fill="none" stroke="{stroke}" stroke-width="{width:.1f}" '
        f'stroke-opacity="{opacity:.2f}" stroke-linecap="round"/>'
    )


def slope(name: str, stops: tuple[str, ...]) -> str:
    """Return a vertical gradient with evenly spaced `stops`, to be used as `url(#name)`."""
    parts = "".join(f'<stop offset="{i / (len(stops) - 1):.2f}" stop-color="{c}"/>' for i, c in enumerate(stops))
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{parts}</linearGradient>'


def glow(name: str, x: float, y: float, radius: float, colour: str, strength: float) -> str:
    """Return a soft round light that fades to nothing at `radius`."""
    return (
        f'<radialGradient id="{name}"><stop offset="0" stop-color="{colour}" stop-opacity="{strength:.2f}"/>'
        f'<stop offset="0.45" stop-color="{colour}" stop-opacity="{strength * 0.45:.2f}"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="url(#{name})"/>'
    )


def ridge(ground: Ground, base: float, swing: float, step: float, fill: str, smooth: bool) -> str:
    """Return a landscape line around `base` that goes up and down by `swing`, filled to the bottom."""
    points: list[tuple[float, float]] = []
    x = -step
    while x < ground.width + step * 2:
        points.append((x, base + ground.rng.uniform(-swing, swing)))
        x += step * ground.rng.uniform(0.7, 1.3)
    data = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        data += f"C{middle:.0f} {y0:.0f} {middle:.0f} {y1:.0f} {x1:.0f} {y1:.0f}" if smooth else f"L{x1:.0f} {y1:.0f}"
    return path(f"{data}V{ground.height + 10:.0f}H{-step:.0f}Z", fill)
