"""The wording of every mail, in English. `{name}` is filled from the mail's values."""

from collections.abc import Mapping

from app.mail.english.accounts import ACCOUNTS
from app.mail.english.disclosures import DISCLOSURES
from app.mail.english.privacy import ERASURE, PRIVACY
from app.mail.english.service import SERVICE
from app.mail.english.support import SUPPORT
from app.mail.kinds import MailKind, Wording

ENGLISH: Mapping[MailKind, Wording] = {**ACCOUNTS, **PRIVACY, **ERASURE, **SERVICE, **SUPPORT, **DISCLOSURES}
