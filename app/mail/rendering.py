"""From wording to a letter: plain text, and HTML that loads nothing from anywhere and tells nobody that it was read."""

from collections.abc import Mapping
from uuid import UUID

from jinja2 import Environment, StrictUndefined

from app.core.one_time import OneTimeTokens
from app.core.personal_data import Basis
from app.core.ports import Letter
from app.mail.english import ENGLISH
from app.mail.kinds import MailKind, Wording
from app.mail.replies import ReplyAddresses

LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ subject }}</title></head>
<body style="margin:0 auto;max-width:36rem;padding:2rem 1.5rem;font:16px/1.6 system-ui,sans-serif;color:#1c1c1e">
{% for paragraph in paragraphs %}<p style="white-space:pre-line">{{ paragraph }}</p>
{% endfor %}{% if link %}<p style="margin:2rem 0"><a href="{{ link }}" rel="noopener noreferrer"
style="background:#2f4858;border-radius:.4rem;color:#fff;padding:.7rem 1.2rem;text-decoration:none">{{ action }}</a></p>
<p style="color:#6b6b70;font-size:13px">Or open this address: {{ link }}</p>
{% endif %}<hr style="border:0;border-top:1px solid #ddd;margin:2rem 0">
{% if unsubscribe %}<p style="color:#6b6b70;font-size:13px">{{ why }} <a href="{{ unsubscribe }}"
rel="noopener noreferrer" style="color:inherit">{{ end }}</a></p>
{% endif %}<p style="color:#6b6b70;font-size:13px">{{ footer }}</p>
</body></html>
"""
WHY = "You get this because you turned on news by mail."
END = "Turn it off (you need not sign in)"
UNSUBSCRIBE = "/unsubscribe"
"""Where the link of mail that rests on consent leads; behind it come the hexadecimal digits of a random UUID."""
FOOTER = "AnyPeople, {base_url}. Questions: {contact}. What we do with your data: {base_url}/privacy"

_html = Environment(autoescape=True, undefined=StrictUndefined).from_string(LAYOUT)


class LetterWriter:
    """Writes letters in the name of this service."""

    def __init__(self, base_url: str, contact: str, tokens: OneTimeTokens, replies: ReplyAddresses) -> None:
        self._base_url = base_url
        self._tokens = tokens
        self._replies = replies
        self._footer = FOOTER.format(base_url=base_url, contact=contact)

    def write(self, id: UUID, address: str, kind: MailKind, values: Mapping[str, str], ticket: UUID | None) -> Letter:
        """Return the letter; a paragraph that is empty is left out.

        `values["references"]` has the ids of the mails that it follows, and `ticket` is the thread where it is answered
        by mail. Raises KeyError for a value that the wording asks for and nobody gave, and ValueError for mail that
        nothing would end.
        """
        wording = ENGLISH[kind]
        filled = [part for each in wording.paragraphs for part in each.format_map(values).split("\n\n")]
        paragraphs = [part for part in filled if part]
        subject, link = wording.subject.format_map(values), self._link(wording, values, ticket)
        unsubscribe = self._unsubscribe(wording, ticket)
        shown = {"link": link, "action": wording.action, "unsubscribe": unsubscribe, "why": WHY, "end": END}
        html = _html.render(subject=subject, paragraphs=paragraphs, footer=self._footer, **shown)
        action = [f"{wording.action}: {link}"] if link else []
        end = f"{WHY} {END}: {unsubscribe}\n" if unsubscribe else ""
        text = "\n\n".join([*paragraphs, *action, f"--\n{end}{self._footer}"]) + "\n"
        return Letter(
            str(id),
            address,
            subject,
            text,
            html,
            unsubscribe,
            self._replies.address(ticket, wording.answered_by) if ticket and wording.answered_by else None,
            tuple(values.get("references", "").split()),
            wording.auto_submitted,
        )

    def _link(self, wording: Wording, values: Mapping[str, str], ticket: UUID | None) -> str | None:
        if wording.page:
            return self._base_url + wording.page.format_map(values)
        return f"{self._base_url}{wording.path}?token={self._tokens.token(ticket)}" if wording.path and ticket else None

    def _unsubscribe(self, wording: Wording, ticket: UUID | None) -> str | None:
        if wording.activity.basis is not Basis.CONSENT:
            return None
        if ticket is None:
            raise ValueError("mail that rests on consent has a link that ends it")
        return f"{self._base_url}{UNSUBSCRIBE}/{ticket.hex}"
