"""For administrators: the apps that may ask people to let them in."""

import strawberry

from app.accounts import client_registry
from app.accounts.client_registry import Call
from app.accounts.clients import NewClient
from app.core.errors import NotFound
from schema.accounts.client_types import (
    AppClient,
    AppClientConnection,
    RegisterClientInput,
    RegisterClientPayload,
    RemoveClientInput,
    RemoveClientPayload,
)
from schema.context import Info
from schema.directives import PAGE, Cost, SemanticNonNull
from schema.errors import mutation
from schema.relay import check_first, connection, decode_cursor, parse_global_id


@strawberry.type
class ClientQueries:
    """Part of Query."""

    @strawberry.field(
        description="The apps that may ask people to let them in, newest first. Administrators only.",
        directives=[SemanticNonNull(), PAGE],
    )
    async def clients(self, info: Info, first: int = 20, after: str | None = None) -> AppClientConnection | None:
        """One statement."""
        records = await client_registry.clients(first=check_first(first) + 1, before=decode_cursor(after))
        nodes = [AppClient.from_record(record) for record in records]
        return connection(nodes, [record.id for record in records], first, after)


@strawberry.type
class ClientMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Register an app that may ask people to let it in. Administrators only; needs a fresh "
        "`reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(RegisterClientPayload)
    async def register_client(self, info: Info, input: RegisterClientInput) -> RegisterClientPayload | None:
        """Commands `client_registry.register_client`."""
        wanted = NewClient(input.name, input.redirects, input.scopes)
        made = await client_registry.register_client(
            info.context.required_viewer, wanted, _call(info, input.idempotency_key)
        )
        return RegisterClientPayload(client=AppClient.from_record(made))

    @strawberry.mutation(
        description="Remove an app. What people let it do ends, and what is open with it is closed within 5 seconds. "
        "Administrators only; needs a fresh `reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(RemoveClientPayload)
    async def remove_client(self, info: Info, input: RemoveClientInput) -> RemoveClientPayload | None:
        """Commands `client_registry.remove_client`."""
        found = parse_global_id(input.id)
        if found is None or found[0] != "AppClient":
            raise NotFound(client_registry.NONE, path=("id",))
        await client_registry.remove_client(info.context.required_viewer, found[1], _call(info, input.idempotency_key))
        return RemoveClientPayload(removed_id=input.id)


def _call(info: Info, key: str) -> Call:
    return Call(key, info.context.ports.idempotency_hash_key, info.context.origin)
