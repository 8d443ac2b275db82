"""Mutations of the clauses on the texts and where to write."""

from uuid import uuid4

from app.policy.clauses import CLAUSES
from app.web.requests import HEADERS
from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import always, always_later, nothing_later, routes_with_another_contact

DOCUMENTS = (
    Mutation(
        "P01.1",
        "app.policy.ledger:faults",
        always([]),
        "tests/policy/test_ledger.py::test_an_edited_a_new_and_a_vanished_text_are_named",
    ),
    Mutation(
        "P01.1",
        "app.policy.beginning:begin",
        nothing_later,
        "tests/policy/test_beginning.py::test_a_new_installation_has_the_latest_texts_for_good",
    ),
    Mutation(
        "P01.2",
        "app.policy.clauses:CLAUSES",
        CLAUSES[1:],
        "tests/policy/test_clauses.py::test_every_sentence_belongs_to_a_clause",
    ),
    Mutation(
        "P24",
        "app.web.requests:HEADERS",
        HEADERS[1:],
        "tests/web/test_headers.py::test_every_page_of_ours_is_strict",
    ),
    Mutation(
        "P25.1",
        "app.outreach.announcing:announce",
        nothing_later,
        "tests/outreach/test_announcing.py::test_the_mail_says_what_changes_and_what_is_asked_again",
    ),
    Mutation(
        "P25.2",
        "app.policy.queries:asked_again",
        always_later({}),
        "tests/policy/test_queries.py::test_a_purpose_is_asked_again_since_the_last_version_that_says_so",
    ),
    Mutation(
        "P26.1",
        "app.web.wellknown:wellknown_routes",
        routes_with_another_contact,
        "tests/web/test_headers.py::test_whoever_finds_a_hole_is_told_whom_to_tell",
    ),
    Mutation(
        "P26.2",
        "app.support.service:contact_from",
        nothing_later,
        "tests/support/test_page.py::test_whoever_may_not_sign_in_objects_on_the_page",
    ),
    Mutation(
        "P26.2",
        "app.support.service:contact",
        always_later(uuid4()),
        "tests/support/test_api.py::test_a_person_writes_is_answered_and_goes_on",
    ),
    Mutation(
        "P26.2",
        "app.support.arriving:arrive",
        nothing_later,
        "tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",
    ),
    Mutation(
        "P26.2",
        "app.core.sweeps:Sweep.end",
        always_later(0),
        "tests/support/test_mail.py::test_what_was_written_goes_a_year_after_the_last_message_or_when_it_is_asked",
    ),
)
