"""What can be asked of a generation."""

import strawberry

from app.generation.wishes import Wish
from schema.context import ID
from schema.generation.enums import Visibility
from schema.media.inputs import reference_key


@strawberry.input(description="A picture for the engine to go by.")
class ReferenceInput:
    """One of `Wish.references`."""

    image_id: ID = strawberry.field(description="A reference picture of the viewer's.")


@strawberry.input(description="What should be in the pictures.")
class GenerationInput:
    """`app.generation.wishes.Wish`."""

    prompt: str = strawberry.field(description="Who, and how, and where.")
    negative_prompt: str | None = strawberry.field(default=None, description="What should not be in the pictures.")
    engine: str | None = strawberry.field(default=None, description="An `Engine.name`; left out: the default.")
    width: int = strawberry.field(default=1024, description="In pixels, within the engine's capabilities.")
    height: int = strawberry.field(default=1024, description="In pixels, within the engine's capabilities.")
    count: int = strawberry.field(default=1, description="1 to 4.")
    seed: str | None = strawberry.field(default=None, description="Decimal; left out: random, and reported.")
    style: str | None = strawberry.field(default=None, description="One of the engine's styles.")
    visibility: Visibility = strawberry.field(default=Visibility.PRIVATE, description="Who may see the pictures.")
    show_prompt: bool = strawberry.field(default=False, description="Whether others see the prompt, once public.")
    references: list[ReferenceInput] = strawberry.field(
        default_factory=list, description="Pictures to go by, in order; at most the engine's `maxReferences`."
    )

    def wish(self) -> Wish:
        """Return the command's argument. Raises NotFound for an id that is no reference picture's."""
        return Wish(
            prompt=self.prompt,
            negative_prompt=self.negative_prompt,
            engine=self.engine,
            width=self.width,
            height=self.height,
            count=self.count,
            seed=self.seed,
            style=self.style,
            visibility=self.visibility,
            show_prompt=self.show_prompt,
            references=tuple(
                reference_key(reference.image_id, ("generation", "references", str(position), "imageId"))
                for position, reference in enumerate(self.references)
            ),
        )


@strawberry.input(description="A wish, and a key that makes sending it twice harmless.")
class CreateGenerationInput:
    """Input of `createGeneration`."""

    generation: GenerationInput = strawberry.field(description="What should be in the pictures.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each wish: a UUID is good.")


@strawberry.input(description="Which generation to stop.")
class CancelGenerationInput:
    """Input of `cancelGeneration`."""

    id: ID = strawberry.field(description="A generation of the viewer's.")


@strawberry.input(description="Which generation to try again.")
class RetryGenerationInput:
    """Input of `retryGeneration`."""

    id: ID = strawberry.field(description="A generation of the viewer's that failed or was canceled.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each try.")


@strawberry.input(description="Which generations to delete.")
class DeleteGenerationsInput:
    """Input of `deleteGenerations`."""

    ids: list[ID] = strawberry.field(description="1 to 100 generations of the viewer's.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each deletion.")
