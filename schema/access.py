"""Who may see and do what. One table, checked once per document before it is executed; default deny.

A field that is not here is denied to everybody, and a test fails. Roles are decided here; whether a thing is one's own
is decided by the query functions, which all take a viewer.
"""

from dataclasses import dataclass
from enum import Enum

from app.core.viewer import Role, Viewer


class Ownership(Enum):
    """Whose things a field shows."""

    PUBLIC = "anybody's"
    OWN = "only the viewer's own"


@dataclass(frozen=True, slots=True)
class Access:
    """Who is let in. `anonymous` lets in people who are not signed in, `roles` those who are."""

    anonymous: bool
    roles: frozenset[Role]
    ownership: Ownership

    def allows(self, viewer: Viewer | None) -> bool:
        """Return whether this viewer is let in."""
        return self.anonymous if viewer is None else viewer.role in self.roles


EVERYONE = frozenset(Role)
PUBLIC = Access(True, EVERYONE, Ownership.PUBLIC)
OWN = Access(False, EVERYONE, Ownership.OWN)
OWN_OR_NULL = Access(True, EVERYONE, Ownership.OWN)
"""Open to everybody, but empty for whoever is not signed in."""


def _fields(type_name: str, access: Access, names: str) -> dict[tuple[str, str], Access]:
    return {(type_name, name): access for name in names.split()}


ACCESS: dict[tuple[str, str], Access] = {
    **_fields("Query", OWN_OR_NULL, "viewer node nodes"),
    **_fields("Query", PUBLIC, "engines quoteGeneration gallery faceAcknowledgement"),
    **_fields("Mutation", PUBLIC, "signUp signIn"),
    **_fields(
        "Mutation",
        OWN,
        "signOut createUpload addReferenceImage deleteReferenceImage createGeneration cancelGeneration "
        "retryGeneration deleteGenerations setGenerationVisibility",
    ),
    **_fields("Subscription", OWN, "generationProgress generationEvents"),
    # accounts
    **_fields("User", OWN_OR_NULL, "id email displayName role createdAt adultAttestedAt"),
    **_fields("User", OWN, "generations referenceImages"),
    **_fields("SignUpPayload", PUBLIC, "user token errors"),
    **_fields("SignInPayload", PUBLIC, "user token errors"),
    **_fields("SignOutPayload", OWN, "signedOut errors"),
    # media
    **_fields("Upload", OWN, "id url method headers maxBytes expiresAt"),
    **_fields("HttpHeader", OWN, "name value"),
    **_fields("FaceAcknowledgementWording", PUBLIC, "version text statements"),
    **_fields("FaceStatementWording", PUBLIC, "statement text"),
    **_fields("FaceAcknowledgement", OWN, "statement version acknowledgedAt"),
    **_fields(
        "ReferenceImage",
        OWN,
        "id width height contentType byteSize placeholder hasFace saved createdAt expiresAt acknowledgement url",
    ),
    **_fields("ReferenceImageConnection", OWN, "pageInfo edges nodes"),
    **_fields("ReferenceImageEdge", OWN, "cursor node"),
    **_fields("CreateUploadPayload", OWN, "upload errors"),
    **_fields("AddReferenceImagePayload", OWN, "referenceImage errors"),
    **_fields("DeleteReferenceImagePayload", OWN, "deletedId errors"),
    # generation
    **_fields("Engine", PUBLIC, "name title description isDefault capabilities retention"),
    **_fields(
        "EngineCapabilities",
        PUBLIC,
        "minSide maxSide sideStep maxCount maxPromptLength styles negativePrompt previews seeded maxReferences",
    ),
    **_fields("RetentionProof", PUBLIC, "statement source"),
    **_fields(
        "Generation",
        OWN,
        "id prompt negativePrompt engineName engine seed width height count style visibility showPrompt status "
        "progress queuePosition estimatedFinishAt images rejected failure notes createdAt startedAt finishedAt "
        "references",
    ),
    **_fields("GenerationFailure", OWN, "code message retryable"),
    **_fields("GeneratedImage", PUBLIC, "id index width height contentType byteSize placeholder url"),
    **_fields("RejectedImage", OWN, "index stage categories"),
    **_fields("GenerationConnection", OWN, "pageInfo edges nodes"),
    **_fields("GenerationEdge", OWN, "cursor node"),
    **_fields("GenerationEvent", OWN, "cursor sequence at type progress preview generation"),
    **_fields("CreateGenerationPayload", OWN, "generation errors"),
    **_fields("CancelGenerationPayload", OWN, "generation errors"),
    **_fields("RetryGenerationPayload", OWN, "generation errors"),
    **_fields("DeleteGenerationsPayload", OWN, "deletedIds errors"),
    **_fields("GenerationQuote", PUBLIC, "eligible errors engine queuePosition estimatedSeconds"),
    # gallery
    **_fields("Profile", PUBLIC, "id displayName gallery"),
    **_fields("GalleryItem", PUBLIC, "id author prompt style images publishedAt"),
    **_fields("GalleryItemConnection", PUBLIC, "pageInfo edges nodes"),
    **_fields("GalleryItemEdge", PUBLIC, "cursor node"),
    **_fields("SetGenerationVisibilityPayload", OWN, "generation errors"),
    # structure
    **_fields("PageInfo", PUBLIC, "hasNextPage hasPreviousPage startCursor endCursor"),
    **_fields("InvalidInput", PUBLIC, "code message path"),
    **_fields("NotPermitted", PUBLIC, "code message path"),
    **_fields("NotFound", PUBLIC, "code message path"),
    **_fields("Conflict", PUBLIC, "code message path"),
    **_fields("ConsentRequired", PUBLIC, "code message path purpose policyVersion"),
    **_fields("IdempotencyError", PUBLIC, "code message path"),
}


def allowed(type_name: str, field_name: str, viewer: Viewer | None) -> bool:
    """Return whether the viewer may select a field. Introspection is open: the schema is published."""
    if field_name.startswith("__") or type_name.startswith("__"):
        return True
    entry = ACCESS.get((type_name, field_name))
    return entry is not None and entry.allows(viewer)
