"""Ask for pictures."""

import strawberry

from app.generation.queries import generations_by_id
from app.generation.service import Wish, create_generation
from schema.context import Info
from schema.directives import SemanticNonNull
from schema.errors import UserError, mutation
from schema.generation.types import Generation


@strawberry.input(description="What should be in the pictures.")
class GenerationInput:
    """`app.generation.service.Wish`."""

    prompt: str = strawberry.field(description="Who, and how, and where.")
    negative_prompt: str | None = strawberry.field(default=None, description="What should not be in the pictures.")
    engine: str | None = strawberry.field(default=None, description="An `Engine.name`; left out: the default.")
    width: int = strawberry.field(default=1024, description="In pixels, within the engine's capabilities.")
    height: int = strawberry.field(default=1024, description="In pixels, within the engine's capabilities.")
    count: int = strawberry.field(default=1, description="1 to 4.")
    seed: str | None = strawberry.field(default=None, description="Decimal; left out: random, and reported.")
    style: str | None = strawberry.field(default=None, description="One of the engine's styles.")


@strawberry.input(description="A wish, and a key that makes sending it twice harmless.")
class CreateGenerationInput:
    """Input of `createGeneration`."""

    generation: GenerationInput = strawberry.field(description="What should be in the pictures.")
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each wish: a UUID is good.")


@strawberry.type(description="The generation that was queued.")
class CreateGenerationPayload:
    """Outcome of `createGeneration`."""

    generation: Generation | None = strawberry.field(default=None, description="Follow it: `generationProgress`.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was queued.")


@strawberry.type
class GenerationMutations:
    """Part of Mutation."""

    @strawberry.mutation(description="Queue a generation.", directives=[SemanticNonNull()])
    @mutation(CreateGenerationPayload)
    async def create_generation(self, info: Info, input: CreateGenerationInput) -> CreateGenerationPayload | None:
        """Commands `service.create_generation`."""
        viewer, ports = info.context.required_viewer, info.context.ports
        wanted = input.generation
        generation_id = await create_generation(
            viewer,
            Wish(
                prompt=wanted.prompt,
                negative_prompt=wanted.negative_prompt,
                engine=wanted.engine,
                width=wanted.width,
                height=wanted.height,
                count=wanted.count,
                seed=wanted.seed,
                style=wanted.style,
            ),
            key=input.idempotency_key,
            engines=ports.engines,
            clock=ports.clock,
            hash_key=ports.idempotency_hash_key,
        )
        record = (await generations_by_id(viewer, [generation_id]))[0]
        return CreateGenerationPayload(generation=Generation.from_record(record) if record else None)
