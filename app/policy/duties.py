"""What the law asks, article by article, and the clauses of the policy that answer it.

The clauses name code and tests, so nothing is said twice here. `docs/regulator.md` is made of this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.policy.clause import Clause
from app.policy.clauses import CLAUSES

ROOT = Path(__file__).parents[2]
GDPR = "General Data Protection Regulation (EU) 2016/679"
CCPA = "California Consumer Privacy Act, Civil Code § 1798.100 ff., and its regulations, 11 CCR § 7000 ff."


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that a law asks of whoever runs the service."""

    law: str
    place: str
    """Articles or sections."""
    title: str
    clauses: tuple[str, ...] = ()
    """By their ids."""
    kept_by: tuple[str, ...] = ()
    """`module:name` of what answers it and belongs to no clause."""
    checks: tuple[str, ...] = ()
    """Tests (`file::name`) of that."""

    def __post_init__(self) -> None:
        if not (self.clauses or (self.kept_by and self.checks)):
            raise ValueError(f"{self.place}: a duty is answered by clauses, or by code and tests")


DUTIES: Sequence[Duty] = (
    Duty(GDPR, "Art. 7", "Consent is shown, and withdrawn as easily as given", ("P07.3", "P16", "P20.5", "P25.2")),
    Duty(GDPR, "Art. 12", "Answers in plain words, in time, to whom it is", ("P20.7", "P20.8", "P20.9", "P22")),
    Duty(GDPR, "Art. 13, 14", "Information when data is collected", ("P01.1", "P01.2", "P11.1", "P21.1", "P26.1")),
    Duty(GDPR, "Art. 15", "Access", ("P20.1", "P12.2", "P13")),
    Duty(GDPR, "Art. 16", "Rectification", ("P20.3",)),
    Duty(GDPR, "Art. 17", "Erasure", ("P15.1", "P15.2", "P15.3", "P14.2", "P23.2")),
    Duty(GDPR, "Art. 18", "Restriction", ("P20.4", "P07.5")),
    Duty(GDPR, "Art. 19", "Whoever got the data is told", ("P15.2", "P12.2")),
    Duty(GDPR, "Art. 20", "Portability", ("P20.2",)),
    Duty(GDPR, "Art. 21", "Objection", ("P20.5", "P07.4", "P09", "P21.3", "P08.3")),
    Duty(
        GDPR,
        "Art. 22",
        "No decision of weight by a program alone: whom an account is taken from, a member of staff decides",
        kept_by=("app.accounts.staff:suspend", "app.minors.service:flag"),
        checks=(
            "tests/accounts/test_staff.py::test_only_administrators_suspend_staff",
            "tests/schema/test_access.py::test_each_viewer_gets_what_is_meant_for_them_and_a_denial_changes_nothing",
        ),
    ),
    Duty(
        GDPR,
        "Art. 30",
        "Records of processing activities",
        ("P21.1", "P11.1", "P14.1"),
        ("app.policy.record:Record",),
        ("tests/policy/test_record.py::test_a_row_says_what_the_law_asks",),
    ),
    Duty(GDPR, "Art. 32", "Security of processing", ("P17.1", "P17.2", "P17.3", "P17.4", "P18")),
    Duty(GDPR, "Art. 44 to 49", "Transfers to other countries", ("P19",)),
    Duty(CCPA, "§ 1798.100", "Notice, and no longer than is needed", ("P01.1", "P14.1", "P14.2")),
    Duty(CCPA, "§ 1798.105", "Deletion, by whoever got the data too", ("P15.1", "P15.2", "P15.3")),
    Duty(CCPA, "§ 1798.106", "Correction", ("P20.3",)),
    Duty(CCPA, "§ 1798.110, .115", "To know what is collected and disclosed", ("P20.6", "P20.1", "P12.2")),
    Duty(CCPA, "§ 1798.120, .135", "No sale and no sharing; signals are honoured", ("P20.6", "P10", "P06.3")),
    Duty(CCPA, "§ 1798.121", "Limits on sensitive data", ("P20.6", "P05.1", "P12.1")),
    Duty(CCPA, "§ 1798.130, 11 CCR § 7020, 7021", "Ways to ask, and times to answer", ("P20.7", "P22")),
    Duty(CCPA, "§ 1798.130(a)(2), 11 CCR § 7060 ff.", "Making sure that it is them", ("P20.8",)),
)


def clauses_of(duty: Duty, clauses: Sequence[Clause] = CLAUSES) -> Sequence[Clause]:
    """Return the clauses that answer a duty. Raises LookupError for one that is not there, or is planned."""
    by_id = {clause.id: clause for clause in clauses}
    found = [by_id[id] for id in duty.clauses]
    if planned := [clause.id for clause in found if clause.planned is not None]:
        raise LookupError(f"{duty.place}: nothing keeps {planned[0]} yet")
    return found


def page(duties: Sequence[Duty] = DUTIES, clauses: Sequence[Clause] = CLAUSES) -> str:
    """Return the regulator's page, as Markdown. Raises LookupError as `clauses_of` does."""
    answers = {duty: clauses_of(duty, clauses) for duty in duties}
    named = {clause.id for found in answers.values() for clause in found}
    lines = [_HEAD]
    for law in dict.fromkeys(duty.law for duty in duties):
        lines += [f"\n## {law}\n", "| Place | Duty | Answered by |", "|---|---|---|"]
        lines += [_row(duty, found) for duty, found in answers.items() if duty.law == law]
    lines.append("\n## What keeps each clause, and what shows it")
    for clause in clauses:
        if clause.id in named:
            lines += [f'\n### <a id="{clause.id}"></a>{clause.id} {clause.title}\n', *_evidence(clause)]
    for duty in duties:
        if duty.kept_by:
            lines += [f'\n### <a id="{_anchor(duty)}"></a>{duty.place}, beside the policy\n', *_evidence(duty)]
    return "\n".join((*lines, ""))


_HEAD = """# From duties to code

For whoever has to check that this service keeps the law: each duty, the clauses of the privacy policy that answer it,
the code that keeps them, and the tests that fail where it does not. `anypeople policy check` says how the tests last
ended, and so does the bottom of `/privacy`; `anypeople register export` writes the record of processing activities.

Made by `make regulator`; edit `app/policy/duties.py` and the clauses, never this page. A test compares them."""


def _row(duty: Duty, clauses: Sequence[Clause]) -> str:
    links = [f"[{clause.id}](#{clause.id})" for clause in clauses]
    links += [f"[beside the policy](#{_anchor(duty)})"] if duty.kept_by else []
    return f"| {duty.place} | {duty.title} | {', '.join(links)} |"


def _anchor(duty: Duty) -> str:
    return "".join(letter for letter in duty.place if letter.isalnum())


def _evidence(answer: Clause | Duty) -> list[str]:
    return [
        *(f"- kept by [`{symbol}`](../{_file(symbol)})" for symbol in answer.kept_by),
        *(f"- shown by [`{check.partition('::')[2]}`](../{check.partition('::')[0]})" for check in answer.checks),
    ]


def _file(symbol: str) -> str:
    """Return where a symbol is, seen from the top folder; whether it is there the tests see."""
    path = symbol.partition(":")[0].replace(".", "/")
    return f"{path}/__init__.py" if (ROOT / path).is_dir() else f"{path}.py"
