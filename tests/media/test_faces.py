"""Detection: what counts as a face, where it is, and that nothing breaks it."""

import io
from dataclasses import fields

import pytest
from PIL import Image

from app.media.faces import Box, Faces, faces_in
from app.media.imaging import REFERENCE_SIDE, examine
from app.registries import PERSONAL_DATA
from tests.architecture.checks.repository import ROOT
from tests.media.faces import drawn_face, photograph
from tests.media.pictures import MAX_PIXELS, painted, saved

RECOGNISERS = ("deepface", "dlib", "face-recognition", "facenet-pytorch", "insightface", "keras-facenet", "uniface")
"""Packages that compute what recognises a person."""


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def test_a_face_is_found_where_it_is() -> None:
    faces = faces_in(opened(drawn_face(side=384)))
    assert faces.found
    assert faces.largest is not None
    box = faces.largest
    assert 100 < box.left < 140
    assert 90 < box.top < 130
    assert 120 < box.width < 170
    assert 150 < box.height < 200


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_face_that_is_not_upright_is_found_too(turn: int) -> None:
    assert faces_in(opened(drawn_face()).rotate(turn)).found


def test_what_is_known_of_a_face_is_whether_and_where() -> None:
    assert {field.name for field in fields(Faces)} == {"found", "largest"}
    assert {field.name for field in fields(Box)} == {"left", "top", "width", "height"}
    assert {name for name in (*PERSONAL_DATA["reference_images"].columns,) if "face" in name} == {"has_face", "face"}
    locked = (ROOT / "requirements.lock").read_text().lower()
    assert [name for name in RECOGNISERS if f"\n{name}==" in locked] == []


def test_one_that_stands_on_its_head_has_no_place() -> None:
    assert faces_in(opened(drawn_face()).rotate(180)) == Faces(True, None)


def test_the_place_is_in_pixels_of_the_picture_that_is_kept() -> None:
    large = opened(drawn_face()).resize((1500, 1500))
    page = Image.new("RGB", (3000, 2500), "#ddeeff")
    page.paste(large, (1500, 1000))
    examined = examine(saved(page, "JPEG"), max_pixels=3000 * 2500)
    assert max(examined.picture.width, examined.picture.height) == REFERENCE_SIDE
    box = examined.faces.largest
    assert box is not None
    scale = REFERENCE_SIDE / 3000
    assert 1500 * scale < box.left < 2200 * scale
    assert 1200 * scale < box.top < 1700 * scale


@pytest.mark.parametrize("size", [(1, 1), (12, 12), (1, 4000), (4000, 3), (640, 480)])
def test_a_picture_without_one_has_none(size: tuple[int, int]) -> None:
    assert faces_in(painted(*size) if min(size) > 2 else Image.new("RGB", size)) == Faces(False, None)


def test_orientation_is_applied_before_anybody_looks() -> None:
    upright = examine(drawn_face(), max_pixels=MAX_PIXELS).faces.largest
    turned = examine(photograph(drawn_face()), max_pixels=MAX_PIXELS).faces.largest
    assert upright is not None
    assert turned is not None
    assert abs(upright.left - turned.left) + abs(upright.top - turned.top) < 12
