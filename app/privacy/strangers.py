"""Commands: ask in the name of an address, without being signed in. By mail, on the page, by the API.

Nothing happens but one mail with a link to that address: whoever asks may not be who it belongs to, and gets the same
words whether or not it has an account.
"""

from dataclasses import dataclass, replace

from app.accounts.identity import normal_email
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.privacy_rights import PrivacyRight
from app.mail.replies import Side
from app.privacy.asked import Asked
from app.privacy.asking import MAX_STATEMENT, checked
from app.privacy.office import Office
from app.privacy.proofs import expire, is_over, mail_link
from app.privacy.recognition import right_in
from app.privacy.requests import Requester, locked, open_request
from app.privacy.rights.registry import RIGHTS
from app.privacy.status import Channel, RequestStatus
from app.support.threads import Thread, references


async def ask_from(email: str, asked: Asked, office: Office, channel: Channel = Channel.PAGE) -> None:
    """Ask in the name of an address, which is mailed a link. Raises InvalidInput.

    What is asked for is a right and nothing that narrows it, so that there are at most as many open requests of an
    address as there are rights: who asks twice joins the one that is open.
    """
    if asked != replace(Asked(asked.right), statement=asked.statement, residence=asked.residence):
        raise InvalidInput("Without an account, ask for a right and say the rest as `statement`.", path=("right",))
    await ask(checked(asked), Requester(None, channel, normal_email(email, "address")), office)


async def ask(asked: Asked, who: Requester, office: Office, mail_references: str = "") -> None:
    """Open a request that waits for proof, or join the one that is open, and mail the link. Raises InvalidInput."""
    async with transaction():
        request_id, _ = await open_request(asked, who, office)
        request = await locked(request_id)
        if request.status is RequestStatus.AWAITING_VERIFICATION and is_over(request, office):
            await expire(request_id, office)
            request_id, _ = await open_request(asked, who, office)
            request = await locked(request_id)
        await mail_link(request, office, mail_references)


@dataclass(frozen=True, slots=True)
class ThreadRequests:
    """Implements `app.support.handover.PrivacyRequests`."""

    office: Office

    def asked_in(self, subject: str, text: str) -> PrivacyRight | None:
        """Return the right that a letter plainly asks for, of those that are offered."""
        right = right_in(subject, text)
        return right if right in RIGHTS else None

    async def open(self, thread: Thread, text: str) -> None:
        """Open what a thread asks for. Where its person has confirmed no address, there is none to mail a link to: they
        ask where they are signed in.
        """
        if thread.right not in RIGHTS or thread.right is None or thread.address is None:
            return
        address = None if thread.person else thread.address
        who = Requester(thread.person, Channel.MAIL, address)
        known = " ".join(await references(thread, Side.PERSON))
        await ask(Asked(thread.right, text[:MAX_STATEMENT]), who, self.office, known)
