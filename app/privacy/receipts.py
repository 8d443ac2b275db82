"""The receipt of a request that was carried out: what was asked, when it was answered, and how much was done where.

A JWT that the published keys verify; it names nobody, and says nothing that is personal.
"""

from app.privacy.asked import Request, steps_of
from app.privacy.rights.base import RunPorts
from app.privacy.rights.registry import rule_of


async def receipt_for(request: Request, ports: RunPorts) -> str:
    """Return the receipt of a request whose steps are done, signed now."""
    rule = rule_of(request)
    steps = (await steps_of([request.id]))[request.id]
    claims = {
        "iat": int(ports.clock.now().timestamp()),
        "jti": str(request.id),
        "right": request.right.value,
        "regime": request.regime.value,
        "received_at": request.received_at.isoformat(),
        "verified_at": request.verified_at.isoformat() if request.verified_at else None,
        "steps": [
            {"holder": step.holder, "action": step.action.value, "count": step.count or 0, "note": step.note}
            for step in steps
        ],
        **await rule.claims(request, ports),
    }
    return ports.signer.sign(claims, rule.receipt)
