"""Command of staff: ask on somebody's behalf, who wrote a letter on paper, or called."""

from dataclasses import replace
from uuid import UUID

import orjson

from app.accounts.errors import OwnAccount, PersonNotFound
from app.accounts.identity import normal_email
from app.audit.service import Action
from app.core import idempotency
from app.core.db import execute, fetch_one, transaction
from app.core.errors import InvalidInput
from app.core.keys import keyed_hash
from app.core.viewer import Viewer
from app.privacy.asked import Asked, Request
from app.privacy.asking import checked
from app.privacy.office import Office
from app.privacy.proofs import account_of, mail_link
from app.privacy.requests import Requester, locked, note, open_request
from app.privacy.status import Channel, RequestStatus

LEAST_EVIDENCE, MOST_EVIDENCE = 10, 4_000
"""Characters."""
COMMAND = "submitPrivacyRequestFor"


async def submit_for(
    viewer: Viewer,
    whom: UUID | str,
    asked: Asked,
    office: Office,
    *,
    verified: bool,
    key: str,
    hash_key: bytes,
) -> Request:
    """Ask on behalf of an account, or of an address. `asked.evidence` says how staff know what they know; it is kept
    with what was said. The log of the person has an entry of who asked, and the person gets a mail.

    `verified`: the evidence shows that it is them; else a link asks them. Nobody vouches for themselves. Raises
    InvalidInput, PersonNotFound, OwnAccount, IdempotencyMismatch, IdempotencyInProgress.
    """
    if not LEAST_EVIDENCE <= len(asked.evidence) <= MOST_EVIDENCE or "\x00" in asked.evidence:
        message = (
            f"Say in {LEAST_EVIDENCE} to {MOST_EVIDENCE} characters how you know what they want, and that it is them."
        )
        raise InvalidInput(message, path=("evidence",))
    checked(asked)
    address = normal_email(whom, "address") if isinstance(whom, str) else None
    said = orjson.dumps([str(whom), asked.encode(), verified])
    input_hash = keyed_hash(hash_key, said)
    async with transaction():
        made = await idempotency.begin(viewer.user_id, COMMAND, key, input_hash)
        if made is not None:
            return await locked(made)
        person = await account_of(address) if isinstance(whom, str) else await _known(whom)
        if person == viewer.user_id:
            raise OwnAccount("Nobody vouches for themselves: ask as everybody does.", path=("userId",))
        who = Requester(person, Channel.STAFF, None if person else address, proved=verified, staff=viewer.user_id)
        request_id, new = await open_request(asked, who, office)
        request = await locked(request_id)
        if not new:  # whoever is shown it, or vouches for it, leaves a trace as whoever opens one
            await note(Action.PRIVACY_REQUESTED, request, viewer.user_id)
            request = await _vouched(request, asked.evidence)
        if request.status is RequestStatus.AWAITING_VERIFICATION:
            await mail_link(request, office)
        await idempotency.finish(viewer.user_id, COMMAND, key, input_hash, request_id)
    return request


async def _vouched(request: Request, evidence: str) -> Request:
    """Add how staff know what they know to what was said in a request that was open already."""
    if request.asked is not None:
        known = "\n".join(filter(None, (request.asked.evidence, evidence)))
        await execute(
            "UPDATE privacy_request_details SET content = $2 WHERE request_id = $1",
            request.id,
            replace(request.asked, evidence=known).encode(),
        )
    return await locked(request.id)


async def _known(person: UUID) -> UUID:
    if await fetch_one("SELECT id FROM users WHERE id = $1", person) is None:
        raise PersonNotFound("There is no such account.", path=("userId",))
    return person
