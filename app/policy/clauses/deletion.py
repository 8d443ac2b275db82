"""P14 and P15: how long data is kept, and how it is deleted."""

from app.policy.activities import Source
from app.policy.clause import Clause

DELETION = (
    Clause(
        id="P14.1",
        title="A time limit for everything",
        given="Kept as long as necessary; the list of purposes was lost.",
        interpretation="No column of personal data without a retention rule, and the rules are public.",
        source=Source.DECISION,
        sentences=("For every kind of data a public list says how long it is kept, and what ends that.",),
        kept_by=("app.core.retention:RETENTION_RULES",),
        checks=(
            "tests/architecture/test_personal_data.py::test_every_retention_has_a_rule_and_every_enforcer_exists",
            "tests/architecture/test_personal_data.py::test_the_registry_describes_the_database",
            "tests/architecture/test_stores.py::test_every_key_and_cookie_of_the_code_is_declared",
        ),
    ),
    Clause(
        id="P14.2",
        title="The sweep",
        given="Nothing.",
        interpretation="What is over its limit goes by the clock.",
        source=Source.DECISION,
        sentences=(
            "Every five minutes a job of ours deletes what was kept for as long as the list says, and writes down how much that was and whether anything is left.",
            "Records of what you decided, of what happened to your account and of what left us are kept for seven years after they were written, or after they ceased to count.",
            "An account whose address was never confirmed is deleted 30 days after the sign-up, or as soon after that as nobody can get in to it any more.",
        ),
        kept_by=(
            "app.retention.service:Sweeper",
            "app.registries:SWEEPS",
            "app.audit.truncation:truncate",
            "app.accounts.retention:SWEEPS",
            "workers.retention:run",
        ),
        checks=(
            "tests/retention/test_sweeper.py::test_everything_is_there_until_its_day_and_gone_on_it",
            "tests/retention/test_sweeper.py::test_two_sweeps_at_once_end_each_row_once",
            "tests/retention/test_sweeper.py::test_what_cannot_be_ended_is_an_alarm_and_keeps_nothing_else",
            "tests/retention/test_sweeper.py::test_an_account_goes_when_nobody_can_get_in_any_more",
            "tests/retention/test_report.py::test_a_job_that_died_goes_on_with_its_report",
            "tests/architecture/test_sweeps.py::test_whatever_time_should_end_has_a_sweep",
        ),
    ),
    Clause(
        id="P15.1",
        title="Deleting single things",
        given="Deletion of data may be asked for at any time.",
        interpretation="Pictures and references are deleted by their owner, without asking anybody.",
        source=Source.TEXT,
        sentences=(
            "You may delete the pictures of a request, or an image that you added, at any time: nobody sees them from then on, and their files follow within minutes.",
        ),
        kept_by=(
            "app.generation.service:delete_generations",
            "app.media.references:delete_reference_image",
        ),
        checks=(
            "tests/generation/test_endings.py::test_deleting_takes_everything_with_it",
            "tests/media/test_references_api.py::test_deleting_hides_at_once_and_bytes_follow",
        ),
    ),
    Clause(
        id="P15.2",
        title="Deleting the account",
        given="Deletion of the account and its data may be asked for at any time.",
        interpretation="An erasure that ends with a scan and a receipt.",
        source=Source.TEXT,
        sentences=(
            "the deletion of your account, or of chosen things alone",
            "You may have your account deleted with everything in it, at any time.",
            "Once we know that it is you, nobody can use the account any more, and nobody is shown anything of it, but for a copy that you asked for.",
            "For 72 hours you can take that back and get everything back, but for what was still being made and what has expired meanwhile, unless you waived that time when you asked.",
            "Then everything of yours is deleted from the service, one place after the other.",
            "Whoever got something of it from us is told to delete it where they can be told, and where they promised to keep it for a time only, that time is waited for.",
            "At the end every place is asked once more for anything of yours, and only where nothing is found there is a receipt.",
            "It says how much was deleted where, what others may still have, what is kept and why, and when the last backup is gone.",
            "What is kept are records under a random name that leads to nobody.",
            "The receipt is signed and names nobody, and anybody can check it with the keys that we publish, without asking us.",
        ),
        kept_by=(
            "app.privacy.rights.erasure:Erasure",
            "app.accounts.erasing:lock_out",
            "app.privacy.erasure:Eraser",
            "app.processors.deletion:Recall",
            "app.privacy.kept:kept",
            "app.privacy.receipts:receipt_for",
        ),
        checks=(
            "tests/privacy/test_account_erasure.py::test_an_account_is_locked_at_once_and_given_back_whole",
            "tests/privacy/test_account_erasure.py::test_who_confirmed_no_address_takes_it_back_by_the_token_of_the_answer",
            "tests/privacy/rights/test_addressed.py::test_what_an_address_asked_goes_with_the_account_that_confirmed_it",
            "tests/privacy/test_account_erasure.py::test_nothing_is_left_and_the_receipt_says_what_went",
            "tests/privacy/test_erasure_requests.py::test_a_worker_that_dies_anywhere_leaves_what_the_next_one_ends_once",
            "tests/privacy/test_erasure_requests.py::test_who_may_keep_it_for_a_month_is_waited_for_and_then_it_is_done",
            "tests/privacy/test_erasure_requests.py::test_only_a_clean_look_gives_a_receipt",
            "tests/privacy/test_erasure_requests.py::test_chosen_things_go_at_once_and_nothing_else",
            "tests/processors/test_deletion.py::test_who_deletes_it_holds_nothing_and_is_told_once",
            "tests/privacy/test_receipts.py::test_a_good_receipt_is_valid_and_says_what_was_done",
            "tests/privacy/test_receipts.py::test_a_forged_receipt_is_not_valid",
        ),
    ),
    Clause(
        id="P15.3",
        title="Backups",
        given="Nothing.",
        interpretation="How long they live is a setting that the operator answers for; one that is put back forgets again.",
        source=Source.DECISION,
        sentences=(
            "Backups of our database are kept for {backup_days} days at most.",
            "A backup that is put back serves nobody before it has learnt what was decided since it was made: accounts, pictures and reference images that were deleted stay deleted, and a withdrawal, an objection, a restriction and the end of news stay in force.",
            "For that a list of such decisions, by random numbers, lies outside of the database for as long as a backup of before may be put back.",
        ),
        kept_by=(
            "app.core.backup_settings:BackupSettings",
            "app.journal.standing:check_standing",
            "app.journal.writing:Journal",
            "app.journal.retention:SWEEPS",
            "app.privacy.replay:Replayer",
        ),
        checks=(
            "tests/web/test_documents.py::test_the_text_names_the_operator_and_says_what_it_is",
            "tests/journal/test_journal.py::test_what_is_decided_is_in_the_journal_at_once_and_leaves_the_database",
            "tests/journal/test_journal.py::test_a_database_that_is_behind_is_told_so_and_writes_nothing",
            "tests/journal/test_journal.py::"
            "test_an_entry_goes_with_the_last_backup_of_before_and_the_newest_with_the_next",
            "tests/privacy/test_restore.py::"
            "test_a_restored_backup_serves_nothing_before_it_knows_what_was_decided_since",
        ),
    ),
)
