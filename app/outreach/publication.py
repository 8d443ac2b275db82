"""Command: publish a version, and have everybody told where it changes what they may expect."""

from datetime import timedelta

from app.accounts.step_up import require_fresh
from app.core import idempotency
from app.core.db import transaction
from app.core.keys import keyed_hash
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.outreach.announcing import announce
from app.policy.queries import Edition, edition
from app.policy.service import Publication, record_publication


async def publish(
    viewer: Viewer, wish: Publication, notice: timedelta, clock: Clock, *, key: str, hash_key: bytes
) -> Edition:
    """Publish a shipped version; a material change is announced in the same transaction (policy, P25).

    Raises StepUpRequired, what `record_publication` raises, IdempotencyMismatch, IdempotencyInProgress.
    """
    await require_fresh(viewer)
    input_hash = keyed_hash(hash_key, repr(wish).encode())
    async with transaction():
        if await idempotency.begin(viewer.user_id, "publishPolicy", key, input_hash) is not None:
            return await edition(wish.kind, wish.version)
        published = await record_publication(viewer, wish, notice, clock)
        if wish.material:
            await announce(published)
        await idempotency.finish(viewer.user_id, "publishPolicy", key, input_hash, published.id)
    return published
