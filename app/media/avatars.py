"""Pictures of people themselves: copied once from where a provider of sign-ins has them, never linked to."""

from dataclasses import dataclass
from uuid import UUID

import structlog

from app.accounts.profile import rename
from app.core import jobs
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind, Lease, NotYet
from app.core.lockout import LOCKED_FOR, locked
from app.core.personal_data import Activity
from app.core.ports import Compute, ObjectStore
from app.core.viewer import Viewer
from app.media import imaging, service
from app.media.errors import UnreadablePicture
from app.media.pool import WorkerLost
from app.media.variants import PreparedPicture
from app.processors.errors import DisclosureRefused
from app.processors.fetcher import AddressRefused, Fetcher, TooLarge
from app.processors.register import Disclosed
from app.processors.service import Gate

COPY_AVATAR = JobKind("media.copy_avatar", queue="default")
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 16_777_216
FETCH_TIMEOUT = 20.0
"""Seconds."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AvatarCopier:
    """Fetches a picture from an address that anybody may have chosen, and keeps pixels of it."""

    fetcher: Fetcher
    gate: Gate
    compute: Compute
    store: ObjectStore

    async def copy(self, lease: Lease) -> None:
        """Copy the job's picture, and forget where it was; what can never be copied is forgotten only.

        Raises FetchFailed for what may succeed later, NotYet while the account is locked, and OwnerGone where it is by
        the time that the picture is here.
        """
        source_id = UUID(lease.payload["source"])
        row = await fetch_one(
            f"""SELECT s.person_id, s.processor, s.url, {locked("u")} AS is_locked
                FROM avatar_sources s JOIN users u ON u.id = s.person_id WHERE s.id = $1""",  # noqa: S608
            source_id,
        )
        if row and row["is_locked"]:
            raise NotYet(LOCKED_FOR)
        picture = await self._picture(row["processor"], row["url"], row["person_id"]) if row else None
        picture_id = await service.upload(row["person_id"], picture, self.store) if row and picture else None
        try:
            async with transaction():
                await jobs.hold(lease)
                wanted = await fetch("DELETE FROM avatar_sources WHERE id = $1 RETURNING person_id", source_id)
                if wanted and picture_id:
                    await service.keep(picture_id)
                    await _replace(wanted[0]["person_id"], picture_id)
                await jobs.complete(lease)
        finally:
            if picture_id:
                await service.discard(picture_id, self.store)  # unless it was kept

    async def _picture(self, processor: str, url: str, person: UUID) -> PreparedPicture | None:
        try:
            async with self.gate.disclose(processor, Activity.ACCOUNT_MANAGEMENT, person, {Disclosed.SIGN_IN}):
                content = await self.fetcher.get(url)
            return await self.compute(imaging.portrait, content, max_pixels=MAX_PIXELS)
        except (AddressRefused, TooLarge, UnreadablePicture, DisclosureRefused, TimeoutError, WorkerLost) as error:
            log.warning("avatar.not_copied", error=type(error).__name__)
            return None


async def request_copy(person_id: UUID, processor: str, url: str) -> None:
    """Have a picture copied by a job, in the caller's transaction. The address is personal: no job holds it."""
    source_id = uuid7()
    await execute(
        "INSERT INTO avatar_sources (id, person_id, processor, url, created_at) VALUES ($1, $2, $3, $4, now())",
        source_id,
        person_id,
        processor,
        url,
    )
    await jobs.record(COPY_AVATAR, {"source": source_id})


async def give_up(lease: Lease) -> None:
    """Forget the address of a picture that could not be copied, in the caller's transaction."""
    await execute("DELETE FROM avatar_sources WHERE id = $1", UUID(lease.payload["source"]))


async def update_profile(viewer: Viewer, display_name: str | None, *, remove_avatar: bool) -> None:
    """Change what others see of the viewer: what is None stays. Raises InvalidInput, PersonNotFound."""
    async with transaction():
        if display_name is not None:
            await rename(viewer, display_name)
        if remove_avatar:
            await execute("DELETE FROM avatar_sources WHERE person_id = $1", viewer.user_id)
            await _remove(viewer.user_id)


async def avatar_of(person_id: UUID) -> UUID | None:
    """Return the picture of somebody, for themselves: everybody sees those of the gallery's authors."""
    row = await fetch_one("SELECT picture_id FROM avatars WHERE person_id = $1", person_id)
    return row["picture_id"] if row else None


async def _replace(person_id: UUID, picture_id: UUID) -> None:
    await _remove(person_id)
    await execute(
        "INSERT INTO avatars (id, person_id, picture_id, created_at) VALUES ($1, $2, $3, now())",
        uuid7(),
        person_id,
        picture_id,
    )


async def _remove(person_id: UUID) -> None:
    rows = await fetch("DELETE FROM avatars WHERE person_id = $1 RETURNING picture_id", person_id)
    await service.delete_pictures([row["picture_id"] for row in rows])
