"""The states of a generation and the events of its feed."""

from enum import StrEnum


class GenerationStatus(StrEnum):
    """QUEUED → RUNNING → one of the final three."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


class EventType(StrEnum):
    """State events are rows of the feed; SNAPSHOT, PROGRESS and PREVIEW are not."""

    SNAPSHOT = "SNAPSHOT"
    QUEUED = "QUEUED"
    STARTED = "STARTED"
    PROGRESS = "PROGRESS"
    PREVIEW = "PREVIEW"
    IMAGE_READY = "IMAGE_READY"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


TERMINAL = frozenset({EventType.SUCCEEDED, EventType.FAILED, EventType.CANCELED})
"""After one of these, nothing follows."""
