"""Which personal fields of the API show words of a person's, and which can show none.

Ids, times, numbers and enumerations say nothing in words. Of every other personal field it is said here which word is
planted for it, or why there is nothing to plant: a new field fails until somebody has thought of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import NamedTypeNode, ObjectTypeDefinitionNode, TypeNode, parse

from tests.schema.access.documents import field_of

PLANTED: Mapping[str, str] = {
    "AccountRestricted.reason": "suspension",
    "ApiKey.allowedOrigins": "origin",
    "ApiKey.name": "api-key",
    "AuditEntry.note": "denial",
    "EnrolPasskeyPayload.options": "email",
    "EnrolTotpPayload.uri": "email",
    "GalleryItem.prompt": "prompt",
    "Generation.negativePrompt": "negative-prompt",
    "Generation.prompt": "prompt",
    "LegalDisclosure.barReason": "bar",
    "LegalDisclosure.basis": "basis",
    "LegalDisclosure.recipient": "recipient",
    "LegalDisclosure.scope": "scope",
    "PrivacyRequest.address": "email",
    "PrivacyRequest.evidence": "evidence",
    "PrivacyRequest.statement": "statement",
    "PrivacyRequestDenial.reason": "denial",
    "PrivacyRequestExtension.reason": "extension",
    "Profile.displayName": "display-name",
    "SecondFactor.name": "passkey",
    "SupportMessage.text": "reply",
    "SupportThread.address": "email",
    "SupportThread.subject": "subject",
    "User.displayName": "display-name",
    "User.email": "email",
}
"""The word that the field shows, by its name in `words`."""
SECRETS = """
    CompleteSignInPayload.token CreateApiKeyPayload.secret EnrolPasskeyPayload.recoveryCodes EnrolTotpPayload.secret
    EnrolTotpPayload.recoveryCodes RenewRecoveryCodesPayload.recoveryCodes SignInPayload.challenge SignInPayload.token
    SignInWithPasskeyPayload.token SignUpPayload.token PasskeyOptionsPayload.options"""
"""Shown once, and kept as hashes or sealed: they are looked for as they are, and are nowhere from the beginning."""
WORDLESS: Mapping[str, str] = {
    "a version, a hash, a place in a list": """
        Consent.policyVersion ConsentRecord.policyVersion FaceAcknowledgement.version PolicyAcceptance.version
        PolicyAcceptance.sha256 PrivacyArchive.sha256 GenerationEvent.cursor Notice.cursor
        PrivacyRequestEvent.cursor""",
    "one of few values": """
        Disclosure.processorName Disclosure.aboutType GalleryItem.style GeneratedImage.contentType Generation.engineName
        Generation.style PrivacyRequestDenial.code PrivacyRequestStep.holder ReferenceImage.contentType
        RejectedImage.stage RejectedImage.categories Session.device AuditEntry.device GenerationFailure.code""",
    "a number": "Generation.seed Session.network AuditEntry.network",
    "our own words, with nothing of theirs in them": """
        TrainingEligibility.explanation Generation.notes GenerationFailure.message DataSetMembership.name
        PrivacyRequestStep.note""",
    "a signature over fields that are listed here by themselves": """
        Consent.receipt ConsentRecord.receipt PrivacyRequest.receipt""",
    "pixels, or a signed way to bytes": """
        GeneratedImage.placeholder GeneratedImage.url GenerationEvent.preview Profile.avatarUrl User.avatarUrl
        ReferenceImage.placeholder ReferenceImage.url Upload.url PrivacyArchive.url""",
    "the end of a secret: four characters": "ApiKey.hint",
}
"""Why there is nothing to plant."""


def personal_texts(sdl: str) -> Iterator[str]:
    """Yield the fields of a schema that are marked as personal and can hold any text."""
    for kind in parse(sdl).definitions:
        if isinstance(kind, ObjectTypeDefinitionNode):
            for field in kind.fields or ():
                marks = {directive.name.value for directive in field.directives or ()}
                if "personalData" in marks and _named(field.type) == "String":
                    yield f"{kind.name.value}.{field.name.value}"


def undecided(sdl: str) -> list[str]:
    """Return the personal fields of which nothing is said here, and what is said here of fields that there are not."""
    said = [*PLANTED, *SECRETS.split(), *(name for names in WORDLESS.values() for name in names.split())]
    assert len(said) == len(set(said)), "a field has one entry"
    return sorted(set(said) ^ set(personal_texts(sdl)))


def shown(answer: Any) -> Mapping[str, str]:
    """Return all that an answer shows in each field: it asks for `__typename` everywhere."""
    found: dict[str, list[str]] = defaultdict(list)
    _collect(answer, found)
    return {name: "\n".join(values) for name, values in found.items()}


def _collect(value: Any, found: dict[str, list[str]]) -> None:
    if isinstance(value, list):
        for each in value:
            _collect(each, found)
    if isinstance(value, dict):
        for key, inner in value.items():
            _collect(inner, found)
            if "__typename" in value:
                found[f"{value['__typename']}.{field_of(key)}"].append(str(inner))


def _named(kind: TypeNode) -> str:
    while not isinstance(kind, NamedTypeNode):
        kind = kind.type  # type: ignore[attr-defined]
    return kind.name.value
