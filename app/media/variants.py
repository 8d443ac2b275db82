"""The sizes in which a picture is kept."""

from dataclasses import dataclass
from enum import StrEnum

from app.media.faces import Faces


class Variant(StrEnum):
    """One size of a picture. The values are stored and appear in the API; never rename one."""

    ORIGINAL = "ORIGINAL"
    LARGE = "LARGE"
    SMALL = "SMALL"

    @property
    def longest_side(self) -> int | None:
        """The limit on the longest side in pixels; None: as it was made. A smaller picture is never enlarged."""
        return LONGEST_SIDES[self]

    @property
    def file_name(self) -> str:
        """The last segment of its key and of its URL, for example `large.webp`."""
        return FILE_NAMES[self]


CONTENT_TYPE = "image/webp"
FILE_SUFFIX = ".webp"
LONGEST_SIDES: dict[Variant, int | None] = {Variant.ORIGINAL: None, Variant.LARGE: 512, Variant.SMALL: 256}
FILE_NAMES = {variant: variant.value.lower() + FILE_SUFFIX for variant in Variant}
VARIANT_OF_FILE_NAME = {name: variant for variant, name in FILE_NAMES.items()}


@dataclass(frozen=True, slots=True)
class EncodedVariant:
    """One size of a picture as bytes that hold pixels and no metadata."""

    name: Variant
    content: bytes
    width: int
    """In pixels."""
    height: int
    """In pixels."""
    content_type: str = CONTENT_TYPE

    @property
    def byte_size(self) -> int:
        """The length of `content`."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture that is ready to be stored."""

    width: int
    """Of the original, in pixels, upright."""
    height: int
    """Of the original, in pixels, upright."""
    placeholder: str
    """A BlurHash of 4 x 3 components (3 x 4 where the picture is taller than wide)."""
    variants: tuple[EncodedVariant, ...]
    """One of each `Variant`, in the order of the enum; of a person's own picture only SMALL."""


@dataclass(frozen=True, slots=True)
class ExaminedPicture:
    """A reference picture that is ready to be stored, and what was found in it."""

    picture: PreparedPicture
    faces: Faces
