"""Ask for pictures, ask again, stop, delete."""

from uuid import UUID

import strawberry

from app.analytics.events import Event
from app.core.errors import NotFound
from app.core.limits import Doing
from app.core.viewer import Viewer
from app.generation import service
from app.generation.queries import generations_by_id
from app.training.marking import mark_deleted
from schema.context import ID, Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import UserError, mutation
from schema.generation.inputs import (
    CancelGenerationInput,
    CreateGenerationInput,
    DeleteGenerationsInput,
    RetryGenerationInput,
)
from schema.generation.types import Generation
from schema.relay import parse_global_id


@strawberry.type(description="The generation that was queued.")
class CreateGenerationPayload:
    """Outcome of `createGeneration`."""

    generation: Generation | None = strawberry.field(default=None, description="Follow it: `generationProgress`.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was queued.")


@strawberry.type(description="The generation that was stopped.")
class CancelGenerationPayload:
    """Outcome of `cancelGeneration`."""

    generation: Generation | None = strawberry.field(default=None, description="What was ready of it stays.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why it goes on, or had ended.")


@strawberry.type(description="A new generation of the same wish and seed.")
class RetryGenerationPayload:
    """Outcome of `retryGeneration`."""

    generation: Generation | None = strawberry.field(default=None, description="The new one: follow it.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was queued.")


@strawberry.type(description="What is gone.")
class DeleteGenerationsPayload:
    """Outcome of `deleteGenerations`."""

    deleted_ids: list[ID] = strawberry.field(default_factory=list, description="All that were named, or none.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was deleted.")


@strawberry.type
class GenerationMutations:
    """Part of Mutation."""

    @strawberry.mutation(description="Queue a generation.", directives=[SemanticNonNull(), Cost(weight=50)])
    @mutation(CreateGenerationPayload)
    async def create_generation(self, info: Info, input: CreateGenerationInput) -> CreateGenerationPayload | None:
        """Commands `service.create_generation`."""
        await info.context.limit(Doing.GENERATE)
        viewer, ports = info.context.required_viewer, info.context.ports
        with info.context.refusal_noted(Event.GENERATION_REQUESTED):
            generation_id = await service.create_generation(
                viewer,
                input.generation.wish(),
                key=input.idempotency_key,
                engines=ports.engines,
                clock=ports.clock,
                hash_key=ports.idempotency_hash_key,
                consents=ports.consents,
            )
        return CreateGenerationPayload(generation=_noted(info, await _load(viewer, generation_id)))

    @strawberry.mutation(
        description="Stop a generation, queued or running. What is ready of it stays.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(CancelGenerationPayload)
    async def cancel_generation(self, info: Info, input: CancelGenerationInput) -> CancelGenerationPayload | None:
        """Commands `service.cancel_generation`."""
        viewer, key = info.context.required_viewer, _key(input.id, "id")
        await service.cancel_generation(viewer, key)
        return CancelGenerationPayload(generation=await _load(viewer, key))

    @strawberry.mutation(
        description="Try again what failed or was canceled: a new generation of the same wish and seed.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(RetryGenerationPayload)
    async def retry_generation(self, info: Info, input: RetryGenerationInput) -> RetryGenerationPayload | None:
        """Commands `service.retry_generation`."""
        await info.context.limit(Doing.GENERATE)
        viewer, ports = info.context.required_viewer, info.context.ports
        with info.context.refusal_noted(Event.GENERATION_REQUESTED):
            again = await service.retry_generation(
                viewer,
                _key(input.id, "id"),
                key=input.idempotency_key,
                engines=ports.engines,
                clock=ports.clock,
                hash_key=ports.idempotency_hash_key,
                consents=ports.consents,
            )
        return RetryGenerationPayload(generation=_noted(info, await _load(viewer, again)))

    @strawberry.mutation(
        description="Delete generations for good, with their pictures and events; what runs of them is stopped.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(DeleteGenerationsPayload)
    async def delete_generations(self, info: Info, input: DeleteGenerationsInput) -> DeleteGenerationsPayload | None:
        """Commands `service.delete_generations`."""
        await service.delete_generations(
            info.context.required_viewer,
            [_key(id, "ids") for id in input.ids],
            key=input.idempotency_key,
            hash_key=info.context.ports.idempotency_hash_key,
            on_deletion=mark_deleted,
        )
        return DeleteGenerationsPayload(deleted_ids=list(dict.fromkeys(input.ids)))


async def _load(viewer: Viewer, key: UUID) -> Generation | None:
    record = (await generations_by_id(viewer, [key]))[0]
    return Generation.from_record(record) if record else None


def _noted(info: Info, made: Generation | None) -> Generation | None:
    if made is not None:
        info.context.note(Event.GENERATION_REQUESTED, engine=made.engine_name, style=made.style or "")
    return made


def _key(id: ID, field: str) -> UUID:
    """Return the key of a generation's global id. Raises NotFound for what is none."""
    parsed = parse_global_id(id)
    if parsed is None or parsed[0] != "Generation":
        raise NotFound("There is no such generation of yours.", path=(field,))
    return parsed[1]
