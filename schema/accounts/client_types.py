"""Apps that staff registered."""

from datetime import datetime

import strawberry

from app.accounts.clients import Client
from schema.accounts.enums import Scope
from schema.context import ID
from schema.errors import UserError
from schema.relay import Connection, global_id


@strawberry.type(description="An app that may ask people to let it in.")
class AppClient:
    """`app.accounts.clients.Client`."""

    id: ID = strawberry.field(description="Globally unique and opaque.")
    client_id: str = strawberry.field(description="What the app calls itself by: `client_id` of RFC 6749.")
    name: str = strawberry.field(description="What people know it by.")
    redirects: list[str] = strawberry.field(description="Where people come back to, exactly; at most 10.")
    scopes: list[Scope] = strawberry.field(description="What it may ask for.")
    created_at: datetime | None = strawberry.field(description="When it was registered.")

    @classmethod
    def from_record(cls, record: Client) -> "AppClient":
        """Build from a query's record."""
        return cls(
            id=global_id("AppClient", record.id),
            client_id=str(record.id),
            name=record.name,
            redirects=list(record.redirects),
            scopes=sorted(record.scopes),
            created_at=record.created_at,
        )


AppClientConnection = Connection[AppClient]


@strawberry.input(description="An app that is to ask people to let it in.")
class RegisterClientInput:
    """Arguments of `registerClient`."""

    name: str = strawberry.field(description="1 to 60 characters: what people know it by.")
    redirects: list[str] = strawberry.field(
        description="1 to 10 addresses that people come back to, compared letter by letter: `https`, their own machine "
        "(`http://127.0.0.1/…`, at any port), or a domain backwards (`com.example.app:/…`)."
    )
    scopes: list[Scope] = strawberry.field(description="What it may ask for: at least one.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each app.")


@strawberry.type(description="The app that was registered. It has no secret: it uses PKCE.")
class RegisterClientPayload:
    """Outcome of `registerClient`."""

    client: AppClient | None = strawberry.field(default=None, description="With its `clientId`.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was registered.")


@strawberry.input(description="An app that nobody is to let in any more.")
class RemoveClientInput:
    """Arguments of `removeClient`."""

    id: ID = strawberry.field(description="Of an `AppClient`.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each removal.")


@strawberry.type(description="The app is gone, and can do nothing for anybody any more.")
class RemoveClientPayload:
    """Outcome of `removeClient`."""

    removed_id: ID | None = strawberry.field(default=None, description="What was removed.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not.")
