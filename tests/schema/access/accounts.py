"""What people do with their own account."""

from uuid import UUID

from schema.relay import global_id
from tests.schema.access.case import AUDITED, MAILED, Case, given, theirs
from tests.schema.world import SECRET, SESSION, Who, World

SESSION_ID = global_id("Session", UUID(SESSION))


def _viewer(world: World, who: Who) -> object:
    if who is Who.NOBODY:
        return None
    name = "owner" if who.owns else "other"
    return {
        "id": world.users[who],
        "email": f"{name}@example.com",
        "generations": {"nodes": [{"prompt": SECRET if who.owns else "somebody else"}]},
    }


CASES = (
    Case("Query", "viewer", _viewer),
    Case(
        "Mutation",
        "changeEmail",
        lambda *_: {"mailed": True, "errors": []},
        given(email="another@example.com"),
        changes=MAILED | {"tickets"},
    ),
    Case(
        "Mutation",
        "enrolPasskey",
        lambda *_: {"confirmed": False, "errors": []},
        given(),
        changes=frozenset({"passkey_challenges"}),
    ),
    Case(
        "Mutation",
        "enrolTotp",
        lambda *_: {"confirmed": False, "errors": []},
        given(),
        changes=frozenset({"totps"}),
    ),
    Case(
        "Mutation",
        "renewRecoveryCodes",
        lambda *_: {"renewed": True, "errors": []},
        given(),
        changes=AUDITED | MAILED | {"recovery_codes"},
    ),
    Case(
        "Mutation",
        "removeSecondFactor",
        lambda world, who: theirs({"removedId": world.owner.factor}, "NOT_FOUND", "id")(world, who),
        lambda world, _: {"input": {"id": world.owner.factor}},
        owner_changes=AUDITED | MAILED | {"passkeys", "account_recoveries"},
    ),
    Case(
        "Mutation",
        "signOut",
        lambda *_: {"signedOut": True, "errors": []},
        given(everywhere=True),
        changes=AUDITED | {"sessions"},
    ),
    Case(
        "Mutation",
        "revokeSession",
        theirs({"revokedId": SESSION_ID}, "NOT_FOUND", "id"),
        given(id=SESSION_ID),
        owner_changes=AUDITED | {"sessions"},
    ),
    Case(
        "Mutation",
        "createApiKey",
        lambda *_: {"apiKey": {"name": "Studio", "scopes": ["PROFILE"]}, "errors": []},
        given(name="Studio", scopes=["PROFILE"]),
        changes=AUDITED | MAILED | {"api_keys"},
    ),
    Case(
        "Mutation",
        "revokeApiKey",
        lambda world, who: theirs({"revokedId": world.owner.api_key}, "NOT_FOUND", "id")(world, who),
        lambda world, _: {"input": {"id": world.owner.api_key}},
        owner_changes=AUDITED | {"api_keys"},
    ),
    Case(
        "Mutation",
        "revokeConnectedApp",
        lambda world, who: theirs({"revokedId": world.owner.app}, "NOT_FOUND", "id")(world, who),
        lambda world, _: {"input": {"id": world.owner.app}},
        owner_changes=AUDITED | {"app_grants", "app_tokens"},
    ),
    Case(
        "Mutation",
        "unlinkIdentity",
        lambda world, who: theirs({"unlinkedId": world.owner.identity}, "NOT_FOUND", "id")(world, who),
        lambda world, _: {"input": {"id": world.owner.identity}},
        owner_changes=AUDITED | MAILED | {"identities"},
    ),
    Case(
        "Mutation",
        "updateProfile",
        lambda _, who: {"user": {"displayName": f"Called {who}"}, "errors": []},
        lambda _, who: {"input": {"displayName": f"Called {who}"}},
        changes=frozenset({"users"}),
    ),
)
