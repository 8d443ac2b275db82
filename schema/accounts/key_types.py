"""API keys, as their owner sees them."""

from datetime import datetime

import strawberry

from app.accounts.api_keys import KeyRecord
from app.accounts.tokens import KEY_PREFIX
from schema.accounts.enums import Scope
from schema.context import ID
from schema.errors import UserError
from schema.relay import global_id


@strawberry.type(description="What a front end of somebody else's comes with. Its secret was shown once.")
class ApiKey:
    """`app.accounts.api_keys.KeyRecord`."""

    id: ID = strawberry.field(description="Globally unique and opaque.")
    name: str = strawberry.field(description="What the person called it.")
    hint: str = strawberry.field(description="How the secret begins and ends.")
    scopes: list[Scope] = strawberry.field(description="What it may do.")
    allowed_origins: list[str] = strawberry.field(
        description="Whose pages may use it; none: no page may, only programs."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="From when on it is worth nothing.")
    last_used_at: datetime | None = strawberry.field(description="The hour in which it was last used.")

    @classmethod
    def from_record(cls, record: KeyRecord) -> "ApiKey":
        """Build from a query's record."""
        return cls(
            id=global_id("ApiKey", record.id),
            name=record.name,
            hint=f"{KEY_PREFIX}…{record.last_four}",
            scopes=list(record.scopes),
            allowed_origins=list(record.origins),
            created_at=record.created_at,
            expires_at=record.expires_at,
            last_used_at=record.last_used_at,
        )


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    """Arguments of `createApiKey`."""

    name: str = strawberry.field(description="1 to 60 characters, to know it by.")
    scopes: list[Scope] = strawberry.field(description="What it may do: at least one.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="At most a year ahead, which is the default."
    )
    allowed_origins: list[str] = strawberry.field(
        default_factory=list,
        description="Up to 10 origins (`https://app.example`) whose pages may use it. Without any it is for programs, "
        "and no browser can use it.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key and input within 24 hours make no second API key. The secret is not shown again.",
    )


@strawberry.type(description="The API key that was made.")
class CreateApiKeyPayload:
    """Outcome of `createApiKey`."""

    api_key: ApiKey | None = strawberry.field(default=None, description="The new API key.")
    secret: str | None = strawberry.field(
        default=None,
        description="Send it as `Authorization: Bearer <secret>`. It is shown only here, and not to a repeated call: "
        "whose answer got lost revokes the API key and makes another.",
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was made.")


@strawberry.input(description="An API key that is no longer wanted.")
class RevokeApiKeyInput:
    """Arguments of `revokeApiKey`."""

    id: ID


@strawberry.type(description="The API key is worth nothing any more.")
class RevokeApiKeyPayload:
    """Outcome of `revokeApiKey`."""

    revoked_id: ID | None = strawberry.field(default=None, description="What was revoked.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not.")
