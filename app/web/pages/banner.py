"""The banner of whoever is signed in and has not seen a notice yet; it stays until they say that they have."""

from dataclasses import dataclass
from uuid import UUID

from app.core.days import day
from app.core.viewer import Viewer
from app.outreach.queries import open_notice
from app.web.pages.documents import SECTIONS


@dataclass(frozen=True, slots=True)
class Banner:
    """What `banner.html` shows of a notice."""

    id: UUID
    title: str
    summary: str
    day: str
    """On which the new version takes effect."""
    changes: str
    """Where they are shown."""


async def banner_of(viewer: Viewer) -> Banner | None:
    """Return the banner of the viewer's newest open notice: one statement where there is none."""
    notice = await open_notice(viewer)
    if notice is None:
        return None
    edition = notice.listed.edition
    return Banner(
        notice.id,
        edition.document.title,
        edition.summary,
        day(edition.effective_at),
        f"{SECTIONS[edition.document.kind]}/{edition.document.version}/changes",
    )
