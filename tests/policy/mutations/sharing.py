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
        "P19",
        "app.processors.register:Processor.__post_init__",
        nothing,
        "tests/processors/test_register.py::test_what_is_incomplete_cannot_be_declared",
    ),
)
