"""The gate refuses before a byte leaves."""

from dataclasses import replace

import pytest
import structlog

from app.core.personal_data import Activity
from app.processors.errors import DisclosureRefused
from app.processors.register import Disclosed, Processor, Register, Role, Transfer
from app.processors.service import Gate

PAINTER = Processor(
    name="painter",
    operator="Painter Ltd",
    role=Role.PROCESSOR,
    purpose="Paints.",
    activities=frozenset({Activity.IMAGE_GENERATION}),
    categories=frozenset({Disclosed.PROMPT, Disclosed.FACE}),
    country="IE",
    transfer=Transfer.INSIDE_EEA,
    retention=None,
)


async def test_what_is_declared_leaves() -> None:
    async with Gate(Register([PAINTER])).disclose(
        "painter", Activity.IMAGE_GENERATION, "a-hash", {Disclosed.PROMPT}
    ) as entry:
        assert entry is PAINTER


@pytest.mark.parametrize(
    ("processor", "activity", "categories", "reason"),
    [
        ("other", Activity.IMAGE_GENERATION, {Disclosed.PROMPT}, "undeclared processor"),
        ("painter", Activity.ACCOUNT_MANAGEMENT, {Disclosed.PROMPT}, "ACCOUNT_MANAGEMENT"),
        ("painter", Activity.IMAGE_GENERATION, {Disclosed.PROMPT, Disclosed.REFERENCE}, "REFERENCE"),
        ("painter", Activity.IMAGE_GENERATION, {Disclosed.FACE}, "no proof"),
    ],
)
async def test_what_is_not_declared_is_refused(
    processor: str, activity: Activity, categories: set[Disclosed], reason: str
) -> None:
    left = False
    with structlog.testing.capture_logs() as logs, pytest.raises(DisclosureRefused, match=reason):
        async with Gate(Register([PAINTER])).disclose(processor, activity, "a-hash", categories):
            left = True
    assert not left
    assert "a-hash" not in str(logs)


async def test_a_promise_opens_the_gate_for_faces() -> None:
    register = Register([replace(PAINTER, retention="agreement 7")])
    async with Gate(register).disclose("painter", Activity.IMAGE_GENERATION, None, {Disclosed.FACE}):
        pass


def test_a_transfer_without_a_mechanism_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="transfer"):
        replace(PAINTER, transfer=Transfer.NONE_NEEDED)
    with pytest.raises(ValueError, match="transfer"):
        replace(PAINTER, role=Role.OURSELVES)


def test_a_processor_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Register([PAINTER, PAINTER])
    assert list(Register([PAINTER])) == [PAINTER]
