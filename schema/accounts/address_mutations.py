"""Confirm and change an address; a forgotten password."""

import strawberry

from app.accounts import addresses, recovery
from app.accounts.identity import known_form
from app.accounts.queries import person
from app.core.limits import Doing
from schema.accounts.address_types import (
    ChangeEmailInput,
    ChangeEmailPayload,
    ConfirmEmailInput,
    ConfirmEmailPayload,
    RequestPasswordResetInput,
    RequestPasswordResetPayload,
    ResetPasswordInput,
    ResetPasswordPayload,
)
from schema.accounts.types import User
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation


@strawberry.type
class AddressMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Show that an address is the account's: the link from the mail, and the account's session or "
        "password.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(ConfirmEmailPayload)
    async def confirm_email(self, info: Info, input: ConfirmEmailInput) -> ConfirmEmailPayload | None:
        """Commands `addresses.confirm`."""
        await info.context.limit(Doing.FOLLOW_LINK, input.token)
        context = info.context
        owner = await addresses.confirm(
            context.viewer, input.token, input.password, context.ports.one_time, context.origin
        )
        own = await person(context.viewer) if context.viewer and context.viewer.user_id == owner else None
        return ConfirmEmailPayload(confirmed=True, user=User.from_record(own) if own else None)

    @strawberry.mutation(
        description="Ask for another address. Both addresses are told; the link in the new one's mail makes the "
        "change. Needs a fresh `reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(ChangeEmailPayload)
    async def change_email(self, info: Info, input: ChangeEmailInput) -> ChangeEmailPayload | None:
        """Commands `addresses.change`."""
        await info.context.limit(Doing.CHANGE_EMAIL, known_form(input.email))
        await addresses.change(info.context.required_viewer, input.email)
        return ChangeEmailPayload(mailed=True)

    @strawberry.mutation(
        description="Ask for a mail with a link that changes the password. The answer is the same for every address.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(RequestPasswordResetPayload)
    async def request_password_reset(
        self, info: Info, input: RequestPasswordResetInput
    ) -> RequestPasswordResetPayload | None:
        """Commands `recovery.request_reset`."""
        await info.context.limit(Doing.ASK_FOR_RESET, known_form(input.email))
        await recovery.request_reset(input.email)
        return RequestPasswordResetPayload(mailed=True)

    @strawberry.mutation(
        description="Change a forgotten password with the link from the mail; every device is signed out.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(ResetPasswordPayload)
    async def reset_password(self, info: Info, input: ResetPasswordInput) -> ResetPasswordPayload | None:
        """Commands `recovery.reset`."""
        await info.context.limit(Doing.FOLLOW_LINK, input.token)
        await recovery.reset(input.token, input.password, info.context.ports.one_time, info.context.origin)
        return ResetPasswordPayload(changed=True)
