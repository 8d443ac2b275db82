"""What a person may wish for."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.generation.engines.base import Capabilities
from app.generation.errors import BeyondCapabilities

MAX_SEED = 2**63 - 1


class Visibility(StrEnum):
    """Who may see the pictures."""

    PRIVATE = "PRIVATE"
    PUBLIC = "PUBLIC"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for; None leaves the choice to us."""

    prompt: str
    negative_prompt: str | None = None
    engine: str | None = None
    width: int = 1024
    height: int = 1024
    count: int = 1
    seed: str | None = None
    style: str | None = None
    visibility: Visibility = Visibility.PRIVATE
    show_prompt: bool = False
    references: tuple[UUID, ...] = ()
    """Reference pictures, in the order in which the engine gets them."""


def seed_of(seed: str | None) -> int:
    """Return the wished seed, or a random one for None. Raises BeyondCapabilities for what is no seed."""
    if seed is None:
        return secrets.randbelow(MAX_SEED + 1)
    if seed.isascii() and seed.isdigit() and len(seed) <= len(str(MAX_SEED)) and int(seed) <= MAX_SEED:
        return int(seed)
    raise BeyondCapabilities(f"A seed is a whole number from 0 to {MAX_SEED}.", path=("generation", "seed"))


def check(wish: Wish, can: Capabilities) -> None:
    """Raise BeyondCapabilities for what the engine cannot honour, naming the field and the limit."""
    for name in ("prompt", "negative_prompt"):
        text = getattr(wish, name)
        field = "prompt" if name == "prompt" else "negativePrompt"
        if text is not None and ("\x00" in text or len(text) > can.max_prompt_length):
            _refuse(field, f"It has at most {can.max_prompt_length} characters, none of them NUL.")
    if not wish.prompt.strip():
        _refuse("prompt", "Say in a few words who should be in the picture.")
    if wish.negative_prompt and not can.negative_prompt:
        _refuse("negativePrompt", "This engine knows no negative prompt: leave it out or choose another engine.")
    for field, side in (("width", wish.width), ("height", wish.height)):
        if not can.min_side <= side <= can.max_side or side % can.side_step:
            _refuse(field, f"It is a multiple of {can.side_step} from {can.min_side} to {can.max_side}.")
    if not 1 <= wish.count <= can.max_count:
        _refuse("count", f"It is 1 to {can.max_count}.")
    if wish.seed is not None and not can.seeded:
        _refuse("seed", "This engine draws anew each time: leave the seed out or choose another engine.")
    if wish.style is not None and wish.style not in can.styles:
        known = ", ".join(can.styles) or "none"
        _refuse("style", f"This engine's styles are: {known}.")
    if len(wish.references) > can.max_references:
        most = f"at most {can.max_references} reference pictures" if can.max_references else "no reference pictures"
        _refuse("references", f"This engine takes {most}: leave some out or choose another engine.")
    if len(set(wish.references)) < len(wish.references):
        _refuse("references", "Name each reference picture once.")


def _refuse(field: str, message: str) -> None:
    raise BeyondCapabilities(message, path=("generation", field))
