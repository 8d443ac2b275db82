"""The embedded default engine: portraits that are drawn on this machine, in a fraction of a second each."""

from collections.abc import AsyncGenerator

from app.generation.engines.base import (
    Capabilities,
    Compute,
    Event,
    ImageReady,
    Notes,
    Order,
    Preview,
    Progress,
    RetentionProof,
)
from app.generation.engines.illustration.attributes import Attributes, read_attributes
from app.generation.engines.illustration.cast import character_of, setting_of
from app.generation.engines.illustration.character import LAYERS, load_style
from app.generation.engines.illustration.drawing import FLAT, STYLES, Plan, final, preview
from app.generation.engines.illustration.likeness import measure, with_likeness
from app.processors.register import Processor


class IllustrationEngine:
    """Draws one adult, head and shoulders, from the words of the prompt; the seed decides what they leave open.

    Uses the Avataaars drawings by Pablo Stanley ("Free for personal and commercial use") through DiceBear.
    """

    name = "illustration"
    title = "Illustration"
    description = (
        "Friendly portraits drawn on this machine from your words: hair, glasses, clothes, mood, place and light. "
        "A reference gives colours, the seed decides the rest. By Pablo Stanley (Avataaars) through DiceBear."
    )
    processor: Processor | None = None
    capabilities = Capabilities(
        min_side=256,
        max_side=1536,
        side_step=8,
        max_count=4,
        max_prompt_length=2000,
        styles=STYLES,
        negative_prompt=True,
        previews=True,
        max_references=1,
    )
    retention: RetentionProof | None = RetentionProof("Drawn on this machine; nothing leaves it.", "nothing leaves")

    async def warm(self, compute: Compute) -> None:
        """Have the compute process check the drawings, which takes half a second."""
        await compute(load_style)

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Draw the pictures of `order` layer by layer; closing the generator stops between two layers.

        Yields `Notes` first where something cannot be honoured, and a preview for each layer. The last `Progress`,
        1.0, comes just before the last picture. Raises what `compute` raises.
        """
        attributes = read_attributes(order.prompt, order.negative_prompt)
        for reference in order.references:
            attributes = with_likeness(attributes, await compute(measure, reference))
        if attributes.sentences:
            yield Notes(attributes.sentences)
        steps, done = len(order.indexes) * (len(LAYERS) + 1), 0
        for index in order.indexes:
            plan = plan_of(order, attributes, index)
            for count, layer in enumerate(LAYERS, start=1):
                content = await compute(preview, plan, count)
                done += 1
                yield Progress(done / steps, layer)
                yield Preview(index, content)
            picture = await compute(final, plan)
            done += 1
            yield Progress(done / steps, "finishing")
            yield ImageReady(index, picture)


def plan_of(order: Order, attributes: Attributes, index: int) -> Plan:
    """Return the drawing plan of image `index`: it follows from the words, seed, index, style and size."""
    look = order.style or attributes.wish("look").value or FLAT
    character = character_of(attributes, order.seed, index)
    setting = setting_of(attributes, order.seed, index)
    return Plan(character, setting, look, order.width, order.height)
