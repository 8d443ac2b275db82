"""What outlives an erasure, why, and until when: from the registry of personal data, and only what there is of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.core.db import fetch
from app.core.personal_data import Holder, OnErasure, PersonalDataHolder, Withheld
from app.privacy.paths import belonged

UNTOLD = frozenset({Withheld.BARRED})
"""Of what nobody may be told, a receipt says that it would be kept, and never whether there is any."""
DETACHED = "It is on record that it happened, under a random name that leads to nobody any more."


async def kept(registry: Sequence[PersonalDataHolder], alias: UUID | None) -> Sequence[Mapping[str, object]]:
    """Return what is kept of whoever an alias led to: holder, how much, reason and end.

    Of what is elsewhere nobody knows how much; of what the law forbids to tell nobody learns how much.
    """
    holders = [(holder, why) for holder in registry if (why := _why(holder))]
    counted = [holder for holder, _ in holders if isinstance(holder, Holder) and not is_untold(holder)]
    counts = await _counts(counted, alias)
    return [
        {"holder": holder.name, "count": counts.get(holder.name), "why": why, "until": until}
        for holder, (why, until) in holders
        if not isinstance(holder, Holder) or is_untold(holder) or counts.get(holder.name)
    ]


def is_untold(holder: PersonalDataHolder) -> bool:
    """Return whether the law forbids to tell a person that it has anything about them."""
    return any(column.withheld in UNTOLD for column in holder.columns.values())


def _why(holder: PersonalDataHolder) -> tuple[str, str] | None:
    for column in holder.columns.values():
        if column.keep is not None:
            return column.keep.reason, column.keep.until
        if column.on_erasure is OnErasure.DETACH:
            return DETACHED, column.retention.value
    return None


async def _counts(holders: Sequence[Holder], alias: UUID | None) -> Mapping[str, int]:
    by_alias = [(holder.table, condition) for holder in holders if (condition := belonged(holder))]
    if alias is None or not by_alias:
        return {}
    counts = [
        f"SELECT '{table}' AS name, count(*) AS number FROM {table} WHERE {condition}"  # noqa: S608 - the registry's
        for table, condition in by_alias
    ]
    return {row["name"]: row["number"] for row in await fetch(" UNION ALL ".join(counts), alias)}
