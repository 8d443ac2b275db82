"""Inputs and payloads of support."""

import strawberry

from app.core.privacy_rights import PrivacyRight
from app.support.texts import MAX_MESSAGE
from app.support.topics import Topic
from schema.context import ID
from schema.errors import UserError
from schema.support.types import SupportThread

_LENGTH = f"1 to {MAX_MESSAGE} characters of plain text."


@strawberry.input(description="What somebody writes to support, with an account or without one.")
class ContactSupportInput:
    """Arguments of `contactSupport`."""

    topic: Topic = strawberry.field(description="What it is about. APPEAL is for whoever may not sign in.")
    message: str = strawberry.field(description=_LENGTH)
    right: PrivacyRight | None = strawberry.field(
        default=None, description="Of PRIVACY_REQUEST: what is asked for, if it is one of these."
    )
    email: str | None = strawberry.field(
        default=None, description="Where to answer, of whoever is not signed in; an account's own address is used else."
    )
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each message.")


@strawberry.type(description="That the message arrived.")
class ContactSupportPayload:
    """Outcome of `contactSupport`."""

    received: bool = strawberry.field(default=False, description="Whether it was taken; sent again it is taken once.")
    thread: SupportThread | None = strawberry.field(
        default=None, description="The thread; null for whoever is not signed in, who is answered by mail alone."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was not taken.")


@strawberry.input(description="A further message.")
class ReplyToSupportThreadInput:
    """Arguments of `replyToSupportThread`."""

    id: ID = strawberry.field(description="A thread of the viewer's.")
    message: str = strawberry.field(description=_LENGTH)
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each message.")


@strawberry.type(description="The thread with the message.")
class ReplyToSupportThreadPayload:
    """Outcome of `replyToSupportThread`."""

    thread: SupportThread | None = strawberry.field(default=None, description="It is open (again).")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was added.")


@strawberry.input(description="An answer of staff.")
class AnswerSupportThreadInput:
    """Arguments of `answerSupportThread`."""

    id: ID = strawberry.field(description="The thread.")
    message: str = strawberry.field(description=_LENGTH)
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each answer.")


@strawberry.type(description="That the answer is on its way.")
class AnswerSupportThreadPayload:
    """Outcome of `answerSupportThread`."""

    answered: bool = strawberry.field(default=False, description="Whether it is kept, and mailed to where answers go.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was answered.")


@strawberry.input(description="What a thread is about, as staff found.")
class ClassifySupportThreadInput:
    """Arguments of `classifySupportThread`."""

    id: ID = strawberry.field(description="The thread.")
    topic: Topic = strawberry.field(description="What it is about. PRIVACY_REQUEST hands it to privacy officers.")
    right: PrivacyRight | None = strawberry.field(default=None, description="Of PRIVACY_REQUEST: what is asked for.")


@strawberry.type(description="That the thread has the topic.")
class ClassifySupportThreadPayload:
    """Outcome of `classifySupportThread`."""

    classified: bool = strawberry.field(default=False, description="Whether it has.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")


@strawberry.input(description="Which thread is done with.")
class CloseSupportThreadInput:
    """Arguments of `closeSupportThread`."""

    id: ID = strawberry.field(description="The thread.")


@strawberry.type(description="That the thread is closed, until its person writes again.")
class CloseSupportThreadPayload:
    """Outcome of `closeSupportThread`."""

    closed: bool = strawberry.field(default=False, description="Whether it is.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing changed.")
