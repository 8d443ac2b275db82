"""What reports of sweeps hold about a person: nothing. They have names of tables, times and counts."""

from app.core.personal_data import NOT_PERSONAL, Holder

HOLDERS = (
    Holder("retention_runs", None, dict.fromkeys(("id", "at", "started_at", "finished_at"), NOT_PERSONAL)),
    Holder(
        "retention_counts",
        None,
        dict.fromkeys(("id", "run_id", "sweep", "ended", "remaining", "oldest", "error"), NOT_PERSONAL),
    ),
)
