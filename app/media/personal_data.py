"""What media holds about a person: pictures, as rows and as objects in the store."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Retention

_CONTENT = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.OBJECT)

HOLDERS = (
    Holder(
        "pictures",
        "person_id",
        {
            "id": _CONTENT,
            "person_id": _CONTENT,
            "state": NOT_PERSONAL,
            "width": _CONTENT,
            "height": _CONTENT,
            "placeholder": _CONTENT,
            "variants": _CONTENT,
            "created_at": _CONTENT,
        },
    ),
)
