"""What the server's refusals and errors mean for us.

The wire format is `{"error": {"message", "type", "param", "code", "moderation_details": {"moderation_stage",
"categories"}}}` (the official client's `APIError`, and refusals quoted in issues of its users); compatible servers send
an error that is a string, or no JSON. Messages of the server may quote the prompt: none of them is logged or relayed.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from app.generation.engines.base import EngineError, EngineUnavailable

REFUSALS = frozenset({"moderation_blocked", "content_policy_violation", "content_filter", "contentfilter"})
REFUSAL_TYPE = "image_generation_user_error"
UNSPECIFIED = "unspecified"
SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Nobody helps this by asking again soon."""
PASSING = frozenset({408, 409, 425, 429})
"""Statuses below 500 that may go away; 409 is a lock that was held too long."""
UNKNOWN = "unknown"

_NAME = re.compile(r"[a-z0-9][a-z0-9_/-]{0,39}")
_VIOLATIONS = re.compile(r"safety_violations=\[([a-z0-9_/, -]{1,200})\]")


class Refused(Exception):
    """The server's safety check withheld one picture, at `stage` `input` or `output`."""

    def __init__(self, stage: str, categories: tuple[str, ...]) -> None:
        super().__init__(stage)
        self.stage = stage
        self.categories = categories


class TryAgain(EngineUnavailable):
    """Away or at capacity."""


@dataclass(frozen=True, slots=True)
class Report:
    """The server's error object, reduced to what is safe to log."""

    code: str
    kind: str
    refusal: Refused | None


def read(body: bytes) -> Report:
    """Return what an error answer's body says; one that cannot be read says nothing."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    return report(answer.get("error", answer) if isinstance(answer, dict) else None)


def report(error: Any) -> Report:
    """Return what an error object says, from an answer or from a stream."""
    fields: dict[str, Any] = error if isinstance(error, dict) else {}
    code, kind = _name(fields.get("code")), _name(fields.get("type"))
    refused = code in REFUSALS or (kind == REFUSAL_TYPE and code == UNKNOWN)
    return Report(code, kind, _refusal(fields) if refused else None)


def of_answer(status: int, headers: Mapping[str, str], found: Report) -> EngineError | Refused:
    """Return what an answer with an error status is to be raised as."""
    if found.refusal is not None and 400 <= status < 500:
        return found.refusal
    if found.code in SPENT or found.kind in SPENT:
        return EngineUnavailable("The image server takes no orders at present: try again later.")
    if status in {401, 403}:
        return EngineError("The image server does not accept this service: its operator has to mend that.")
    if status in PASSING or status >= 500:
        return TryAgain("The image server is busy or away: try again later.", retry_after(headers))
    if status == 404 or status < 400:
        return EngineError("The image server does not offer what it was asked for: its operator has to mend that.")
    return EngineError("The image server could not work with this order: change the prompt or the size.")


def of_stream(found: Report) -> EngineError | Refused:
    """Return what an error event of a stream is to be raised as."""
    return found.refusal or TryAgain("The image server broke off: try again later.")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the server asks us to wait (RFC 9110, 10.2.3; `retry-after-ms` as the official client).

    None where it says nothing that can be understood.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text := headers.get(name, "").strip()):
            return float(text) * unit
    try:
        return max(0.0, parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _refusal(fields: Mapping[str, Any]) -> Refused:
    details = fields.get("moderation_details")
    details = details if isinstance(details, dict) else {}
    # A server that says no more refuses what it was given.
    stage = "output" if details.get("moderation_stage") == "output" else "input"
    listed = details.get("categories")
    if not isinstance(listed, list):
        said = _VIOLATIONS.search(str(fields.get("message", "")))
        listed = said[1].split(",") if said else []
    names = [name for name in map(_name, listed[:8]) if name != UNKNOWN]
    return Refused(stage, tuple(dict.fromkeys(names)) or (UNSPECIFIED,))


def _name(value: object) -> str:
    """Return a code that is one; anything else, which could be a sentence with the prompt in it, is unknown."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if _NAME.fullmatch(text) else UNKNOWN
