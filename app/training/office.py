"""What building data sets takes: who may be asked what is allowed, where the bytes are, and what signs."""

from dataclasses import dataclass

from app.consents.enforcement import PurposeLimitation
from app.core.ports import ObjectStore
from app.core.signing import Signer


@dataclass(frozen=True, slots=True)
class TrainingOffice:
    """Composed in `app.cli`."""

    limitation: PurposeLimitation
    store: ObjectStore
    signer: Signer
    key: bytes
    """32 bytes, for the MAC of items alone."""
