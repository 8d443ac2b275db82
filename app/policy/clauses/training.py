"""P08: what models are trained on."""

from app.policy.activities import Source
from app.policy.clause import Clause

TRAINING = (
    Clause(
        id="P08.1",
        title="What models may be trained on",
        given="Content, public and private, may train models; the legal basis table names public content only.",
        interpretation="The safe reading: public content unless its owner objects; private content only with consent; never references.",
        source=Source.DECISION,
        sentences=(
            "Models may be trained on pictures that you published, unless you object, and on your private pictures only if you agreed to it.",
            "They are never trained on your reference images, on pictures that were made by one, or on anything of an account that is suspended, restricted or without a confirmed address.",
        ),
        kept_by=(
            "app.training.eligibility:eligibility",
            "app.training.building:build",
            "app.consents.enforcement:PurposeLimitation",
        ),
        checks=(
            "tests/training/test_building.py::test_exactly_what_may_be_used_is_in_it",
            "tests/training/test_building.py::test_a_consent_that_has_to_be_asked_again_is_none",
            "tests/training/test_building.py::test_who_says_no_while_it_is_built_is_not_in_it",
            "tests/training/test_api.py::test_nothing_of_what_is_made_by_a_reference_is_eligible",
            "tests/training/test_api.py::test_what_is_said_decides_what_may_be_trained_on",
        ),
    ),
    Clause(
        id="P08.2",
        title="A record of each decision",
        given="Nothing.",
        interpretation="A manifest on the alias, signed, whose decisions can be replayed from the records of then.",
        source=Source.DECISION,
        sentences=(
            "What goes into a data set is decided picture by picture when it is built, and kept with the reason, the version of this policy, the time and a number that stands for you.",
            "A data set names where each picture is, its size and its hash; it holds no copy of the picture and nothing of its prompt.",
        ),
        kept_by=(
            "app.training.models:TrainingItem",
            "app.training.manifest:mac",
            "app.training.verification:verify",
        ),
        checks=(
            "tests/training/test_verification.py::test_every_decision_about_5000_items_is_replayed_and_one_no_changes_exactly_its_own",
            "tests/training/test_verification.py::test_an_item_that_was_changed_is_named",
            "tests/training/test_verification.py::test_an_item_that_was_added_or_removed_shows",
            "tests/training/test_verification.py::test_a_decision_that_the_records_of_then_forbid_is_wrong",
            "tests/training/test_building.py::test_exactly_what_may_be_used_is_in_it",
            "tests/training/test_export.py::test_only_what_may_still_be_used_is_handed_out_and_no_change_passes",
        ),
    ),
    Clause(
        id="P08.3",
        title="A no marks what was taken",
        given="Nothing.",
        interpretation="In the transaction that records it; a mark is never taken back.",
        source=Source.DECISION,
        sentences=(
            "When you object, withdraw your consent, delete a picture or make it private, it is marked at once in every data set that has it, and no manifest that is made from then on names it.",
            "What a model has learnt by then is not undone, and a mark stays when you change your mind again: data sets that are built later follow what you say then.",
        ),
        kept_by=(
            "app.training.marking:mark_objected",
            "app.training.marking:mark_withdrawn",
            "app.training.marking:mark_private",
            "app.training.marking:mark_deleted",
            "app.training.export:export",
        ),
        checks=(
            "tests/training/test_api.py::test_a_no_marks_what_holds_the_pictures_before_the_answer_comes",
            "tests/training/test_verification.py::test_every_decision_about_5000_items_is_replayed_and_one_no_changes_exactly_its_own",
            "tests/training/test_verification.py::test_what_changed_since_is_told_apart_from_what_was_wrong",
            "tests/training/test_export.py::test_only_what_may_still_be_used_is_handed_out_and_no_change_passes",
        ),
    ),
    Clause(
        id="P08.4",
        title="People see it",
        given="Nothing.",
        interpretation="Of each generation, with the reason and what to do about it.",
        source=Source.DECISION,
        sentences=(
            "You see for each of your requests whether its pictures may be used, why, and which data sets hold them.",
        ),
        kept_by=(
            "app.training.queries:eligibilities",
            "app.training.queries:data_sets_of",
        ),
        checks=("tests/training/test_api.py::test_the_person_is_told_in_words_and_sees_their_own_data_sets_only",),
    ),
)
