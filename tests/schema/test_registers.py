"""What is held about people, why, for how long and what protects it: open to everybody, in the registry's own words."""

import pytest

from app.core.personal_data import Activity, Retention
from app.core.security_register import SECURITY_REGISTER
from app.registries import HOLDERS
from tests.fakes.server import RunningServer

DATA_MAP = """{ dataMap { holder medium column holds category activities { activity basis } retention exported withheld
  onErasure keptBecause keptUntil } }"""
ACTIVITIES = """{ processingActivities { activity name purpose basis interest source people categories recipients
  retention planned } }"""
SCHEDULE = "{ retentionSchedule { retention seconds begins setting enforcedBy holders } }"


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service that has its mail carried by somebody."""
    carrier = {"URL": "smtps://mail.test", "OPERATOR": "Carrier", "COUNTRY": "US", "TRANSFER": "SCC", "DPA": "1"}
    for name, value in carrier.items():
        monkeypatch.setenv(f"ANYPEOPLE_SMTP_{name}", value)
    return environment


async def test_the_data_map_has_every_column_and_every_store(server: RunningServer) -> None:
    answer = await server.execute(DATA_MAP)
    parts = {(part["holder"], part["column"]): part for part in answer["data"]["dataMap"]}

    assert parts.keys() == {(holder.name, name) for holder in HOLDERS for name in holder.columns}
    assert parts["users", "email"] == {
        "holder": "users",
        "medium": "TABLE",
        "column": "email",
        "holds": None,
        "category": "CONTACT",
        "activities": [
            {"activity": "ACCOUNT_MANAGEMENT", "basis": "CONTRACT"},
            {"activity": "FRAUD_PREVENTION", "basis": "LEGITIMATE_INTEREST"},
            {"activity": "LEGAL_COMPLIANCE", "basis": "LEGAL_OBLIGATION"},
            {"activity": "MARKETING", "basis": "CONSENT"},
        ],
        "retention": "while the account exists",
        "exported": True,
        "withheld": None,
        "onErasure": "DELETE",
        "keptBecause": None,
        "keptUntil": None,
    }
    carriers, pictures = parts["carriers of mail", "content"], parts["objects of pictures", "content"]
    assert (carriers["medium"], carriers["onErasure"], carriers["exported"]) == ("PROCESSOR", "KEEP", False)
    assert carriers["keptUntil"] == "its receiver deletes it"
    assert carriers["withheld"].startswith("It is not with us")
    assert (pictures["medium"], pictures["exported"], pictures["onErasure"]) == ("OBJECT_STORE", True, "DELETE")
    assert parts["users", "password_hash"]["withheld"].startswith("It opens the account")
    assert parts["jobs", "payload"]["activities"] == []
    assert answer["extensions"]["cost"]["requested"] < 100, "it is part of the program: no statement is sent"


async def test_activities_say_what_for_on_which_basis_and_who_else_gets_it(server: RunningServer) -> None:
    rows = (await server.data(ACTIVITIES))["processingActivities"]
    found = {row["activity"]: row for row in rows}

    assert list(found) == [activity.value for activity in Activity]
    assert [row["source"] for row in rows].count("TEXT") == 8
    assert found["MARKETING"]["basis"] == "CONSENT"
    assert (found["PAYMENT_PROCESSING"]["planned"], found["PAYMENT_PROCESSING"]["categories"]) == (True, [])
    generation = found["IMAGE_GENERATION"]
    assert (generation["planned"], generation["basis"], generation["interest"]) == (False, "CONTRACT", None)
    assert "CONTENT" in generation["categories"]
    assert Retention.OBJECT.value in generation["retention"]
    assert found["FRAUD_PREVENTION"]["interest"]
    assert found["ACCOUNT_MANAGEMENT"]["recipients"] == ["smtp"]
    assert generation["recipients"] == []


async def test_the_schedule_says_what_ends_it_and_what_nothing_ends_yet(server: RunningServer) -> None:
    rows = {row["retention"]: row for row in (await server.data(SCHEDULE))["retentionSchedule"]}

    week, account = rows[Retention.WEEK.value], rows[Retention.ACCOUNT.value]
    assert (week["seconds"], week["holders"]) == (
        7 * 24 * 3600,
        ["mails", "campaign_recipients", "privacy_archives", "archives of exports"],
    )
    assert "app.mail.retention:SWEEPS" in week["enforcedBy"]
    assert (account["seconds"], rows[Retention.PROCESSOR.value]["enforcedBy"]) == (None, [])
    assert "users" in account["holders"]
    assert rows.keys() == set(Retention) - {Retention.NOT_PERSONAL}


async def test_measures_name_the_tests_that_show_them(server: RunningServer) -> None:
    measures = (await server.data("{ securityMeasures { name statement checks } }"))["securityMeasures"]

    assert measures == [
        {"name": each.name, "statement": each.statement, "checks": list(each.checks)} for each in SECURITY_REGISTER
    ]
