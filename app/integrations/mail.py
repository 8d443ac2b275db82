"""Which mailer carries our letters, and who that is in the register of processors."""

from app.core.config import Mode, Settings
from app.core.ports import KeptLetters, Mailer
from app.integrations.mailbox import Mailbox
from app.integrations.smtp import SmtpMailer


def mailer_of(settings: Settings) -> Mailer:
    """Return SMTP where a server is set, else a folder that `/dev/mail` shows. Raises ConfigurationError."""
    mail = settings.mail
    if mail.smtp_url is not None:
        allow_plain = settings.mode is Mode.DEVELOPMENT
        return SmtpMailer(mail.smtp_url.get_secret_value(), mail.mail_from, mail.smtp_timeout, allow_plain=allow_plain)
    return Mailbox(settings.stores.var / "mail", mail.mail_from)


def kept_letters_of(settings: Settings) -> KeptLetters | None:
    """Return the folder where letters lie that no server takes away; None where one does."""
    mail = settings.mail
    return None if mail.smtp_url is not None else Mailbox(settings.stores.var / "mail", mail.mail_from)
