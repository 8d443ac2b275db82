"""The audit log: what it says, about whom, and what is left of it."""

import asyncio
import hashlib

import pytest

from app.accounts.clients import register
from app.accounts.service import sign_in
from app.accounts.staff import promote
from app.audit.service import Action, record
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import execute, fetch, transaction
from app.core.origin import Origin
from app.core.viewer import Role, Scope
from schema.relay import global_id
from tests.accounts.test_authorization import answer_of, question
from tests.accounts.test_lost_factors import reset_link, start
from tests.accounts.test_second_factors import complete, protected, prove
from tests.accounts.test_second_factors import sign_in as sign_in_at
from tests.fakes.browsing import browsing, let_in, send_form
from tests.fakes.browsing import sign_in as sign_in_on_the_page
from tests.fakes.mail import FakeMailer
from tests.fakes.server import Json, RunningServer

OWN = "{ viewer { auditEntries { nodes { action actor purpose network device note subjectAlias } } } }"
USERS = """query ($purpose: Activity!, $search: String) {
  users(purpose: $purpose, search: $search) { nodes { id email generations { nodes { id } } } } }"""
LOG = """query ($purpose: Activity!, $subject: ID, $action: AuditAction) {
  auditLog(purpose: $purpose, subject: $subject, action: $action) { nodes { action actor subjectAlias } } }"""


async def own_log(server: RunningServer, token: str) -> list[Json]:
    entries: list[Json] = (await server.data(OWN, None, token))["viewer"]["auditEntries"]["nodes"]
    return entries


async def test_a_person_sees_what_happened_to_their_account_and_nobody_elses(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    await server.sign_up("eve")
    await promote("ada@example.com", Role.SUPPORT)

    entries = await own_log(server, ada)

    assert [(entry["action"], entry["actor"], entry["note"], entry["network"]) for entry in entries] == [
        ("ROLE_CHANGED", "OPERATOR", "USER to SUPPORT", None),
        ("SIGNED_UP", "PERSON", None, "127.0.0.0/24"),
    ]
    assert len({entry["subjectAlias"] for entry in entries}) == 1


async def test_a_look_by_staff_is_in_the_persons_log_with_its_purpose(server: RunningServer) -> None:
    ada, clerk = await server.sign_up("ada"), await server.sign_up("clerk")
    await promote("clerk@example.com", Role.SUPPORT)

    answer = await server.execute(USERS, {"purpose": "ACCOUNT_MANAGEMENT", "search": "ada@example.com"}, clerk)

    [shown] = answer["data"]["users"]["nodes"]
    assert shown["email"] == "ada@example.com"
    assert shown["generations"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    look = (await own_log(server, ada))[0]
    assert (look["action"], look["actor"], look["purpose"]) == ("VIEWED_BY_STAFF", "STAFF", "ACCOUNT_MANAGEMENT")


async def test_who_is_not_shown_was_not_looked_at(server: RunningServer) -> None:
    """One more than the page is read, to know whether there is another."""
    ada, eve, clerk = [await server.sign_up(name) for name in ("ada", "eve", "clerk")]
    await promote("clerk@example.com", Role.SUPPORT)
    query = "{ users(purpose: ACCOUNT_MANAGEMENT, first: 2) { nodes { displayName } pageInfo { hasNextPage } } }"

    page = (await server.data(query, None, clerk))["users"]

    assert page == {"nodes": [{"displayName": "Clerk"}, {"displayName": "Eve"}], "pageInfo": {"hasNextPage": True}}
    assert [entry["action"] for entry in await own_log(server, eve)] == ["VIEWED_BY_STAFF", "SIGNED_UP"]
    assert [entry["action"] for entry in await own_log(server, ada)] == ["SIGNED_UP"]


async def test_what_an_entry_says_of_a_person_is_shown_with_a_look_only(server: RunningServer) -> None:
    """Whoever has once learnt an alias could else read on without another entry."""
    ada, officer = await server.sign_up("ada"), await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    [person] = (await server.data("{ viewer { id } }", None, ada)).values()
    details = LOG.replace("subjectAlias", "subjectAlias network note device")

    everything = (await server.data(details, {"purpose": "LEGAL_COMPLIANCE"}, officer))["auditLog"]["nodes"]
    about = {"purpose": "LEGAL_COMPLIANCE", "subject": person["id"]}
    one = (await server.data(details, about, officer))["auditLog"]["nodes"]

    assert {(entry["network"], entry["note"], entry["device"]) for entry in everything} == {(None, None, None)}
    assert [entry["network"] for entry in one] == ["127.0.0.0/24"]


async def test_a_role_looks_for_its_own_purposes_only(server: RunningServer) -> None:
    ada, clerk = await server.sign_up("ada"), await server.sign_up("clerk")
    await promote("clerk@example.com", Role.SUPPORT)
    before = await own_log(server, ada)

    answer = await server.execute(USERS, {"purpose": "FRAUD_PREVENTION"}, clerk)

    assert answer["data"] == {"users": None}
    assert answer["errors"][0]["extensions"]["code"] == "NOT_PERMITTED"
    assert "ACCOUNT_MANAGEMENT" in answer["errors"][0]["message"]
    assert await own_log(server, ada) == before


async def test_reading_one_persons_log_is_a_look_and_reading_all_shows_aliases_only(server: RunningServer) -> None:
    ada, officer = await server.sign_up("ada"), await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    [person] = (await server.data("{ viewer { id } }", None, ada)).values()

    everything = (await server.data(LOG, {"purpose": "LEGAL_COMPLIANCE"}, officer))["auditLog"]["nodes"]
    unseen = await own_log(server, ada)
    about_ada = {"purpose": "LEGAL_COMPLIANCE", "subject": person["id"], "action": "SIGNED_UP"}
    one = (await server.data(LOG, about_ada, officer))["auditLog"]["nodes"]

    assert sorted(entry["action"] for entry in everything) == ["ROLE_CHANGED", "SIGNED_UP", "SIGNED_UP"]
    assert [entry["action"] for entry in unseen] == ["SIGNED_UP"]
    assert [entry["action"] for entry in one] == ["SIGNED_UP"]
    assert [entry["action"] for entry in await own_log(server, ada)] == ["VIEWED_BY_STAFF", "SIGNED_UP"]


@pytest.mark.parametrize("subject", ["nonsense", "R2VuZXJhdGlvbjox", ""])
async def test_the_log_of_nobody_is_empty(server: RunningServer, subject: str) -> None:
    officer = await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)

    answer = await server.data(LOG, {"purpose": "LEGAL_COMPLIANCE", "subject": subject}, officer)

    assert answer["auditLog"]["nodes"] == []


async def test_an_entry_commits_to_its_details_and_stands_without_them(server: RunningServer) -> None:
    await server.sign_up("ada")
    [user] = await fetch("SELECT id FROM users")
    async with transaction():
        await record(Action.SIGNED_IN, user["id"], actor=user["id"], origin=Origin("203.0.113.0/24", "Firefox"))

    [entry] = await fetch(
        """SELECT e.commitment, d.salt, d.content FROM audit_entries e JOIN audit_details d ON d.entry_id = e.id
           WHERE action = 'SIGNED_IN'"""
    )
    assert entry["commitment"] == hashlib.sha256(entry["salt"] + entry["content"].encode()).hexdigest()
    columns = await fetch("SELECT row_to_json(e)::text AS row FROM audit_entries e")
    assert not [row for row in columns if "203.0" in row["row"] or str(user["id"]) in row["row"]]

    await execute("DELETE FROM audit_details")
    await execute("UPDATE subject_aliases SET user_id = NULL")
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE commitment IS NOT NULL")) == len(columns)


async def test_a_person_has_one_alias_however_many_sign_in_at_once(server: RunningServer, settings: Settings) -> None:
    await server.sign_up("ada")
    await execute("DELETE FROM audit_details")
    await execute("DELETE FROM audit_entries")
    for table in ("acceptances", "disclosures", "subject_aliases"):
        await execute(f"DELETE FROM {table}")

    lifetime = settings.security.session_lifetime
    await asyncio.gather(
        *(sign_in("ada@example.com", "correct horse battery", SystemClock(), lifetime) for _ in range(5))
    )

    assert len(await fetch("SELECT id FROM subject_aliases")) == 1
    assert len(await fetch("SELECT id FROM audit_entries WHERE action = 'SIGNED_IN'")) == 5


async def test_a_person_sees_where_from_each_thing_was_done(server: RunningServer, mailer: FakeMailer) -> None:
    """Else they cannot tell what they did themselves."""
    session, app, codes = await protected(server)
    others = [(await complete(server, (await sign_in_at(server))["challenge"], code))["token"] for code in codes[:2]]
    other = (await server.data("{ viewer { sessions { id isCurrent } } }", None, session))["viewer"]["sessions"]
    [first, *_] = [each["id"] for each in other if not each["isCurrent"]]
    await server.data(
        "mutation ($id: ID!) { revokeSession(input: {id: $id}) { errors { code } } }", {"id": first}, session
    )
    await start(server, await reset_link(server, mailer))
    await prove(server, session, code=await app.next_code())
    client = await register("Studio", ["https://app.example/back"], [Scope.PROFILE])
    async with browsing(server) as browser:
        await sign_in_on_the_page(browser)
        await send_form(browser, "/account/second-factor", {"code": codes[2]})
        asked = question(client, redirect_uri="https://app.example/back", scope="profile")
        assert answer_of(await let_in(browser, asked))["code"]
    await server.data("mutation { signOut(input: {}) { errors { message } } }", None, others[0])

    entries = await own_log(server, session)

    assert {entry["action"] for entry in entries} >= {
        "SESSION_REVOKED",
        "RECOVERY_CODE_USED",
        "RECOVERY_CANCELED",
        "REAUTHENTICATED",
        "APP_CONNECTED",
        "SIGNED_OUT",
    }
    assert [entry["action"] for entry in entries if entry["network"] != "127.0.0.0/24"] == []


async def test_staff_see_who_is_restricted_to_storage_for_the_law_only(server: RunningServer) -> None:
    await server.sign_up("ada")
    officer = await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    await execute("UPDATE users SET status = 'RESTRICTED' WHERE email = 'ada@example.com'")
    [ada] = await fetch("SELECT id FROM users WHERE email = 'ada@example.com'")
    about = {"subject": global_id("User", ada["id"])}

    seen = {}
    for purpose in ("ACCOUNT_MANAGEMENT", "LEGAL_COMPLIANCE"):
        answer = await server.execute(USERS, {"purpose": purpose, "search": "ada@example.com"}, officer)
        log = await server.execute(LOG, {"purpose": purpose, **about}, officer)
        seen[purpose] = len(answer["data"]["users"]["nodes"]), log["data"]["auditLog"] is not None

    assert seen == {"ACCOUNT_MANAGEMENT": (0, False), "LEGAL_COMPLIANCE": (1, True)}
    looks = await fetch("SELECT purpose FROM audit_entries WHERE action = 'VIEWED_BY_STAFF'")
    assert {look["purpose"] for look in looks} == {"LEGAL_COMPLIANCE"}
