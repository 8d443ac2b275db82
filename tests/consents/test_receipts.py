"""Receipts offline: a file with the published keys is all that it takes."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from app.consents.notices import Notice
from app.consents.purposes import Method
from app.consents.records import RECEIPT_TYPE, Decision, record_of
from app.core.clock import SystemClock
from app.core.consent_purposes import ConsentPurpose
from app.core.receipts import verify
from app.core.signing import Forged, Signer, Verifier
from tests.fakes.consents import CONTROLLER

SIGNER = Signer(b"r" * 32)


def a_receipt() -> str:
    decision = Decision(
        uuid4(),
        uuid4(),
        ConsentPurpose.MARKETING_EMAIL,
        granted=True,
        was_granted=False,
        decided_at=SystemClock().now(),
        notice=Notice("2026-01-01", "0" * 64),
        method=Method.API,
    )
    return SIGNER.sign(record_of(decision, CONTROLLER, ()), RECEIPT_TYPE)


def published(tmp_path: Path, signer: Signer = SIGNER) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(signer.published()))
    return path


def command(jwks: Path, receipt: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where there is no setting, no database and no file but the two."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "receipts", "verify", "--jwks", str(jwks), "-"],
        input=receipt,
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "DATABASE_URL": "nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_receipt_verifies_with_nothing_but_the_published_keys(tmp_path: Path) -> None:
    receipt = a_receipt()

    good = command(published(tmp_path), f"{receipt}\n", tmp_path)
    bad = command(published(tmp_path), receipt[:-1], tmp_path)

    assert (good.returncode, good.stderr) == (0, "")
    said, _, content = good.stdout.partition("\n")
    assert "signed with these keys, and unchanged" in said
    assert json.loads(content)["pii_processing"][0]["purposes"][0]["purpose"] == "MARKETING_EMAIL"
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "not signed by these keys, or was changed" in bad.stderr


def test_every_changed_byte_fails() -> None:
    """One of each eleven, and all of the signature: its last character has bits that decoders do not look at."""
    receipt, verifier = a_receipt(), Verifier.of(SIGNER.published())
    assert verify(verifier, receipt).claims["pii_principal_id"]

    signature = receipt.rindex(".")
    for place in [*range(0, signature, 11), *range(signature, len(receipt))]:
        for other in {"A", "~", ".", chr(ord(receipt[place]) ^ 1)} - {receipt[place]}:
            with pytest.raises(Forged):
                verify(verifier, receipt[:place] + other + receipt[place + 1 :])


def test_the_keys_of_somebody_else_verify_nothing() -> None:
    with pytest.raises(Forged):
        verify(Verifier.of(Signer(b"s" * 32).published()), a_receipt())


@pytest.mark.parametrize("keys", [{}, {"keys": 1}, {"keys": [{"kty": "none"}]}, []])
def test_what_is_no_key_set_is_said(keys: object, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(keys))

    with pytest.raises(ValueError, match="no JWK set"):
        Verifier.of(json.loads(path.read_text()))
