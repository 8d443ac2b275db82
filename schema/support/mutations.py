"""Write to support, and for staff: answer, close."""

from uuid import UUID

import strawberry

from app.accounts.identity import known_form
from app.core.errors import InvalidInput
from app.core.limits import Doing
from app.privacy.strangers import ThreadRequests
from app.support import staff
from app.support.errors import ThreadNotFound
from app.support.queries import own_thread
from app.support.service import contact, contact_from, reply
from app.support.texts import about, inquiry
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.relay import parse_global_id
from schema.support.inputs import (
    AnswerSupportThreadInput,
    AnswerSupportThreadPayload,
    ClassifySupportThreadInput,
    ClassifySupportThreadPayload,
    CloseSupportThreadInput,
    CloseSupportThreadPayload,
    ContactSupportInput,
    ContactSupportPayload,
    ReplyToSupportThreadInput,
    ReplyToSupportThreadPayload,
)
from schema.support.types import SupportThread


@strawberry.type
class SupportMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Write to support. No account is needed; without one an address is, which gets the answer.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(ContactSupportPayload)
    async def contact_support(self, info: Info, input: ContactSupportInput) -> ContactSupportPayload | None:
        """Commands `service.contact`, or `service.contact_from` for whoever is not signed in."""
        context, ports = info.context, info.context.ports
        asked = inquiry(input.topic, input.message, input.right)
        key, hash_key = input.idempotency_key, ports.idempotency_hash_key
        if context.viewer is None:
            if not input.email:
                raise InvalidInput("Say where to answer, or sign in first.", path=("email",))
            await context.limit(Doing.CONTACT_SUPPORT, known_form(input.email))
            await contact_from(input.email, asked, ports.support, key=key, hash_key=hash_key)
            return ContactSupportPayload(received=True)
        if input.email is not None:
            raise InvalidInput("You are signed in: answers go to your account's address.", path=("email",))
        await context.limit(Doing.CONTACT_SUPPORT)
        thread_id = await contact(context.viewer, asked, ports.support, key=key, hash_key=hash_key)
        record = await own_thread(context.viewer, thread_id)
        return ContactSupportPayload(received=True, thread=SupportThread.from_record(record) if record else None)

    @strawberry.mutation(
        description="Add a message to a thread of the viewer's, which opens it again.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(ReplyToSupportThreadPayload)
    async def reply_to_support_thread(
        self, info: Info, input: ReplyToSupportThreadInput
    ) -> ReplyToSupportThreadPayload | None:
        """Commands `service.reply`."""
        await info.context.limit(Doing.CONTACT_SUPPORT)
        viewer, ports, thread_id = info.context.required_viewer, info.context.ports, _key(input.id)
        await reply(
            viewer,
            thread_id,
            input.message,
            ports.support,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        record = await own_thread(viewer, thread_id)
        return ReplyToSupportThreadPayload(thread=SupportThread.from_record(record) if record else None)

    @strawberry.mutation(
        description="Answer a thread; the answer is mailed. Support staff, administrators, privacy officers. The "
        "person finds in their log that it was answered.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(AnswerSupportThreadPayload)
    async def answer_support_thread(
        self, info: Info, input: AnswerSupportThreadInput
    ) -> AnswerSupportThreadPayload | None:
        """Commands `staff.answer`."""
        ports = info.context.ports
        await staff.answer(
            info.context.required_viewer,
            _key(input.id),
            input.message,
            ports.allows,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return AnswerSupportThreadPayload(answered=True)

    @strawberry.mutation(
        description="Say what a thread is about, as of a mail, which nobody said it of: that decides who handles it. A "
        "`right` opens a privacy request, and mails the person the link that shows that it is them. Support staff, "
        "administrators, privacy officers.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(ClassifySupportThreadPayload)
    async def classify_support_thread(
        self, info: Info, input: ClassifySupportThreadInput
    ) -> ClassifySupportThreadPayload | None:
        """Commands `staff.classify`."""
        viewer, ports = info.context.required_viewer, info.context.ports
        under = about(input.topic, input.right)
        await staff.classify(viewer, _key(input.id), under, ports.allows, ports.support, ThreadRequests(ports.requests))
        return ClassifySupportThreadPayload(classified=True)

    @strawberry.mutation(
        description="Close a thread. Support staff, administrators, privacy officers.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(CloseSupportThreadPayload)
    async def close_support_thread(
        self, info: Info, input: CloseSupportThreadInput
    ) -> CloseSupportThreadPayload | None:
        """Commands `staff.close`."""
        await staff.close(info.context.required_viewer, _key(input.id), info.context.ports.allows)
        return CloseSupportThreadPayload(closed=True)


def _key(id: str) -> UUID:
    found = parse_global_id(id)
    if found is None or found[0] != "SupportThread":
        raise ThreadNotFound("There is no such thread.", path=("id",))
    return found[1]
