"""Show, or stop showing."""

import strawberry

from app.analytics.events import Event
from app.core.errors import NotFound
from app.gallery.service import set_visibility
from app.generation.queries import generations_by_id
from app.training.marking import mark_private
from schema.context import ID, Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import UserError, mutation
from schema.generation.enums import Visibility
from schema.generation.types import Generation
from schema.relay import parse_global_id


@strawberry.input(description="Who may see a generation's pictures.")
class SetGenerationVisibilityInput:
    """Input of `setGenerationVisibility`."""

    id: ID = strawberry.field(description="A generation of the viewer's.")
    visibility: Visibility = strawberry.field(description="PUBLIC shows it in the gallery once it has succeeded.")
    show_prompt: bool = strawberry.field(default=False, description="Whether others see the prompt.")


@strawberry.type(description="The generation as it is shown now.")
class SetGenerationVisibilityPayload:
    """Outcome of `setGenerationVisibility`."""

    generation: Generation | None = strawberry.field(default=None, description="With its new visibility.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was changed.")


@strawberry.type
class GalleryMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Show a generation's pictures in the gallery, or stop showing them.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(SetGenerationVisibilityPayload)
    async def set_generation_visibility(
        self, info: Info, input: SetGenerationVisibilityInput
    ) -> SetGenerationVisibilityPayload | None:
        """Commands `gallery.service.set_visibility`."""
        viewer, parsed = info.context.required_viewer, parse_global_id(input.id)
        if parsed is None or parsed[0] != "Generation":
            raise NotFound("There is no such generation of yours.", path=("id",))
        await set_visibility(
            viewer, parsed[1], input.visibility, show_prompt=input.show_prompt, on_private=mark_private
        )
        if input.visibility is Visibility.PUBLIC:
            info.context.note(Event.PUBLISHED)
        record = (await generations_by_id(viewer, [parsed[1]]))[0]
        return SetGenerationVisibilityPayload(generation=Generation.from_record(record) if record else None)
