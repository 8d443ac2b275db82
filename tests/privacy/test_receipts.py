"""The program in `docs/receipts.md` checks a receipt with the published keys, and with nothing of ours."""

import json
import re
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.receipts import CONSENT, ERASURE, PRIVACY
from app.core.signing import Signer

GUIDE = Path(__file__).parents[2] / "docs" / "receipts.md"
SIGNER = Signer(b"r" * 32)
CLAIMS = {"iat": 1, "jti": "one", "right": "ERASURE", "steps": [{"holder": "users", "action": "ERASE", "count": 1}]}


def documented() -> set[str]:
    """Return the claims of a privacy request that the guide explains."""
    return set(re.findall(r"^\| `(\w+)` \|", GUIDE.read_text(), re.MULTILINE))


def program() -> str:
    [code] = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    return str(code)


def run(folder: Path, receipt: str, signer: Signer = SIGNER) -> subprocess.CompletedProcess[str]:
    """Run it as a reader does, where none of our code can be found."""
    for name, content in (
        ("verify.py", program()),
        ("receipt.txt", f"{receipt}\n"),
        ("jwks.json", json.dumps(signer.published())),
    ):
        (folder / name).write_text(content)
    command = [sys.executable, "verify.py", "receipt.txt", "jwks.json"]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)


def test_it_is_as_short_as_it_says_and_needs_one_library() -> None:
    lines = program().splitlines()
    imported = set(re.findall(r"^(?:import|from) (.+?)(?: import .*)?$", program(), re.MULTILINE))

    assert len(lines) <= 20
    assert imported == {"json, sys, warnings", "joserfc", "joserfc.errors", "joserfc.jwk"}


@pytest.mark.parametrize("kind", [ERASURE, PRIVACY])
def test_a_good_receipt_is_valid_and_says_what_was_done(tmp_path: Path, kind: str) -> None:
    done = run(tmp_path, SIGNER.sign(CLAIMS, kind))

    assert (done.returncode, done.stderr) == (0, "")
    first, _, said = done.stdout.partition("\n")
    assert first.startswith("VALID")
    assert json.loads(said) == CLAIMS


def changed(receipt: str) -> str:
    """Say that more was erased: what the text says is changed, and the signature left."""
    head, _, signature = receipt.split(".")
    more = {**CLAIMS, "steps": [{"holder": "users", "action": "ERASE", "count": 2}]}
    return ".".join((head, SIGNER.sign(more, ERASURE).split(".")[1], signature))


def unsigned(receipt: str) -> str:
    """Say that there is no signature, as `alg` may."""
    head = urlsafe_b64encode(b'{"alg":"none","typ":"erasure-receipt+jwt"}').decode().rstrip("=")
    return f"{head}.{receipt.split('.')[1]}."


FORGERIES: dict[str, Callable[[str], str]] = {
    "changed": changed,
    "unsigned": unsigned,
    "cut": lambda receipt: receipt[:-2],
    "of somebody else": lambda receipt: Signer(b"x" * 32).sign(CLAIMS, ERASURE),
    "of another kind": lambda receipt: SIGNER.sign(CLAIMS, CONSENT),
    "nonsense": lambda receipt: "nonsense",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_receipt_is_not_valid(tmp_path: Path, forge: Callable[[str], str]) -> None:
    done = run(tmp_path, forge(SIGNER.sign(CLAIMS, ERASURE)))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("NOT VALID: it is ")
