"""Figures with their spread, and the table that they are printed in."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

NOISY = 2.0
"""Rounds of the same thing that differ by this factor say that the machine does something else besides."""


class WrongAnswer(Exception):
    """A server answered something else than it should: its speed is worth nothing."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What several rounds gave."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def noisy(self) -> bool:
        """Whether the rounds contradict each other."""
        return min(self.values) * NOISY <= max(self.values)

    def __str__(self) -> str:
        low, high = _number(min(self.values)), _number(max(self.values))
        return _number(self.median) if low == high else f"{_number(self.median)} ({low} - {high})"


def spread(values: Sequence[float]) -> Spread:
    """Return the figures of several rounds."""
    return Spread(tuple(values))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values are not above (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. The goal holds for the ratio where there is one, else for ours."""

    what: str
    ours: Spread
    at_least: float | None = None
    at_most: float | None = None
    limit: Spread | None = None
    ratio: Spread | None = None
    remarks: list[str] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the columns."""
        bound = f"≥ {_number(self.at_least)}" if self.at_least is not None else ""
        bound += f"≤ {_number(self.at_most)}" if self.at_most is not None else ""
        parts = (self.limit, self.ours, self.ratio)
        return (self.what, *(str(part) if part else "" for part in parts), bound, self._verdict(), self._remark())

    def _verdict(self) -> str:
        measured = (self.ratio or self.ours).median
        if self.at_least is None and self.at_most is None:
            return ""
        met = measured >= (self.at_least or 0) and measured <= (self.at_most or math.inf)
        return "yes" if met else "NO"

    def _remark(self) -> str:
        noisy = any(part.noisy for part in (self.limit, self.ours) if part)
        return "; ".join([*self.remarks, *(["noise: rounds differ by a factor of 2 or more"] if noisy else [])])


HEAD = ("", "limit", "ours", "÷ limit", "goal", "met", "remarks")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as lines of text: medians, with minimum and maximum in brackets."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 10 else f"{value:.2f}"
