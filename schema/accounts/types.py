"""A person, as they see themselves."""

from datetime import datetime
from uuid import UUID

import strawberry
from graphql import GraphQLError

from app.accounts import lost_factors, recovery_codes
from app.accounts.api_keys import MAX_KEYS, own_keys
from app.accounts.connected_apps import MAX_APPS, connected_apps
from app.accounts.factors import Factor, FactorKind, second_factors
from app.accounts.identities import MAX_IDENTITIES, own_identities
from app.accounts.queries import Person
from app.accounts.sessions import MAX_SESSIONS, own_sessions
from app.accounts.status import UserStatus
from app.audit.queries import own_entries
from app.consents import queries as consents
from app.consents.purposes import Objectionable
from app.core.consent_purposes import ConsentPurpose
from app.core.viewer import Role, Viewer
from app.generation.queries import generations
from app.legal_disclosures.queries import own_legal_disclosures
from app.media.avatars import avatar_of
from app.media.queries import references
from app.media.variants import Variant
from app.outreach.queries import notices
from app.policy.acceptances import last_accepted
from app.policy.texts import DocumentKind
from app.privacy.queries import own_requests
from app.processors.queries import own_disclosures
from app.support.queries import own_threads
from app.training.queries import own_data_sets
from schema.accounts.app_types import ConnectedApp
from schema.accounts.identity_types import LinkedIdentity
from schema.accounts.key_types import ApiKey
from schema.accounts.session_types import Session
from schema.audit.types import AuditEntryConnection
from schema.audit.types import page as audit_page
from schema.consents.types import Consent, ConsentRecordConnection, Objection, consents_of
from schema.consents.types import page as consent_page
from schema.context import ID, Info
from schema.directives import PAGE, ListSize
from schema.generation.enums import GenerationStatus
from schema.generation.types import Generation, GenerationConnection
from schema.legal_disclosures.types import LegalDisclosureConnection
from schema.legal_disclosures.types import page as legal_disclosure_page
from schema.media.types import ReferenceImage, ReferenceImageConnection
from schema.outreach.types import NoticeConnection
from schema.outreach.types import page as notice_page
from schema.policy.types import PolicyAcceptance
from schema.privacy.types import PrivacyRequestConnection
from schema.privacy.types import page as request_page
from schema.processors.types import DisclosureConnection
from schema.processors.types import page as disclosure_page
from schema.relay import Connection, Node, check_first, connection, decode_cursor, global_id
from schema.support.types import SupportThreadConnection
from schema.support.types import page as support_page
from schema.training.types import DataSetMembershipConnection, membership_page

STATUSES = {
    UserStatus.ACTIVE: "It is in use, with nothing in its way.",
    UserStatus.RESTRICTED: "Its person uses it as before; others only store what is in it (Art. 18 GDPR).",
    UserStatus.SUSPENDED: "Staff suspended it: nobody signs in.",
    UserStatus.FROZEN: "It is said to belong to somebody under 18: nobody uses or sees it until that is lifted, "
    "or it is deleted.",
    UserStatus.ERASING: "Its person asked for its deletion: nobody uses or sees it until they take that back, or it is "
    "deleted.",
}
strawberry.enum(Role, description="What a signed-in person may do.")
strawberry.enum(UserStatus, description="Whether an account may be used.")
for _status in UserStatus.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _status.description = STATUSES[UserStatus(_status.value)]
strawberry.enum(FactorKind, name="SecondFactorKind", description="What somebody gives beside the password.")


@strawberry.type(description="A second factor that is set up.")
class SecondFactor:
    """`app.accounts.factors.Factor`."""

    id: ID = strawberry.field(description="For `removeSecondFactor`.")
    kind: FactorKind = strawberry.field(description="What it is.")
    name: str = strawberry.field(description="What the person called it.")
    created_at: datetime = strawberry.field(description="When it was set up.")
    last_used_at: datetime | None = strawberry.field(description="When it last proved something; null if never yet.")

    @classmethod
    def from_record(cls, record: Factor) -> "SecondFactor":
        """Build from a query's record."""
        return cls(
            id=global_id("SecondFactor", record.id),
            kind=record.kind,
            name=record.name,
            created_at=record.created_at,
            last_used_at=record.last_used_at,
        )


@strawberry.type(description="A waiting time at whose end the second factors are removed.")
class AccountRecovery:
    """`app.accounts.lost_factors.Recovery`."""

    started_at: datetime = strawberry.field(description="When somebody said that they are lost.")
    ends_at: datetime = strawberry.field(description="When they are removed, unless `cancelAccountRecovery` is called.")

    @classmethod
    def from_record(cls, record: lost_factors.Recovery) -> "AccountRecovery":
        """Build from a query's record."""
        return cls(started_at=record.created_at, ends_at=record.ends_at)


@strawberry.type(description="An account, as its owner sees it; staff see parts of it. Others see a `Profile`.")
class User(Node):
    """`app.accounts.queries.Person`."""

    key: strawberry.Private[UUID]
    email: str | None = strawberry.field(description="The address that they sign in with.")
    email_confirmed: bool = strawberry.field(description="Whether the address was shown to be theirs.")
    display_name: str = strawberry.field(description="What others would see them called.")
    role: Role = strawberry.field(description="What they may do.")
    status: UserStatus = strawberry.field(description="Whether the account may be used.")
    created_at: datetime = strawberry.field(description="When they signed up.")
    adult_attested_at: datetime = strawberry.field(description="When they confirmed to be 18 or older.")

    @classmethod
    def from_record(cls, record: Person) -> "User":
        """Build from a query's record."""
        return cls(
            id=global_id("User", record.id),
            key=record.id,
            email=record.email,
            email_confirmed=record.email_confirmed,
            display_name=record.display_name,
            role=record.role,
            status=record.status,
            created_at=record.created_at,
            adult_attested_at=record.adult_attested_at,
        )

    @strawberry.field(description="A signed address of their picture, 256 pixels wide at most; null: they have none.")
    async def avatar_url(self, info: Info) -> str | None:
        """One statement. Whoever just signed up or in is not the viewer yet, and sees it too."""
        picture = await avatar_of(self._owner(info).user_id if info.context.viewer else self.key)
        return info.context.ports.links.url(picture, Variant.SMALL) if picture else None

    @strawberry.field(description="Their generations, newest first.", directives=[PAGE])
    async def generations(
        self, info: Info, first: int = 20, after: str | None = None, status: GenerationStatus | None = None
    ) -> GenerationConnection | None:
        """Two statements, whatever the page."""
        records = await generations(
            self._owner(info), first=check_first(first) + 1, before=decode_cursor(after), status=status
        )
        nodes = [Generation.from_record(record) for record in records]
        return connection(nodes, [record.id for record in records], first, after)

    @strawberry.field(description="The pictures that they added to go by, newest first.", directives=[PAGE])
    async def reference_images(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> ReferenceImageConnection | None:
        """One statement, whatever the page."""
        records = await references(self._owner(info), first=check_first(first) + 1, before=decode_cursor(after))
        nodes = [ReferenceImage.from_record(record) for record in records]
        return connection(nodes, [record.id for record in records], first, after)

    @strawberry.field(
        description="What happened to this account, and who of us looked at it and what for.", directives=[PAGE]
    )
    async def audit_entries(self, info: Info, first: int = 20, after: str | None = None) -> AuditEntryConnection | None:
        """One statement."""
        records = await own_entries(self._owner(info), first=check_first(first) + 1, before=decode_cursor(after))
        return audit_page(records, first, after)

    @strawberry.field(
        description="What left this service about them: for whom, what for, and how it ended; newest first.",
        directives=[PAGE],
    )
    async def disclosures(self, info: Info, first: int = 20, after: str | None = None) -> DisclosureConnection | None:
        """One statement."""
        records = await own_disclosures(self._owner(info), first=check_first(first) + 1, before=decode_cursor(after))
        return disclosure_page(records, first, after)

    @strawberry.field(
        description="What of theirs was handed over because the law wanted it, newest first; none that the law forbids "
        "to tell of for now.",
        directives=[PAGE],
    )
    async def legal_disclosures(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> LegalDisclosureConnection | None:
        """One statement."""
        viewer = self._owner(info)
        records = await own_legal_disclosures(viewer, first=check_first(first) + 1, before=decode_cursor(after))
        return legal_disclosure_page(records, first, after)

    @strawberry.field(
        description="Where they are signed in, newest first.", directives=[ListSize(assumed_size=MAX_SESSIONS)]
    )
    async def sessions(self, info: Info) -> list[Session] | None:
        """One statement."""
        viewer = self._owner(info)
        return [Session.from_record(record, viewer) for record in await own_sessions(viewer, info.context.ports.clock)]

    @strawberry.field(
        description="Their API keys, newest first, with those that expired less than 30 days ago.",
        directives=[ListSize(assumed_size=MAX_KEYS)],
    )
    async def api_keys(self, info: Info) -> list[ApiKey] | None:
        """One statement."""
        return [ApiKey.from_record(record) for record in await own_keys(self._owner(info))]

    @strawberry.field(
        description="Accounts elsewhere that open this one, at most one of each provider.",
        directives=[ListSize(assumed_size=MAX_IDENTITIES)],
    )
    async def identities(self, info: Info) -> list[LinkedIdentity] | None:
        """One statement."""
        return [LinkedIdentity.from_record(record) for record in await own_identities(self._owner(info))]

    @strawberry.field(description="What they give beside the password.", directives=[ListSize(assumed_size=11)])
    async def second_factors(self, info: Info) -> list[SecondFactor] | None:
        """One statement."""
        return [SecondFactor.from_record(record) for record in await second_factors(self._owner(info))]

    @strawberry.field(description="How many of their recovery codes still work.")
    async def recovery_codes_left(self, info: Info) -> int | None:
        """One statement."""
        return await recovery_codes.left(self._owner(info).user_id)

    @strawberry.field(description="The recovery of a lost second factor, while it waits; null where none does.")
    async def recovery(self, info: Info) -> AccountRecovery | None:
        """One statement."""
        found = await lost_factors.running(self._owner(info))
        return AccountRecovery.from_record(found) if found else None

    @strawberry.field(
        description="The apps that they let in, the latest first, at most 100.",
        directives=[ListSize(assumed_size=MAX_APPS)],
    )
    async def connected_apps(self, info: Info) -> list[ConnectedApp] | None:
        """One statement."""
        return [ConnectedApp.from_record(record) for record in await connected_apps(self._owner(info))]

    @strawberry.field(description="What they were told, newest first.", directives=[PAGE])
    async def notices(self, info: Info, first: int = 20, after: str | None = None) -> NoticeConnection | None:
        """Four statements, whatever the page."""
        records = await notices(self._owner(info), first=check_first(first) + 1, before=decode_cursor(after))
        return notice_page(records, first, after)

    @strawberry.field(description="What they wrote to support, newest first.", directives=[PAGE])
    async def support_threads(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> SupportThreadConnection | None:
        """Two statements, whatever the page."""
        records = await own_threads(self._owner(info), first=check_first(first) + 1, before=decode_cursor(after))
        return support_page(records, first, after)

    @strawberry.field(description="What they asked of us about their data, newest first.", directives=[PAGE])
    async def privacy_requests(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> PrivacyRequestConnection | None:
        """One statement, whatever the page."""
        records = await own_requests(self._owner(info), first=check_first(first) + 1, before=decode_cursor(after))
        return request_page(records, first, after)

    @strawberry.field(description="The version that they accepted last; null where they accepted none.")
    async def policy_acceptance(self, info: Info, kind: DocumentKind = DocumentKind.PRIVACY) -> PolicyAcceptance | None:
        """One statement."""
        found = await last_accepted(self._owner(info), kind)
        return PolicyAcceptance.from_record(found) if found else None

    @strawberry.field(
        description="What they consented to: every purpose, asked or not.",
        directives=[ListSize(assumed_size=len(ConsentPurpose))],
    )
    async def consents(self, info: Info) -> list[Consent] | None:
        """Two statements."""
        ports = info.context.ports
        return consents_of(await consents.standing(self._owner(info), ports.consents.notices, ports.clock))

    @strawberry.field(description="Every yes and no of theirs, newest first.", directives=[PAGE])
    async def consent_records(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> ConsentRecordConnection | None:
        """One statement."""
        records = await consents.consent_records(
            self._owner(info), first=check_first(first) + 1, before=decode_cursor(after)
        )
        return consent_page(records, first, after)

    @strawberry.field(
        description="What they may object to, and whether they do.",
        directives=[ListSize(assumed_size=len(Objectionable))],
    )
    async def objections(self, info: Info) -> list[Objection] | None:
        """One statement."""
        return [Objection.from_record(record) for record in await consents.objections(self._owner(info))]

    @strawberry.field(
        description="The data sets that hold pictures of theirs: what models may be trained on, newest first.",
        directives=[PAGE],
    )
    async def data_sets(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> DataSetMembershipConnection | None:
        """One statement."""
        records = await own_data_sets(self._owner(info), first=check_first(first) + 1, before=decode_cursor(after))
        return membership_page(records, first, after)

    def _owner(self, info: Info) -> Viewer:
        """Return the viewer. Raises GraphQLError where this is somebody else's account, which staff look at."""
        viewer = info.context.required_viewer
        if viewer.user_id != self.key:
            raise GraphQLError("Only the person sees this.", extensions={"code": "FORBIDDEN"})
        return viewer


UserConnection = Connection[User]
