"""The retention rules: how long what is personal is kept, from when on that is counted, and what ends it.

The public retention schedule and the record of processing activities show them (Art. 5(1)(e) and 30(1)(f) GDPR). Each
rule names the functions that enforce it, and `make check` fails on one that does not exist. A rule that nothing
enforces yet names none, and says so to everybody who reads the schedule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.core.personal_data import Retention


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How one kind of retention works."""

    retention: Retention
    period: timedelta | None
    """The most that it can be; None where an event ends it, not a time."""
    begins: str
    """What the period is counted from, or what the event is."""
    enforced_by: tuple[str, ...]
    """`module:function` of what ends it; none where nothing does yet."""
    setting: str | None = None
    """What changes the period; the one here is the default."""

    def __post_init__(self) -> None:
        if not self.begins.strip():
            raise ValueError(f"{self.retention.name}: say what its period is counted from")


_SWEPT = "workers.upkeep:run"
_RULES = (
    RetentionRule(Retention.ACCOUNT, None, "Ends with the account, which its person has erased.", ()),
    RetentionRule(
        Retention.RECORD,
        None,
        "Never ends. What leads from it to the person ends with the account; what was nobody's leads to nobody at all.",
        (),
    ),
    RetentionRule(
        Retention.OBJECT,
        None,
        "Ends when its person deletes what it belongs to: a generation, a reference picture, a picture.",
        ("app.generation.service:delete_generations", "app.media.service:delete_bytes"),
    ),
    RetentionRule(
        Retention.SESSION,
        timedelta(days=180),
        "From the sign-in, and 30 days from the last use (ANYPEOPLE_SESSION_DAYS).",
        (_SWEPT, "app.accounts.sessions:delete_expired"),
        "ANYPEOPLE_SESSION_MAX_DAYS",
    ),
    RetentionRule(
        Retention.KEY,
        timedelta(days=366 + 30),
        "From when the key was made; it works for 366 days at most.",
        (_SWEPT, "app.accounts.api_keys:delete_expired"),
    ),
    RetentionRule(
        Retention.CONNECTION,
        timedelta(days=366),
        "From when the app was let in.",
        (_SWEPT, "app.accounts.grants:delete_expired"),
    ),
    RetentionRule(
        Retention.LINK,
        timedelta(days=3),
        "From when the link was mailed.",
        (_SWEPT, "app.accounts.tickets:delete_expired"),
    ),
    RetentionRule(Retention.DAY, timedelta(hours=24), "From when it was written.", (_SWEPT, "app.core.upkeep:sweep")),
    RetentionRule(
        Retention.RECOVERY,
        timedelta(hours=72),
        "From when somebody said that the second factor is lost.",
        ("workers.accounts:finish_recovery",),
        "ANYPEOPLE_RECOVERY_HOURS",
    ),
    RetentionRule(
        Retention.CHALLENGE,
        timedelta(minutes=10),
        "From when it was asked.",
        (_SWEPT, "app.accounts.challenges:delete_expired", "app.accounts.passkeys:delete_expired_challenges"),
    ),
    RetentionRule(
        Retention.REFERENCE,
        timedelta(hours=24),
        "From when the picture was added; one that is saved ends when its person deletes it.",
        ("workers.generation:expire",),
    ),
    RetentionRule(
        Retention.UPLOAD,
        timedelta(hours=2),
        "From when the upload was announced.",
        ("app.media.uploads:delete_uploads",),
    ),
    RetentionRule(
        Retention.COPYING,
        timedelta(days=1),
        "From the sign-in that brought it.",
        (_SWEPT, "app.media.avatars:delete_old_sources"),
    ),
    RetentionRule(
        Retention.WEEK,
        timedelta(days=7),
        "From when it was sent, or given up; whom a campaign reached, from its end.",
        (_SWEPT, "app.mail.service:delete_ended", "app.marketing.service:delete_recipients"),
    ),
    RetentionRule(
        Retention.SUPPORT,
        timedelta(days=365),
        "From the last message, whoever wrote it.",
        (_SWEPT, "app.support.service:delete_old"),
    ),
    RetentionRule(
        Retention.HOUR,
        timedelta(hours=1),
        "From the last try; Valkey lets the key expire.",
        ("app.integrations.budgets:SharedBudgets",),
    ),
    RetentionRule(
        Retention.MOMENT,
        timedelta(0),
        "Whoever listens at that moment gets it.",
        ("app.integrations.valkey:ValkeySignals",),
    ),
    RetentionRule(
        Retention.MAILBOX,
        None,
        "The oldest goes when a new one comes. Development only.",
        ("app.integrations.mailbox:Mailbox",),
    ),
    RetentionRule(
        Retention.BROWSER,
        timedelta(days=30),
        "From the last visit; the cookie's own age ends it.",
        ("app.web.cookies:Cookie",),
        "ANYPEOPLE_SESSION_DAYS",
    ),
    RetentionRule(
        Retention.CHOICE,
        timedelta(days=180),
        "From the last choice or setting; the cookie's own age ends it.",
        ("app.web.cookies:Cookie",),
    ),
    RetentionRule(Retention.PROCESSOR, None, "Counted by the recipient.", ()),
)

RETENTION_RULES: Mapping[Retention, RetentionRule] = {rule.retention: rule for rule in _RULES}
"""A rule for every retention that something personal can have."""
