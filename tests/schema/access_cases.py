"""What each kind of viewer gets of each root field. A root field without a case fails a test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.accounts.service import POLICY_VERSION
from app.media.acknowledgement import CURRENT
from schema.relay import global_id
from tests.fakes.server import Json
from tests.schema.world import SECRET, SESSION, Who, World


class Outcome(StrEnum):
    """What a root field answers."""

    SHOWN = "shown"
    EMPTY = "null, and no error"
    FORBIDDEN = "null, and FORBIDDEN"


@dataclass(frozen=True, slots=True)
class Case:
    """One root field. `shown` is the exact value that a viewer gets who gets one."""

    type_name: str
    field_name: str
    document: str
    shown: Callable[[World, Who], object]
    outcomes: Mapping[Who, Outcome]
    variables: Callable[[World, Who], Json] = lambda _world, _who: {}
    empty: object = None
    changes: frozenset[str] = field(default_factory=frozenset)
    """The tables that it changes where it is not forbidden."""
    owner_changes: frozenset[str] = field(default_factory=frozenset)
    """The tables that only the owner changes by it, because the thing is theirs."""
    further_changes: Mapping[Who, frozenset[str]] = field(default_factory=dict)
    """The tables that only these change by it."""
    label: str = ""
    leaves_a_trace: bool = False
    """Whether staff who may do it change what is stored about the owner, and the owner can see that they did."""


EVERYBODY = dict.fromkeys(Who, Outcome.SHOWN)
OWNER_ONLY = dict.fromkeys(Who, Outcome.EMPTY) | {Who.OWNER: Outcome.SHOWN}
SIGNED_IN = EVERYBODY | {Who.NOBODY: Outcome.FORBIDDEN}


def staff(*roles: Who) -> Mapping[Who, Outcome]:
    """Only these see it."""
    return dict.fromkeys(Who, Outcome.FORBIDDEN) | dict.fromkeys(roles, Outcome.SHOWN)


NODE = """query ($id: ID!) { node(id: $id) { __typename id
  ... on User { email } ... on Generation { prompt } ... on GeneratedImage { index }
  ... on ReferenceImage { hasFace } } }"""
NODES = """query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"""
SESSION_ID = global_id("Session", UUID(SESSION))
CREATE = """mutation ($input: CreateGenerationInput!) {
  createGeneration(input: $input) { generation { prompt status } errors { code } } }"""


QUOTE = """{ quoteGeneration(input: {prompt: "a person", width: 64, height: 64}) { eligible errors { code } } }"""


def wish(who: Who) -> Json:
    """Return the variables of `createGeneration`."""
    return {
        "input": {"generation": {"prompt": f"of {who}", "width": 64, "height": 64}, "idempotencyKey": f"key of {who}"}
    }


def _account(_world: World, who: Who) -> Json:
    return {
        "input": {
            "email": f"new-{who.name}@example.com",
            "password": "correct horse battery",
            "displayName": f"New {who}",
            "adult": True,
            "policyVersion": POLICY_VERSION,
        }
    }


def _viewer(world: World, who: Who) -> Json:
    prompts = [{"prompt": SECRET}] if who is Who.OWNER else []
    name = "owner" if who is Who.OWNER else "other"
    return {"id": world.users[who], "email": f"{name}@example.com", "generations": {"nodes": prompts}}


PURPOSES = {
    Who.SUPPORT: "ACCOUNT_MANAGEMENT",
    Who.PRIVACY_OFFICER: "LEGAL_COMPLIANCE",
    Who.MODERATOR: "FRAUD_PREVENTION",
    Who.ADMIN: "ACCOUNT_MANAGEMENT",
}


def _purpose(_world: World, who: Who) -> Json:
    return {"purpose": PURPOSES.get(who, "ACCOUNT_MANAGEMENT")}


CASES = (
    Case(
        "Query",
        "viewer",
        "{ viewer { id email generations { nodes { prompt } } } }",
        _viewer,
        EVERYBODY | {Who.NOBODY: Outcome.EMPTY},
    ),
    Case(
        "Query",
        "users",
        """query ($purpose: Activity!) { users(purpose: $purpose, search: "owner@example.com") {
          nodes { id email displayName status } } }""",
        lambda world, _: {
            "nodes": [
                {
                    "id": world.users[Who.OWNER],
                    "email": "owner@example.com",
                    "displayName": "Owner",
                    "status": "ACTIVE",
                }
            ]
        },
        staff(Who.SUPPORT, Who.PRIVACY_OFFICER, Who.MODERATOR, Who.ADMIN),
        _purpose,
        changes=frozenset({"audit_entries"}),
        leaves_a_trace=True,
    ),
    Case(
        "Query",
        "auditLog",
        """query ($purpose: Activity!, $subject: ID!) {
          auditLog(purpose: $purpose, subject: $subject, action: SIGNED_UP) { nodes { action actor } } }""",
        lambda *_: {"nodes": [{"action": "SIGNED_UP", "actor": "PERSON"}]},
        staff(Who.PRIVACY_OFFICER, Who.ADMIN),
        lambda world, who: {**_purpose(world, who), "subject": world.users[Who.OWNER]},
        changes=frozenset({"audit_entries"}),
        leaves_a_trace=True,
    ),
    Case(
        "Mutation",
        "setUserRole",
        """mutation ($input: SetUserRoleInput!) { setUserRole(input: $input) { user { role } errors { code } } }""",
        lambda *_: {"user": {"role": "SUPPORT"}, "errors": []},
        staff(Who.ADMIN),
        lambda world, _: {"input": {"id": world.users[Who.OWNER], "role": "SUPPORT"}},
        changes=frozenset({"users", "audit_entries", "audit_details"}),
        leaves_a_trace=True,
    ),
    Case(
        "Mutation",
        "suspendUser",
        """mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { user { status } errors { code } } }""",
        lambda _, who: {"user": {"status": "SUSPENDED" if who is Who.MODERATOR else "ACTIVE"}, "errors": []},
        staff(Who.MODERATOR, Who.ADMIN),
        lambda world, who: {
            "input": {"id": world.users[Who.OWNER], "reason": "a test", "suspended": who is Who.MODERATOR}
        },
        changes=frozenset({"users", "audit_entries", "audit_details"}),
        further_changes={Who.MODERATOR: frozenset({"sessions"})},
        leaves_a_trace=True,
    ),
    Case("Query", "engines", "{ engines { name } }", lambda *_: [{"name": "slow"}, {"name": "faulty"}], EVERYBODY),
    Case(
        "Query",
        "node",
        NODE,
        lambda world, _: {"__typename": "User", "id": world.users[Who.OWNER], "email": "owner@example.com"},
        OWNER_ONLY,
        lambda world, _: {"id": world.users[Who.OWNER]},
        label="User",
    ),
    Case(
        "Query",
        "node",
        NODE,
        lambda world, _: {"__typename": "Generation", "id": world.generation, "prompt": SECRET},
        OWNER_ONLY,
        lambda world, _: {"id": world.generation},
        label="Generation",
    ),
    Case(
        "Query",
        "node",
        NODE,
        lambda world, _: {"__typename": "GeneratedImage", "id": world.image, "index": 0},
        OWNER_ONLY,
        lambda world, _: {"id": world.image},
        label="GeneratedImage",
    ),
    Case(
        "Query",
        "node",
        NODE,
        lambda world, _: {"__typename": "ReferenceImage", "id": world.reference, "hasFace": False},
        OWNER_ONLY,
        lambda world, _: {"id": world.reference},
        label="ReferenceImage",
    ),
    Case(
        "Query",
        "nodes",
        NODES,
        lambda world, _: [{"id": world.users[Who.OWNER]}, {"id": world.generation}, {"id": world.image}],
        OWNER_ONLY,
        lambda world, _: {"ids": [world.users[Who.OWNER], world.generation, world.image]},
        empty=[None, None, None],
    ),
    Case(
        "Mutation",
        "signUp",
        "mutation ($input: SignUpInput!) { signUp(input: $input) { user { displayName } errors { code } } }",
        lambda _, who: {"user": {"displayName": f"New {who}"}, "errors": []},
        EVERYBODY,
        _account,
        changes=frozenset(
            {"users", "sessions", "subject_aliases", "audit_entries", "audit_details", "tickets", "mails", "jobs"}
        ),
    ),
    Case(
        "Mutation",
        "signIn",
        "mutation ($input: SignInInput!) { signIn(input: $input) { user { email } errors { code } } }",
        lambda *_: {"user": {"email": "other@example.com"}, "errors": []},
        EVERYBODY,
        lambda *_: {"input": {"email": "other@example.com", "password": "correct horse battery"}},
        changes=frozenset({"sessions", "audit_entries", "audit_details"}),
    ),
    Case(
        "Mutation",
        "confirmEmail",
        'mutation { confirmEmail(input: {token: "none"}) { confirmed errors { code path } } }',
        lambda *_: {"confirmed": False, "errors": [{"code": "NOT_FOUND", "path": ["token"]}]},
        EVERYBODY,
    ),
    Case(
        "Mutation",
        "requestPasswordReset",
        """mutation { requestPasswordReset(input: {email: "nobody@example.com"}) { mailed errors { code } } }""",
        lambda *_: {"mailed": True, "errors": []},
        EVERYBODY,
        changes=frozenset({"mails", "jobs"}),
    ),
    Case(
        "Mutation",
        "resetPassword",
        """mutation { resetPassword(input: {token: "none", password: "seven purple umbrellas"}) {
          changed errors { code path } } }""",
        lambda *_: {"changed": False, "errors": [{"code": "NOT_FOUND", "path": ["token"]}]},
        EVERYBODY,
    ),
    Case(
        "Mutation",
        "reauthenticate",
        """mutation { reauthenticate(input: {password: "another horse battery"}) {
          reauthenticated errors { code path } } }""",
        lambda *_: {"reauthenticated": False, "errors": [{"code": "NOT_PERMITTED", "path": ["password"]}]},
        SIGNED_IN,
    ),
    Case(
        "Mutation",
        "startAccountRecovery",
        """mutation { startAccountRecovery(input: {token: "none"}) { recovery { endsAt } errors { code path } } }""",
        lambda *_: {"recovery": None, "errors": [{"code": "NOT_FOUND", "path": ["token"]}]},
        EVERYBODY,
    ),
    Case(
        "Mutation",
        "cancelAccountRecovery",
        """mutation { cancelAccountRecovery(input: {}) { canceled errors { code path } } }""",
        lambda *_: {"canceled": False, "errors": [{"code": "NOT_FOUND", "path": None}]},
        EVERYBODY,
    ),
    Case(
        "Mutation",
        "passkeyOptions",
        """mutation { passkeyOptions { errors { code } } }""",
        lambda *_: {"errors": []},
        EVERYBODY,
        changes=frozenset({"passkey_challenges"}),
    ),
    Case(
        "Mutation",
        "enrolPasskey",
        """mutation { enrolPasskey(input: {}) { confirmed errors { code } } }""",
        lambda *_: {"confirmed": False, "errors": []},
        SIGNED_IN,
        changes=frozenset({"passkey_challenges"}),
    ),
    Case(
        "Mutation",
        "signInWithPasskey",
        """mutation { signInWithPasskey(input: {credential: "none"}) { token errors { code path } } }""",
        lambda *_: {"token": None, "errors": [{"code": "NOT_PERMITTED", "path": ["credential"]}]},
        EVERYBODY,
    ),
    Case(
        "Mutation",
        "completeSignIn",
        """mutation { completeSignIn(input: {challenge: "none", code: "123456"}) { token errors { code path } } }""",
        lambda *_: {"token": None, "errors": [{"code": "NOT_FOUND", "path": ["challenge"]}]},
        EVERYBODY,
    ),
    Case(
        "Mutation",
        "enrolTotp",
        """mutation { enrolTotp(input: {}) { confirmed errors { code } } }""",
        lambda *_: {"confirmed": False, "errors": []},
        SIGNED_IN,
        changes=frozenset({"totps"}),
    ),
    Case(
        "Mutation",
        "renewRecoveryCodes",
        """mutation { renewRecoveryCodes(input: {}) { renewed recoveryCodes errors { code } } }""",
        lambda *_: {"renewed": False, "recoveryCodes": [], "errors": [{"code": "NOT_FOUND"}]},
        SIGNED_IN,
    ),
    Case(
        "Mutation",
        "removeSecondFactor",
        """mutation { removeSecondFactor(input: {id: "none"}) { removedId errors { code path } } }""",
        lambda *_: {"removedId": None, "errors": [{"code": "NOT_FOUND", "path": ["id"]}]},
        SIGNED_IN,
    ),
    Case(
        "Mutation",
        "changeEmail",
        """mutation { changeEmail(input: {email: "another@example.com"}) { mailed errors { code } } }""",
        lambda *_: {"mailed": True, "errors": []},
        SIGNED_IN,
        changes=frozenset({"mails", "jobs", "tickets"}),
    ),
    Case(
        "Mutation",
        "signOut",
        "mutation { signOut(input: {everywhere: true}) { signedOut errors { code } } }",
        lambda *_: {"signedOut": True, "errors": []},
        SIGNED_IN,
        changes=frozenset({"sessions", "audit_entries"}),
    ),
    Case(
        "Mutation",
        "revokeSession",
        "mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedId errors { code } } }",
        lambda _, who: (
            {"revokedId": SESSION_ID, "errors": []}
            if who is Who.OWNER
            else {"revokedId": None, "errors": [{"code": "NOT_FOUND"}]}
        ),
        SIGNED_IN,
        lambda *_: {"input": {"id": SESSION_ID}},
        owner_changes=frozenset({"sessions", "audit_entries"}),
    ),
    Case(
        "Mutation",
        "createApiKey",
        """mutation ($input: CreateApiKeyInput!) {
          createApiKey(input: $input) { apiKey { name scopes } errors { code } } }""",
        lambda *_: {"apiKey": {"name": "Studio", "scopes": ["PROFILE"]}, "errors": []},
        SIGNED_IN,
        lambda *_: {"input": {"name": "Studio", "scopes": ["PROFILE"]}},
        changes=frozenset({"api_keys", "audit_entries", "audit_details", "mails", "jobs"}),
    ),
    Case(
        "Mutation",
        "revokeApiKey",
        """mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revokedId errors { code } } }""",
        lambda world, who: (
            {"revokedId": world.api_key, "errors": []}
            if who is Who.OWNER
            else {"revokedId": None, "errors": [{"code": "NOT_FOUND"}]}
        ),
        SIGNED_IN,
        lambda world, _: {"input": {"id": world.api_key}},
        owner_changes=frozenset({"api_keys", "audit_entries", "audit_details"}),
    ),
    Case(
        "Mutation",
        "revokeConnectedApp",
        """mutation ($input: RevokeConnectedAppInput!) {
          revokeConnectedApp(input: $input) { revokedId errors { code } } }""",
        lambda world, who: (
            {"revokedId": world.app, "errors": []}
            if who is Who.OWNER
            else {"revokedId": None, "errors": [{"code": "NOT_FOUND"}]}
        ),
        SIGNED_IN,
        lambda world, _: {"input": {"id": world.app}},
        owner_changes=frozenset({"app_grants", "audit_entries", "audit_details"}),
    ),
    Case(
        "Mutation",
        "createGeneration",
        CREATE,
        lambda _, who: {"generation": {"prompt": f"of {who}", "status": "QUEUED"}, "errors": []},
        SIGNED_IN,
        lambda _, who: wish(who),
        changes=frozenset({"generations", "jobs", "feeds", "feed_entries", "idempotency_keys"}),
    ),
    Case(
        "Query",
        "faceAcknowledgement",
        "{ faceAcknowledgement { version } }",
        lambda *_: {"version": CURRENT.version},
        EVERYBODY,
    ),
    Case(
        "Mutation",
        "createUpload",
        """mutation ($input: CreateUploadInput!) {
          createUpload(input: $input) { upload { method maxBytes } errors { code } } }""",
        lambda *_: {"upload": {"method": "PUT", "maxBytes": 100}, "errors": []},
        SIGNED_IN,
        lambda _, who: {"input": {"contentType": "image/png", "byteSize": 100, "idempotencyKey": f"upload of {who}"}},
        changes=frozenset({"uploads", "idempotency_keys"}),
    ),
    Case(
        "Mutation",
        "addReferenceImage",
        """mutation ($input: AddReferenceImageInput!) {
          addReferenceImage(input: $input) { referenceImage { hasFace } errors { code } } }""",
        lambda _, who: (
            {"referenceImage": {"hasFace": False}, "errors": []}
            if who is Who.OWNER
            else {"referenceImage": None, "errors": [{"code": "NOT_FOUND"}]}
        ),
        SIGNED_IN,
        lambda world, _: {"input": {"uploadId": world.upload, "idempotencyKey": "add"}},
        owner_changes=frozenset({"uploads", "pictures", "reference_images", "jobs", "idempotency_keys"}),
    ),
    Case(
        "Mutation",
        "deleteReferenceImage",
        """mutation ($input: DeleteReferenceImageInput!) {
          deleteReferenceImage(input: $input) { deletedId errors { code } } }""",
        lambda world, who: (
            {"deletedId": world.reference, "errors": []}
            if who is Who.OWNER
            else {"deletedId": None, "errors": [{"code": "NOT_FOUND"}]}
        ),
        SIGNED_IN,
        lambda world, _: {"input": {"id": world.reference, "idempotencyKey": "gone"}},
        owner_changes=frozenset({"pictures", "reference_images", "jobs", "idempotency_keys"}),
    ),
    Case("Query", "quoteGeneration", QUOTE, lambda *_: {"eligible": True, "errors": []}, EVERYBODY),
    Case("Query", "gallery", "{ gallery { nodes { id } } }", lambda *_: {"nodes": []}, EVERYBODY),
    Case(
        "Mutation",
        "cancelGeneration",
        """mutation ($input: CancelGenerationInput!) {
          cancelGeneration(input: $input) { generation { id } errors { code } } }""",
        lambda _, who: {"generation": None, "errors": [{"code": "CONFLICT" if who is Who.OWNER else "NOT_FOUND"}]},
        SIGNED_IN,
        lambda world, _: {"input": {"id": world.generation}},
    ),
    Case(
        "Mutation",
        "retryGeneration",
        """mutation ($input: RetryGenerationInput!) {
          retryGeneration(input: $input) { generation { id } errors { code } } }""",
        lambda _, who: {"generation": None, "errors": [{"code": "CONFLICT" if who is Who.OWNER else "NOT_FOUND"}]},
        SIGNED_IN,
        lambda world, _: {"input": {"id": world.generation, "idempotencyKey": "again"}},
    ),
    Case(
        "Mutation",
        "setGenerationVisibility",
        """mutation ($input: SetGenerationVisibilityInput!) {
          setGenerationVisibility(input: $input) { generation { visibility } errors { code } } }""",
        lambda _, who: (
            {"generation": {"visibility": "PUBLIC"}, "errors": []}
            if who is Who.OWNER
            else {"generation": None, "errors": [{"code": "NOT_FOUND"}]}
        ),
        SIGNED_IN,
        lambda world, _: {"input": {"id": world.generation, "visibility": "PUBLIC"}},
        owner_changes=frozenset({"generations", "gallery_items"}),
    ),
    Case(
        "Mutation",
        "deleteGenerations",
        """mutation ($input: DeleteGenerationsInput!) {
          deleteGenerations(input: $input) { deletedIds errors { code } } }""",
        lambda world, who: (
            {"deletedIds": [world.generation], "errors": []}
            if who is Who.OWNER
            else {"deletedIds": [], "errors": [{"code": "NOT_FOUND"}]}
        ),
        SIGNED_IN,
        lambda world, _: {"input": {"ids": [world.generation], "idempotencyKey": "gone"}},
        owner_changes=frozenset(
            {"generations", "generated_images", "pictures", "jobs", "feeds", "feed_entries", "idempotency_keys"}
        ),
    ),
)
