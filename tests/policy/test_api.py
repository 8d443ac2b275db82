"""The policy and the terms over the API: read, accept, publish."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.accounts.staff import promote
from app.core.db import execute, fetch
from app.core.viewer import Role
from app.policy import evidence
from app.policy.clauses import CLAUSES
from app.policy.library import library
from app.policy.texts import DocumentKind
from tests.fakes.people import POLICY_VERSION, TERMS_VERSION
from tests.fakes.server import Json, RunningServer
from tests.fakes.shelf import Shelf

POLICY = """query ($version: String, $kind: DocumentKind! = PRIVACY) { policy(version: $version, kind: $kind) {
  id kind version title effectiveAt publishedAt sha256 material summary asksAgain text html
  changes { type section text } } }"""
CLAUSES_OF = """query ($kind: DocumentKind!) { policy(kind: $kind) {
  clauses { id title sentences keptBy checks state planned lastGreen { finishedAt commit } } } }"""
POLICIES = """query ($after: String) { policies(first: 1, after: $after) {
  nodes { version } pageInfo { hasNextPage endCursor } } }"""
PUBLISH = """mutation ($input: PublishPolicyInput!) { publishPolicy(input: $input) {
  policy { version effectiveAt material summary asksAgain } errors { __typename code path } } }"""
ACCEPT = """mutation ($input: AcceptPolicyInput!) { acceptPolicy(input: $input) {
  acceptance { kind version sha256 acceptedAt } errors { code path } } }"""
ACCEPTED = "{ viewer { policyAcceptance { version sha256 acceptedAt } } }"
PUBLISHED = "SELECT 1 FROM document_versions WHERE published_by_id IS NOT NULL"
VERSION = "2031-01-01"


def said(**changes: Any) -> Json:
    """Return the input of an immaterial publication that takes effect at once, changed."""
    publication = {"kind": "PRIVACY", "version": VERSION, "material": False, "summary": "One word is clearer."}
    return {"input": {**publication, "idempotencyKey": "once", **changes}}


def ahead(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.fixture
async def officer(server: RunningServer, shelf: Shelf) -> str:
    """The token of a privacy officer; one version waits to be published."""
    shelf.ship(VERSION, "We keep *less*, [see](https://elsewhere.example/).")
    token = await server.sign_up("officer")
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    return token


async def test_what_is_in_force_is_shown_with_the_operators_facts(
    server: RunningServer, officer: str, settings: Any
) -> None:
    policy = (await server.data(POLICY))["policy"]
    assert (policy["version"], policy["summary"], policy["changes"]) == (POLICY_VERSION, "", [])
    assert policy["publishedAt"] == policy["effectiveAt"] < ahead(0)
    assert settings.controller.name in policy["text"]
    assert "{" not in policy["html"]

    await server.data(PUBLISH, said(), officer)

    policy = (await server.data(POLICY))["policy"]
    assert policy["version"] == VERSION
    assert settings.mail.contact_email in policy["html"]
    assert '<a href="https://elsewhere.example/" rel="noopener noreferrer">see</a>' in policy["html"]
    assert {"type": "ADDED", "section": "", "text": "We keep *less*, [see](https://elsewhere.example/)."} in policy[
        "changes"
    ]
    assert {change["type"] for change in policy["changes"]} == {"ADDED", "REMOVED"}


async def test_every_clause_is_shown_with_what_keeps_it(server: RunningServer) -> None:
    shown = {each["id"]: each for each in (await server.data(CLAUSES_OF, {"kind": "PRIVACY"}))["policy"]["clauses"]}

    latest = library().latest(DocumentKind.PRIVACY).sentences()
    assert list(shown) == [clause.id for clause in CLAUSES]
    for clause in CLAUSES:
        found = shown[clause.id]
        assert (found["sentences"], found["keptBy"]) == (list(clause.said(latest)), list(clause.kept_by))
        assert found["checks"] == list(clause.checks)
        assert (found["state"] == "PLANNED") is (clause.planned is not None)
        assert (found["state"] == "KEPT") is (not evidence.load().faults(clause) and clause.planned is None)
    assert (await server.data(CLAUSES_OF, {"kind": "TERMS"}))["policy"]["clauses"] == []


async def test_what_is_not_published_is_shown_to_nobody(server: RunningServer, officer: str) -> None:
    answer = await server.execute(POLICY, {"version": VERSION}, officer)

    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert (await server.data(POLICIES))["policies"]["nodes"] == [{"version": POLICY_VERSION}]


async def test_versions_are_a_list_in_pages(server: RunningServer, officer: str) -> None:
    await server.data(PUBLISH, said(), officer)

    first = (await server.data(POLICIES))["policies"]
    second = (await server.data(POLICIES, {"after": first["pageInfo"]["endCursor"]}))["policies"]

    assert [page["nodes"][0]["version"] for page in (first, second)] == [VERSION, POLICY_VERSION]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]


async def test_a_publication_is_for_good_and_in_the_log(server: RunningServer, officer: str) -> None:
    wish = said(material=True, effectiveAt=ahead(31), asksAgain=["MARKETING_EMAIL"])
    published = (await server.data(PUBLISH, wish, officer))["publishPolicy"]
    again = (await server.data(PUBLISH, wish, officer))["publishPolicy"]
    anew = (await server.data(PUBLISH, {"input": {**wish["input"], "idempotencyKey": "other"}}, officer))[
        "publishPolicy"
    ]

    assert published["errors"] == []
    assert published["policy"]["asksAgain"] == ["MARKETING_EMAIL"]
    assert again == published
    assert anew["errors"] == [{"__typename": "Conflict", "code": "CONFLICT", "path": ["version"]}]
    log = "{ viewer { auditEntries(first: 1) { nodes { action note } } } }"
    [entry] = (await server.data(log, None, officer))["viewer"]["auditEntries"]["nodes"]
    assert entry == {"action": "DOCUMENT_PUBLISHED", "note": f"PRIVACY {VERSION}"}
    assert len(await fetch("SELECT 1 FROM announcements")) == 1
    assert (await server.data(POLICY))["policy"]["version"] == POLICY_VERSION, "not in force yet"


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"version": "2032-01-01"}, "NOT_FOUND", ["version"]),
        ({"kind": "TERMS"}, "NOT_FOUND", ["version"]),
        ({"material": True}, "INVALID_INPUT", ["effectiveAt"]),
        ({"material": True, "effectiveAt": ahead(29.9)}, "INVALID_INPUT", ["effectiveAt"]),
        ({"effectiveAt": ahead(-0.1)}, "INVALID_INPUT", ["effectiveAt"]),
        ({"effectiveAt": "2031-01-01T00:00:00"}, "INVALID_INPUT", ["effectiveAt"]),
        ({"asksAgain": ["MARKETING_EMAIL"]}, "INVALID_INPUT", ["asksAgain"]),
        ({"summary": " "}, "INVALID_INPUT", ["summary"]),
        ({"summary": "x" * 1001}, "INVALID_INPUT", ["summary"]),
        ({"summary": "a\x00b"}, "INVALID_INPUT", ["summary"]),
        ({"idempotencyKey": ""}, "IDEMPOTENCY_MISMATCH", ["idempotencyKey"]),
    ],
)
async def test_what_is_wrong_with_a_publication_is_named(
    server: RunningServer, officer: str, changes: Json, code: str, path: list[str]
) -> None:
    payload = (await server.data(PUBLISH, said(**changes), officer))["publishPolicy"]

    assert [(error["code"], error["path"]) for error in payload["errors"]] == [(code, path)]
    assert await fetch(f"{PUBLISHED} UNION ALL SELECT 1 FROM announcements") == []


async def test_versions_take_effect_in_the_order_of_their_publication(
    server: RunningServer, officer: str, shelf: Shelf
) -> None:
    shelf.ship("2031-02-01")
    await server.data(PUBLISH, said(effectiveAt=ahead(10)), officer)

    earlier = said(version="2031-02-01", effectiveAt=ahead(9), idempotencyKey="second")
    payload = (await server.data(PUBLISH, earlier, officer))["publishPolicy"]

    assert payload["errors"][0]["path"] == ["effectiveAt"]


async def test_publishing_asks_for_a_fresh_proof(server: RunningServer, officer: str) -> None:
    await execute("UPDATE sessions SET authenticated_at = now() - interval '11 minutes'")

    payload = (await server.data(PUBLISH, said(), officer))["publishPolicy"]

    assert payload["errors"][0]["__typename"] == "StepUpRequired"
    assert await fetch(PUBLISHED) == []


async def test_signing_up_is_an_acceptance_of_the_version_that_it_names(server: RunningServer, shelf: Shelf) -> None:
    token = await server.sign_up()

    accepted = (await server.data(ACCEPTED, None, token))["viewer"]["policyAcceptance"]

    assert accepted["version"] == POLICY_VERSION
    assert accepted["sha256"] == (await server.data(POLICY))["policy"]["sha256"]
    [row] = await fetch("SELECT to_jsonb(a) ->> 'subject_id' AS subject FROM acceptances a")
    [alias] = await fetch("SELECT id, user_id FROM subject_aliases")
    assert row["subject"] == str(alias["id"]) != str(alias["user_id"])


async def test_a_version_is_accepted_once_and_stays_so(server: RunningServer, officer: str) -> None:
    token = await server.sign_up()
    await server.data(PUBLISH, said(), officer)
    wish = {"input": {"version": VERSION}}

    first = (await server.data(ACCEPT, wish, token))["acceptPolicy"]
    keyed = {"input": {"version": VERSION, "idempotencyKey": "k"}}
    others = [(await server.data(ACCEPT, keyed, token))["acceptPolicy"] for _ in range(2)]

    assert first["errors"] == []
    assert others == [first, first]
    assert (await server.data(ACCEPTED, None, token))["viewer"]["policyAcceptance"]["version"] == VERSION
    assert len(await fetch("SELECT 1 FROM acceptances WHERE version = $1", VERSION)) == 1
    mismatch = {"input": {"version": TERMS_VERSION, "kind": "TERMS", "idempotencyKey": "k"}}
    refused = (await server.data(ACCEPT, mismatch, token))["acceptPolicy"]
    assert refused["errors"][0]["code"] == "IDEMPOTENCY_MISMATCH"


async def test_the_past_and_the_unpublished_are_not_accepted(server: RunningServer, officer: str, shelf: Shelf) -> None:
    await server.data(PUBLISH, said(), officer)

    for version, code in ((POLICY_VERSION, "CONFLICT"), ("2032-01-01", "NOT_FOUND")):
        payload = (await server.data(ACCEPT, {"input": {"version": version}}, officer))["acceptPolicy"]
        assert payload["errors"] == [{"code": code, "path": ["version"]}]


async def test_a_published_file_that_changed_is_an_error_of_ours_and_never_a_text(
    server: RunningServer, officer: str
) -> None:
    await server.data(PUBLISH, said(), officer)
    await execute("UPDATE document_versions SET sha256 = repeat('0', 64)")

    answer = await server.execute(POLICY)

    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert (await server.client.get("/privacy")).status_code == 500
