"""Generations, their images and the engines that make them."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.generation.engines import base
from app.generation.forecast import Forecast
from app.generation.queries import GenerationRecord, ReadyImage
from app.processors.queries import MAX_ABOUT_ONE
from schema.context import Info
from schema.directives import ListSize
from schema.generation.enums import GenerationStatus, Variant, Visibility
from schema.generation.loaders import forecast_loader, generation_references_loader
from schema.media.types import ReferenceImage
from schema.processors.loaders import generation_disclosures_loader
from schema.processors.types import Disclosure
from schema.relay import Connection, Node, global_id
from schema.training.loaders import eligibility_loader
from schema.training.types import TrainingEligibility


@strawberry.type(description="What an engine can be asked for.")
class EngineCapabilities:
    """`app.generation.engines.base.Capabilities`."""

    min_side: int = strawberry.field(description="Smallest width and height, in pixels.")
    max_side: int = strawberry.field(description="Largest width and height, in pixels.")
    side_step: int = strawberry.field(description="Width and height are multiples of this.")
    max_count: int = strawberry.field(description="Most pictures of one generation.")
    max_prompt_length: int = strawberry.field(description="In characters.")
    styles: list[str] = strawberry.field(description="Values for `style`.")
    negative_prompt: bool = strawberry.field(description="Whether it heeds a negative prompt.")
    previews: bool = strawberry.field(description="Whether unfinished pictures can be watched.")
    seeded: bool = strawberry.field(description="Whether the same seed gives the same pictures.")
    max_references: int = strawberry.field(
        description="Most reference pictures of one generation. Without `retention` none with a face is taken."
    )


@strawberry.type(description="How we know that the engine keeps nothing of what it is sent.")
class RetentionProof:
    """`app.generation.engines.base.RetentionProof`."""

    statement: str = strawberry.field(description="In a sentence.")
    source: str = strawberry.field(description="What backs it.")


@strawberry.type(description="Something that makes pictures.")
class Engine:
    """`app.generation.engines.base.Engine`."""

    name: str = strawberry.field(description="For `GenerationInput.engine`.")
    title: str = strawberry.field(description="For people.")
    description: str = strawberry.field(description="For people.")
    is_default: bool = strawberry.field(description="Whether it is used where none is named.")
    capabilities: EngineCapabilities = strawberry.field(description="What it can be asked for.")
    retention: RetentionProof | None = strawberry.field(description="Null: no proof that it keeps nothing.")

    @classmethod
    def from_engine(cls, engine: base.Engine, *, is_default: bool) -> "Engine":
        """Build from a configured engine."""
        can, proof = engine.capabilities, engine.retention
        return cls(
            name=engine.name,
            title=engine.title,
            description=engine.description,
            is_default=is_default,
            capabilities=EngineCapabilities(
                min_side=can.min_side,
                max_side=can.max_side,
                side_step=can.side_step,
                max_count=can.max_count,
                max_prompt_length=can.max_prompt_length,
                styles=list(can.styles),
                negative_prompt=can.negative_prompt,
                previews=can.previews,
                seeded=can.seeded,
                max_references=can.max_references,
            ),
            retention=RetentionProof(statement=proof.statement, source=proof.source) if proof else None,
        )


@strawberry.type(description="A finished picture.")
class GeneratedImage(Node):
    """`app.generation.queries.ReadyImage`."""

    record: strawberry.Private[ReadyImage]
    index: int = strawberry.field(description="0 for the first of its generation.")
    width: int = strawberry.field(description="In pixels.")
    height: int = strawberry.field(description="In pixels.")
    content_type: str = strawberry.field(description="Of the original.")
    byte_size: int = strawberry.field(description="Of the original.")
    placeholder: str = strawberry.field(description="A BlurHash, to show while the picture loads.")

    @classmethod
    def from_record(cls, record: ReadyImage) -> "GeneratedImage":
        """Build from a query's record."""
        return cls(
            id=global_id("GeneratedImage", record.id),
            record=record,
            index=record.index,
            width=record.width,
            height=record.height,
            content_type=record.content_type,
            byte_size=record.byte_size,
            placeholder=record.placeholder,
        )

    @strawberry.field(description="A signed address of the bytes. It expires; ask again for a new one.")
    def url(self, info: Info, variant: Variant = Variant.ORIGINAL) -> str:
        """No statement: the address is computed."""
        return info.context.ports.links.url(self.record.picture_id, variant)


@strawberry.type(description="A picture that a safety check withheld. It is not charged and not stored.")
class RejectedImage:
    """`app.generation.queries.WithheldImage`."""

    index: int = strawberry.field(description="0 for the first of its generation.")
    stage: str = strawberry.field(description="`input` or `output`.")
    categories: list[str] = strawberry.field(description="What the check found.")


@strawberry.type(description="Why a generation failed.")
class GenerationFailure:
    """Safe to show."""

    code: str = strawberry.field(description="For programs.")
    message: str = strawberry.field(description="For people: what happened and what to do.")
    retryable: bool = strawberry.field(description="Whether asking again may help.")


@strawberry.type(description="A prompt on its way to pictures. Only its owner sees it.")
class Generation(Node):
    """`app.generation.queries.GenerationRecord`."""

    key: strawberry.Private[UUID]
    prompt: str = strawberry.field(description="As it was asked.")
    negative_prompt: str | None = strawberry.field(description="What should not be in the pictures.")
    engine_name: str = strawberry.field(description="The engine's name as it was then.")
    seed: str = strawberry.field(description="Decimal. Send it again for the same pictures, where the engine can.")
    width: int = strawberry.field(description="In pixels.")
    height: int = strawberry.field(description="In pixels.")
    count: int = strawberry.field(description="How many pictures were asked for.")
    style: str | None = strawberry.field(description="One of the engine's styles.")
    visibility: Visibility = strawberry.field(description="Who may see the pictures.")
    show_prompt: bool = strawberry.field(description="Whether others see the prompt, once public.")
    status: GenerationStatus = strawberry.field(description="Where it stands.")
    progress: float = strawberry.field(description="0 to 1: the share of pictures that are decided.")
    images: list[GeneratedImage] = strawberry.field(
        description="The pictures that are ready, at most `count`.", directives=[ListSize(assumed_size=4)]
    )
    rejected: list[RejectedImage] = strawberry.field(
        description="The pictures that were withheld.", directives=[ListSize(assumed_size=4)]
    )
    failure: GenerationFailure | None = strawberry.field(description="Why it failed, if it did.")
    notes: list[str] = strawberry.field(description="What of the prompt the engine could not honour.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    started_at: datetime | None = strawberry.field(description="When a worker began.")
    finished_at: datetime | None = strawberry.field(description="When it reached its final state.")

    @classmethod
    def from_record(cls, record: GenerationRecord) -> "Generation":
        """Build from a query's record."""
        return cls(
            id=global_id("Generation", record.id),
            key=record.id,
            prompt=record.prompt,
            negative_prompt=record.negative_prompt,
            engine_name=record.engine,
            seed=str(record.seed),
            width=record.width,
            height=record.height,
            count=record.count,
            style=record.style,
            visibility=record.visibility,
            show_prompt=record.show_prompt,
            status=record.status,
            progress=record.progress,
            images=[GeneratedImage.from_record(image) for image in record.ready],
            rejected=[
                RejectedImage(index=image.index, stage=image.stage, categories=list(image.categories))
                for image in record.withheld
            ],
            failure=_failure(record),
            notes=record.notes,
            created_at=record.created_at,
            started_at=record.started_at,
            finished_at=record.finished_at,
        )

    @strawberry.field(description="While it is queued: 1 is next.")
    async def queue_position(self, info: Info) -> int | None:
        """One statement for all generations of the operation."""
        forecast = await self._forecast(info)
        return forecast.queue_position if forecast else None

    @strawberry.field(description="When it should be done, as things stand; null once it has ended.")
    async def estimated_finish_at(self, info: Info) -> datetime | None:
        """One statement for all generations of the operation."""
        forecast = await self._forecast(info)
        return forecast.finish_at if forecast else None

    async def _forecast(self, info: Info) -> Forecast | None:
        if self.finished_at is not None:
            return None
        return await info.context.loader(forecast_loader).load(self.key)

    @strawberry.field(
        description="The pictures to go by, in order, without those that were deleted since.",
        directives=[ListSize(assumed_size=4)],
    )
    async def references(self, info: Info) -> list[ReferenceImage]:
        """One statement for all generations of the operation."""
        records = await info.context.loader(generation_references_loader).load(self.key)
        return [ReferenceImage.from_record(record) for record in records]

    @strawberry.field(
        description="Whether the pictures may train models, why not, and which data sets hold them already."
    )
    async def training(self, info: Info) -> TrainingEligibility:
        """Four statements for all generations of the operation."""
        found = await info.context.context_loader(eligibility_loader).load(self.key)
        return TrainingEligibility.from_record(self.key, found)

    @strawberry.field(
        description="What left this service for it: for whom, and how it ended; newest first, at most 20. Empty where "
        "it was made here.",
        directives=[ListSize(assumed_size=MAX_ABOUT_ONE)],
    )
    async def disclosures(self, info: Info) -> list[Disclosure]:
        """One statement for all generations of the operation."""
        records = await info.context.loader(generation_disclosures_loader).load(self.key)
        return [Disclosure.from_record(record) for record in records]

    @strawberry.field(description="The engine; null when it is no longer configured.")
    def engine(self, info: Info) -> Engine | None:
        """No statement: engines are configuration."""
        engines = info.context.ports.engines
        engine = engines.find(self.engine_name)
        return Engine.from_engine(engine, is_default=engine is engines.choose(None)) if engine else None


def _failure(record: GenerationRecord) -> GenerationFailure | None:
    if record.failure_code is None:
        return None
    return GenerationFailure(
        code=record.failure_code,
        message=record.failure_message or "",
        retryable=bool(record.failure_retryable),
    )


GenerationConnection = Connection[Generation]
