"""A person, as they see themselves."""

from datetime import datetime

import strawberry

from app.accounts.queries import Person
from app.core.viewer import Role
from app.generation.queries import generations
from app.media.queries import references
from schema.context import Info
from schema.directives import PAGE
from schema.errors import UserError
from schema.generation.enums import GenerationStatus
from schema.generation.types import Generation, GenerationConnection
from schema.media.types import ReferenceImage, ReferenceImageConnection
from schema.relay import Node, check_first, connection, decode_cursor, global_id

strawberry.enum(Role, description="What a signed-in person may do.")


@strawberry.type(description="The signed-in person's own account. Others never see it.")
class User(Node):
    """`app.accounts.queries.Person`."""

    email: str | None = strawberry.field(description="The address that they sign in with.")
    display_name: str = strawberry.field(description="What others would see them called.")
    role: Role = strawberry.field(description="What they may do.")
    created_at: datetime = strawberry.field(description="When they signed up.")
    adult_attested_at: datetime = strawberry.field(description="When they confirmed to be 18 or older.")

    @classmethod
    def from_record(cls, record: Person) -> "User":
        """Build from a query's record."""
        return cls(
            id=global_id("User", record.id),
            email=record.email,
            display_name=record.display_name,
            role=record.role,
            created_at=record.created_at,
            adult_attested_at=record.adult_attested_at,
        )

    @strawberry.field(description="Their generations, newest first.", directives=[PAGE])
    async def generations(
        self, info: Info, first: int = 20, after: str | None = None, status: GenerationStatus | None = None
    ) -> GenerationConnection | None:
        """Two statements, whatever the page."""
        records = await generations(
            info.context.required_viewer, first=check_first(first) + 1, before=decode_cursor(after), status=status
        )
        nodes = [Generation.from_record(record) for record in records]
        return connection(nodes, [record.id for record in records], first, after)

    @strawberry.field(description="The pictures that they added to go by, newest first.", directives=[PAGE])
    async def reference_images(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> ReferenceImageConnection | None:
        """One statement, whatever the page."""
        records = await references(
            info.context.required_viewer, first=check_first(first) + 1, before=decode_cursor(after)
        )
        nodes = [ReferenceImage.from_record(record) for record in records]
        return connection(nodes, [record.id for record in records], first, after)


@strawberry.input(description="A new account.")
class SignUpInput:
    """What a person says when they sign up."""

    email: str = strawberry.field(description="The address to sign in with.")
    password: str = strawberry.field(description="10 to 256 characters.")
    display_name: str = strawberry.field(description="1 to 60 characters.")
    adult: bool = strawberry.field(description="That the person is 18 or older. False is refused.")
    policy_version: str = strawberry.field(description="The version of the privacy policy that was shown.")


@strawberry.input(description="An address and its password.")
class SignInInput:
    """Credentials."""

    email: str
    password: str


@strawberry.input(description="Which sessions to end.")
class SignOutInput:
    """The session that the request came with, or all of them."""

    everywhere: bool = strawberry.field(default=False, description="End every session of this account.")


@strawberry.type(description="The account that was made.")
class SignUpPayload:
    """Outcome of `signUp`."""

    user: User | None = strawberry.field(default=None, description="The new account.")
    token: str | None = strawberry.field(default=None, description="The session's token. It is shown only here.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was made.")


@strawberry.type(description="The session that was opened.")
class SignInPayload:
    """Outcome of `signIn`."""

    user: User | None = strawberry.field(default=None, description="Who signed in.")
    token: str | None = strawberry.field(default=None, description="The session's token. It is shown only here.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why no session was opened.")


@strawberry.type(description="The session is over.")
class SignOutPayload:
    """Outcome of `signOut`."""

    signed_out: bool = strawberry.field(default=False, description="Whether the token is worthless now.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why the session goes on.")
