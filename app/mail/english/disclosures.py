"""Mail about what the law made us hand over."""

from collections.abc import Mapping

from app.core.personal_data import Activity
from app.mail.kinds import MailKind, Wording

DISCLOSURES: Mapping[MailKind, Wording] = {
    MailKind.LEGAL_DISCLOSURE: Wording(
        "Data of yours was handed over",
        (
            "Hello,",
            "on {date} we handed over data of the AnyPeople account with this address. {ground}",
            "Who got it: {recipient}",
            "What it rests on: {basis}",
            "What it was: {scope}",
            "{barred}",
            "It stays in the list of legal disclosures of your account. If you hold that it was not lawful, write to "
            "us, or to the authority that supervises data protection where you live.",
        ),
        activity=Activity.LEGAL_COMPLIANCE,
    ),
}
