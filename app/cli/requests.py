"""`anypeople privacy`: what the operator sees of privacy requests, and decides of them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

from app.cli.supervisor import database
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.privacy import decisions
from app.privacy.asked import Request
from app.privacy.decisions import DenialCode
from app.privacy.office import Office
from app.privacy.queue import waiting

T = TypeVar("T")


def queue(settings: Settings, first: int, *, overdue: bool | None = None) -> tuple[Office, list[Request]]:
    """Return the office, and the open requests with the least time left. Raises AppError, EmbeddedError."""
    office = _office(settings)
    return office, _run(settings, lambda: waiting(office.clock, first=first, overdue=overdue))


def extend(settings: Settings, request_id: UUID, reason: str, until: date | None) -> Request:
    """Have a request answered later. Raises AppError, EmbeddedError."""
    office = _office(settings)
    return _run(settings, lambda: decisions.extend(request_id, reason, office, actor=None, until=until))


def deny(settings: Settings, request_id: UUID, code: DenialCode, reason: str) -> Request:
    """Not grant a request. Raises AppError, EmbeddedError."""
    office = _office(settings)
    return _run(settings, lambda: decisions.refuse(request_id, code, reason, office, actor=None))


def retry(settings: Settings, request_id: UUID) -> Request:
    """Have a request carried out again. Raises AppError, EmbeddedError."""
    return _run(settings, lambda: decisions.retry(request_id, actor=None))


def _office(settings: Settings) -> Office:
    return Office.configured(SystemClock(), settings.mail.contact_email)


def _run(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    async def connect(url: str) -> T:
        async with connected(url, pool_size=1):
            return await work()

    with database(settings) as url:
        return asyncio.run(connect(url))
