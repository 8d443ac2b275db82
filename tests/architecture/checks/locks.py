"""Locks and committed files: pinned by hash, and silent about the machine that they were made on."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

Pins = frozenset[tuple[str, str]]

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?P<rest>.*)$")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
_ADDRESS = re.compile(r"://|^\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", re.MULTILINE)
_MACHINE = (
    re.compile(r"\b(files\.)?(pythonhosted|npmjs|yarnpkg|pypi)\.(org|com)\b"),
    re.compile(r"https?://[^/\s\"'`]*(pypi|npm|artifactory|nexus|registry)[^/\s\"'`]*/"),
    re.compile(r"(?<![\w.*}-])/(work|root)/[\w.]"),
)


def pins(lock: str) -> tuple[Pins, list[str]]:
    """Return the names and versions of a requirements lock, and what is wrong with it."""
    found: set[tuple[str, str]] = set()
    faults = [f"an address: {line.strip()}" for line in lock.splitlines() if _ADDRESS.search(line)]
    for line in lock.replace("\\\n", " ").splitlines():
        text = line.split(" #")[0].strip()
        if not text or text.startswith("#"):
            continue
        pin = _PIN.match(text)
        if pin is None:
            faults.append(f"not pinned: {text}")
            continue
        found.add((pin["name"].lower(), pin["version"]))
        if not _HASH.search(pin["rest"]):
            faults.append(f"without a hash: {pin['name']}")
    return frozenset(found), faults


def disagreements(runtime: Pins, development: Pins) -> list[str]:
    """Name what the runtime's lock pins and the developers' lock does not, or to another version."""
    return [f"{name}=={version} is not in the developers' lock" for name, version in sorted(runtime - development)]


def resolved_packages(package_lock: str) -> list[str]:
    """Name the packages of a `package-lock.json` that say where they came from, or have no hash."""
    packages = json.loads(package_lock)["packages"]
    return [
        name for name, package in packages.items() if name and ("resolved" in package or "integrity" not in package)
    ]


def machine_traces(root: Path, paths: Iterable[str]) -> list[str]:
    """Name the lines of text files that tell of a registry or of a folder of the machine that wrote them."""
    found = []
    for path in paths:
        try:
            lines = (root / path).read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(lines, 1)
            if any(pattern.search(line) for pattern in _MACHINE)
        ]
    return found
