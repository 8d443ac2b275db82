"""`/healthz`: the process lives. `/readyz`: it can do its work."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

Check = Callable[[], Awaitable[bool]]

log = structlog.get_logger(__name__)


def health_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Return the routes; `/readyz` answers 503 while a check fails, and names it."""

    async def alive(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> JSONResponse:
        states = {name: await _passes(name, check) for name, check in checks.items()}
        status = 200 if all(states.values()) else 503
        return JSONResponse({"status": "ok" if status == 200 else "unavailable", "checks": states}, status)

    return [Route("/healthz", alive), Route("/readyz", ready)]


async def _passes(name: str, check: Check) -> bool:
    try:
        return await check()
    except Exception as error:  # noqa: BLE001 - whatever stops a check, the answer is "not ready"
        log.warning("health.check_failed", check=name, error=type(error).__name__)
        return False
