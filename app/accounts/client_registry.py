"""What staff do to the apps that may ask people to let them in: see them, register them, remove them."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from app.accounts.clients import COLUMNS, Client, NewClient, add, checked, record_of
from app.accounts.step_up import require_fresh
from app.audit.service import Action, record, record_each
from app.core import idempotency
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.errors import NotFound
from app.core.keys import keyed_hash
from app.core.origin import NOWHERE, Origin
from app.core.viewer import Viewer

NONE = "There is no such app: `clients` lists those that are registered."


@dataclass(frozen=True, slots=True)
class Call:
    """How a command is told from its repetition, and where it came from."""

    key: str
    hash_key: bytes
    origin: Origin = NOWHERE


async def clients(*, first: int, before: UUID | None = None) -> list[Client]:
    """Return the apps, newest first, at most `first`, older than `before`. They are nobody's own."""
    rows = await fetch(
        f"""SELECT {COLUMNS} FROM app_clients WHERE $2::uuid IS NULL OR id < $2
            ORDER BY id DESC LIMIT $1""",  # noqa: S608
        first,
        before,
    )
    return [record_of(row) for row in rows]


async def register_client(viewer: Viewer, wanted: NewClient, call: Call) -> Client:
    """Register an app; the same call again returns the same app.

    Raises StepUpRequired, InvalidInput, IdempotencyMismatch, IdempotencyInProgress.
    """
    await require_fresh(viewer)
    client = checked(wanted)
    given = [wanted.name, list(wanted.redirects), sorted(wanted.scopes)]
    input_hash = keyed_hash(call.hash_key, orjson.dumps(given))
    async with transaction():
        earlier = await idempotency.begin(viewer.user_id, "registerClient", call.key, input_hash)
        if earlier is not None:
            return await _registered(earlier)
        await add(client)
        note = {"note": f"{client.name}: {', '.join(sorted(client.scopes))}"}
        await record(Action.APP_REGISTERED, viewer.user_id, actor=viewer.user_id, origin=call.origin, details=note)
        await idempotency.finish(viewer.user_id, "registerClient", call.key, input_hash, client.id)
        return await _registered(client.id)


async def remove_client(viewer: Viewer, client_id: UUID, call: Call) -> None:
    """Remove an app and all that people let it do; what is open with it is closed within seconds.

    It is written into the log of whoever did it, and of everybody who had let the app in. Raises StepUpRequired,
    NotFound, IdempotencyMismatch, IdempotencyInProgress.
    """
    await require_fresh(viewer)
    input_hash = keyed_hash(call.hash_key, client_id.bytes)
    async with transaction():
        if await idempotency.begin(viewer.user_id, "removeClient", call.key, input_hash) is not None:
            return
        note = {"note": await _remove(client_id, viewer.user_id)}
        await record(Action.APP_REMOVED, viewer.user_id, actor=viewer.user_id, origin=call.origin, details=note)
        await idempotency.finish(viewer.user_id, "removeClient", call.key, input_hash, client_id)


async def remove(client_id: UUID) -> str:
    """Remove an app, as the operator; return its name. Raises NotFound."""
    async with transaction():
        return await _remove(client_id, None)


async def _remove(client_id: UUID, actor: UUID | None) -> str:
    """Remove an app in the caller's transaction, and tell whoever had let it in; return its name. Raises NotFound."""
    row = await fetch_one("SELECT name FROM app_clients WHERE id = $1 FOR UPDATE", client_id)
    if row is None:
        raise NotFound(NONE, path=("id",))
    people = await fetch("SELECT DISTINCT user_id FROM app_grants WHERE client_id = $1", client_id)
    await execute("DELETE FROM app_clients WHERE id = $1", client_id)
    await idempotency.forget([client_id])
    told = [person["user_id"] for person in people]
    await record_each(Action.APP_DISCONNECTED, told, actor=actor, details={"note": row["name"]})
    return str(row["name"])


async def _registered(client_id: UUID) -> Client:
    row = await fetch_one(f"SELECT {COLUMNS} FROM app_clients WHERE id = $1", client_id)  # noqa: S608
    if row is None:
        raise NotFound(NONE)
    return record_of(row)
