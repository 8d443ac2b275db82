"""The record of processing activities says what the registers say, and a file of it does no harm."""

import csv
import io
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import pytest

from app.core.controller import Controller
from app.core.personal_data import Activity, Basis, Category, Column, Holder, Retention
from app.core.security_register import SECURITY_REGISTER, Measure
from app.policy.activities import PROCESSING_ACTIVITIES, People, ProcessingActivity, Source
from app.policy.record import Record, activity_records
from app.policy.record_files import BASES, CATEGORIES, as_csv, as_html
from app.registries import HOLDERS
from tests.cli.test_commands import anypeople

HOSTILE = '=HYPERLINK("https://evil.example","<script>alert(1)</script>")'


class Word(StrEnum):
    PROCESSOR = "PROCESSOR"
    OURSELVES = "OURSELVES"
    SCC = "SCC"


@dataclass(frozen=True)
class Recipient:
    """An entry of a register of processors."""

    name: str
    operator: str
    role: Word = Word.PROCESSOR
    activities: tuple[Activity, ...] = (Activity.IMAGE_GENERATION,)
    country: str = "US"
    transfer: Word = Word.SCC


CONTROLLER = Controller("AnyPeople Ltd", "1 Street", "help@anypeople.test", "https://anypeople.test", "IE", "")
DIARY = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.WEEK)
DIARIES = Holder("diaries", "author_id", {"author_id": DIARY, "face": replace(DIARY, category=Category.FACE)})
PAINTER = Recipient("painter", "Painter Inc.")


def record(controller: Controller = CONTROLLER, *recipients: Recipient) -> Record:
    return Record(controller, "", "dpo@anypeople.test", activity_records([DIARIES], recipients), SECURITY_REGISTER)


def table(text: str) -> dict[str, dict[str, str]]:
    return {row["Activity"]: row for row in csv.DictReader(io.StringIO(text))}


def test_every_activity_is_in_the_register_with_its_basis() -> None:
    assert PROCESSING_ACTIVITIES.keys() == set(Activity)
    text = [each for each in PROCESSING_ACTIVITIES.values() if each.source is Source.TEXT]
    assert len(text) == 8
    assert all(each.basis is Basis.CONSENT for each in PROCESSING_ACTIVITIES.values() if each not in text)
    assert BASES.keys() == set(Basis)
    assert CATEGORIES.keys() == set(Category)


def test_an_activity_that_goes_on_has_data_declared_for_it() -> None:
    records = {each.entry.activity: each for each in activity_records(HOLDERS, [])}

    assert [each.entry.name for each in records.values() if not (each.entry.planned or each.categories)] == []
    assert {each.entry.activity for each in records.values() if each.entry.planned} == {Activity.PAYMENT_PROCESSING}
    assert Category.FACE in records[Activity.FACE_REFERENCES].categories


@pytest.mark.parametrize(
    ("activity", "people", "interest"),
    [
        (Activity.ANALYTICS, (People.VISITORS,), None),
        (Activity.MARKETING, (People.VISITORS,), "Selling more."),
        (Activity.MARKETING, (), None),
    ],
)
def test_an_entry_says_about_whom_and_names_an_interest_where_that_is_the_basis(
    activity: Activity, people: tuple[People, ...], interest: str | None
) -> None:
    with pytest.raises(ValueError, match=activity.value):
        ProcessingActivity(activity, "A name", "A purpose", people, Source.TEXT, interest)


def test_a_row_says_what_the_law_asks() -> None:
    ours = replace(PAINTER, name="machine", operator="ourselves", role=Word.OURSELVES)
    others = replace(PAINTER, name="carrier", operator="Carrier Ltd", activities=(Activity.ACCOUNT_MANAGEMENT,))

    row = table(as_csv(record(CONTROLLER, PAINTER, ours, others)))["AI image generation"]

    assert row["Categories of data"] == "what somebody wrote, sent or had made; faces on pictures that were sent"
    assert row["Categories of people"].startswith("people who have an account")
    assert (row["Recipients"], row["Transfers"]) == ("Painter Inc. (painter)", "Painter Inc.: US, SCC")
    assert row["Time limits for erasure"] == "7 days after it ended"
    assert row["Legal basis"] == "Performance of a contract, Art. 6(1)(b) GDPR"
    assert (row["Controller"], row["Contact"]) == ("AnyPeople Ltd", "help@anypeople.test")
    assert (row["Where data is stored"], row["Representative in the Union"]) == ("not configured", "not configured")
    assert row["Data protection officer"] == "dpo@anypeople.test"
    assert "sealed audit log" in row["Security measures"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(first: str) -> None:
    hostile = replace(PAINTER, operator=f"{first}1+1")

    rows = csv.reader(io.StringIO(as_csv(record(replace(CONTROLLER, name=f"{first}1+1"), hostile)), newline=""))
    cells = [cell for row in rows for cell in row]

    assert f"'{first}1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_page_holds_no_script_whatever_the_settings_say() -> None:
    page = as_html(record(replace(CONTROLLER, name=HOSTILE, address=HOSTILE), replace(PAINTER, operator=HOSTILE)))

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src &#39;none&#39;" not in page
    assert "content=\"default-src 'none'" in page
    for measure in SECURITY_REGISTER:
        assert measure.name in page


def test_a_measure_without_a_check_is_no_measure() -> None:
    with pytest.raises(ValueError, match="a promise"):
        Measure("a", "We do it.", ())


def test_the_operator_exports_it(tmp_path: Path) -> None:
    settings = {
        "ANYPEOPLE_CONTROLLER_NAME": "AnyPeople Ltd",
        "ANYPEOPLE_DATA_PROTECTION_OFFICER": "Ada, dpo@anypeople.test",
        "ANYPEOPLE_SMTP_URL": "smtps://mail.anypeople.test",
        "ANYPEOPLE_SMTP_OPERATOR": "Carrier Ltd",
        "ANYPEOPLE_SMTP_COUNTRY": "US",
        "ANYPEOPLE_SMTP_TRANSFER": "SCC",
        "ANYPEOPLE_SMTP_DPA": "DPA-1",
    }

    printed = anypeople(tmp_path, "register", "export", "--format", "csv", **settings)
    written = anypeople(tmp_path, "register", "export", "--out", "record.html", **settings)

    rows = table(printed.stdout)
    assert len(rows) == len(Activity)
    assert rows["Account management"]["Transfers"] == "Carrier Ltd: US, SCC"
    assert rows["Account management"]["Data protection officer"] == "Ada, dpo@anypeople.test"
    assert rows["Payment processing"]["State"].startswith("planned")
    assert (written.returncode, written.stdout) == (0, "Wrote record.html.\n")
    page = (tmp_path / "record.html").read_text()
    assert "<h2>Payment processing (planned)</h2>" in page
    assert "Carrier Ltd" in page
