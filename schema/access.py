"""Who may see and do what. One table, checked once per document before it is executed; default deny.

A field that is not here is denied to everybody, and a test fails. Roles and scopes are decided here; whether a thing is
one's own is decided by the query functions, which all take a viewer.
"""

from dataclasses import dataclass, replace
from enum import Enum

from app.core.viewer import Role, Scope, Viewer


class Ownership(Enum):
    """Whose things a field shows."""

    PUBLIC = "anybody's"
    OWN = "only the viewer's own"
    STAFF = "other people's, for a purpose that is written into their log"


@dataclass(frozen=True, slots=True)
class Access:
    """Who is let in: `anonymous` lets in people who are not signed in, `roles` those who are.

    An app that a person let in needs one of `scopes`; none of them means that no app gets in.
    """

    anonymous: bool
    roles: frozenset[Role]
    ownership: Ownership
    scopes: frozenset[Scope] = frozenset()

    def allows(self, viewer: Viewer | None) -> bool:
        """Return whether this viewer is let in."""
        if viewer is None:
            return self.anonymous
        return viewer.role in self.roles and (viewer.scopes is None or bool(viewer.scopes & self.scopes))

    def to_apps(self, *scopes: Scope) -> "Access":
        """Return the same for apps with one of these scopes."""
        return replace(self, scopes=frozenset(scopes))

    def to_staff(self, *roles: Role) -> "Access":
        """Return the same for these roles only, and for no app."""
        return Access(False, frozenset(roles), Ownership.STAFF)


EVERYONE = frozenset(Role)
ANY_APP = frozenset(Scope)
PUBLIC = Access(True, EVERYONE, Ownership.PUBLIC, ANY_APP)
OWN = Access(False, EVERYONE, Ownership.OWN)
FIRST_PARTY = replace(PUBLIC, scopes=frozenset())
"""Open to everybody but to apps that act for a person."""
OWN_OR_NULL = Access(True, EVERYONE, Ownership.OWN, ANY_APP)
"""Open to everybody, but empty for whoever is not signed in."""
EMAIL = OWN_OR_NULL.to_apps(Scope.PROFILE_EMAIL)
READ = OWN.to_apps(Scope.GENERATIONS_READ)
WRITE = OWN.to_apps(Scope.GENERATIONS_WRITE)
GENERATIONS = OWN.to_apps(Scope.GENERATIONS_READ, Scope.GENERATIONS_WRITE)
PEOPLE = OWN.to_staff(Role.SUPPORT, Role.PRIVACY_OFFICER, Role.MODERATOR, Role.ADMIN)
DESK = OWN.to_staff(Role.SUPPORT, Role.PRIVACY_OFFICER, Role.ADMIN)
RECORDS = OWN.to_staff(Role.PRIVACY_OFFICER, Role.ADMIN)
APPEALS = OWN.to_staff(Role.PRIVACY_OFFICER, Role.MODERATOR, Role.ADMIN)
SUSPENSIONS = OWN.to_staff(Role.MODERATOR, Role.ADMIN)
ROLES = OWN.to_staff(Role.ADMIN)
USAGE = Access(False, frozenset({Role.PRIVACY_OFFICER, Role.ADMIN}), Ownership.PUBLIC)
"""Nobody's: for those who run the service."""


def _fields(type_name: str, access: Access, names: str) -> dict[tuple[str, str], Access]:
    return {(type_name, name): access for name in names.split()}


ACCESS: dict[tuple[str, str], Access] = {
    **_fields("Query", OWN_OR_NULL, "viewer node nodes"),
    **_fields(
        "Query",
        PUBLIC,
        "dataMap processingActivities processors retentionSchedule securityMeasures cookies policy policies",
    ),
    **_fields("Query", PUBLIC, "engines quoteGeneration gallery faceAcknowledgement verifyReceipt"),
    **_fields("Query", PEOPLE, "users"),
    **_fields("Query", DESK, "supportThreads"),
    **_fields("Query", RECORDS, "auditLog retentionRuns trainingSets"),
    **_fields("Query", ROLES, "clients"),
    **_fields("Query", RECORDS, "privacyRequests"),
    **_fields("Query", USAGE, "usage pageVisits"),
    **_fields("Mutation", FIRST_PARTY, "signUp signIn completeSignIn confirmEmail requestPasswordReset resetPassword"),
    **_fields("Mutation", FIRST_PARTY, "signInWithPasskey passkeyOptions startAccountRecovery cancelAccountRecovery"),
    **_fields("Mutation", OWN, "signOut revokeSession reauthenticate changeEmail createApiKey revokeApiKey"),
    **_fields("Mutation", OWN, "enrolTotp enrolPasskey removeSecondFactor renewRecoveryCodes revokeConnectedApp"),
    **_fields("Mutation", OWN, "unlinkIdentity updateProfile setConsents setObjections"),
    **_fields(
        "Mutation",
        WRITE,
        "createUpload addReferenceImage deleteReferenceImage createGeneration cancelGeneration retryGeneration "
        "deleteGenerations setGenerationVisibility",
    ),
    **_fields("Mutation", OWN, "acceptPolicy dismissNotice"),
    **_fields("Mutation", FIRST_PARTY, "contactSupport"),
    **_fields("Mutation", OWN, "replyToSupportThread"),
    **_fields("Mutation", FIRST_PARTY, "submitPrivacyRequest verifyPrivacyRequest"),
    **_fields("Mutation", OWN, "cancelPrivacyRequest"),
    **_fields("Mutation", RECORDS, "submitPrivacyRequestFor"),
    **_fields("Mutation", DESK, "answerSupportThread classifySupportThread closeSupportThread"),
    **_fields("Mutation", RECORDS, "extendPrivacyRequest denyPrivacyRequest retryPrivacyRequest"),
    **_fields("Mutation", RECORDS, "publishPolicy recordLegalDisclosure"),
    **_fields("Mutation", ROLES, "setUserRole registerClient removeClient"),
    **_fields("Mutation", SUSPENSIONS, "suspendUser"),
    **_fields("Mutation", PEOPLE, "flagMinor"),
    **_fields("Mutation", APPEALS, "liftMinorFlag"),
    **_fields("Subscription", READ, "generationProgress generationEvents"),
    **_fields("Subscription", OWN, "noticePosted privacyRequestProgress"),
    # accounts
    **_fields("User", OWN_OR_NULL, "id displayName avatarUrl emailConfirmed role status createdAt adultAttestedAt"),
    **_fields("User", EMAIL, "email"),
    **_fields("User", READ, "generations referenceImages"),
    **_fields(
        "User",
        OWN,
        "auditEntries disclosures sessions apiKeys secondFactors recoveryCodesLeft recovery connectedApps identities",
    ),
    **_fields("User", OWN, "notices policyAcceptance supportThreads privacyRequests"),
    **_fields("User", OWN, "consents consentRecords objections"),
    **_fields("User", OWN, "dataSets legalDisclosures"),
    **_fields("Session", OWN, "id device network createdAt lastUsedAt expiresAt isCurrent"),
    **_fields("SignUpPayload", FIRST_PARTY, "user token errors"),
    **_fields("SignInPayload", FIRST_PARTY, "user token challenge methods errors"),
    **_fields("CompleteSignInPayload", FIRST_PARTY, "user token errors"),
    **_fields("ConfirmEmailPayload", FIRST_PARTY, "confirmed user errors"),
    **_fields("RequestPasswordResetPayload", FIRST_PARTY, "mailed errors"),
    **_fields("ResetPasswordPayload", FIRST_PARTY, "changed errors"),
    **_fields("ChangeEmailPayload", OWN, "mailed errors"),
    **_fields("ReauthenticatePayload", OWN, "reauthenticated errors"),
    **_fields("SecondFactor", OWN, "id kind name createdAt lastUsedAt"),
    **_fields("AccountRecovery", FIRST_PARTY, "startedAt endsAt"),
    **_fields("StartAccountRecoveryPayload", FIRST_PARTY, "recovery errors"),
    **_fields("CancelAccountRecoveryPayload", FIRST_PARTY, "canceled errors"),
    **_fields("EnrolPasskeyPayload", OWN, "options confirmed recoveryCodes errors"),
    **_fields("PasskeyOptionsPayload", FIRST_PARTY, "options errors"),
    **_fields("SignInWithPasskeyPayload", FIRST_PARTY, "user token errors"),
    **_fields("EnrolTotpPayload", OWN, "secret uri recoveryCodes confirmed errors"),
    **_fields("RemoveSecondFactorPayload", OWN, "removedId errors"),
    **_fields("RenewRecoveryCodesPayload", OWN, "renewed recoveryCodes errors"),
    **_fields("SignOutPayload", OWN, "signedOut errors"),
    **_fields("RevokeSessionPayload", OWN, "revokedId errors"),
    **_fields("ApiKey", OWN, "id name hint scopes allowedOrigins createdAt expiresAt lastUsedAt"),
    **_fields("ConnectedApp", OWN, "id name scopes connectedAt"),
    **_fields("LinkedIdentity", OWN, "id provider linkedAt lastUsedAt"),
    **_fields("UnlinkIdentityPayload", OWN, "unlinkedId errors"),
    **_fields("UpdateProfilePayload", OWN, "user errors"),
    **_fields("RevokeConnectedAppPayload", OWN, "revokedId errors"),
    **_fields("CreateApiKeyPayload", OWN, "apiKey secret errors"),
    **_fields("RevokeApiKeyPayload", OWN, "revokedId errors"),
    **_fields("UserConnection", PEOPLE, "pageInfo edges nodes"),
    **_fields("UserEdge", PEOPLE, "cursor node"),
    **_fields("SetUserRolePayload", ROLES, "user errors"),
    **_fields("AppClient", ROLES, "id clientId name redirects scopes createdAt"),
    **_fields("AppClientConnection", ROLES, "pageInfo edges nodes"),
    **_fields("AppClientEdge", ROLES, "cursor node"),
    **_fields("RegisterClientPayload", ROLES, "client errors"),
    **_fields("RemoveClientPayload", ROLES, "removedId errors"),
    **_fields("SuspendUserPayload", SUSPENSIONS, "user errors"),
    **_fields("FlagMinorPayload", PEOPLE, "user purgeAt errors"),
    **_fields("LiftMinorFlagPayload", APPEALS, "user errors"),
    # audit
    **_fields("AuditEntry", OWN, "id at action actor purpose network device note subjectAlias"),
    **_fields("AuditEntryConnection", OWN, "pageInfo edges nodes"),
    **_fields("AuditEntryEdge", OWN, "cursor node"),
    # consents
    **_fields("Consent", OWN, "purpose meaning state mustBeAskedAgain decidedAt policyVersion receipt"),
    **_fields("ConsentRecord", OWN, "id purpose granted decidedAt policyVersion method receipt"),
    **_fields("ConsentRecordConnection", OWN, "pageInfo edges nodes"),
    **_fields("ConsentRecordEdge", OWN, "cursor node"),
    **_fields("Objection", OWN, "activity objected decidedAt"),
    **_fields("SetConsentsPayload", OWN, "consents errors"),
    **_fields("SetObjectionsPayload", OWN, "objections errors"),
    **_fields("ReceiptVerification", PUBLIC, "valid reason kind issuedAt content"),
    # cookies
    **_fields("Cookie", PUBLIC, "name purpose kind lifetimeSeconds httpOnly sameSite secure consent"),
    # processors
    **_fields(
        "Processor",
        PUBLIC,
        "name operator role purpose activities categories country transfer dpaReference retention deletion standing",
    ),
    **_fields("RetentionPromise", PUBLIC, "statement proof source keepsDays"),
    **_fields(
        "Disclosure",
        GENERATIONS,
        "id processorName processor activity categories aboutType aboutId at outcome outcomeAt refusal deletion "
        "deletionAt",
    ),
    **_fields("DisclosureConnection", OWN, "pageInfo edges nodes"),
    **_fields("DisclosureEdge", OWN, "cursor node"),
    # media
    **_fields("Upload", WRITE, "id url method headers maxBytes expiresAt"),
    **_fields("HttpHeader", WRITE, "name value"),
    **_fields("FaceAcknowledgementWording", PUBLIC, "version text statements"),
    **_fields("FaceStatementWording", PUBLIC, "statement text"),
    **_fields("FaceAcknowledgement", GENERATIONS, "statement version acknowledgedAt"),
    **_fields(
        "ReferenceImage",
        GENERATIONS,
        "id width height contentType byteSize placeholder hasFace saved createdAt expiresAt acknowledgement url",
    ),
    **_fields("ReferenceImageConnection", READ, "pageInfo edges nodes"),
    **_fields("ReferenceImageEdge", READ, "cursor node"),
    **_fields("CreateUploadPayload", WRITE, "upload errors"),
    **_fields("AddReferenceImagePayload", WRITE, "referenceImage errors"),
    **_fields("DeleteReferenceImagePayload", WRITE, "deletedId errors"),
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
        GENERATIONS,
        "id prompt negativePrompt engineName engine seed width height count style visibility showPrompt status "
        "progress queuePosition estimatedFinishAt images rejected failure notes createdAt startedAt finishedAt "
        "references training disclosures",
    ),
    **_fields("GenerationFailure", GENERATIONS, "code message retryable"),
    **_fields("GeneratedImage", PUBLIC, "id index width height contentType byteSize placeholder url"),
    **_fields("RejectedImage", GENERATIONS, "index stage categories"),
    **_fields("GenerationConnection", READ, "pageInfo edges nodes"),
    **_fields("GenerationEdge", READ, "cursor node"),
    **_fields("GenerationEvent", READ, "cursor sequence at type progress preview generation"),
    **_fields("CreateGenerationPayload", WRITE, "generation errors"),
    **_fields("CancelGenerationPayload", WRITE, "generation errors"),
    **_fields("RetryGenerationPayload", WRITE, "generation errors"),
    **_fields("DeleteGenerationsPayload", WRITE, "deletedIds errors"),
    **_fields("GenerationQuote", PUBLIC, "eligible errors engine queuePosition estimatedSeconds"),
    # gallery
    **_fields("Profile", PUBLIC, "id displayName avatarUrl gallery"),
    **_fields("GalleryItem", PUBLIC, "id author prompt style images publishedAt"),
    **_fields("GalleryItemConnection", PUBLIC, "pageInfo edges nodes"),
    **_fields("GalleryItemEdge", PUBLIC, "cursor node"),
    **_fields("SetGenerationVisibilityPayload", WRITE, "generation errors"),
    # training
    **_fields("TrainingEligibility", GENERATIONS, "eligible basis reasons explanation dataSets"),
    **_fields("DataSetMembership", GENERATIONS, "name sealedAt pictures excludedAt excludedBecause"),
    **_fields("DataSetMembershipConnection", OWN, "pageInfo edges nodes"),
    **_fields("DataSetMembershipEdge", OWN, "cursor node"),
    **_fields("TrainingSet", RECORDS, "id name startedAt sealedAt items excluded sha256 signature"),
    **_fields("TrainingSetConnection", RECORDS, "pageInfo edges nodes"),
    **_fields("TrainingSetEdge", RECORDS, "cursor node"),
    # registers
    **_fields(
        "PersonalDataColumn",
        PUBLIC,
        "holder medium column holds category activities retention exported withheld onErasure keptBecause keptUntil",
    ),
    **_fields("LegalGround", PUBLIC, "activity basis"),
    **_fields(
        "ProcessingActivity",
        PUBLIC,
        "activity name purpose basis interest source people categories recipients retention planned",
    ),
    **_fields("RetentionRule", PUBLIC, "retention seconds begins setting enforcedBy holders"),
    **_fields("RetentionRunConnection", RECORDS, "pageInfo edges nodes"),
    **_fields("RetentionRunEdge", RECORDS, "cursor node"),
    **_fields("RetentionRun", RECORDS, "at startedAt finishedAt counts"),
    **_fields("RetentionCount", RECORDS, "sweep ended remaining oldest error"),
    **_fields("SecurityMeasure", PUBLIC, "name statement checks"),
    # policy
    **_fields(
        "Policy",
        PUBLIC,
        "id kind version title effectiveAt publishedAt sha256 material summary asksAgain text html changes clauses",
    ),
    **_fields("PolicyChange", PUBLIC, "type section text"),
    **_fields("Clause", PUBLIC, "id title sentences given interpretation source keptBy checks state planned lastGreen"),
    **_fields("TestRun", PUBLIC, "finishedAt commit"),
    **_fields("PolicyConnection", PUBLIC, "pageInfo edges nodes"),
    **_fields("PolicyEdge", PUBLIC, "cursor node"),
    **_fields("PolicyAcceptance", OWN, "kind version sha256 acceptedAt"),
    **_fields("AcceptPolicyPayload", OWN, "acceptance errors"),
    **_fields("PublishPolicyPayload", RECORDS, "policy errors"),
    # analytics
    **_fields("UsageCount", USAGE, "day event client page engine style outcome count final"),
    **_fields("PageVisitCount", USAGE, "day page new returning"),
    # outreach
    **_fields("Notice", OWN, "id policy createdAt dismissedAt cursor"),
    **_fields("NoticeConnection", OWN, "pageInfo edges nodes"),
    **_fields("NoticeEdge", OWN, "cursor node"),
    **_fields("DismissNoticePayload", OWN, "notice errors"),
    # support
    **_fields("SupportThread", OWN, "id topic right state subject address fromAccount receivedAt messages"),
    **_fields("SupportMessage", OWN, "id author text createdAt"),
    **_fields("SupportThreadConnection", OWN, "pageInfo edges nodes"),
    **_fields("SupportThreadEdge", OWN, "cursor node"),
    **_fields("ContactSupportPayload", FIRST_PARTY, "received thread errors"),
    **_fields("ReplyToSupportThreadPayload", OWN, "thread errors"),
    **_fields("AnswerSupportThreadPayload", DESK, "answered errors"),
    **_fields("ClassifySupportThreadPayload", DESK, "classified errors"),
    **_fields("CloseSupportThreadPayload", DESK, "closed errors"),
    # legal disclosures
    **_fields(
        "LegalDisclosure",
        OWN,
        "id recipient ground basis scope categories disclosedOn recordedAt barredUntil barReason",
    ),
    **_fields("LegalDisclosureConnection", OWN, "pageInfo edges nodes"),
    **_fields("LegalDisclosureEdge", OWN, "cursor node"),
    **_fields("RecordLegalDisclosurePayload", RECORDS, "disclosure errors"),
    # privacy requests
    **_fields("PrivacyRequest", OWN, "id right regime channel status receivedAt verifiedAt dueAt startsAt finishedAt"),
    **_fields("PrivacyRequest", OWN, "extension denial receipt steps residence statement address evidence account"),
    **_fields("PrivacyRequest", OWN, "archive"),
    **_fields("PrivacyRequestStep", OWN, "holder action status count note awaitingUntil startedAt finishedAt"),
    **_fields("PrivacyRequestExtension", OWN, "until extendedAt reason"),
    **_fields("PrivacyRequestDenial", OWN, "code reason"),
    **_fields("PrivacyArchive", OWN, "url sha256 byteSize expiresAt"),
    **_fields("PrivacyRequestConnection", OWN, "pageInfo edges nodes"),
    **_fields("PrivacyRequestEdge", OWN, "cursor node"),
    **_fields("PrivacyRequestEvent", OWN, "cursor sequence at type progress request"),
    **_fields("SubmitPrivacyRequestPayload", FIRST_PARTY, "received request statusToken errors"),
    **_fields("VerifyPrivacyRequestPayload", FIRST_PARTY, "verified statusToken errors"),
    **_fields("SubmitPrivacyRequestForPayload", RECORDS, "request errors"),
    **_fields("CancelPrivacyRequestPayload", OWN, "request errors"),
    **_fields("ExtendPrivacyRequestPayload", RECORDS, "request errors"),
    **_fields("DenyPrivacyRequestPayload", RECORDS, "request errors"),
    **_fields("RetryPrivacyRequestPayload", RECORDS, "request errors"),
    # structure
    **_fields("PageInfo", PUBLIC, "hasNextPage hasPreviousPage startCursor endCursor"),
    **_fields("InvalidInput", PUBLIC, "code message path"),
    **_fields("NotPermitted", PUBLIC, "code message path"),
    **_fields("AccountRestricted", PUBLIC, "code message path reason"),
    **_fields("StepUpRequired", PUBLIC, "code message path methods"),
    **_fields("NotFound", PUBLIC, "code message path"),
    **_fields("Conflict", PUBLIC, "code message path"),
    **_fields("RateLimited", PUBLIC, "code message path retryAfterSeconds"),
    **_fields("ConsentRequired", PUBLIC, "code message path purpose policyVersion"),
    **_fields("IdempotencyError", PUBLIC, "code message path"),
}


def allowed(type_name: str, field_name: str, viewer: Viewer | None) -> bool:
    """Return whether the viewer may select a field. Introspection is open: the schema is published."""
    if field_name.startswith("__") or type_name.startswith("__"):
        return True
    entry = ACCESS.get((type_name, field_name))
    return entry is not None and entry.allows(viewer)
