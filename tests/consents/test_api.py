"""Consents at the API: one call for yes and no, receipts that verify, effects at once."""

import base64
import json
import uuid

import pytest

from app.consents.purposes import EXPLANATIONS
from app.core.consent_purposes import ConsentPurpose
from app.core.db import fetch
from app.core.receipts import MAX_LENGTH
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import Json, RunningServer
from tests.fakes.uploads import Sender
from tests.media.faces import drawn_face
from tests.media.pictures import painted, saved

STANDING = """{ viewer { consents { purpose meaning state mustBeAskedAgain decidedAt policyVersion receipt } } }"""
RECORDS = """query ($after: String) { viewer { consentRecords(first: 2, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { id purpose granted decidedAt policyVersion method receipt } } } }"""
SET = """mutation ($input: SetConsentsInput!) { setConsents(input: $input) {
  consents { purpose state receipt } errors { __typename code message path } } }"""
OBJECT = """mutation ($input: SetObjectionsInput!) { setObjections(input: $input) {
  objections { activity objected decidedAt } errors { code path } } }"""
VERIFY = "query ($receipt: String!) { verifyReceipt(receipt: $receipt) { valid reason kind issuedAt content } }"
LOG = "{ viewer { auditEntries { nodes { action actor note network } } } }"


async def decide(server: RunningServer, token: str, version: str = POLICY_VERSION, **decisions: bool) -> Json:
    """Send setConsents and return its payload."""
    said = [{"purpose": purpose, "granted": granted} for purpose, granted in decisions.items()]
    variables = {"input": {"decisions": said, "policyVersion": version, "idempotencyKey": str(uuid.uuid4())}}
    payload: Json = (await server.data(SET, variables, token))["setConsents"]
    return payload


async def states(server: RunningServer, token: str) -> dict[str, str]:
    """Return the state of each purpose."""
    return {one["purpose"]: one["state"] for one in (await server.data(STANDING, None, token))["viewer"]["consents"]}


async def test_a_new_account_was_asked_for_nothing(server: RunningServer) -> None:
    ada = await server.sign_up("ada")

    found = (await server.data(STANDING, None, ada))["viewer"]["consents"]

    assert [one["purpose"] for one in found] == [purpose.value for purpose in ConsentPurpose]
    assert {one["state"] for one in found} == {"NEVER_ASKED"}
    assert {one["receipt"] for one in found} == {None}
    assert [one["meaning"] for one in found] == [EXPLANATIONS[purpose].meaning for purpose in ConsentPurpose]
    assert await fetch("SELECT 1 FROM consent_records") == []


async def test_yes_and_no_are_one_call_and_leave_records_and_a_trace(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")

    payload = await decide(server, ada, MARKETING_EMAIL=True, TRAINING_ON_PRIVATE_CONTENT=False)

    assert payload["errors"] == []
    assert {one["purpose"]: one["state"] for one in payload["consents"]} == await states(server, ada)
    assert (await states(server, ada))["MARKETING_EMAIL"] == "GRANTED"
    assert (await states(server, ada))["TRAINING_ON_PRIVATE_CONTENT"] == "WITHDRAWN"
    assert set((await states(server, eve)).values()) == {"NEVER_ASKED"}
    log = (await server.data(LOG, None, ada))["viewer"]["auditEntries"]["nodes"]
    assert [(one["action"], one["actor"], one["note"]) for one in log[:2]] == [
        ("CONSENT_WITHDRAWN", "PERSON", "TRAINING_ON_PRIVATE_CONTENT"),
        ("CONSENT_GIVEN", "PERSON", "MARKETING_EMAIL"),
    ]
    assert log[0]["network"] == "127.0.0.0/24"


async def test_the_history_comes_in_pages(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    await decide(server, ada, MARKETING_EMAIL=True, ANALYTICS_COOKIES=False)
    await decide(server, ada, MARKETING_EMAIL=False)

    first = (await server.data(RECORDS, None, ada))["viewer"]["consentRecords"]
    after = {"after": first["pageInfo"]["endCursor"]}
    second = (await server.data(RECORDS, after, ada))["viewer"]["consentRecords"]

    shown = [(one["purpose"], one["granted"], one["method"]) for one in [*first["nodes"], *second["nodes"]]]
    assert shown == [
        ("MARKETING_EMAIL", False, "API"),
        ("ANALYTICS_COOKIES", False, "API"),
        ("MARKETING_EMAIL", True, "API"),
    ]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_a_yes_needs_the_policy_in_force_and_a_no_does_not(server: RunningServer) -> None:
    ada = await server.sign_up("ada")

    refused = await decide(server, ada, "1999-01-01", MARKETING_EMAIL=True)
    accepted = await decide(server, ada, "1999-01-01", MARKETING_EMAIL=False)

    assert refused["consents"] is None
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [("CONFLICT", ["policyVersion"])]
    assert POLICY_VERSION in refused["errors"][0]["message"]
    assert accepted["errors"] == []


async def test_nothing_or_the_same_twice_is_refused(server: RunningServer) -> None:
    ada = await server.sign_up("ada")

    assert [(e["code"], e["path"]) for e in (await decide(server, ada))["errors"]] == [("INVALID_INPUT", ["decisions"])]


async def test_a_receipt_verifies_and_every_character_of_it_counts(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    [receipt] = [
        one["receipt"] for one in (await decide(server, ada, MARKETING_EMAIL=True))["consents"] if one["receipt"]
    ]

    found = (await server.data(VERIFY, {"receipt": receipt}))["verifyReceipt"]

    assert (found["valid"], found["reason"]) == (True, None)
    assert json.loads(found["content"])["pii_processing"][0]["purposes"][0]["purpose"] == "MARKETING_EMAIL"
    header = json.loads(base64.urlsafe_b64decode(receipt.split(".")[0] + "=="))
    assert header["typ"] == "consent-receipt+jwt"
    for place in (0, len(receipt) // 2, len(receipt) - 1):
        other = "A" if receipt[place] != "A" else "B"
        changed = receipt[:place] + other + receipt[place + 1 :]
        answer = (await server.data(VERIFY, {"receipt": changed}))["verifyReceipt"]
        assert (answer["valid"], answer["content"]) == (False, None), place


@pytest.mark.parametrize("receipt", ["", "a.b.c", "é.é.é", "a" * (MAX_LENGTH + 1)])
async def test_what_is_no_receipt_is_not_valid(server: RunningServer, receipt: str) -> None:
    answer = (await server.data(VERIFY, {"receipt": receipt}))["verifyReceipt"]

    assert answer["valid"] is False
    assert answer["reason"]


async def test_something_else_that_we_signed_is_no_receipt(server: RunningServer) -> None:
    metadata = (await server.client.get("/.well-known/oauth-authorization-server")).json()

    answer = (await server.data(VERIFY, {"receipt": metadata["signed_metadata"]}))["verifyReceipt"]

    assert (answer["valid"], answer["reason"]) == (False, "This is signed with these keys, but is no receipt.")


async def test_an_acknowledgement_is_an_explicit_yes_and_its_withdrawal_deletes_the_faces(
    server: RunningServer,
) -> None:
    sender = Sender(server, await server.sign_up("ada"))
    other = Sender(server, await server.sign_up("eve"))
    plain = await sender.reference(saved(painted()))
    await sender.reference(drawn_face(), "OWN_FACE", saved=True)
    await other.reference(drawn_face(), "OWN_FACE", saved=True)
    assert (await states(server, sender.token))["FACE_REFERENCE_IMAGES"] == "GRANTED"
    [record, _] = (await server.data(RECORDS, None, sender.token))["viewer"]["consentRecords"]["nodes"] + [None]
    assert record["method"] == "ACKNOWLEDGEMENT"
    objects = len(await fetch("SELECT 1 FROM pictures"))

    await decide(server, sender.token, FACE_REFERENCE_IMAGES=False)

    query = "{ viewer { referenceImages { nodes { id } } } }"
    left = (await server.data(query, None, sender.token))["viewer"]["referenceImages"]["nodes"]
    assert [one["id"] for one in left] == [plain]
    assert len((await server.data(query, None, other.token))["viewer"]["referenceImages"]["nodes"]) == 1
    await server.queue.settle()
    assert len(await fetch("SELECT 1 FROM pictures")) == objects - 1, "its bytes and its row are gone"
    assert len(await fetch("SELECT 1 FROM face_acknowledgements")) == 2


async def test_a_yes_by_itself_lets_no_face_in(server: RunningServer) -> None:
    """Each picture is acknowledged, whatever was said before."""
    sender = Sender(server, await server.sign_up("ada"))
    await decide(server, sender.token, FACE_REFERENCE_IMAGES=True)

    payload = await sender.add(await sender.sent(drawn_face()))

    assert [error["code"] for error in payload["errors"]] == ["CONSENT_REQUIRED"]


async def test_objections_are_made_and_taken_back(server: RunningServer) -> None:
    ada = await server.sign_up("ada")

    async def send(*said: tuple[str, bool]) -> Json:
        objections = [{"activity": activity, "objected": objected} for activity, objected in said]
        variables = {"input": {"objections": objections, "idempotencyKey": str(uuid.uuid4())}}
        payload: Json = (await server.data(OBJECT, variables, ada))["setObjections"]
        return payload

    made = await send(("MODEL_TRAINING", True))
    await send(("MODEL_TRAINING", True))
    back = await send(("MODEL_TRAINING", False), ("ANALYTICS", True))

    assert [(one["activity"], one["objected"]) for one in made["objections"]] == [
        ("ANALYTICS", False),
        ("MODEL_TRAINING", True),
    ]
    query = "{ viewer { objections { activity objected decidedAt } } }"
    assert (await server.data(query, None, ada))["viewer"]["objections"] == back["objections"]
    assert [one["objected"] for one in back["objections"]] == [True, False]
    assert (await send())["errors"] == [{"code": "INVALID_INPUT", "path": ["objections"]}]
    log = (await server.data(LOG, None, ada))["viewer"]["auditEntries"]["nodes"]
    assert [one["action"] for one in log] == ["OBJECTED", "OBJECTION_TAKEN_BACK", "OBJECTED", "SIGNED_UP"]
