"""The enums of generations, registered once: whoever names one in a type takes it from here."""

import strawberry

from app.generation.status import EventType, GenerationStatus
from app.generation.wishes import Visibility
from app.media.variants import Variant

strawberry.enum(GenerationStatus, description="SUCCEEDED, FAILED and CANCELED are final.")
strawberry.enum(EventType, name="GenerationEventType", description="What happened. PROGRESS and PREVIEW may be lost.")
strawberry.enum(Variant, name="ImageVariant", description="Sizes: as made, at most 512 pixels, at most 256 pixels.")
strawberry.enum(Visibility, description="Who may see the pictures.")

__all__ = ["EventType", "GenerationStatus", "Variant", "Visibility"]
