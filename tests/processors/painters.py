"""A recipient, and what is on record about what left for it."""

from app.core.db import Row, fetch
from app.core.personal_data import Activity
from app.processors.register import Disclosed, Processor, Proof, RetentionPromise, Role, Transfer

PROMISE = RetentionPromise("It keeps nothing.", Proof.CONTRACT, "agreement 8")
PAINTER = Processor(
    name="painter",
    operator="Painter Ltd",
    role=Role.PROCESSOR,
    purpose="Paints.",
    activities=frozenset({Activity.IMAGE_GENERATION}),
    categories=frozenset({Disclosed.PROMPT, Disclosed.FACE}),
    country="IE",
    transfer=Transfer.INSIDE_EEA,
    dpa="agreement 7",
)


async def on_record() -> list[Row]:
    """Return every row, the oldest first."""
    return await fetch("SELECT * FROM disclosures ORDER BY id")


async def outcomes() -> list[tuple[str | None, str | None]]:
    """Return outcome and reason of every row; None: nobody knows."""
    return [(row["outcome"], row["refusal"]) for row in await on_record()]
