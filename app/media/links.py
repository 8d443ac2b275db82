"""Signed, expiring URLs: who holds one sees that picture, or sends that upload, until it expires, without a session."""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

from app.core.ports import Clock
from app.media.errors import LinkExpired, LinkInvalid
from app.media.variants import FILE_NAMES, Variant

IMAGE_LABEL = b"anypeople/image-links/v1"
UPLOAD_LABEL = b"anypeople/upload-links/v1"
"""What a key is for. A key of its own for each purpose: no signature of another part passes here. A new version of
the signed message gets a new label, and old links end."""
MIN_SECRET_BYTES = 32
SIGNATURE_BYTES = 18
"""144 bits of HMAC-SHA256 (RFC 2104, section 5 allows down to 128); 24 characters of base64url without padding."""


class LinkSigner:
    """Signs what a URL stands for, with a key for this label only."""

    def __init__(self, secret: bytes, label: bytes) -> None:
        """Raises ValueError for a secret under 32 bytes."""
        if len(secret) < MIN_SECRET_BYTES:
            raise ValueError(f"the secret needs at least {MIN_SECRET_BYTES} bytes")
        self._key = hmac.digest(secret, label, "sha256")

    def sign(self, message: bytes) -> str:
        """Return the signature, 24 characters of base64url."""
        return urlsafe_b64encode(hmac.digest(self._key, message, "sha256")[:SIGNATURE_BYTES]).decode("ascii")

    def matches(self, message: bytes, signature: str) -> bool:
        """Return whether the signature is that of the message; takes the same time whatever is wrong with it."""
        return hmac.compare_digest(self.sign(message).encode("ascii"), signature.encode("utf-8", "replace"))


class ImageLinks:
    """Makes and checks the URLs of pictures.

    A URL stays the same for half of `lifetime`, so that browsers and Relay stores find what they hold: time is cut into
    periods of that half, and a URL expires with the end of the next period. It is thus valid for more than half of
    `lifetime` and at most the whole. Periods begin at another second for each picture, lest all expire at once.
    """

    def __init__(self, secret: bytes, public_url: str, lifetime: timedelta, clock: Clock) -> None:
        """Raises ValueError for a secret under 32 bytes or a `lifetime` under two seconds."""
        self._signer = LinkSigner(secret, IMAGE_LABEL)
        self._period = int(lifetime.total_seconds()) // 2
        if self._period < 1:
            raise ValueError("links must live for two seconds or longer")
        self._base = f"{public_url.rstrip('/')}/images/"
        self._clock = clock

    def url(self, picture_id: UUID, variant: Variant) -> str:
        """Return the URL of a variant, valid from now on."""
        period = self._period
        begin = picture_id.int % period
        now = int(self._clock.now().timestamp())
        expires = now - (now - begin) % period + 2 * period
        signature = self._signer.sign(_image_message(picture_id, variant, expires))
        return f"{self._base}{picture_id}/{FILE_NAMES[variant]}?expires={expires}&signature={signature}"

    def verify(self, picture_id: UUID, variant: Variant, expires: int, signature: str) -> None:
        """Return if the link is ours and valid now. Raises LinkInvalid, or LinkExpired where it was ours."""
        if not self._signer.matches(_image_message(picture_id, variant, expires), signature):
            raise LinkInvalid("This image link is not valid. Ask the API for a new URL.")
        if self.seconds_left(expires) <= 0:
            raise LinkExpired("This image link has expired. Ask the API for a new URL.")

    def seconds_left(self, expires: int) -> int:
        """Whole seconds until `expires` (Unix time); negative afterwards."""
        return expires - int(self._clock.now().timestamp())


class UploadLinks:
    """Makes and checks the URLs that uploads are sent to. That each works once is for the upload's row to say."""

    def __init__(self, secret: bytes, public_url: str, clock: Clock) -> None:
        """Raises ValueError for a secret under 32 bytes."""
        self._signer = LinkSigner(secret, UPLOAD_LABEL)
        self._base = f"{public_url.rstrip('/')}/uploads/"
        self._clock = clock

    def url(self, upload_id: UUID, expires_at: datetime) -> str:
        """Return the URL of an upload; the same each time."""
        expires = int(expires_at.timestamp())
        signature = self._signer.sign(_upload_message(upload_id, expires))
        return f"{self._base}{upload_id}?expires={expires}&signature={signature}"

    def verify(self, upload_id: UUID, expires: int, signature: str) -> None:
        """Return if the link is ours and valid now. Raises LinkInvalid, or LinkExpired where it was ours."""
        if not self._signer.matches(_upload_message(upload_id, expires), signature):
            raise LinkInvalid("This upload link is not valid. Use the URL of `createUpload` as it is.")
        if expires <= self._clock.now().timestamp():
            raise LinkExpired("This upload link has expired. Ask `createUpload` for a new one.")


def _image_message(picture_id: UUID, variant: Variant, expires: int) -> bytes:
    # The id has a fixed length and no variant holds a digit, so no two links have the same message.
    return b"%b%b%d" % (picture_id.bytes, variant.encode("ascii"), expires)


def _upload_message(upload_id: UUID, expires: int) -> bytes:
    return b"%b%d" % (upload_id.bytes, expires)
