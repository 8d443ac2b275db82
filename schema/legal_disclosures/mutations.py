"""For staff: record what the law made us hand over."""

import strawberry

from app.legal_disclosures.errors import SubjectNotFound
from app.legal_disclosures.records import Handover, Words
from app.legal_disclosures.service import record_disclosure
from schema.context import Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import mutation
from schema.legal_disclosures.types import LegalDisclosure, RecordLegalDisclosureInput, RecordLegalDisclosurePayload
from schema.relay import parse_global_id


@strawberry.type
class LegalDisclosureMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Record that something of a person's was handed over to a court, an authority or a party to a "
        "case. The person is told, by mail and in `legalDisclosures`, at once or when the law allows it. Privacy "
        "officers and administrators only.",
        directives=[SemanticNonNull(), Cost(weight=20)],
    )
    @mutation(RecordLegalDisclosurePayload)
    async def record_legal_disclosure(
        self, info: Info, input: RecordLegalDisclosureInput
    ) -> RecordLegalDisclosurePayload | None:
        """Commands `service.record_disclosure`."""
        found, ports = parse_global_id(input.subject), info.context.ports
        if found is None or found[0] != "User":
            raise SubjectNotFound("There is no such account (any more).", path=("subject",))
        record = await record_disclosure(
            info.context.required_viewer,
            found[1],
            _handover(input),
            ports.clock,
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return RecordLegalDisclosurePayload(disclosure=LegalDisclosure.from_record(record))


def _handover(input: RecordLegalDisclosureInput) -> Handover:
    words = Words(input.recipient, input.basis, input.scope, input.bar.reason if input.bar else "")
    until = input.bar.until if input.bar else None
    return Handover(input.ground, tuple(input.categories), input.disclosed_on, words, until)
