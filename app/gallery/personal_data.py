"""What the gallery holds about a person."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Retention

_CONTENT = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.OBJECT)

HOLDERS = (
    Holder(
        "gallery_items",
        "author_id",
        {
            **dict.fromkeys(("id", "generation_id", "author_id", "prompt", "style", "published_at"), _CONTENT),
            "hidden": NOT_PERSONAL,
        },
    ),
)
