"""Verify a receipt, whoever asks."""

import orjson
import strawberry

from app.core.receipts import KINDS, verify
from app.core.signing import Forged
from schema.consents.types import ReceiptVerification
from schema.context import Info


@strawberry.type
class ConsentQueries:
    """Part of Query."""

    @strawberry.field(description="Whether a receipt is one of ours and unchanged. It is looked up nowhere.")
    def verify_receipt(self, info: Info, receipt: str) -> ReceiptVerification:
        """No statement: the published keys are enough."""
        try:
            found = verify(info.context.ports.consents.signer.verifier, receipt)
        except Forged as error:
            return ReceiptVerification(valid=False, reason=str(error))
        return ReceiptVerification(
            valid=True,
            kind=KINDS[found.kind],
            issued_at=found.issued_at,
            content=orjson.dumps(found.claims).decode(),
        )
