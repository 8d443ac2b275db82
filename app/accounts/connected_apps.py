"""The apps that a person let in: they see them, and end any."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.clients import scopes_of
from app.audit.service import Action, record
from app.core.db import execute, fetch, transaction
from app.core.errors import NotFound
from app.core.origin import NOWHERE, Origin
from app.core.viewer import Scope, Viewer

MAX_APPS = 100
NONE = "There is no such app that you let in."


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """An app, and what all its grants together let it do."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    connected_at: datetime


async def connected_apps(viewer: Viewer) -> list[ConnectedApp]:
    """Return the apps that can do something for the viewer, the latest first, at most `MAX_APPS`."""
    rows = await fetch(
        """SELECT c.id, c.name, string_agg(g.scopes, ' ') AS scopes, max(g.created_at) AS connected_at
           FROM app_grants g JOIN app_clients c ON c.id = g.client_id
           WHERE g.user_id = $1 AND g.expires_at > now() AND EXISTS (
             SELECT FROM app_tokens t WHERE t.grant_id = g.id AND t.spent_at IS NULL AND t.expires_at > now())
           GROUP BY c.id ORDER BY max(g.created_at) DESC LIMIT $2""",
        viewer.user_id,
        MAX_APPS,
    )
    return [
        ConnectedApp(row["id"], row["name"], tuple(sorted(scopes_of(row["scopes"]))), row["connected_at"])
        for row in rows
    ]


async def revoke(viewer: Viewer, client_id: UUID, origin: Origin = NOWHERE) -> None:
    """End all that an app may do; what is open with it is closed within seconds. Raises NotFound."""
    async with transaction():
        rows = await fetch(
            """DELETE FROM app_grants g USING app_clients c
               WHERE c.id = g.client_id AND g.user_id = $1 AND g.client_id = $2 RETURNING c.name""",
            viewer.user_id,
            client_id,
        )
        if not rows:
            raise NotFound(NONE, path=("id",))
        details = {"note": rows[0]["name"]}
        await record(Action.APP_DISCONNECTED, viewer.user_id, actor=viewer.user_id, origin=origin, details=details)


async def revoke_all(user_id: UUID) -> None:
    """End all apps of a person, in the caller's transaction."""
    await execute("DELETE FROM app_grants WHERE user_id = $1", user_id)
