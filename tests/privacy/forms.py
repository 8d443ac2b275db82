"""In which forms a word may lie in bytes."""

import html
import json
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote, quote_plus


def forms(word: str) -> Mapping[str, bytes]:
    """Return what a word looks like, by the name of the form; a form that looks like an earlier one is left out."""
    plain = word.encode()
    found = {
        "plain": plain,
        **{f"base64, {shift} before": content for shift, content in enumerate(_aligned(plain))},
        **{f"base64url, {shift} before": _url_safe(content) for shift, content in enumerate(_aligned(plain))},
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "URL": quote(word, safe="").encode(),
        "url": _lower_escapes(quote(word, safe="")).encode(),
        "form": quote_plus(word).encode(),
        "JSON": json.dumps(word)[1:-1].encode(),
        "HTML": html.escape(word).encode(),
        "UTF-16 LE": word.encode("utf-16-le"),
        "UTF-16 BE": word.encode("utf-16-be"),
    }
    first: dict[bytes, str] = {}
    for name, content in found.items():
        first.setdefault(content, name)
    return {name: content for content, name in first.items()}


def _aligned(plain: bytes) -> list[bytes]:
    """Return what is the same of its base64 whatever stands around it, for 0, 1 and 2 bytes before it.

    Three bytes are four characters: those that a neighbour has a part in say nothing.
    """
    found = []
    for shift in range(3):
        characters = b64encode(b"\0" * shift + plain)
        begin = (shift * 8 + 5) // 6
        end = (shift + len(plain)) * 8 // 6
        found.append(characters[begin:end])
    return found


def _url_safe(characters: bytes) -> bytes:
    return characters.translate(bytes.maketrans(b"+/", b"-_"))


def _lower_escapes(quoted: str) -> str:
    first, *rest = quoted.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])
