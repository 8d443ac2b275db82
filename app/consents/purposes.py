"""What people are asked, in words: each purpose with all that a consent record says of it.

The words are part of what was consented to: a change of meaning is a new version of the privacy policy that asks again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.consent_purposes import ConsentPurpose
from app.core.personal_data import Activity


@dataclass(frozen=True, slots=True)
class Explanation:
    """One purpose."""

    title: str
    meaning: str
    """What a yes allows."""
    refusal: str
    """What a no, or a withdrawal, does."""
    pii_types: tuple[str, ...]
    processing_method: str
    retention_period: str


EXPLANATIONS: Mapping[ConsentPurpose, Explanation] = {
    ConsentPurpose.MARKETING_EMAIL: Explanation(
        "News by email",
        "We may write to your address about new features and offers.",
        "We write only about your account and what you asked for.",
        ("email address",),
        "Sending email",
        "Until withdrawal, or while the account exists",
    ),
    ConsentPurpose.ANALYTICS_COOKIES: Explanation(
        "Analytics cookies",
        "A cookie lets us count how the pages are used.",
        "No such cookie is set, and one that is there is removed.",
        ("what is used, when, and with which family of devices",),
        "Counting visits by a cookie",
        "Until withdrawal, or while the account exists",
    ),
    ConsentPurpose.PREFERENCE_COOKIES: Explanation(
        "Preference cookies",
        "A cookie keeps what you set on the pages, so that you need not set it again.",
        "Nothing that you set on the pages is kept in this browser.",
        ("settings of the pages",),
        "Keeping settings in a cookie",
        "Until withdrawal, or while the account exists",
    ),
    ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT: Explanation(
        "Training on private pictures",
        "We may train models on your private pictures, never on their prompts, your reference pictures or what is made "
        "by one.",
        "Nothing private of yours goes into any data set from then on.",
        ("generated pictures that are private",),
        "Building data sets and training models",
        "Until withdrawal, or while the account exists",
    ),
    ConsentPurpose.FACE_REFERENCE_IMAGES: Explanation(
        "Reference pictures with faces",
        "We may keep pictures with faces that you upload, and give them to the engines that you choose, to make what "
        "you ask for. Nobody is recognised in them. Each picture is asked about once more when you add it.",
        "Your reference pictures with faces are deleted at once, and what is being made by one is stopped.",
        ("pictures with faces",),
        "Storing, showing to the person, and handing to the engine of a generation",
        "24 hours, or until withdrawal or deletion where the picture is saved",
    ),
}


class Objectionable(StrEnum):
    """Activities that rest on a legitimate interest and that a person can object to (Art. 21(1) GDPR)."""

    ANALYTICS = Activity.ANALYTICS.value
    MODEL_TRAINING = Activity.MODEL_TRAINING.value


OBJECTIONS: Mapping[Objectionable, tuple[str, str]] = {
    Objectionable.ANALYTICS: (
        "Statistics",
        "We count how the service is used, without a cookie, to run and to improve it.",
    ),
    Objectionable.MODEL_TRAINING: (
        "Training on public pictures",
        "We may train models on pictures that you published, never on their prompts.",
    ),
}
"""Title and meaning of each."""


class Method(StrEnum):
    """How a decision reached us. The values are stored; never rename one."""

    API = "API"
    ACCOUNT_PAGE = "ACCOUNT_PAGE"
    COOKIE_CHOICE = "COOKIE_CHOICE"
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    GLOBAL_PRIVACY_CONTROL = "GLOBAL_PRIVACY_CONTROL"
    ONE_CLICK = "ONE_CLICK"
    UNSUBSCRIBE_LINK = "UNSUBSCRIBE_LINK"
    PRIVACY_REQUEST = "PRIVACY_REQUEST"


METHODS: Mapping[Method, str] = {
    Method.API: "A call of the API by the signed-in person",
    Method.ACCOUNT_PAGE: "A form on the page of the account",
    Method.COOKIE_CHOICE: "The choice of cookies",
    Method.ACKNOWLEDGEMENT: "The acknowledgement of a face in an uploaded picture",
    Method.GLOBAL_PRIVACY_CONTROL: "Global Privacy Control signal",
    Method.ONE_CLICK: "The unsubscribe button of a mail program (RFC 8058)",
    Method.UNSUBSCRIBE_LINK: "The page behind the link of a mail",
    Method.PRIVACY_REQUEST: "A privacy request of the person",
}
