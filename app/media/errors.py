"""What can go wrong with a picture or the link to one. No message holds content, metadata or a signature.

Each is raised with its message as the only positional argument, so that it survives pickling on its way out of a
worker process.
"""

from app.core.errors import AppError, NotFound


class UnreadablePicture(AppError):
    """The bytes are no picture that we accept; the message says which rule they break."""

    code = "UNREADABLE_PICTURE"


class OwnerGone(NotFound):
    """The account that the picture is for is locked or gone: nothing is kept for it."""


class LinkInvalid(AppError):
    """The signature of an image link is not ours, or the link was changed."""

    code = "LINK_INVALID"


class LinkExpired(AppError):
    """The link was ours and its time is over."""

    code = "LINK_EXPIRED"


class WrongContentType(AppError):
    """What is sent is of another type than was announced."""

    code = "WRONG_CONTENT_TYPE"


class BodyTooLong(AppError):
    """More is sent than was announced."""

    code = "BODY_TOO_LONG"


class BodyTooShort(AppError):
    """Less is sent than was announced."""

    code = "BODY_TOO_SHORT"


class BodyTooSlow(AppError):
    """The body did not come in time."""

    code = "BODY_TOO_SLOW"
