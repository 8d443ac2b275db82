"""What is exported and what is erased: over the whole registry they differ only where it says so, with a reason."""

from collections.abc import Iterable, Mapping
from importlib import import_module

from app.core.personal_data import Column, OnErasure, PersonalDataHolder, Retention
from app.core.retention import RetentionRule

Part = tuple[str, str]
Rules = Mapping[Retention, RetentionRule]


def coverage_faults(holders: Iterable[PersonalDataHolder]) -> list[str]:
    """Name what is exported and not erased, or the reverse, where nobody gave a reason."""
    parts = {(holder.name, name): column for holder in holders for name, column in holder.columns.items()}
    exported, erased = _where(parts, "exported"), _where(parts, "erased")
    excused = {part for part, column in parts.items() if column.withheld or column.keep}
    return [
        *(
            f"{'.'.join(part)}: exported and not erased, without a reason"
            for part in sorted(exported - erased - excused)
        ),
        *(
            f"{'.'.join(part)}: erased and not exported, without a reason"
            for part in sorted(erased - exported - excused)
        ),
    ]


def retention_faults(holders: Iterable[PersonalDataHolder], rules: Rules) -> list[str]:
    """Name what is personal and has no rule for its retention, and what expires though no time ends it."""
    found = []
    for holder in holders:
        for name, column in holder.columns.items():
            rule = rules.get(column.retention)
            if not column.is_personal:
                continue
            if rule is None:
                found.append(f"{holder.name}.{name}: {column.retention.name} has no rule (app/core/retention.py)")
            elif column.on_erasure is OnErasure.EXPIRES and rule.period is None:
                found.append(f"{holder.name}.{name}: it is to expire, but {column.retention.name} has no period")
    return found


def absent_enforcers(rules: Rules) -> list[str]:
    """Name what is said to enforce a rule and does not exist."""
    return [
        f"{rule.retention.name}: {enforcer} does not exist (app/core/retention.py)"
        for rule in rules.values()
        for enforcer in rule.enforced_by
        if not _exists(enforcer)
    ]


def _exists(name: str) -> bool:
    module, _, function = name.partition(":")
    try:
        return hasattr(import_module(module), function)
    except ImportError:
        return False


def _where(parts: Mapping[Part, Column], what: str) -> set[Part]:
    return {part for part, column in parts.items() if getattr(column, what)}
