"""Consent records: complete, unalterable, and of nobody once the alias leads nowhere."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from app.accounts.sessions import SignedIn
from app.consents.errors import DecidedTwice, OtherNotice, SubjectGone
from app.consents.office import ConsentOffice
from app.consents.purposes import EXPLANATIONS, Method
from app.consents.queries import Consent, ConsentState, consent_records, standing
from app.consents.records import RECEIPT_TYPE
from app.consents.service import Choice, Way, record_signal, set_consents
from app.core.clock import SystemClock
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch
from app.core.idempotency import IdempotencyMismatch
from tests.conftest import SignUp
from tests.fakes.consents import NEW, OLD, FakeNotices, consent_office

HEADER = {"schema_version", "record_id", "receipt_id", "pii_principal_id"}
PROCESSING = {
    "privacy_notice",
    "language",
    "purposes",
    "pii_information",
    "pii_controllers",
    "storage_locations",
    "retention_period",
    "jurisdiction",
    "recipient_third_parties",
    "withdrawal_method",
}
PARTY = {"party_id", "party_address", "party_name", "party_contact", "party_type"}
EVENT = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}
"""The mandatory fields of ISO/IEC TS 27560:2023, as the table "ISO 27560:2023, EU GDPR, and DPV" lists them in the
guide "Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV" of W3C's DPVCG
(w3id.org/dpv/guides/consent-27560)."""
BY_GDPR = {"lawful_basis", "collection_method", "processing_method", "privacy_rights", "party_role"}
"""Optional there, and wanted by Art. 13 GDPR, says the same table."""
API = Way(Method.API)
MARKETING, TRAINING = ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT
OFFICE = consent_office()


async def say(
    person: SignedIn, *choices: Choice, version: str = OLD.version, key: str = "", office: ConsentOffice = OFFICE
) -> None:
    await set_consents(
        person.viewer, choices, version, key=key or str(uuid4()), hash_key=b"h" * 32, office=office, way=API
    )


async def stands(person: SignedIn, purpose: ConsentPurpose, office: ConsentOffice = OFFICE) -> Consent:
    return (await standing(person.viewer, office.notices, SystemClock()))[purpose]


async def test_nobody_is_asked_by_signing_up(person: SignUp) -> None:
    ada = await person("ada")

    found = await standing(ada.viewer, OFFICE.notices, SystemClock())

    assert list(found) == list(ConsentPurpose)
    assert {consent.state for consent in found.values()} == {ConsentState.NEVER_ASKED}
    assert await consent_records(ada.viewer, first=10) == []


@pytest.mark.parametrize("purpose", ConsentPurpose)
async def test_a_record_has_every_mandatory_field(person: SignUp, purpose: ConsentPurpose) -> None:
    ada = await person("ada")

    await say(ada, Choice(purpose, True))

    [entry] = await consent_records(ada.viewer, first=10)
    record = OFFICE.signer.verify(entry.receipt, RECEIPT_TYPE)
    [processing], [party], [event] = record["pii_processing"], record["party_identification"], record["events"]
    named = {**processing, **processing["purposes"][0], **party}
    assert record.keys() >= HEADER
    assert processing.keys() >= PROCESSING
    assert named.keys() >= BY_GDPR
    assert party.keys() >= PARTY
    assert event.keys() >= EVENT
    assert all(kind["pii_type"] for kind in processing["pii_information"])
    empty = {name for part in (record, processing, party, event) for name, value in part.items() if not value}
    assert empty <= {"recipient_third_parties"}, "an empty list says: nobody"
    assert (event["event_type"], event["event_state"]) == ("expressed-explicit", "given")
    assert (processing["privacy_notice_version"], processing["privacy_notice_sha256"]) == (OLD.version, OLD.sha256)
    assert processing["purposes"][0]["purpose_description"] == EXPLANATIONS[purpose].meaning


async def test_a_record_names_the_person_by_their_alias_only(person: SignUp) -> None:
    ada = await person("ada")
    await say(ada, Choice(MARKETING, True))

    [row] = await fetch(
        "SELECT c.*, a.id AS alias FROM consent_records c JOIN subject_aliases a ON a.id = c.principal_id"
    )
    record = OFFICE.signer.verify(row["receipt"], RECEIPT_TYPE)
    assert record["pii_principal_id"] == record["events"][0]["entity_id"] == str(row["alias"])
    everything = f"{row} {record}"
    assert not [word for word in (str(ada.viewer.user_id), "ada@", "Ada") if word in everything]


async def test_yes_and_no_to_several_purposes_are_one_call(person: SignUp) -> None:
    ada = await person("ada")

    await say(ada, Choice(MARKETING, True), Choice(TRAINING, False))

    assert (await stands(ada, MARKETING)).permits
    refused = await stands(ada, TRAINING)
    assert (refused.state, refused.permits) == (ConsentState.WITHDRAWN, False)
    states = [
        OFFICE.signer.verify(entry.receipt, RECEIPT_TYPE)["events"][0]["event_state"]
        for entry in await consent_records(ada.viewer, first=10)
    ]
    assert sorted(states) == ["given", "refused"]


async def test_a_withdrawal_is_the_same_call_and_needs_no_version(person: SignUp) -> None:
    ada = await person("ada")
    await say(ada, Choice(MARKETING, True))

    await say(ada, Choice(MARKETING, False), version="never heard of")

    consent = await stands(ada, MARKETING)
    assert consent.state is ConsentState.WITHDRAWN
    assert consent.receipt is not None
    assert OFFICE.signer.verify(consent.receipt, RECEIPT_TYPE)["events"][0]["event_state"] == "withdrawn"
    with pytest.raises(OtherNotice):
        await say(ada, Choice(MARKETING, True), version="never heard of")


async def test_what_changes_nothing_adds_no_record(person: SignUp) -> None:
    ada, key = await person("ada"), str(uuid4())
    await say(ada, Choice(MARKETING, True), key=key)
    await say(ada, Choice(MARKETING, True), key=key)
    await say(ada, Choice(MARKETING, True))

    assert len(await consent_records(ada.viewer, first=10)) == 1
    with pytest.raises(IdempotencyMismatch):
        await say(ada, Choice(MARKETING, False), key=key)


@pytest.mark.parametrize("choices", [[], [Choice(MARKETING, True), Choice(MARKETING, False)]])
async def test_a_call_decides_each_purpose_once(person: SignUp, choices: list[Choice]) -> None:
    with pytest.raises(DecidedTwice):
        await say(await person("ada"), *choices)


async def test_a_purpose_that_is_asked_again_permits_nothing_until_it_is_granted_anew(person: SignUp) -> None:
    ada, notices = await person("ada"), FakeNotices()
    office = consent_office(notices)
    await say(ada, Choice(MARKETING, True), Choice(TRAINING, True), office=office)
    notices.notice, notices.again = NEW, {MARKETING: SystemClock().now()}

    asked, other = await stands(ada, MARKETING, office), await stands(ada, TRAINING, office)
    assert (asked.state, asked.must_be_asked_again, asked.permits) == (ConsentState.GRANTED, True, False)
    assert other.permits
    with pytest.raises(OtherNotice):
        await say(ada, Choice(MARKETING, True), version=OLD.version, office=office)
    await say(ada, Choice(MARKETING, True), version=NEW.version, office=office)

    again = await stands(ada, MARKETING, office)
    assert (again.permits, again.policy_version) == (True, NEW.version)
    hashes = await fetch(
        "SELECT notice_sha256 FROM consent_records WHERE purpose = 'MARKETING_EMAIL' ORDER BY sequence"
    )
    assert [row["notice_sha256"] for row in hashes] == [OLD.sha256, NEW.sha256]


async def test_a_version_of_tomorrow_asks_nothing_today(person: SignUp) -> None:
    ada, notices = await person("ada"), FakeNotices()
    office = consent_office(notices)
    await say(ada, Choice(MARKETING, True), office=office)
    notices.again = {MARKETING: SystemClock().now() + timedelta(days=1)}

    assert (await stands(ada, MARKETING, office)).permits


@pytest.mark.parametrize(
    "change",
    ["UPDATE {} SET sequence = 2", "TRUNCATE {} CASCADE"],
)
@pytest.mark.parametrize("table", ["consent_records", "objection_records"])
async def test_the_database_refuses_every_change(database: str, table: str, change: str) -> None:
    with pytest.raises((IntegrityError, OperationalError), match="append only"):
        await execute(change.format(table))


async def test_erasure_changes_no_record_and_leads_to_nobody(person: SignUp) -> None:
    ada = await person("ada")
    await say(ada, Choice(MARKETING, True))
    before = await fetch("SELECT * FROM consent_records")

    await execute("UPDATE subject_aliases SET user_id = NULL")

    assert await fetch("SELECT * FROM consent_records") == before
    assert await consent_records(ada.viewer, first=10) == []


async def test_decisions_at_once_take_turns(person: SignUp) -> None:
    ada = await person("ada")

    await asyncio.gather(*(say(ada, Choice(MARKETING, bool(number % 2))) for number in range(6)))

    rows = await fetch("SELECT sequence, granted FROM consent_records ORDER BY sequence")
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(one["granted"] != next_["granted"] for one, next_ in pairwise(rows))


async def test_a_signal_is_one_record_for_each_change(person: SignUp) -> None:
    ada = await person("ada")
    analytics = ConsentPurpose.ANALYTICS_COOKIES

    assert await record_signal(ada.viewer.user_id, OFFICE)
    assert not await record_signal(ada.viewer.user_id, OFFICE)
    await say(ada, Choice(analytics, True))
    assert (await stands(ada, analytics)).permits
    assert await record_signal(ada.viewer.user_id, OFFICE)

    entries = await consent_records(ada.viewer, first=10)
    assert [(entry.granted, entry.method) for entry in entries] == [
        (False, Method.GLOBAL_PRIVACY_CONTROL),
        (True, Method.API),
        (False, Method.GLOBAL_PRIVACY_CONTROL),
    ]
    record = OFFICE.signer.verify(entries[0].receipt, RECEIPT_TYPE)
    assert record["pii_processing"][0]["collection_method"] == "Global Privacy Control signal"


async def test_who_is_gone_decides_nothing(person: SignUp) -> None:
    ada = await person("ada")
    await execute("DELETE FROM sessions")
    await execute("UPDATE subject_aliases SET user_id = NULL")
    await execute("DELETE FROM users")

    with pytest.raises(SubjectGone):
        await record_signal(ada.viewer.user_id, OFFICE)
