"""What generation holds about a person."""

from app.core.personal_data import (
    NOT_PERSONAL,
    Activity,
    Category,
    Column,
    Holder,
    Medium,
    OnErasure,
    Retention,
    Store,
    Withheld,
)

_CONTENT = Column(
    Category.CONTENT,
    (Activity.IMAGE_GENERATION, Activity.MODEL_TRAINING, Activity.PRIVATE_TRAINING),
    Retention.ACCOUNT,
)
"""Training takes what is public from whoever did not object, and what is private from whoever consented (P08)."""
_ACTIVITY = Column(Category.ACTIVITY, (Activity.IMAGE_GENERATION, Activity.ANALYTICS), Retention.ACCOUNT)
_REFERENCE = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.ACCOUNT)
"""Never trained on."""

HOLDERS = (
    Holder(
        "generations",
        "user_id",
        {
            "id": _CONTENT,
            "user_id": _CONTENT,
            "job_id": NOT_PERSONAL,
            "prompt": _CONTENT,
            "negative_prompt": _CONTENT,
            "engine": _CONTENT,
            "seed": _CONTENT,
            "width": _CONTENT,
            "height": _CONTENT,
            "count": _CONTENT,
            "style": _CONTENT,
            "visibility": _CONTENT,
            "show_prompt": _CONTENT,
            "status": _ACTIVITY,
            "notes": _CONTENT,
            "failure_code": _ACTIVITY,
            "failure_message": _ACTIVITY,
            "failure_retryable": _ACTIVITY,
            "created_at": _ACTIVITY,
            "started_at": _ACTIVITY,
            "finished_at": _ACTIVITY,
        },
    ),
    Holder(
        "generated_images",
        "generation_id -> generations.user_id",
        {
            "id": _CONTENT,
            "generation_id": _CONTENT,
            "index": _CONTENT,
            "picture_id": _CONTENT,
            "rejected_stage": _ACTIVITY,
            "rejected_categories": _ACTIVITY,
        },
    ),
    Holder(
        "generation_references",
        "generation_id -> generations.user_id",
        dict.fromkeys(("id", "generation_id", "position", "reference_image_id"), _REFERENCE),
    ),
)

STORES = (
    Store(
        "inference providers",
        Medium.PROCESSOR,
        ("PROMPT", "REFERENCE", "FACE", "PSEUDONYM"),
        "a keyed hash of the person, another one for each provider",
        "Prompts, settings and reference pictures, while a picture is made of them.",
        Column(
            Category.CONTENT,
            (Activity.IMAGE_GENERATION,),
            Retention.PROCESSOR,
            withheld=Withheld.COPY,
            on_erasure=OnErasure.DELETE,
        ),
    ),
)
