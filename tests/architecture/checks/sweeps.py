"""What the sweeper covers: every table with something that it should end, and nothing that it should not."""

from collections.abc import Iterable, Iterator, Mapping

from app.core.personal_data import Medium, PersonalDataHolder, Retention
from app.core.retention import POSSIBLE, Mechanism, RetentionRule
from app.core.sweeps import Sweep

Rules = Mapping[Retention, RetentionRule]
Sweeps = Mapping[str, Sweep]


def unswept(holders: Iterable[PersonalDataHolder], rules: Rules, sweeps: Sweeps) -> list[str]:
    """Name what is personal and ended by nothing that can end it there: no sweep of its table, no other mechanism."""
    covered = {(sweep.retention, table) for sweep in sweeps.values() for table in sweep.tables}
    return sorted(
        {
            f"{holder.name}: nothing ends what is kept as {column.retention.name} there"
            for holder in holders
            for column in holder.columns.values()
            if column.is_personal and not _ends(holder, rules[column.retention], covered)
        }
    )


def _ends(holder: PersonalDataHolder, rule: RetentionRule, covered: set[tuple[Retention, str]]) -> bool:
    fitting = POSSIBLE[holder.medium].intersection(rule.ended_by)
    if holder.medium is Medium.TABLE and Mechanism.SWEEP in fitting:
        return (rule.retention, holder.name) in covered
    return bool(fitting)


def strange(holders: Iterable[PersonalDataHolder], rules: Rules, sweeps: Sweeps) -> Iterator[str]:
    """Name sweeps that cover no table of ours or end something else there, and rules that say a sweep ends them."""
    kept = {
        holder.name: {column.retention for column in holder.columns.values()}
        for holder in holders
        if holder.medium is Medium.TABLE
    }
    for sweep in sweeps.values():
        for table in sweep.tables:
            if table not in kept:
                yield f"sweep of {sweep.name}: there is no table {table}"
        if sweep.retention not in kept.get(sweep.table, {sweep.retention}):
            yield f"sweep of {sweep.name}: nothing there is kept as {sweep.retention.name}"
    swept = {sweep.retention for sweep in sweeps.values()}
    for rule in rules.values():
        if Mechanism.SWEEP in rule.ended_by and rule.retention not in swept:
            yield f"{rule.retention.name}: said to be swept, and no sweep does (app/core/retention.py)"


def overlong(rules: Rules, sweeps: Sweeps) -> list[str]:
    """Name sweeps that wait for longer than their rule says."""
    return [
        f"sweep of {sweep.name}: it waits for longer than {sweep.retention.name} may be kept"
        for sweep in sweeps.values()
        if sweep.retention in rules and (period := rules[sweep.retention].period) is not None and sweep.after > period
    ]
