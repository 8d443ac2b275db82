"""Signatures: what they are made of, and that nothing else passes for one."""

import base64
import hashlib
import json

import jwt
import pytest

from app.core.signing import Forged, Signer

SIGNER = Signer(b"k" * 32)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_what_is_signed_says_so_in_its_header_and_verifies() -> None:
    token = SIGNER.sign({"iss": "https://a.example", "n": 1}, "receipt+jwt")

    header = json.loads(decoded(token.split(".")[0]))
    assert header == {"alg": "EdDSA", "kid": SIGNER.key_id, "typ": "receipt+jwt"}
    assert SIGNER.verify(token, "receipt+jwt") == {"iss": "https://a.example", "n": 1}


def test_the_key_is_named_by_its_thumbprint_and_the_same_everywhere() -> None:
    [key] = SIGNER.published()["keys"]

    named = json.dumps({name: key[name] for name in ("crv", "kty", "x")}, separators=(",", ":"))  # RFC 7638, section 3
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(named.encode()).digest()).decode().rstrip("=")
    assert key["kid"] == thumbprint == Signer(b"k" * 32).key_id != Signer(b"j" * 32).key_id
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("OKP", "Ed25519", "sig", "EdDSA")
    assert "d" not in key


def test_an_independent_library_agrees() -> None:
    [key] = SIGNER.published()["keys"]
    public = jwt.PyJWK(key, algorithm="EdDSA")

    assert jwt.decode(SIGNER.sign({"n": 1}, "x"), public, algorithms=["EdDSA"]) == {"n": 1}
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(Signer(b"j" * 32).sign({"n": 1}, "x"), public, algorithms=["EdDSA"])


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "x"}, {"n": 1})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


@pytest.mark.parametrize(
    "token",
    [
        Signer(b"j" * 32).sign({"n": 1}, "x"),
        SIGNER.sign({"n": 1}, "y"),
        jwt.encode({"n": 1}, SIGNER.published()["keys"][0]["x"], algorithm="HS256", headers={"typ": "x"}),
        unsigned(),
        "",
        "a.b.c",
        "nonsense",
    ],
    ids=["another key", "another type", "the public key as a secret", "unsigned", "empty", "no JSON", "no JWT"],
)
def test_what_is_not_signed_for_this_is_refused(token: str) -> None:
    with pytest.raises(Forged):
        SIGNER.verify(token, "x")


@pytest.mark.parametrize("part", [0, 1, 2])
def test_what_was_changed_is_refused(part: int) -> None:
    parts = SIGNER.sign({"n": 1, "text": "long enough to be changed"}, "x").split(".")
    middle = len(parts[part]) // 2
    changed = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + changed + parts[part][middle + 1 :]

    with pytest.raises(Forged):
        SIGNER.verify(".".join(parts), "x")
