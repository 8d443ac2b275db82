"""What each field shows of the personal data registry: one table, from which `@personalData` gets into the schema.

Every field that is a scalar or an enum has an entry: a column or a store of the registry, or `NOTHING`. With a field
that has none no schema is built, so that `make check` fails. Category and retention are the registry's, so that the
API never says something else.
"""

from collections.abc import Mapping
from copy import copy

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_snake_case

from app.core.personal_data import Category, Column, Retention
from app.registries import PERSONAL_DATA, STORES
from schema.context import Coordinate
from schema.directives import PersonalData

Source = tuple[str, str]
"""A holder of the registry, and which of its columns; a store has one, `content`."""
NOTHING: Source = ("", "")
_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF


def _shows(type_name: str, holder: str, names: str) -> dict[Coordinate, Source]:
    """Return entries for fields of one holder: `displayName` is its `display_name`, `linkedAt=created_at` another."""
    found: dict[Coordinate, Source] = {}
    for name in names.split():
        field, _, column = name.partition("=")
        found[type_name, field] = (holder, column or to_snake_case(field))
    return found


def _nothing(type_name: str, names: str) -> dict[Coordinate, Source]:
    return {(type_name, name): NOTHING for name in names.split()}


def _store(type_name: str, store: str, names: str) -> dict[Coordinate, Source]:
    return {(type_name, name): (store, "content") for name in names.split()}


_ERROR = "code message path"

SHOWS: Mapping[Coordinate, Source] = {
    # accounts
    **_shows("User", "users", "id email emailConfirmed=confirmed_email displayName role status createdAt"),
    **_shows("User", "users", "adultAttestedAt"),
    **_shows("User", "avatars", "avatarUrl=picture_id"),
    **_nothing("User", "recoveryCodesLeft"),
    **_shows("FlagMinorPayload", "minor_flags", "purgeAt"),
    **_shows("Session", "sessions", "id device network createdAt lastUsedAt expiresAt"),
    **_nothing("Session", "isCurrent"),
    **_shows(
        "ApiKey", "api_keys", "id name hint=last_four scopes allowedOrigins=origins createdAt expiresAt lastUsedAt"
    ),
    **_shows("LinkedIdentity", "identities", "id provider linkedAt=created_at lastUsedAt"),
    **_shows("SecondFactor", "passkeys", "id kind=user_id name createdAt lastUsedAt"),
    **_shows("AccountRecovery", "account_recoveries", "startedAt=created_at endsAt"),
    **_shows("ConnectedApp", "app_grants", "id scopes connectedAt=created_at"),
    **_shows("ConnectedApp", "app_clients", "name"),
    **_shows("AppClient", "app_clients", "id clientId=id name redirects scopes createdAt"),
    **_shows("SignUpPayload", "sessions", "token=token_hash"),
    **_shows("SignInPayload", "sessions", "token=token_hash"),
    **_shows("SignInPayload", "sign_in_challenges", "challenge=token_hash"),
    **_shows("SignInPayload", "totps", "methods=confirmed_at"),
    **_shows("CompleteSignInPayload", "sessions", "token=token_hash"),
    **_shows("SignInWithPasskeyPayload", "sessions", "token=token_hash"),
    **_shows("EnrolTotpPayload", "totps", "secret uri=secret"),
    **_shows("EnrolTotpPayload", "recovery_codes", "recoveryCodes=code_hash"),
    **_nothing("EnrolTotpPayload", "confirmed"),
    **_shows("EnrolPasskeyPayload", "passkey_challenges", "options=challenge"),
    **_shows("EnrolPasskeyPayload", "recovery_codes", "recoveryCodes=code_hash"),
    **_nothing("EnrolPasskeyPayload", "confirmed"),
    **_shows("PasskeyOptionsPayload", "passkey_challenges", "options=challenge"),
    **_shows("RenewRecoveryCodesPayload", "recovery_codes", "recoveryCodes=code_hash"),
    **_nothing("RenewRecoveryCodesPayload", "renewed"),
    **_shows("CreateApiKeyPayload", "api_keys", "secret=token_hash"),
    **_shows("RevokeApiKeyPayload", "api_keys", "revokedId=id"),
    **_shows("RevokeConnectedAppPayload", "app_grants", "revokedId=id"),
    **_shows("RevokeSessionPayload", "sessions", "revokedId=id"),
    **_shows("UnlinkIdentityPayload", "identities", "unlinkedId=id"),
    **_shows("RemoveSecondFactorPayload", "passkeys", "removedId=id"),
    **_shows("RemoveClientPayload", "app_clients", "removedId=id"),
    **_nothing("SignOutPayload", "signedOut"),
    **_nothing("ReauthenticatePayload", "reauthenticated"),
    **_nothing("ConfirmEmailPayload", "confirmed"),
    **_nothing("ChangeEmailPayload", "mailed"),
    **_nothing("RequestPasswordResetPayload", "mailed"),
    **_nothing("ResetPasswordPayload", "changed"),
    **_nothing("CancelAccountRecoveryPayload", "canceled"),
    **_nothing("UserEdge", "cursor"),
    **_nothing("AppClientEdge", "cursor"),
    # audit
    **_shows("AuditEntry", "audit_entries", "id at action actor=actor_id purpose subjectAlias=subject_id"),
    **_shows("AuditEntry", "audit_details", "network=content device=content note=content"),
    **_nothing("AuditEntryEdge", "cursor"),
    # media
    **_shows("Upload", "uploads", "id url=id maxBytes=byte_size expiresAt"),
    **_nothing("Upload", "method"),
    **_nothing("HttpHeader", "name value"),
    **_shows("ReferenceImage", "reference_images", "id hasFace saved createdAt expiresAt"),
    **_shows("ReferenceImage", "pictures", "width height placeholder contentType=variants byteSize=variants"),
    **_store("ReferenceImage", "objects of pictures", "url"),
    **_shows("FaceAcknowledgement", "face_acknowledgements", "statement version acknowledgedAt"),
    **_shows("DeleteReferenceImagePayload", "reference_images", "deletedId=id"),
    **_nothing("ReferenceImageEdge", "cursor"),
    **_nothing("FaceAcknowledgementWording", "version text"),
    **_nothing("FaceStatementWording", "statement text"),
    # generation
    **_shows("Generation", "generations", "id prompt negativePrompt engineName=engine seed width height count style"),
    **_shows("Generation", "generations", "visibility showPrompt status notes createdAt startedAt finishedAt"),
    **_shows("Generation", "generations", "progress=status queuePosition=status estimatedFinishAt=status"),
    **_shows(
        "GenerationFailure", "generations", "code=failure_code message=failure_message retryable=failure_retryable"
    ),
    **_shows("RejectedImage", "generated_images", "index stage=rejected_stage categories=rejected_categories"),
    **_shows("GeneratedImage", "generated_images", "id index"),
    **_shows("GeneratedImage", "pictures", "width height placeholder contentType=variants byteSize=variants"),
    **_store("GeneratedImage", "objects of pictures", "url"),
    **_shows("GenerationEvent", "feed_entries", "cursor=sequence sequence at type progress"),
    **_store("GenerationEvent", "signals", "preview"),
    **_shows("DeleteGenerationsPayload", "generations", "deletedIds=id"),
    **_nothing("GenerationEdge", "cursor"),
    **_nothing("GenerationQuote", "eligible queuePosition estimatedSeconds"),
    **_nothing("Engine", "name title description isDefault"),
    **_nothing(
        "EngineCapabilities", "minSide maxSide sideStep maxCount maxPromptLength styles negativePrompt previews"
    ),
    **_nothing("EngineCapabilities", "seeded maxReferences"),
    **_nothing("RetentionProof", "statement source"),
    # gallery
    **_shows("GalleryItem", "gallery_items", "id prompt style publishedAt"),
    **_shows("Profile", "users", "id displayName"),
    **_shows("Profile", "avatars", "avatarUrl=picture_id"),
    **_nothing("GalleryItemEdge", "cursor"),
    # consents
    **_shows("Consent", "consent_records", "purpose state=granted decidedAt policyVersion receipt"),
    **_nothing("Consent", "meaning mustBeAskedAgain"),
    **_shows(
        "ConsentRecord", "consent_records", "id=principal_id purpose granted decidedAt policyVersion method receipt"
    ),
    **_nothing("ConsentRecordEdge", "cursor"),
    **_shows("Objection", "objection_records", "activity objected decidedAt"),
    **_nothing("ReceiptVerification", "valid reason kind issuedAt content"),
    # training
    **_shows("TrainingEligibility", "generations", "eligible=visibility basis=visibility reasons=visibility"),
    **_shows("TrainingEligibility", "generations", "explanation=visibility"),
    **_shows("DataSetMembership", "training_items", "pictures=picture_id excludedAt excludedBecause"),
    **_shows("DataSetMembership", "training_items", "name=set_id sealedAt=set_id"),
    **_nothing("DataSetMembershipEdge", "cursor"),
    **_nothing("TrainingSet", "id name startedAt sealedAt items excluded sha256 signature"),
    **_nothing("TrainingSetEdge", "cursor"),
    # cookies
    **_nothing("Cookie", "name purpose kind lifetimeSeconds httpOnly sameSite secure consent"),
    # processors
    **_nothing("Processor", "name operator role purpose activities categories country transfer dpaReference deletion"),
    **_nothing("Processor", "standing"),
    **_nothing("RetentionPromise", "statement proof source keepsDays"),
    **_shows("Disclosure", "disclosures", "id processorName=processor activity categories aboutType=object_type"),
    **_shows(
        "Disclosure", "disclosures", "aboutId=object_id at=created_at outcome outcomeAt refusal deletion deletionAt"
    ),
    **_nothing("DisclosureEdge", "cursor"),
    # policy
    **_nothing("Policy", "id kind version title effectiveAt publishedAt sha256 material summary asksAgain text html"),
    **_nothing("PolicyChange", "type section text"),
    **_nothing("PolicyEdge", "cursor"),
    **_nothing("Clause", "id title sentences given interpretation source keptBy checks state planned"),
    **_nothing("TestRun", "finishedAt commit"),
    **_shows("PolicyAcceptance", "acceptances", "kind version sha256 acceptedAt"),
    # analytics
    **_nothing("UsageCount", "day event client page engine style outcome count final"),
    **_nothing("PageVisitCount", "day page new returning"),
    # outreach
    **_shows("Notice", "notices", "id createdAt dismissedAt"),
    **_shows("Notice", "feed_entries", "cursor=sequence"),
    **_nothing("NoticeEdge", "cursor"),
    # support
    **_shows(
        "PrivacyRequest", "privacy_requests", "id right=privacy_right regime channel status receivedAt verifiedAt"
    ),
    **_shows("PrivacyRequest", "privacy_requests", "dueAt startsAt finishedAt receipt account=subject_id"),
    **_shows("PrivacyRequest", "privacy_request_details", "residence=content statement=content evidence=content"),
    **_shows("PrivacyRequest", "privacy_request_details", "address"),
    **_shows("PrivacyRequestStep", "privacy_request_steps", "holder action status count note awaitingUntil"),
    **_shows("PrivacyRequestStep", "privacy_request_steps", "startedAt finishedAt"),
    **_shows("PrivacyRequestExtension", "privacy_requests", "until=extended_until extendedAt"),
    **_shows("PrivacyRequestExtension", "privacy_request_details", "reason=extension"),
    **_shows("PrivacyRequestDenial", "privacy_requests", "code=denial"),
    **_shows("PrivacyRequestDenial", "privacy_request_details", "reason=denial"),
    **_shows("PrivacyRequestEvent", "feed_entries", "cursor=sequence sequence at type progress"),
    **_shows("PrivacyArchive", "privacy_archives", "url=person_id sha256 byteSize expiresAt"),
    **_nothing("PrivacyRequestEdge", "cursor"),
    **_shows("SupportThread", "support_threads", "id topic right=privacy_right state subject address"),
    **_shows("SupportThread", "support_threads", "fromAccount=person_id receivedAt=created_at"),
    **_shows("SupportMessage", "support_messages", "id author text createdAt"),
    **_nothing("SupportThreadEdge", "cursor"),
    **_nothing("ContactSupportPayload", "received"),
    **_nothing("SubmitPrivacyRequestPayload", "received statusToken"),
    **_nothing("VerifyPrivacyRequestPayload", "verified statusToken"),
    **_nothing("AnswerSupportThreadPayload", "answered"),
    **_nothing("ClassifySupportThreadPayload", "classified"),
    **_nothing("CloseSupportThreadPayload", "closed"),
    # legal disclosures
    **_shows("LegalDisclosure", "legal_disclosures", "id ground categories disclosedOn recordedAt barredUntil"),
    **_shows("LegalDisclosure", "legal_disclosures", "recipient=content basis=content scope=content barReason=content"),
    **_nothing("LegalDisclosureEdge", "cursor"),
    # registers
    **_nothing("PersonalDataColumn", "holder medium column holds category retention exported withheld onErasure"),
    **_nothing("PersonalDataColumn", "keptBecause keptUntil"),
    **_nothing("LegalGround", "activity basis"),
    **_nothing(
        "ProcessingActivity", "activity name purpose basis interest source people categories recipients retention"
    ),
    **_nothing("ProcessingActivity", "planned"),
    **_nothing("RetentionRule", "retention begins seconds setting enforcedBy holders"),
    **_nothing("RetentionRun", "at startedAt finishedAt"),
    **_nothing("RetentionRunEdge", "cursor"),
    **_nothing("RetentionCount", "sweep ended remaining oldest error"),
    **_nothing("SecurityMeasure", "name statement checks"),
    # structure
    **_nothing("PageInfo", "hasNextPage hasPreviousPage startCursor endCursor"),
    **_nothing("InvalidInput", _ERROR),
    **_nothing("NotPermitted", _ERROR),
    **_shows("AccountRestricted", "audit_details", "reason=content"),
    **_nothing("AccountRestricted", _ERROR),
    **_shows("StepUpRequired", "totps", "methods=confirmed_at"),
    **_nothing("StepUpRequired", _ERROR),
    **_nothing("NotFound", _ERROR),
    **_nothing("Conflict", _ERROR),
    **_nothing("RateLimited", f"{_ERROR} retryAfterSeconds"),
    **_nothing("ConsentRequired", f"{_ERROR} purpose policyVersion"),
    **_nothing("IdempotencyError", _ERROR),
}
ALSO_SHOWS: Mapping[Coordinate, Source] = {
    **_shows("SecondFactor", "totps", "id kind=user_id createdAt=confirmed_at lastUsedAt"),
    **_shows("RemoveSecondFactorPayload", "totps", "removedId=id"),
}
"""The second holder of fields that show one or the other. The registry says the same of both: there is one mark."""


def column_of(source: Source) -> Column | None:
    """Return what the registry says of a source; None for NOTHING. Raises KeyError where it does not know it."""
    if source == NOTHING:
        return None
    holder, name = source
    found = PERSONAL_DATA.get(holder) or STORES[holder]
    return found.columns[name]


def mark(schema: GraphQLSchema, shows: Mapping[Coordinate, Source] = SHOWS) -> None:
    """Give every field that shows something personal its `@personalData`. Raises ValueError, which names each fault."""
    if wrong := unmarked(schema, shows):
        raise ValueError("\n".join(wrong))
    for (type_name, name), source in shows.items():
        column = column_of(source)
        kind = schema.type_map.get(type_name)
        if column is not None and column.is_personal and isinstance(kind, GraphQLObjectType) and name in kind.fields:
            field = kind.fields[name]
            definition = field.extensions[_DEFINITION]
            assert isinstance(definition, StrawberryField)
            marked = copy(definition)  # a field of an interface is shared by the types that have it
            personal = PersonalData(category=column.category, retention=column.retention.value)
            marked.directives = [*definition.directives, personal]
            field.extensions = {**field.extensions, _DEFINITION: marked}


def unmarked(
    schema: GraphQLSchema,
    shows: Mapping[Coordinate, Source] = SHOWS,
    also: Mapping[Coordinate, Source] = ALSO_SHOWS,
) -> list[str]:
    """Name the fields of which nobody said what they show, what is said of fields that are gone, of no column, and of
    two that differ.
    """
    there = {
        (kind.name, name)
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if is_leaf_type(get_named_type(field.type))
    }
    return [
        *(f"{'.'.join(field)}: say in schema/personal_data.py what it shows" for field in sorted(there - shows.keys())),
        *(
            f"{'.'.join(field)}: in schema/personal_data.py, but not in the schema"
            for field in sorted(shows.keys() - there)
        ),
        *(
            f"{'.'.join(field)}: the registry has no {'.'.join(shows[field])}"
            for field in sorted(shows)
            if not _known(shows[field])
        ),
        *(
            f"{'.'.join(field)}: the registry says something else of {'.'.join(source)}"
            for field, source in also.items()
            if field in shows and _known(shows[field]) and _mark_of(source) != _mark_of(shows[field])
        ),
    ]


def _mark_of(source: Source) -> tuple[Category, Retention] | None:
    column = column_of(source) if _known(source) else None
    return (column.category, column.retention) if column else None


def _known(source: Source) -> bool:
    try:
        column_of(source)
    except KeyError:
        return False
    return True
