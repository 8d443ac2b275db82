"""Who can be declared as a recipient, and who cannot."""

from dataclasses import replace
from typing import Any

import pytest

from app.core.personal_data import Activity
from app.processors.register import Disclosed, Proof, Register, RetentionPromise, Role, Transfer
from tests.processors.painters import PAINTER, PROMISE

INCOMPLETE: dict[str, tuple[dict[str, Any], str]] = {
    "no transfer mechanism": ({"transfer": Transfer.NONE_NEEDED}, "transfer mechanism"),
    "a mechanism for a machine of ours": ({"role": Role.OURSELVES}, "transfer mechanism"),
    "no agreement": ({"dpa": None}, "agreement"),
    "no country": ({"country": "local"}, "country"),
    "no operator": ({"operator": ""}, "operator"),
    "no activity": ({"activities": frozenset()}, "activities"),
    "no category": ({"categories": frozenset()}, "categories"),
}


@pytest.mark.parametrize(("changes", "reason"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_what_is_incomplete_cannot_be_declared(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(PAINTER, **changes)


def test_a_controller_of_its_own_needs_no_agreement_but_a_mechanism() -> None:
    assert replace(PAINTER, role=Role.CONTROLLER, dpa=None).transfer is Transfer.INSIDE_EEA
    with pytest.raises(ValueError, match="transfer mechanism"):
        replace(PAINTER, role=Role.CONTROLLER, transfer=Transfer.NONE_NEEDED)


def test_nothing_can_be_declared_for_a_sale() -> None:
    """The policy says that personal information is not sold (P10): no activity, mechanism or role has a word for it."""
    words = [*Activity, *Transfer, *Role, *Disclosed]
    assert not [word for word in words if "SALE" in word or "SELL" in word or "SOLD" in word]
    with pytest.raises(ValueError, match="SALE"):
        Activity("SALE")


def test_use_of_the_service_is_no_mechanism() -> None:
    """Consent by use is none of Chapter V's mechanisms (P19)."""
    assert {*Transfer} == {"INSIDE_EEA", "ADEQUACY", "SCC", "NONE_NEEDED"}


@pytest.mark.parametrize("proof", Proof)
def test_only_a_promise_with_a_proof_is_proof(proof: Proof) -> None:
    promise = RetentionPromise("It keeps nothing.", proof, "its word")
    assert replace(PAINTER, retention=promise).proves_retention is (proof is not Proof.NONE)
    assert not PAINTER.proves_retention
    assert replace(PAINTER, retention=PROMISE).proves_retention


def test_a_processor_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Register([PAINTER, PAINTER])
    assert list(Register([PAINTER])) == [PAINTER]
