"""Commands of somebody who is signed in: ask, and take back."""

from uuid import UUID

import orjson

from app.accounts.step_up import require_fresh
from app.core import idempotency
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.keys import keyed_hash
from app.core.viewer import Viewer
from app.privacy.asked import Asked, Request
from app.privacy.errors import RequestNotFound
from app.privacy.office import Office
from app.privacy.queries import requests_by_id
from app.privacy.requests import Requester, cancel, open_request
from app.privacy.rights.base import Proof
from app.privacy.rights.registry import RIGHTS
from app.privacy.status import Channel

MAX_STATEMENT = 4_000
"""Characters."""
MOST_CHOSEN = 100
"""Generations or reference pictures of one request."""


async def submit(viewer: Viewer, asked: Asked, office: Office, *, key: str, hash_key: bytes) -> Request:
    """Ask for something, signed in, which is proof for most rights; some want a fresh one.

    Raises InvalidInput, StepUpRequired, IdempotencyMismatch, IdempotencyInProgress.
    """
    checked(asked)
    if RIGHTS[asked.right].proof is Proof.STEP_UP:
        await require_fresh(viewer)
    input_hash = keyed_hash(hash_key, orjson.dumps(asked.encode()))
    async with transaction():
        request_id = await idempotency.begin(viewer.user_id, "submitPrivacyRequest", key, input_hash)
        if request_id is None:
            who = Requester(viewer.user_id, Channel.SIGNED_IN, proved=True)
            request_id, _ = await open_request(asked, who, office)
            await idempotency.finish(viewer.user_id, "submitPrivacyRequest", key, input_hash, request_id)
        return await own(viewer, request_id)


async def take_back(viewer: Viewer, request_id: UUID, office: Office) -> Request:
    """Take back a request of the viewer's. Raises RequestNotFound, RequestEnded."""
    async with transaction():
        await own(viewer, request_id)
        return await cancel(request_id, office, actor=viewer.user_id)


async def own(viewer: Viewer, request_id: UUID) -> Request:
    """Return a request of the viewer's. Raises RequestNotFound."""
    [found] = await requests_by_id(viewer, [request_id])
    if found is None:
        raise RequestNotFound("There is no such request of yours.", path=("id",))
    return found


def checked(asked: Asked) -> Asked:
    """Return what is asked for. Raises InvalidInput for too much of it, and for a right that nobody here answers."""
    if len(asked.statement) > MAX_STATEMENT or "\x00" in asked.statement:
        raise InvalidInput(f"Say it in at most {MAX_STATEMENT} characters of plain text.", path=("statement",))
    for name, chosen in (("generationIds", asked.generations), ("referenceIds", asked.references)):
        if len(chosen) > MOST_CHOSEN:
            raise InvalidInput(f"Choose at most {MOST_CHOSEN} at once.", path=(name,))
    return asked
