"""What others see of a person, and which accounts elsewhere open theirs."""

import strawberry

from app.accounts import identities
from app.accounts.errors import IdentityNotFound
from app.accounts.queries import person
from app.media.avatars import update_profile
from schema.accounts.identity_types import UnlinkIdentityInput, UnlinkIdentityPayload
from schema.accounts.types import User
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import UserError, mutation
from schema.relay import parse_global_id


@strawberry.input(description="What to change of a profile: what is left out stays.")
class UpdateProfileInput:
    """Arguments of `updateProfile`."""

    display_name: str | None = strawberry.field(default=None, description="1 to 60 visible characters.")
    remove_avatar: bool = strawberry.field(default=False, description="Delete the picture for good.")


@strawberry.type(description="The profile as it is now.")
class UpdateProfilePayload:
    """Outcome of `updateProfile`."""

    user: User | None = strawberry.field(default=None, description="The viewer.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.type
class ProfileMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Change what others see of the viewer. Sending it again changes nothing more.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(UpdateProfilePayload)
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfilePayload | None:
        """Commands `avatars.update_profile`."""
        viewer = info.context.required_viewer
        await update_profile(viewer, input.display_name, remove_avatar=input.remove_avatar)
        record = await person(viewer)
        return UpdateProfilePayload(user=User.from_record(record) if record else None)

    @strawberry.mutation(
        description="Have an account at Google or GitHub not open this one any more. The last way in stays. Needs a "
        "fresh `reauthenticate`.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(UnlinkIdentityPayload)
    async def unlink_identity(self, info: Info, input: UnlinkIdentityInput) -> UnlinkIdentityPayload | None:
        """Commands `identities.unlink`."""
        found = parse_global_id(input.id)
        if found is None or found[0] != "LinkedIdentity":
            raise IdentityNotFound("You have linked no such account.", path=("id",))
        await identities.unlink(info.context.required_viewer, found[1], info.context.origin)
        return UnlinkIdentityPayload(unlinked_id=input.id)
