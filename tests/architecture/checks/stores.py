"""What lies in stores that are no tables: the places in the code where keys and cookies are named, and the registry.

What cannot be read from the code, because a library makes the key, is watched at a running service
(`tests/faults/test_stores.py`).
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from app.core.personal_data import Medium, Store
from tests.architecture.checks.repository import nodes

OURS_IN_VALKEY = "anypeople:"
_OBJECT_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*/")
NO_KEYS = ("anypeople/",)
"""What f-strings begin with that are names of derived keys and of recurring jobs."""
SETS_COOKIES = "app/web/cookies.py"
"""The one place that may; it sets what the cookie register declares, and nothing else."""

Stores = Mapping[str, Store]


def undeclared(files: Iterable[Path], root: Path, stores: Stores) -> list[str]:
    """Name every key of Valkey and key of an object in the code that no store declares."""
    found = []
    for path in files:
        place = path.relative_to(root).as_posix()
        if place.endswith("personal_data.py") or place == "app/core/holders.py":
            continue
        for node in nodes(path):
            found += [f"{place}: {fault}" for fault in _faults(node, place, stores)]
    return found


def unknown_disclosures(kinds: Iterable[str], stores: Stores) -> list[str]:
    """Name the kinds of data that leave and that no store of a processor declares, and the reverse."""
    declared = set(_keys(stores, Medium.PROCESSOR))
    return [
        *(f"{kind}: it leaves, but no store of a processor has it (STORES)" for kind in sorted(set(kinds) - declared)),
        *(f"{kind}: a store declares it, but it never leaves" for kind in sorted(declared - set(kinds))),
    ]


def unknown_cookies(names: Iterable[str], stores: Stores) -> list[str]:
    """Name the cookies of the cookie register that no store of a browser declares, and the reverse."""
    declared, known = set(_keys(stores, Medium.BROWSER)), set(names)
    return [
        *(f"{name}: a cookie that no store declares (STORES)" for name in sorted(known - declared)),
        *(f"{name}: a store declares it, but it is no cookie" for name in sorted(declared - known)),
    ]


def _keys(stores: Stores, medium: Medium) -> tuple[str, ...]:
    return tuple(key for store in stores.values() if store.medium is medium for key in store.keys)


def _faults(node: ast.AST, place: str, stores: Stores) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            if text.startswith(OURS_IN_VALKEY) and not text.startswith(_keys(stores, Medium.VALKEY)):
                yield f"a key in Valkey begins with {text!r}, which no store declares (STORES)"
            if text.lower() == "set-cookie" and place != SETS_COOKIES:
                yield f"sets a cookie by itself: {SETS_COOKIES} does"
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            if _OBJECT_KEY.match(text) and not text.startswith((*_keys(stores, Medium.OBJECT_STORE), *NO_KEYS)):
                yield f"an object's key begins with {text!r}, which no store declares (STORES)"
        case ast.Call(func=ast.Attribute(attr="set_cookie")):
            yield f"sets a cookie by itself: {SETS_COOKIES} does"
