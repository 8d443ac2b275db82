"""Faces that belong to nobody: drawn by our own engine, and found by the detector like any other.

It is surer of photographs: of a real face in one it was measured to be sure by 0.99 and more at every size. Not every
drawn person is taken for one, so the seed is one that is.
"""

import io
from functools import cache

from PIL import ExifTags, Image

from app.generation.engines.base import Order
from app.generation.engines.illustration.attributes import read_attributes
from app.generation.engines.illustration.drawing import final
from app.generation.engines.illustration.engine import plan_of

PROMPT = "a smiling woman with black hair in a red jumper"


@cache
def drawn_face(prompt: str = PROMPT, seed: int = 2, side: int = 384) -> bytes:
    """Return a PNG of a drawn person."""
    order = Order("face", prompt, seed, side, side, (0,))
    return final(plan_of(order, read_attributes(prompt), 0))


def photograph(content: bytes, orientation: int = 6) -> bytes:
    """Return a picture as a phone would have made it: a JPEG that lies on its side, and says where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Phone of somebody"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    output = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        turned = image.convert("RGB").transpose(Image.Transpose.ROTATE_90)
        turned.save(output, "JPEG", quality=95, exif=exif, comment=b"taken at home")
    return output.getvalue()
