"""Inputs and payloads of privacy requests."""

import strawberry

from app.consents.purposes import Objectionable
from app.core.consent_purposes import ConsentPurpose
from app.core.privacy_rights import PrivacyRight
from app.privacy.asking import MAX_STATEMENT, MOST_CHOSEN
from app.privacy.on_behalf import LEAST_EVIDENCE, MOST_EVIDENCE
from app.privacy.status import Residence
from schema.context import ID
from schema.errors import UserError
from schema.privacy.types import PrivacyRequest


@strawberry.input(description="What somebody asks of us about their data.")
class SubmitPrivacyRequestInput:
    """Arguments of `submitPrivacyRequest`."""

    right: PrivacyRight = strawberry.field(description="What is asked for.")
    residence: Residence | None = strawberry.field(
        default=None, description="Where they live; left out: they get the shortest time that any law gives."
    )
    statement: str = strawberry.field(
        default="", description=f"What they want to say about it: at most {MAX_STATEMENT} characters."
    )
    generation_ids: list[ID] | None = strawberry.field(
        default=None,
        description=f"Of ERASURE: these alone, at most {MOST_CHOSEN}; without these and `referenceIds`: the account.",
    )
    reference_ids: list[ID] | None = strawberry.field(
        default=None, description=f"Of ERASURE: these reference pictures alone, at most {MOST_CHOSEN}."
    )
    activities: list[Objectionable] | None = strawberry.field(
        default=None, description="Of OBJECTION: to what; left out: to everything that can be objected to."
    )
    purposes: list[ConsentPurpose] | None = strawberry.field(
        default=None, description="Of WITHDRAW_CONSENT: which; left out: every consent."
    )
    display_name: str | None = strawberry.field(default=None, description="Of RECTIFICATION: the right name.")
    email: str | None = strawberry.field(default=None, description="Of RECTIFICATION: the right address.")
    waive_grace: bool = strawberry.field(
        default=False, description="Of ERASURE of the account: begin at once, so that it cannot be taken back."
    )
    address: str | None = strawberry.field(
        default=None,
        description="For whoever is not signed in: the email address that it is about, which is mailed a link. Then "
        "`right`, `residence` and `statement` are all that can be said.",
    )
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each request.")


@strawberry.type(description="The request; who asks for what is open already gets that one.")
class SubmitPrivacyRequestPayload:
    """Outcome of `submitPrivacyRequest`."""

    received: bool = strawberry.field(
        default=False, description="Whether it arrived. Nobody who is not signed in learns more: the address is mailed."
    )
    request: PrivacyRequest | None = strawberry.field(default=None, description="As it stands.")
    status_token: str | None = strawberry.field(
        default=None,
        description="Of the viewer's own: what `/requests/status?token=` shows the request with, and takes it back, "
        "once the account is locked. It is mailed too, where an address is confirmed.",
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not taken.")


@strawberry.input(description="What staff ask on somebody's behalf, and how they know.")
class SubmitPrivacyRequestForInput:
    """Arguments of `submitPrivacyRequestFor`."""

    user_id: ID | None = strawberry.field(default=None, description="Whose account it is about; or `address`.")
    address: str | None = strawberry.field(
        default=None, description="The email address that it is about, of an account or of none; or `userId`."
    )
    right: PrivacyRight = strawberry.field(description="What is asked for.")
    residence: Residence | None = strawberry.field(
        default=None, description="Where they live; left out: they get the shortest time that any law gives."
    )
    statement: str = strawberry.field(default="", description=f"What they said: at most {MAX_STATEMENT} characters.")
    evidence: str = strawberry.field(
        description=f"How you know what they want, and who they are: {LEAST_EVIDENCE} to {MOST_EVIDENCE} characters. "
        "It is kept with the request, and is part of their own copy of their data."
    )
    verified: bool = strawberry.field(
        description="Whether the evidence shows that it is them. If not, a link is mailed that does."
    )
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each request.")


@strawberry.type(description="The request; what is open already is that one.")
class SubmitPrivacyRequestForPayload:
    """Outcome of `submitPrivacyRequestFor`."""

    request: PrivacyRequest | None = strawberry.field(default=None, description="As it stands.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not taken.")


@strawberry.input(description="The link that was mailed.")
class VerifyPrivacyRequestInput:
    """Arguments of `verifyPrivacyRequest`."""

    token: str = strawberry.field(description="What the link has behind `token=`.")


@strawberry.type(description="What became of a link.")
class VerifyPrivacyRequestPayload:
    """Outcome of `verifyPrivacyRequest`."""

    verified: bool = strawberry.field(
        default=False, description="Whether we know now that it is the person: the request is under way."
    )
    status_token: str | None = strawberry.field(
        default=None, description="What `/requests/status?token=` shows the request with, without an account."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.input(description="Which request is taken back.")
class CancelPrivacyRequestInput:
    """Arguments of `cancelPrivacyRequest`."""

    id: ID = strawberry.field(description="A request of the viewer's that has not begun.")


@strawberry.type(description="The request, taken back.")
class CancelPrivacyRequestPayload:
    """Outcome of `cancelPrivacyRequest`."""

    request: PrivacyRequest | None = strawberry.field(default=None, description="As it stands.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")
