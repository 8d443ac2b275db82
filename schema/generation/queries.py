"""Engines, and what a wish would meet."""

import strawberry

from app.core.errors import AppError
from app.generation.forecast import wait_for
from app.generation.references import check_references
from app.generation.wishes import check, seed_of
from schema.context import Info
from schema.directives import ListSize
from schema.errors import UserError, render
from schema.generation.inputs import GenerationInput
from schema.generation.types import Engine


@strawberry.type(description="What a wish would meet if it were sent now. Nothing is queued or reserved.")
class GenerationQuote:
    """`app.generation.forecast.Wait`, or why the wish would be refused."""

    eligible: bool = strawberry.field(description="Whether it would be accepted.")
    errors: list[UserError] = strawberry.field(description="Why it would be refused.")
    engine: Engine | None = strawberry.field(description="The engine that would take it.")
    queue_position: int | None = strawberry.field(description="1 is next.")
    estimated_seconds: float | None = strawberry.field(description="Until all its pictures are done.")


@strawberry.type
class GenerationQueries:
    """Part of Query."""

    @strawberry.field(
        description="What makes pictures here; at most a dozen, the default first.",
        directives=[ListSize(assumed_size=12)],
    )
    def engines(self, info: Info) -> list[Engine]:
        """No statement: engines are configuration."""
        return [
            Engine.from_engine(engine, is_default=position == 0)
            for position, engine in enumerate(info.context.ports.engines)
        ]

    @strawberry.field(description="Whether a wish would be accepted, and how long it would take.")
    async def quote_generation(self, info: Info, input: GenerationInput) -> GenerationQuote:
        """One statement, and one more where there are references."""
        engines = info.context.ports.engines
        try:
            wish = input.wish()
            engine = engines.choose(wish.engine)
            check(wish, engine.capabilities)
            seed_of(wish.seed)
            await check_references(info.context.viewer, wish.references, engine, info.context.ports.consents)
        except AppError as error:
            return GenerationQuote(
                eligible=False, errors=[render(error)], engine=None, queue_position=None, estimated_seconds=None
            )
        wait = await wait_for(engine.name, wish.count)
        return GenerationQuote(
            eligible=True,
            errors=[],
            engine=Engine.from_engine(engine, is_default=engine is engines.choose(None)),
            queue_position=wait.queue_position,
            estimated_seconds=wait.seconds,
        )
