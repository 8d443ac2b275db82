"""Commands and reads of staff: find people, change roles, suspend. Each is written into the audit log of the person."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.accounts.erasing import set_standing, standing_of
from app.accounts.errors import OwnAccount, PersonNotFound
from app.accounts.identity import normal_email
from app.accounts.queries import COLUMNS, Person, record_of
from app.accounts.status import IN_USE, UserStatus, status_in_use
from app.audit.service import Action, record, record_looks
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.errors import Conflict, InvalidInput, NotPermitted
from app.core.personal_data import Activity, Category
from app.core.purposes import Allows, reachable
from app.core.viewer import Role, Viewer

UNKNOWN = (
    "No account has confirmed this address. Where somebody signed up with it, let them open the link in the mail, or "
    "use the API: `users` finds the account."
)
MAX_REASON = 500
"""Characters of a reason."""


async def find_people(
    viewer: Viewer,
    activity: Activity,
    allows: Allows,
    *,
    first: int,
    before: UUID | None = None,
    search: str | None = None,
) -> list[Person]:
    """Return people, newest first, at most `first` and one more, who says that there are more and is not to be shown;
    `search` is a whole address or the beginning of a name.

    Each one who is shown finds the look in their own log, with its purpose. Raises what `allows` raises.
    """
    await allows(None, activity, Category.IDENTITY, viewer.role)
    async with transaction():
        rows = await fetch(
            f"""SELECT {COLUMNS} FROM users WHERE {reachable(activity, "users")} AND ($2::uuid IS NULL OR id < $2)
                AND ($3::text IS NULL OR email = lower($3) OR starts_with(lower(display_name), lower($3)))
                ORDER BY id DESC LIMIT $1""",  # noqa: S608
            first + 1,
            before,
            search.strip().replace("\x00", "") if search else None,
        )
        shown = [row["id"] for row in rows[:first] if row["id"] != viewer.user_id]
        await record_looks(shown, viewer.user_id, activity)
    return [record_of(row) for row in rows]


async def set_role(viewer: Viewer, user_id: UUID, role: Role) -> Person:
    """Give a person another role. Raises PersonNotFound, OwnAccount."""
    if user_id == viewer.user_id:
        raise OwnAccount("Nobody changes their own role: ask another administrator.", path=("id",))
    async with transaction():
        return await _change_role(user_id, role, actor=viewer.user_id)


async def promote(email: str, role: Role) -> Person:
    """Give the person of that address another role, as the operator. Raises InvalidInput, PersonNotFound."""
    async with transaction():
        return await _change_role(await whose_address(email), role, actor=None)


async def whose_address(email: str) -> UUID:
    """Return who confirmed an address, for the operator's commands. Raises InvalidInput, PersonNotFound."""
    row = await fetch_one("SELECT id FROM users WHERE confirmed_email = $1", normal_email(email))
    if row is None:
        raise PersonNotFound(UNKNOWN, path=("email",))
    return UUID(str(row["id"]))


async def _change_role(user_id: UUID, role: Role, *, actor: UUID | None) -> Person:
    rows = await fetch(f"SELECT {COLUMNS} FROM users WHERE id = $1 FOR UPDATE", user_id)  # noqa: S608
    if not rows:
        raise PersonNotFound("There is no such account.", path=("id",))
    before = Role(rows[0]["role"])
    if before is not role:
        await execute("UPDATE users SET role = $2 WHERE id = $1", user_id, role.value)
        await record(Action.ROLE_CHANGED, user_id, actor=actor, details={"note": f"{before} to {role}"})
    return record_of({**rows[0], "role": role.value})


async def set_restricted(user_id: UUID, *, restricted: bool) -> Person:
    """Have an account's data stored only, or used again, in the caller's transaction, which writes the record of it.

    One that is suspended or locked stays so: its status says the other once that ends. Raises PersonNotFound.
    """
    rows = await fetch(f"SELECT {COLUMNS} FROM users WHERE id = $1 FOR UPDATE", user_id)  # noqa: S608
    if not rows:
        raise PersonNotFound("There is no such account.", path=("id",))
    standing, status = await standing_of(user_id), UserStatus(rows[0]["status"])
    if standing in IN_USE:
        status = await set_standing(user_id, UserStatus.RESTRICTED if restricted else UserStatus.ACTIVE)
    return record_of({**rows[0], "status": status.value})


async def suspend(
    viewer: Viewer,
    user_id: UUID,
    reason: str,
    *,
    suspended: bool = True,
    on_suspension: Callable[[UUID], Awaitable[None]] | None = None,
) -> Person:
    """Suspend an account, which ends its sessions at once, or lift that. Staff are suspended by administrators only.

    `on_suspension` is what else it means for the person's things, in the same transaction.

    The reason is for the person: they are told when they sign in, and find it in their log. Raises InvalidInput,
    PersonNotFound, OwnAccount, NotPermitted, and Conflict while the account is frozen.
    """
    reason = checked_reason(reason)
    if user_id == viewer.user_id:
        raise OwnAccount("Nobody suspends themselves.", path=("id",))
    action = Action.SUSPENDED if suspended else Action.SUSPENSION_LIFTED
    async with transaction():
        rows = await fetch(f"SELECT {COLUMNS} FROM users WHERE id = $1 FOR UPDATE", user_id)  # noqa: S608
        if not rows:
            raise PersonNotFound("There is no such account.", path=("id",))
        standing = await standing_of(user_id)
        if standing is UserStatus.FROZEN:
            raise Conflict("This account is frozen, because it may be a child's: that is decided first.", path=("id",))
        if rows[0]["role"] != Role.USER and viewer.role is not Role.ADMIN:
            raise NotPermitted("This is an account of staff: ask an administrator.", path=("id",))
        holds = UserStatus(rows[0]["status"])
        if suspended is not (standing is UserStatus.SUSPENDED):
            holds = await set_standing(user_id, UserStatus.SUSPENDED if suspended else await status_in_use(user_id))
            await record(
                action, user_id, actor=viewer.user_id, purpose=Activity.FRAUD_PREVENTION, details={"note": reason}
            )
        if suspended:
            await execute("DELETE FROM sessions WHERE user_id = $1", user_id)
            if on_suspension is not None:
                await on_suspension(user_id)
    return record_of({**rows[0], "status": holds.value})


def checked_reason(reason: str) -> str:
    """Return a reason that staff give, with single spaces. Raises InvalidInput."""
    clean = " ".join(reason.split())
    if not clean or len(clean) > MAX_REASON or not clean.isprintable():
        raise InvalidInput(f"Give the person a reason of 1 to {MAX_REASON} characters.", path=("reason",))
    return clean
