"""Mail by SMTP (RFC 5321), never in the clear over a network."""

import re
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.core.concerns import ConfigurationError
from app.core.ports import Letter, MailRefused
from app.integrations.composing import message_of

NAME = "smtp"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")
ADDRESS = "ANYPEOPLE_SMTP_URL: it is smtp://user:password@host:587 or smtps://user:password@host:465."


class SmtpMailer:
    """A connection for each letter: there are few, and none may wait for a stale one."""

    processor = NAME

    def __init__(self, url: str, sender: str, timeout: float, *, allow_plain: bool = False) -> None:
        """`timeout` is in seconds for each command. `allow_plain` lets a server on this machine do without TLS.

        Raises ConfigurationError.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # its text quotes a part of the URL
            raise ConfigurationError(ADDRESS) from None
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ConfigurationError(ADDRESS)
        self._host = parts.hostname
        self.is_local = self._host in LOOPBACK
        self._tls = parts.scheme == "smtps"
        self._port = port or (465 if self._tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._starttls = not self._tls and not (allow_plain and self.is_local)
        self._sender = sender
        self._timeout = timeout

    async def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises MailRefused for a reply of 5xx to the address or the content; else OSError."""
        try:
            await aiosmtplib.send(
                message_of(letter, self._sender),
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                start_tls=self._starttls,
                timeout=self._timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _judged(error.recipients[0].code, error.recipients[0].message) from None
        except aiosmtplib.SMTPDataError as error:
            raise _judged(error.code, error.message) from None
        except (aiosmtplib.SMTPException, ValueError) as error:  # its text may quote the address
            raise OSError(f"mail could not be handed over: {type(error).__name__}") from None


def _judged(code: int, text: str) -> Exception:
    """Return a refusal for good with its enhanced status code (RFC 2034) where there is one; else what may pass."""
    enhanced = _ENHANCED.match(text)
    return MailRefused(enhanced[0] if enhanced else str(code)) if code >= 500 else OSError(f"put off with {code}")
