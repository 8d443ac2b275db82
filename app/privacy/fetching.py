"""The archive of a request, for whoever cannot sign in: by a link that is mailed when they ask for it, and works once.

The link of the status page does not do: it is weeks old, and lies in a mailbox. Whose account has a second factor signs
in instead (`app.web.archives`).
"""

from datetime import timedelta

from app.accounts.errors import LinkSpent
from app.accounts.methods import second_methods
from app.core.db import execute, fetch_one, transaction
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.lockout import frozen
from app.core.one_time import OneTimeTokens
from app.mail.kinds import MailKind
from app.mail.service import record_mail
from app.privacy.archives import Archive, archives_of
from app.privacy.asked import Request
from app.privacy.following import followed
from app.privacy.office import Office

GOOD_FOR = timedelta(hours=1)
PAUSE = timedelta(minutes=5)
"""Between two of these mails: whoever has the old link may press the button often."""
SPENT = "This link was used, or is older than an hour: ask for another one on the page of your request."


async def archive_of(request: Request, office: Office) -> Archive | None:
    """Return the archive of a request, as long as it is there; of an account that is said to be a child's, nobody's."""
    if await fetch_one(f"SELECT u.id FROM users u WHERE u.id = $1 AND {frozen('u')}", request.person):  # noqa: S608
        return None
    return (await archives_of([request.id], office.clock.now())).get(request.id)


async def is_mailable(request: Request) -> bool:
    """Return whether its archive may be fetched by a mailed link."""
    return request.person is None or not await second_methods(request.person)


async def mail_archive_link(token: str, links: OneTimeTokens, office: Office) -> Request:
    """Mail a fresh link to whoever follows a request, which ends the one before.

    Raises LinkSpent, and NotFound where there is no archive, or none that a link is mailed for.
    """
    now = office.clock.now()
    async with transaction():
        request = await followed(token, links, office)
        if request.address is None or not await archive_of(request, office) or not await is_mailable(request):
            raise NotFound("There is no copy that a link could be mailed for (any more): ask anew.")
        link = uuid7()
        row = await fetch_one(
            """UPDATE privacy_request_details SET archive_link = $2, link_mailed_at = $3
               WHERE request_id = $1 AND (archive_link IS NULL OR link_mailed_at <= $4) RETURNING id""",
            request.id,
            link,
            now,
            now - PAUSE,
        )
        if row is not None:
            kind = MailKind.PRIVACY_ARCHIVE_LINK
            await record_mail(kind, request.address, person=request.person, ticket=link)
    return request


async def check_archive_link(token: str, links: OneTimeTokens, office: Office) -> Archive:
    """Return what a mailed link is for, which changes nothing. Raises LinkSpent."""
    row = await fetch_one(
        f"""SELECT request_id FROM privacy_request_details d WHERE archive_link = $1 AND link_mailed_at > $2
              AND NOT EXISTS (SELECT FROM privacy_archives x JOIN users u ON u.id = x.person_id
                              WHERE x.request_id = d.request_id AND {frozen("u")})""",  # noqa: S608
        links.ticket(token),
        office.clock.now() - GOOD_FOR,
    )
    found = await archives_of([row["request_id"]], office.clock.now()) if row else {}
    if not found:
        raise LinkSpent(SPENT, path=("token",))
    [archive] = found.values()
    return archive


async def take_archive(token: str, links: OneTimeTokens, office: Office) -> Archive:
    """Return the archive of a mailed link, which is good for nothing then. Raises LinkSpent."""
    async with transaction():
        row = await fetch_one(
            "SELECT id FROM privacy_request_details WHERE archive_link = $1 FOR UPDATE", links.ticket(token)
        )
        archive = await check_archive_link(token, links, office)
        if row is not None:
            await execute("UPDATE privacy_request_details SET archive_link = NULL WHERE id = $1", row["id"])
    return archive
