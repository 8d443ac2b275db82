"""Mutations of the clauses on the training of models."""

from app.generation.wishes import Visibility
from app.training.eligibility import Eligibility
from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import (
    always,
    always_later,
    nothing_later,
)

TRAINING = (
    Mutation(
        "P08.1",
        "app.training.eligibility:eligibility",
        always(Eligibility(Visibility.PUBLIC, ())),
        "tests/training/test_building.py::test_exactly_what_may_be_used_is_in_it",
    ),
    Mutation(
        "P08.2",
        "app.training.manifest:mac",
        always(""),
        "tests/training/test_verification.py::test_an_item_that_was_changed_is_named",
    ),
    Mutation(
        "P08.2",
        "app.training.verification:_undue",
        always_later([]),
        "tests/training/test_verification.py::test_a_decision_that_the_records_of_then_forbid_is_wrong",
    ),
    Mutation(
        "P08.3",
        "app.training.marking:_mark",
        nothing_later,
        "tests/training/test_api.py::test_a_no_marks_what_holds_the_pictures_before_the_answer_comes",
    ),
    Mutation(
        "P08.3",
        "app.training.export:standing",
        always(None),
        "tests/training/test_export.py::test_only_what_may_still_be_used_is_handed_out_and_no_change_passes",
    ),
    Mutation(
        "P08.4",
        "app.training.queries:data_sets_of",
        always_later([[], []]),
        "tests/training/test_api.py::test_the_person_is_told_in_words_and_sees_their_own_data_sets_only",
    ),
)
