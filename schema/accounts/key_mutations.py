"""Make and revoke API keys; disconnect apps."""

import strawberry

from app.accounts import api_keys, connected_apps
from app.accounts.api_keys import NewKey
from app.core.errors import NotFound
from schema.accounts.app_types import RevokeConnectedAppInput, RevokeConnectedAppPayload
from schema.accounts.key_types import (
    ApiKey,
    CreateApiKeyInput,
    CreateApiKeyPayload,
    RevokeApiKeyInput,
    RevokeApiKeyPayload,
)
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.relay import parse_global_id


@strawberry.type
class KeyMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Make an API key for a front end of somebody else's. Needs a fresh `reauthenticate`; no app can.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(CreateApiKeyPayload)
    async def create_api_key(self, info: Info, input: CreateApiKeyInput) -> CreateApiKeyPayload | None:
        """Commands `api_keys.create`."""
        context = info.context
        made, secret = await api_keys.create(
            context.required_viewer,
            NewKey(input.name, input.scopes, input.expires_at, input.allowed_origins),
            key=input.idempotency_key,
            clock=context.ports.clock,
            hash_key=context.ports.idempotency_hash_key,
            origin=context.origin,
        )
        return CreateApiKeyPayload(api_key=ApiKey.from_record(made), secret=secret)

    @strawberry.mutation(
        description="Revoke an API key. What is open with it is closed within 5 seconds.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(RevokeApiKeyPayload)
    async def revoke_api_key(self, info: Info, input: RevokeApiKeyInput) -> RevokeApiKeyPayload | None:
        """Commands `api_keys.revoke`."""
        parsed = parse_global_id(input.id)
        if parsed is None or parsed[0] != "ApiKey":
            raise NotFound(api_keys.NONE, path=("id",))
        await api_keys.revoke(info.context.required_viewer, parsed[1], info.context.origin)
        return RevokeApiKeyPayload(revoked_id=input.id)

    @strawberry.mutation(
        description="Disconnect an app. What is open with it is closed within 5 seconds.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(RevokeConnectedAppPayload)
    async def revoke_connected_app(
        self, info: Info, input: RevokeConnectedAppInput
    ) -> RevokeConnectedAppPayload | None:
        """Commands `connected_apps.revoke`."""
        parsed = parse_global_id(input.id)
        if parsed is None or parsed[0] != "ConnectedApp":
            raise NotFound(connected_apps.NONE, path=("id",))
        await connected_apps.revoke(info.context.required_viewer, parsed[1], info.context.origin)
        return RevokeConnectedAppPayload(revoked_id=input.id)
