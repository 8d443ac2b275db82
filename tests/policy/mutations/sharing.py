"""Mutations of the clauses on who else gets something."""

from uuid import uuid4

from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import always, always_later, nothing, nothing_later, report_of_everything

SHARING = (
    Mutation(
        "P11.1",
        "app.processors.service:_objection",
        always(None),
        "tests/processors/test_gate.py::test_what_is_not_declared_is_refused_and_on_record",
    ),
    Mutation(
        "P11.3",
        "app.support.threads:add",
        nothing_later,
        "tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",
    ),
    Mutation(
        "P11.3",
        "app.processors.records:write",
        always_later(uuid4()),
        "tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",
    ),
    Mutation(
        "P11.4",
        "app.analytics.provider:_report",
        report_of_everything,
        "tests/analytics/test_provider.py::test_finished_days_are_sent_once_and_hold_nothing_small",
    ),
    Mutation(
        "P12.1",
        "app.processors.register:Processor.proves_retention",
        property(always(True)),
        "tests/processors/test_wire.py::test_a_face_without_proof_leaves_no_byte_and_a_row",
    ),
    Mutation(
        "P12.2",
        "app.processors.records:write",
        always_later(uuid4()),
        "tests/processors/test_gate.py::test_the_row_is_there_before_the_bytes_and_its_outcome_after",
    ),
    Mutation(
        "P13",
        "app.legal_disclosures.service:_tell",
        nothing_later,
        "tests/legal_disclosures/test_legal_disclosures.py::test_the_person_is_told_at_once_and_sees_it_for_good",
    ),
    Mutation(
        "P13",
        "app.legal_disclosures.service:end_bars",
        always_later(0),
        "tests/legal_disclosures/test_legal_disclosures.py::test_what_is_barred_shows_nowhere_until_the_bar_ends",
    ),
    Mutation(
        "P13",
        "app.legal_disclosures.records:Handover.checked",
        lambda handover, _now: handover,
        "tests/legal_disclosures/test_legal_disclosures.py::test_what_cannot_be_so_is_named_and_nothing_is_kept",
    ),
    Mutation(
        "P19",
        "app.processors.register:Processor.__post_init__",
        nothing,
        "tests/processors/test_register.py::test_what_is_incomplete_cannot_be_declared",
    ),
)
