"""The retention rules: how long what is personal is kept, from when on that is counted, and what ends it.

The public retention schedule and the record of processing activities show them (Art. 5(1)(e) and 30(1)(f) GDPR). Each
rule names what enforces it, and `make check` fails on a name that does not exist. It also says by which mechanisms it
ends: where that is the sweeper, every table with such a column has a sweep (`app/core/sweeps.py`), or the build fails.
A rule that nothing enforces yet names none, and says so to everybody who reads the schedule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.core.personal_data import Medium, Retention
from app.core.sweeps import RECORDS_LAST


class Mechanism(StrEnum):
    """What ends something."""

    SWEEP = "the sweeper, by the clock"
    ERASURE = "the erasure of the account"
    EVENT = "what its person or the service does with what it belongs to"
    EXPIRY = "Valkey, which lets the key expire"
    COOKIE = "the browser, by the cookie's own age"
    ROOM = "the next one, which takes its place"
    PASSING = "nothing: it is never stored"
    RECIPIENT = "the recipient"


POSSIBLE: Mapping[Medium, frozenset[Mechanism]] = {
    Medium.TABLE: frozenset({Mechanism.SWEEP, Mechanism.ERASURE, Mechanism.EVENT}),
    Medium.OBJECT_STORE: frozenset({Mechanism.SWEEP, Mechanism.ERASURE, Mechanism.EVENT}),
    Medium.VALKEY: frozenset({Mechanism.EXPIRY, Mechanism.PASSING}),
    Medium.FOLDER: frozenset({Mechanism.ROOM}),
    Medium.BROWSER: frozenset({Mechanism.COOKIE}),
    Medium.PROCESSOR: frozenset({Mechanism.RECIPIENT}),
    Medium.LOG: frozenset(),
}
"""What can end what is there."""


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How one kind of retention works."""

    retention: Retention
    period: timedelta | None
    """The most that it can be; None where an event ends it, not a time."""
    begins: str
    """What the period is counted from, or what the event is."""
    enforced_by: tuple[str, ...]
    """`module:name` of what ends it; none where nothing does yet."""
    setting: str | None = None
    """What changes the period; the one here is the default."""
    ended_by: tuple[Mechanism, ...] = (Mechanism.SWEEP,)

    def __post_init__(self) -> None:
        if not self.ended_by:
            raise ValueError(f"{self.retention.name}: say what ends it")
        if not self.begins.strip():
            raise ValueError(f"{self.retention.name}: say what its period is counted from")


_SWEPT = "workers.retention:run"
_RULES = (
    RetentionRule(
        Retention.ACCOUNT,
        None,
        "Ends with the account: 72 hours after it was said to be a child's, where nobody lifted that, or after the "
        "person asked for its deletion (ANYPEOPLE_ERASURE_GRACE_HOURS), where they do not take that back or wait. One "
        "whose address was never confirmed goes 30 days after the sign-up, or as soon "
        "after that as nobody can get in to it any more.",
        (_SWEPT, "app.accounts.retention:SWEEPS", "app.generation.retention:SWEEPS", "app.privacy.erasure:Eraser"),
        ended_by=(Mechanism.ERASURE,),
    ),
    RetentionRule(
        Retention.RECORD,
        RECORDS_LAST,
        "From when it was written; what still counts, as the last decision or acceptance of somebody with an account, "
        "from when it ceases to. What leads from it to the person ends with the account.",
        (
            _SWEPT,
            "app.audit.retention:SWEEPS",
            "app.consents.retention:SWEEPS",
            "app.policy.retention:SWEEPS",
            "app.processors.retention:SWEEPS",
            "app.training.retention:SWEEPS",
            "app.minors.retention:SWEEPS",
            "app.legal_disclosures.retention:SWEEPS",
            "app.privacy.retention:SWEEPS",
        ),
    ),
    RetentionRule(
        Retention.OBJECT,
        None,
        "Ends when its person deletes what it belongs to: a generation, a reference picture, a picture.",
        ("app.generation.service:delete_generations", "app.media.service:delete_bytes", "app.core.feed:delete"),
        ended_by=(Mechanism.EVENT,),
    ),
    RetentionRule(
        Retention.SESSION,
        timedelta(days=180),
        "From the sign-in, and 30 days from the last use (ANYPEOPLE_SESSION_DAYS).",
        (_SWEPT, "app.accounts.retention:SWEEPS"),
        "ANYPEOPLE_SESSION_MAX_DAYS",
    ),
    RetentionRule(
        Retention.KEY,
        timedelta(days=366 + 30),
        "From when the key was made; it works for 366 days at most.",
        (_SWEPT, "app.accounts.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.CONNECTION,
        timedelta(days=366),
        "From when the app was let in.",
        (_SWEPT, "app.accounts.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.LINK,
        timedelta(days=3),
        "From when the link was mailed.",
        (_SWEPT, "app.accounts.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.DAY,
        timedelta(hours=24),
        "From when it was written.",
        (_SWEPT, "app.core.upkeep:SWEEPS"),
    ),
    RetentionRule(
        Retention.RECOVERY,
        timedelta(hours=72),
        "From when somebody said that the second factor is lost.",
        ("workers.accounts:finish_recovery", _SWEPT, "app.accounts.retention:SWEEPS"),
        "ANYPEOPLE_RECOVERY_HOURS",
    ),
    RetentionRule(
        Retention.CHALLENGE,
        timedelta(minutes=10),
        "From when it was asked.",
        (_SWEPT, "app.accounts.retention:SWEEPS", "app.web.cookies:Cookie"),
        ended_by=(Mechanism.SWEEP, Mechanism.COOKIE),
    ),
    RetentionRule(
        Retention.REFERENCE,
        timedelta(hours=24),
        "From when the picture was added; one that is saved ends when its person deletes it. One of somebody whose "
        "data may only be stored stays until that is lifted.",
        (_SWEPT, "app.generation.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.UPLOAD,
        timedelta(hours=2),
        "From when the upload was announced.",
        (_SWEPT, "app.media.retention:SWEEPS", "app.media.uploads:delete_used"),
    ),
    RetentionRule(
        Retention.COPYING,
        timedelta(days=1),
        "From the sign-in that brought it.",
        (_SWEPT, "app.media.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.WEEK,
        timedelta(days=7),
        "From when it was sent, or given up; whom a campaign reached, from its end; an archive of an export, from when "
        "it was whole. A mail to somebody whose data may only be stored stays until that is lifted.",
        (_SWEPT, "app.mail.retention:SWEEPS", "app.marketing.retention:SWEEPS", "app.privacy.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.ANSWER,
        timedelta(days=30),
        "From when the privacy request was answered, denied, taken back or given up for want of a proof.",
        (_SWEPT, "app.privacy.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.SUPPORT,
        timedelta(days=365),
        "From the last message, whoever wrote it. A thread of somebody whose data may only be stored stays until that "
        "is lifted.",
        (_SWEPT, "app.support.retention:SWEEPS"),
    ),
    RetentionRule(
        Retention.HOUR,
        timedelta(hours=1),
        "From the last try; Valkey lets the key expire.",
        ("app.integrations.budgets:SharedBudgets",),
        ended_by=(Mechanism.EXPIRY,),
    ),
    RetentionRule(
        Retention.MOMENT,
        timedelta(0),
        "Whoever listens at that moment gets it.",
        ("app.integrations.valkey:ValkeySignals",),
        ended_by=(Mechanism.PASSING,),
    ),
    RetentionRule(
        Retention.MAILBOX,
        None,
        "The oldest goes when a new one comes. Development only.",
        ("app.integrations.mailbox:Mailbox",),
        ended_by=(Mechanism.ROOM,),
    ),
    RetentionRule(
        Retention.BROWSER,
        timedelta(days=30),
        "From the last visit; the cookie's own age ends it.",
        ("app.web.cookies:Cookie",),
        "ANYPEOPLE_SESSION_DAYS",
        ended_by=(Mechanism.COOKIE,),
    ),
    RetentionRule(
        Retention.CHOICE,
        timedelta(days=180),
        "From the last choice or setting; the cookie's own age ends it.",
        ("app.web.cookies:Cookie",),
        ended_by=(Mechanism.COOKIE,),
    ),
    RetentionRule(
        Retention.BACKUP,
        timedelta(days=35),
        "From the decision. What the newest entry says of somebody goes with the next one, a few minutes later.",
        (_SWEPT, "app.journal.retention:SWEEPS", "app.journal.writing:Journal"),
        "ANYPEOPLE_BACKUP_RETENTION_DAYS",
    ),
    RetentionRule(Retention.PROCESSOR, None, "Counted by the recipient.", (), ended_by=(Mechanism.RECIPIENT,)),
)

RETENTION_RULES: Mapping[Retention, RetentionRule] = {rule.retention: rule for rule in _RULES}
"""A rule for every retention that something personal can have."""
