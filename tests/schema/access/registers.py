"""The registers, which are the same for everybody."""

from app.core.retention import RETENTION_RULES
from app.core.security_register import SECURITY_REGISTER
from app.policy.activities import PROCESSING_ACTIVITIES
from app.registries import HOLDERS
from tests.schema.access.case import Case

CASES = (
    Case("Query", "dataMap", lambda *_: [{"holder": holder.name} for holder in HOLDERS for _column in holder.columns]),
    Case(
        "Query", "processingActivities", lambda *_: [{"activity": activity.value} for activity in PROCESSING_ACTIVITIES]
    ),
    Case("Query", "retentionSchedule", lambda *_: [{"retention": rule.value} for rule in RETENTION_RULES]),
    Case("Query", "retentionRuns", lambda *_: {"nodes": [{"counts": [{"sweep": "mails"}]}]}, lambda *_: {"first": 20}),
    Case("Query", "securityMeasures", lambda *_: [{"name": measure.name} for measure in SECURITY_REGISTER]),
)
