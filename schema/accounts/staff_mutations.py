"""For staff: change roles, suspend."""

from uuid import UUID

import strawberry

from app.accounts import staff
from app.accounts.errors import PersonNotFound
from app.training.marking import mark_inactive
from schema.accounts.staff_types import SetUserRoleInput, SetUserRolePayload, SuspendUserInput, SuspendUserPayload
from schema.accounts.types import User
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.relay import parse_global_id


@strawberry.type
class StaffMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Give a person another role. Administrators only.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(SetUserRolePayload)
    async def set_user_role(self, info: Info, input: SetUserRoleInput) -> SetUserRolePayload | None:
        """Commands `staff.set_role`."""
        changed = await staff.set_role(info.context.required_viewer, account_key(input.id), input.role)
        return SetUserRolePayload(user=User.from_record(changed))

    @strawberry.mutation(
        description="Suspend an account, which ends its sessions, or lift that. Moderators and administrators only.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(SuspendUserPayload)
    async def suspend_user(self, info: Info, input: SuspendUserInput) -> SuspendUserPayload | None:
        """Commands `staff.suspend`."""
        changed = await staff.suspend(
            info.context.required_viewer,
            account_key(input.id),
            input.reason,
            suspended=input.suspended,
            on_suspension=mark_inactive,
        )
        return SuspendUserPayload(user=User.from_record(changed))


def account_key(id: str) -> UUID:
    """Return the key of an account's global id. Raises PersonNotFound."""
    found = parse_global_id(id)
    if found is None or found[0] != "User":
        raise PersonNotFound("There is no such account.", path=("id",))
    return found[1]
