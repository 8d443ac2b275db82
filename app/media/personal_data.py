"""What media holds about a person: pictures and uploads, as rows and as objects, and what was said of faces."""

from app.core.personal_data import NOT_PERSONAL, Activity, Category, Column, Holder, Medium, Retention, Store

_CONTENT = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.OBJECT)

_UPLOAD = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.UPLOAD)
_REFERENCE = Column(Category.CONTENT, (Activity.IMAGE_GENERATION,), Retention.REFERENCE)
_AVATAR = Column(Category.IDENTITY, (Activity.ACCOUNT_MANAGEMENT,))
_SOURCE = Column(Category.IDENTITY, (Activity.ACCOUNT_MANAGEMENT,), Retention.COPYING)
_FACE = Column(Category.FACE, (Activity.FACE_REFERENCES,), Retention.REFERENCE)
_STATEMENT = Column(Category.FACE, (Activity.FACE_REFERENCES, Activity.LEGAL_COMPLIANCE), Retention.ACCOUNT)

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
    Holder("avatars", "person_id", dict.fromkeys(("id", "person_id", "picture_id", "created_at"), _AVATAR)),
    Holder(
        "avatar_sources",
        "person_id",
        {"id": NOT_PERSONAL, **dict.fromkeys(("person_id", "processor", "url", "created_at"), _SOURCE)},
    ),
    Holder(
        "uploads",
        "person_id",
        {
            "id": _UPLOAD,
            "person_id": _UPLOAD,
            "state": NOT_PERSONAL,
            "content_type": _UPLOAD,
            "byte_size": _UPLOAD,
            "created_at": _UPLOAD,
            "expires_at": _UPLOAD,
        },
    ),
    Holder(
        "reference_images",
        "person_id",
        {
            "id": _REFERENCE,
            "person_id": _REFERENCE,
            "picture_id": _REFERENCE,
            "has_face": _FACE,
            "face": _FACE,
            "saved": _REFERENCE,
            "created_at": _REFERENCE,
            "expires_at": _REFERENCE,
        },
    ),
    Holder(
        "face_acknowledgements",
        "person_id",
        {
            "id": _STATEMENT,
            "person_id": _STATEMENT,
            "reference_image_id": _STATEMENT,
            "statement": _STATEMENT,
            "version": _STATEMENT,
            "wording_sha256": _STATEMENT,
            "acknowledged_at": _STATEMENT,
        },
    ),
)

STORES = (
    Store(
        "objects of pictures",
        Medium.OBJECT_STORE,
        ("pictures/",),
        "the picture's id, which begins with the key -> pictures.person_id",
        "Pictures that were made, sent or copied, upright and without metadata, each in three sizes. Faces may be on "
        "them.",
        _CONTENT,
    ),
    Store(
        "objects of uploads",
        Medium.OBJECT_STORE,
        ("uploads/",),
        "the upload's id, which begins with the key -> uploads.person_id",
        "Parts of a picture as it was sent, with its metadata, until it is looked at.",
        _UPLOAD,
    ),
    Store(
        "probes of the object store",
        Medium.OBJECT_STORE,
        ("doctor/",),
        None,
        "An empty object that `anypeople doctor` writes and deletes.",
        NOT_PERSONAL,
    ),
)
