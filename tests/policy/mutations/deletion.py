"""Mutations of the clauses on time limits and deletion."""

from app.core.retention import RETENTION_RULES
from app.privacy.rights.base import DONE
from app.registries import SWEEPS
from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import always_later, nothing_later

DELETION = (
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
    Mutation(
        "P15.2",
        "app.accounts.erasing:lock_out",
        nothing_later,
        "tests/privacy/test_account_erasure.py::test_an_account_is_locked_at_once_and_given_back_whole",
    ),
    Mutation(
        "P15.2",
        "app.privacy.kept:kept",
        always_later([]),
        "tests/privacy/test_account_erasure.py::test_nothing_is_left_and_the_receipt_says_what_went",
    ),
    Mutation(
        "P15.2",
        "app.processors.deletion:Recall.tell",
        nothing_later,
        "tests/processors/test_deletion.py::test_who_deletes_it_holds_nothing_and_is_told_once",
    ),
    Mutation(
        "P15.2",
        "app.privacy.residue:residue",
        always_later({}),
        "tests/privacy/test_erasure_requests.py::test_only_a_clean_look_gives_a_receipt",
    ),
    Mutation(
        "P15.2",
        "app.privacy.leaving:_wait",
        always_later(DONE),
        "tests/privacy/test_erasure_requests.py::test_who_may_keep_it_for_a_month_is_waited_for_and_then_it_is_done",
    ),
    Mutation(
        "P15.3",
        "app.journal.standing:check_standing",
        nothing_later,
        "tests/journal/test_journal.py::test_a_database_that_is_behind_is_told_so_and_writes_nothing",
    ),
    Mutation(
        "P15.3",
        "app.journal.service:record",
        nothing_later,
        "tests/journal/test_journal.py::test_what_is_decided_is_in_the_journal_at_once_and_leaves_the_database",
    ),
    Mutation(
        "P15.3",
        "app.consents.anew:consent_anew",
        nothing_later,
        "tests/privacy/test_restore.py::test_a_restored_backup_serves_nothing_before_it_knows_what_was_decided_since",
    ),
)
