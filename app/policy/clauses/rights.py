"""P14, P15, P20, P22: how long data is kept, and what people may ask for."""

from app.policy.activities import Source
from app.policy.clause import Clause

RIGHTS = (
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
        planned="Privacy requests.",
    ),
    Clause(
        id="P20",
        title="Rights",
        given="Lists of rights under the laws of Europe and California, both lost.",
        interpretation="Each right is a kind of privacy request with a verified run.",
        source=Source.DECISION,
        planned="Privacy requests.",
    ),
    Clause(
        id="P22",
        title="Answers in time",
        given="Within 15 days of verification, later where the law permits.",
        interpretation="The earlier of that and of the law's own clock; extended once, with a reason.",
        source=Source.TEXT,
        planned="Privacy requests.",
    ),
)
