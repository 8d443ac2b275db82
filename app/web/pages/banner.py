"""The banner of whoever is signed in and has not seen a notice yet; it stays until they say that they have."""

from starlette.requests import Request

from app.core.viewer import Viewer
from app.outreach.queries import open_notice
from app.web.browser import Browser
from app.web.pages.days import day
from app.web.pages.documents import SECTIONS


async def banner_of(browser: Browser, request: Request, viewer: Viewer) -> dict[str, object]:
    """Return what `banner.html` shows, for a page that the viewer was asked for; nothing where no notice is open."""
    notice = await open_notice(viewer)
    if notice is None:
        return {"banner": None}
    edition = notice.listed.edition
    return {
        "banner": {
            "id": notice.id,
            "title": edition.document.title,
            "summary": edition.summary,
            "day": day(edition.effective_at),
            "changes": f"{SECTIONS[edition.document.kind]}/{edition.document.version}/changes",
            "csrf": browser.proof(request),
        }
    }
