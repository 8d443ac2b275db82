"""The clause register covers what is published, and everything that it names exists."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from app.core.personal_data import Activity, Basis
from app.policy.activities import PROCESSING_ACTIVITIES, Source
from app.policy.clause import Clause, in_order
from app.policy.clauses import CLAUSES
from app.policy.evidence import missing_code
from app.policy.texts import DocumentKind, shipped
from tests.architecture.checks.evidence import unfounded

VERSIONS = [list(document.sentences()) for document in shipped(DocumentKind.PRIVACY)]
PUBLISHED = list(dict.fromkeys(sentence for version in VERSIONS for sentence in version))
"""What any version says: an installation is bound by the one that is in force there."""
LATEST = VERSIONS[-1]
CLAUSE = Clause("P01", "A", "Nothing.", "So.", Source.TEXT, ("We do it.",), ("app.policy.clause:Clause",), ("t::test",))


def uncovered(sentences: Iterable[str], clauses: Sequence[Clause]) -> list[str]:
    """Name the sentences that no clause keeps, and those of clauses that are not published."""
    kept = [sentence for clause in clauses for sentence in clause.sentences]
    published = list(sentences)
    return [
        *(f"nothing keeps: {sentence}" for sentence in published if sentence not in kept),
        *(f"not published: {sentence}" for sentence in kept if sentence not in published),
    ]


def test_every_sentence_belongs_to_a_clause() -> None:
    assert len(PUBLISHED) > 50
    assert uncovered(PUBLISHED, CLAUSES) == []


@pytest.mark.parametrize("clause", [clause for clause in CLAUSES if clause.sentences], ids=lambda clause: clause.id)
def test_a_clause_that_loses_a_sentence_leaves_it_uncovered(clause: Clause) -> None:
    for lost in clause.sentences:
        rest = tuple(sentence for sentence in clause.sentences if sentence != lost)
        others = [each for each in CLAUSES if each is not clause]
        left = [*others, replace(clause, sentences=rest)] if rest else others

        assert uncovered(PUBLISHED, left) == [f"nothing keeps: {lost}"]


def forgotten(latest: Sequence[str], clauses: Sequence[Clause]) -> list[str]:
    """Name the clauses that are kept, and of which the latest version says nothing."""
    return [clause.id for clause in clauses if clause.sentences and not set(clause.sentences) & set(latest)]


def test_the_latest_version_says_what_is_kept_and_says_nothing_twice() -> None:
    assert forgotten(LATEST, CLAUSES) == []
    assert forgotten([sentence for sentence in LATEST if "argon2id" not in sentence], CLAUSES) == ["P17.2"]
    assert [len(version) - len(set(version)) for version in VERSIONS] == [0] * len(VERSIONS)


def test_a_sentence_that_is_added_or_edited_is_named() -> None:
    assert uncovered([*PUBLISHED, "We also do this."], CLAUSES) == ["nothing keeps: We also do this."]
    edited = [sentence.replace("argon2id", "plain text") for sentence in PUBLISHED]
    assert [fault.partition(":")[0] for fault in uncovered(edited, CLAUSES)] == ["nothing keeps", "not published"]


def test_what_keeps_a_clause_and_what_shows_it_exist() -> None:
    assert [fault for clause in CLAUSES for fault in missing_code(clause)] == []
    assert unfounded(check for clause in CLAUSES for check in clause.checks) == []


def test_the_table_of_the_policy_is_the_register_of_activities() -> None:
    words = {
        Basis.CONTRACT: "Contract",
        Basis.LEGITIMATE_INTEREST: "Legitimate interest",
        Basis.LEGAL_OBLIGATION: "Legal obligation",
        Basis.CONSENT: "Consent",
    }
    going_on = [each for each in PROCESSING_ACTIVITIES.values() if not each.planned]

    assert [row for row in LATEST if row.startswith("| ")][1:] == [
        f"| {each.name} | {words[each.basis]} |" for each in going_on
    ]
    assert {each.activity for each in PROCESSING_ACTIVITIES.values()} == set(Activity)


@pytest.mark.parametrize("symbol", ["app.policy.clause:Promise", "app.horoscopes:cast", "app.policy.clause", ""])
def test_code_that_does_not_exist_is_named(symbol: str) -> None:
    assert missing_code(replace(CLAUSE, kept_by=(symbol,))) == [f"{symbol} does not exist"]
    assert missing_code(CLAUSE) == []


def test_all_twenty_six_clauses_stand_there() -> None:
    assert {clause.id.partition(".")[0] for clause in CLAUSES} == {f"P{number:02}" for number in range(1, 27)}


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Q1"},
        {"sentences": ()},
        {"kept_by": ()},
        {"checks": ()},
        {"planned": "Later."},
    ],
)
def test_a_promise_without_something_is_none(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"P01|Q1"):
        replace(CLAUSE, **change)  # type: ignore[arg-type]


def test_clauses_come_in_order_and_once() -> None:
    later = replace(CLAUSE, id="P01.10", sentences=("We do more.",))
    sooner = replace(CLAUSE, id="P01.2", sentences=("We do less.",))

    assert [clause.id for clause in in_order((later, CLAUSE), (sooner,))] == ["P01", "P01.2", "P01.10"]
    with pytest.raises(ValueError, match="clause of this name: P01"):
        in_order((CLAUSE,), (replace(CLAUSE, sentences=("We do more.",)),))
    with pytest.raises(ValueError, match=r"sentence of this name: We do it\."):
        in_order((CLAUSE,), (replace(CLAUSE, id="P02"),))
