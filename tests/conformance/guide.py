"""The examples of a guide: its fenced blocks, run in order, and what they print held against what the guide says."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ANYTHING = "…"
RUN = ("sh", "js", "python")
SHOWN = ("json", "console")
"""What an example prints, and what nobody runs."""


@dataclass(frozen=True, slots=True)
class Example:
    """A block that is run. `line` is where it stands; `prints` is the JSON that follows it, if the guide shows it."""

    line: int
    language: str
    code: str
    prints: str | None


def examples(guide: Path) -> list[Example]:
    """Return a guide's examples in order. Raises ValueError for a block that nobody would check."""
    text = guide.read_text()
    found: list[Example] = []
    run_before = False
    for fence in FENCE.finditer(text):
        line, (language, code) = text.count("\n", 0, fence.start()) + 1, fence.groups()
        if language == "json":
            if not run_before:
                raise ValueError(f"{guide.name}:{line}: no example prints this")
            last = found.pop()
            found.append(Example(last.line, last.language, last.code, code))
        elif language in RUN:
            found.append(Example(line, language, code, None))
        elif language not in SHOWN:
            raise ValueError(f"{guide.name}:{line}: nobody runs {language or 'a block without a language'}")
        run_before = language in RUN
    return found


def documents(text: str) -> list[Any]:
    """Return the JSON documents that follow one another in a text. Raises ValueError for anything else."""

    def read() -> Iterator[Any]:
        decoder, rest = json.JSONDecoder(), text.strip()
        while rest:
            value, end = decoder.raw_decode(rest)
            rest = rest[end:].strip()
            yield value

    return list(read())


def follows(printed: list[Any], shown: list[Any]) -> bool:
    """Whether the documents are those that are shown; `"…"` among them stands for any number, also none."""
    if not shown:
        return not printed
    if shown[0] == ANYTHING and len(shown) > 1:
        return any(follows(printed[skipped:], shown[1:]) for skipped in range(len(printed) + 1))
    return bool(printed) and like(printed[0], shown[0]) and follows(printed[1:], shown[1:])


def like(value: Any, shown: Any) -> bool:
    """Whether a value is what is shown, where `"…"` is any value."""
    if shown == ANYTHING:
        return True
    if isinstance(shown, dict) and isinstance(value, dict):
        return value.keys() == shown.keys() and all(like(value[key], shown[key]) for key in shown)
    if isinstance(shown, list) and isinstance(value, list):
        return len(value) == len(shown) and all(map(like, value, shown))
    return bool(value == shown)
