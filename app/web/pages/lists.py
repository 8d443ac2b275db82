"""`/privacy/lists`: the lists that the policy calls public, for people who do not speak GraphQL."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.retention import RETENTION_RULES
from app.core.security_register import SECURITY_REGISTER
from app.policy.activities import PROCESSING_ACTIVITIES
from app.processors.register import CATEGORIES, PROOFS, ROLES, TRANSFERS, Register
from app.web.pages.rendering import public_page

PATH = "/privacy/lists"
KEPT = {"cache-control": "public, max-age=300"}


def list_routes(processors: Register) -> list[Route]:
    """Return the page's route. It is the same for everybody, and for as long as the process runs."""

    async def lists(_request: Request) -> Response:
        values = {
            "processors": list(processors),
            "roles": ROLES,
            "transfers": TRANSFERS,
            "categories": CATEGORIES,
            "proofs": PROOFS,
            "activities": PROCESSING_ACTIVITIES,
            "rules": list(RETENTION_RULES.values()),
            "measures": SECURITY_REGISTER,
        }
        answer = public_page("lists.html", values)
        answer.headers.update(KEPT)
        return answer

    return [Route(PATH, lists)]
