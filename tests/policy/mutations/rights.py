"""Mutations of the clauses on time limits and rights."""

from app.core.retention import RETENTION_RULES
from app.registries import SWEEPS
from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import always_later, nothing_later

RIGHTS = (
    Mutation(
        "P14.1",
        "app.core.retention:RETENTION_RULES",
        dict(list(RETENTION_RULES.items())[1:]),
        "tests/architecture/test_personal_data.py::test_every_retention_has_a_rule_and_every_enforcer_exists",
    ),
    Mutation(
        "P14.2",
        "app.registries:SWEEPS",
        {name: sweep for name, sweep in SWEEPS.items() if name != "mails"},
        "tests/architecture/test_sweeps.py::test_whatever_time_should_end_has_a_sweep",
    ),
    Mutation(
        "P14.2",
        "app.core.sweeps:Sweep.end",
        always_later(0),
        "tests/retention/test_sweeper.py::test_an_account_goes_when_nobody_can_get_in_any_more",
    ),
    Mutation(
        "P14.2",
        "app.audit.truncation:truncate",
        always_later(0),
        "tests/retention/test_sweeper.py::test_two_sweeps_at_once_end_each_row_once",
    ),
    Mutation(
        "P14.2",
        "app.retention.service:Sweeper._look_back",
        nothing_later,
        "tests/retention/test_sweeper.py::test_what_cannot_be_ended_is_an_alarm_and_keeps_nothing_else",
    ),
    Mutation(
        "P15.1",
        "app.media.service:delete_pictures",
        nothing_later,
        "tests/generation/test_endings.py::test_deleting_takes_everything_with_it",
    ),
)
