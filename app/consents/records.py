"""The consent record of ISO/IEC TS 27560:2023, clause 6.3: header, processing, parties, events; and its receipt (6.4).

Field names are the standard's. The receipt is the record itself, signed, with an id of its own as 6.4.5 asks: so what
the person holds and what we hold are the same bytes. The person is named by their alias and by nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.consents.notices import Notice
from app.consents.purposes import EXPLANATIONS, METHODS, Method
from app.core.consent_purposes import ACTIVITIES, ConsentPurpose
from app.core.controller import Controller
from app.core.receipts import CONSENT

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
RECEIPT_TYPE = CONSENT
LANGUAGE = "en"
EVENT_TYPE = "expressed-explicit"
VALIDITY = "until withdrawn, or until a new version of the privacy notice asks again"
CONTROLLER_ID = "controller"
LAWFUL_BASIS = "Consent, Art. 6(1)(a) GDPR"
EXPLICIT_BASIS = "Explicit consent, Art. 6(1)(a) GDPR; no biometric data is processed (Art. 9 GDPR, recital 51)"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is put on record."""

    id: UUID
    principal: UUID
    """The person's alias."""
    purpose: ConsentPurpose
    granted: bool
    was_granted: bool
    decided_at: datetime
    notice: Notice
    method: Method

    @property
    def state(self) -> str:
        """The event's state: a no to what was never granted is a refusal."""
        if self.granted:
            return "given"
        return "withdrawn" if self.was_granted else "refused"


def record_of(decision: Decision, controller: Controller, recipients: Sequence[str]) -> Mapping[str, Any]:
    """Return the record, as JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "record_id": str(decision.id),
        "receipt_id": f"{decision.id}#receipt",
        "pii_principal_id": str(decision.principal),
        "pii_processing": [_processing(decision, controller, recipients)],
        "party_identification": [_party(controller)],
        "events": [_event(decision)],
        "iss": controller.url,
        "iat": int(decision.decided_at.timestamp()),
    }


def _processing(decision: Decision, controller: Controller, recipients: Sequence[str]) -> Mapping[str, Any]:
    words = EXPLANATIONS[decision.purpose]
    is_face = decision.purpose is ConsentPurpose.FACE_REFERENCE_IMAGES
    return {
        "privacy_notice": f"{controller.url}/privacy/{decision.notice.version}",
        "privacy_notice_version": decision.notice.version,
        "privacy_notice_sha256": decision.notice.sha256,
        "language": LANGUAGE,
        "purposes": [
            {
                "purpose": decision.purpose.value,
                "purpose_description": words.meaning,
                "purpose_type": ACTIVITIES[decision.purpose].value,
                "lawful_basis": EXPLICIT_BASIS if is_face else LAWFUL_BASIS,
            }
        ],
        "pii_information": [{"pii_type": kind, "pii_optional": True} for kind in words.pii_types],
        "pii_controllers": [CONTROLLER_ID],
        "collection_method": METHODS[decision.method],
        "processing_method": words.processing_method,
        "storage_locations": [controller.storage_country or "the operator's own machine"],
        "retention_period": words.retention_period,
        "jurisdiction": [controller.country or "the operator's country"],
        "recipient_third_parties": list(recipients),
        "withdrawal_method": f"{controller.url}/account/privacy, or `setConsents` of the API",
        "privacy_rights": f"{controller.url}/privacy",
    }


def _party(controller: Controller) -> Mapping[str, str]:
    return {
        "party_id": CONTROLLER_ID,
        "party_name": controller.name,
        "party_address": controller.address or "See the contact",
        "party_contact": controller.contact,
        "party_email": controller.contact,
        "party_url": controller.url,
        "party_role": "PII controller",
        "party_type": "controller",
    }


def _event(decision: Decision) -> Mapping[str, str]:
    return {
        "event_time": decision.decided_at.isoformat(),
        "validity_duration": VALIDITY,
        "entity_id": str(decision.principal),
        "event_type": EVENT_TYPE,
        "event_state": decision.state,
    }
