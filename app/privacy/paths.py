"""How the registry's words become conditions: which rows lead to a person, and what of them goes."""

from collections.abc import Sequence

from app.core.personal_data import Holder, OnErasure

PEOPLE = "users"
ALIASES = "subject_aliases"
OF_ADDRESS = "address = $1 AND request_id IN (SELECT id FROM privacy_requests WHERE subject_id IS NULL)"
"""The condition on rows of `privacy_request_details` that are of the address `$1` alone."""


def belongs(holder: Holder) -> str:
    """Return the condition on a table's rows that lead to the person `$1`."""
    return _condition(holder.subject or "", "= $1")


def belonged(holder: Holder) -> str | None:
    """Return the condition on rows that lead to the alias `$1`; None where no alias is on the way.

    It finds what was left behind by somebody whose alias leads to nobody any more.
    """
    path, _, end = (holder.subject or "").rpartition(" -> ")
    return _condition(path, "= $1") if end == f"{ALIASES}.user_id" else None


def stays(holder: Holder) -> bool:
    """Whether rows outlive their person: where a column does, or where a row is nobody's and merely names one."""
    personal = [name for name, column in holder.columns.items() if column.is_personal]
    first = (holder.subject or "").partition(" -> ")[0]
    if personal == [first] and holder.table != PEOPLE:
        return True
    return any(holder.columns[name].on_erasure in (OnErasure.DETACH, OnErasure.KEEP) for name in personal)


def emptied(holder: Holder) -> Sequence[str]:
    """Return the columns that go from a row that stays."""
    if not stays(holder):
        return ()
    return [name for name, column in holder.columns.items() if column.on_erasure is OnErasure.DELETE]


def _condition(path: str, end: str) -> str:
    """Turn `entry_id -> audit_entries.subject_id` into one: each step is the key of the table of the next."""
    first, *rest = path.split(" -> ")
    for step in reversed(rest):
        table, _, column = step.partition(".")
        end = f"IN (SELECT id FROM {table} WHERE {column} {end})"  # noqa: S608 - the registry's names
    return f"{first} {end}"
