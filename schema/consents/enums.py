"""The enums of consents, registered once."""

import strawberry

from app.core.consent_purposes import ConsentPurpose

strawberry.enum(ConsentPurpose, description="What happens only where somebody said yes. Each is asked for by itself.")

__all__ = ["ConsentPurpose"]
