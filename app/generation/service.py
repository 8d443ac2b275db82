"""Commands: ask for a generation."""

import secrets
from dataclasses import asdict, dataclass
from uuid import UUID

import orjson

from app.core import feed, idempotency, jobs
from app.core.db import transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind
from app.core.keys import keyed_hash
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.generation.engines.base import Capabilities, Engine
from app.generation.engines.registry import Engines
from app.generation.errors import BeyondCapabilities
from app.generation.models import Generation
from app.generation.status import EventType, GenerationStatus

RUN_GENERATION = JobKind("generation.run", queue="interactive")
MAX_SEED = 2**63 - 1
OPERATION = "createGeneration"


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


async def create_generation(
    viewer: Viewer, wish: Wish, *, key: str, engines: Engines, clock: Clock, hash_key: bytes
) -> UUID:
    """Queue a generation and return its id; the same `key` and wish return the same one.

    Raises UnknownEngine, BeyondCapabilities, InvalidInput, IdempotencyMismatch, IdempotencyInProgress.
    """
    engine = engines.choose(wish.engine)
    _check(wish, engine.capabilities)
    seed = _seed(wish.seed)
    input_hash = keyed_hash(hash_key, orjson.dumps(asdict(wish)))
    async with transaction():
        made = await idempotency.begin(viewer.user_id, OPERATION, key, input_hash)
        if made is not None:
            return made
        generation_id = uuid7()
        await _insert(generation_id, viewer, wish, engine, seed, clock)
        await idempotency.finish(viewer.user_id, OPERATION, key, input_hash, generation_id)
        await jobs.record(RUN_GENERATION, {"generation": generation_id})
        await feed.append(viewer.user_id, generation_id, EventType.QUEUED, 0.0)
    return generation_id


async def _insert(generation_id: UUID, viewer: Viewer, wish: Wish, engine: Engine, seed: int, clock: Clock) -> None:
    await Generation.create(
        id=generation_id,
        user_id=viewer.user_id,
        prompt=wish.prompt,
        negative_prompt=wish.negative_prompt or None,
        engine=engine.name,
        seed=seed,
        width=wish.width,
        height=wish.height,
        count=wish.count,
        style=wish.style,
        status=GenerationStatus.QUEUED.value,
        notes=[],
        created_at=clock.now(),
    )


def _seed(seed: str | None) -> int:
    if seed is None:
        return secrets.randbelow(MAX_SEED + 1)
    if seed.isascii() and seed.isdigit() and len(seed) <= len(str(MAX_SEED)) and int(seed) <= MAX_SEED:
        return int(seed)
    raise BeyondCapabilities(f"A seed is a whole number from 0 to {MAX_SEED}.", path=("generation", "seed"))


def _check(wish: Wish, can: Capabilities) -> None:
    """Refuse what the engine cannot honour, naming the field and the limit."""
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
    if wish.style is not None and wish.style not in can.styles:
        known = ", ".join(can.styles) or "none"
        _refuse("style", f"This engine's styles are: {known}.")


def _refuse(field: str, message: str) -> None:
    raise BeyondCapabilities(message, path=("generation", field))
