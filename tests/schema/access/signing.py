"""Signing up, in and out, and what mails lead to."""

from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import Json
from tests.schema.access.case import AUDITED, MAILED, Case, given, refused
from tests.schema.belongings import REASON
from tests.schema.world import AUTHOR, BANNED, Who, World

PASSWORD = "correct horse battery"

SIGNED_IN = [who for who in Who if who is not Who.NOBODY and who.scopes is None]


def _account(_world: World, who: Who) -> Json:
    return {
        "input": {
            "email": f"new-{who.name.lower()}@example.com",
            "password": PASSWORD,
            "displayName": f"New {who}",
            "adult": True,
            "policyVersion": POLICY_VERSION,
        }
    }


CASES = (
    Case(
        "Mutation",
        "signUp",
        lambda _, who: {"user": {"displayName": f"New {who}"}, "errors": []},
        _account,
        changes=AUDITED | MAILED | {"users", "sessions", "acceptances", "subject_aliases", "tickets"},
    ),
    Case(
        "Mutation",
        "signIn",
        lambda *_: {"user": {"email": AUTHOR}, "errors": []},
        given(email=AUTHOR, password=PASSWORD),
        changes=AUDITED | {"sessions"},
    ),
    Case(
        "Mutation",
        "signIn",
        lambda *_: {
            "token": None,
            "errors": [{"__typename": "AccountRestricted", "code": "ACCOUNT_RESTRICTED", "reason": REASON}],
        },
        given(email=BANNED, password=PASSWORD),
        label="to a suspended account",
    ),
    Case("Mutation", "confirmEmail", lambda *_: refused("NOT_FOUND", "token"), given(token="none")),
    Case(
        "Mutation",
        "requestPasswordReset",
        lambda *_: {"mailed": True, "errors": []},
        given(email="nobody@example.com"),
        changes=MAILED,
    ),
    Case(
        "Mutation",
        "requestPasswordReset",
        lambda *_: {"mailed": False, "errors": [{"__typename": "RateLimited"}]},
        given(email=BANNED),
        label="too often",
    ),
    Case(
        "Mutation",
        "resetPassword",
        lambda *_: refused("NOT_FOUND", "token"),
        given(token="none", password="seven purple umbrellas"),
    ),
    Case(
        "Mutation",
        "reauthenticate",
        lambda *_: {"reauthenticated": False, "errors": [{"__typename": "StepUpRequired", "methods": ["PASSKEY"]}]},
        given(password="another horse battery"),
    ),
    Case(
        "Mutation",
        "startAccountRecovery",
        lambda *_: {"recovery": {}, "errors": []},
        lambda world, _: {"input": {"token": world.owner.link}},
    ),
    Case(
        "Mutation",
        "cancelAccountRecovery",
        lambda _, who: refused("NOT_FOUND") if who is Who.NOBODY else {"canceled": True, "errors": []},
        given(),
        further_changes={
            who: AUDITED | MAILED | {"account_recoveries"}
            for who in Who
            if who is not Who.NOBODY and who.scopes is None
        },
    ),
    Case(
        "Mutation",
        "passkeyOptions",
        lambda *_: {"errors": []},
        changes=frozenset({"passkey_challenges"}),
    ),
    Case(
        "Mutation",
        "signInWithPasskey",
        lambda *_: refused("NOT_PERMITTED", "credential"),
        given(credential="none"),
    ),
    Case(
        "Mutation",
        "completeSignIn",
        lambda *_: refused("NOT_FOUND", "challenge"),
        given(challenge="none", code="123456"),
    ),
)
