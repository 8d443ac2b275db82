"""The enums of consents, registered once."""

import strawberry

from app.consents.purposes import EXPLANATIONS, METHODS, OBJECTIONS, Method, Objectionable
from app.consents.queries import ConsentState
from app.core.consent_purposes import ConsentPurpose
from app.core.personal_data import Basis

strawberry.enum(Basis, name="LegalBasis", description="Legal bases of Art. 6(1) GDPR.")
strawberry.enum(ConsentPurpose, description="What happens only where somebody said yes. Each is asked for by itself.")
strawberry.enum(ConsentState, description="What somebody last said.")
strawberry.enum(Method, name="ConsentMethod", description="How a decision reached us.")
strawberry.enum(Objectionable, name="ObjectionActivity", description="What a person can object to, without a reason.")
for _purpose in ConsentPurpose.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _purpose.description = EXPLANATIONS[ConsentPurpose(_purpose.value)].meaning
for _method in Method.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _method.description = f"{METHODS[Method(_method.value)]}."
for _activity in Objectionable.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _activity.description = OBJECTIONS[Objectionable(_activity.value)][1]

__all__ = ["Basis", "ConsentPurpose", "ConsentState", "Method", "Objectionable"]
