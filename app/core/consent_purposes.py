"""What people are asked to consent to, each by itself; a purpose is the consent behind one activity."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.personal_data import Activity


class ConsentPurpose(StrEnum):
    """Purposes that rest on consent (Art. 6(1)(a) GDPR): nothing of them happens before somebody said yes."""

    MARKETING_EMAIL = "MARKETING_EMAIL"
    ANALYTICS_COOKIES = "ANALYTICS_COOKIES"
    PREFERENCE_COOKIES = "PREFERENCE_COOKIES"
    TRAINING_ON_PRIVATE_CONTENT = "TRAINING_ON_PRIVATE_CONTENT"
    FACE_REFERENCE_IMAGES = "FACE_REFERENCE_IMAGES"


ACTIVITIES: Mapping[ConsentPurpose, Activity] = {
    ConsentPurpose.MARKETING_EMAIL: Activity.MARKETING,
    ConsentPurpose.ANALYTICS_COOKIES: Activity.ANALYTICS_COOKIES,
    ConsentPurpose.PREFERENCE_COOKIES: Activity.PREFERENCE_COOKIES,
    ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT: Activity.PRIVATE_TRAINING,
    ConsentPurpose.FACE_REFERENCE_IMAGES: Activity.FACE_REFERENCES,
}
"""The activity that each purpose permits."""
