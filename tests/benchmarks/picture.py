"""A finished picture of 1024²: decoded, made into all variants, stored, and its addresses signed."""

import time

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected, transaction
from app.generation.engines.base import Order
from app.generation.engines.illustration.attributes import read_attributes
from app.generation.engines.illustration.drawing import final
from app.generation.engines.illustration.engine import plan_of
from app.integrations.local_store import LocalObjectStore
from app.media import imaging, service
from app.media.links import ImageLinks
from app.media.variants import Variant
from tests.benchmarks.population import PROMPT, Populace
from tests.benchmarks.report import Row, WrongAnswer, spread
from tests.benchmarks.rig import Rig
from tests.benchmarks.sizes import Size

SIDE = 1024


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return the CPU time of everything that the worker does with a picture, on one core in one process."""
    settings = Settings.load()
    store = LocalObjectStore(machine.folder / "objects")
    key, base_url = settings.security.key, settings.server.base_url
    links = ImageLinks(key, base_url, settings.security.image_link_lifetime, SystemClock())
    person = populace.people[0]
    drawn = [_draw(number) for number in range(size.pictures + 1)]
    used = []
    async with connected(machine.database_url):
        for content in drawn:
            before = time.process_time()
            picture = imaging.prepare(content, max_pixels=SIDE * SIDE, expected_size=(SIDE, SIDE))
            picture_id = await service.upload(person, picture, store)
            async with transaction():
                await service.keep(picture_id)
            urls = {links.url(picture_id, variant) for variant in Variant}
            used.append((time.process_time() - before) * 1000)
            kept = [await store.head(service.object_key(picture_id, variant)) for variant in Variant]
            if None in kept or len(urls) != len(kept):
                raise WrongAnswer("a variant was not stored, or has no address of its own")
    what = f"{SIDE}² picture → all variants signed and stored, ms CPU"
    return [Row(what, spread(used[1:]), at_most=250, remarks=["on one thread, PostgreSQL not counted"])]


def _draw(seed: int) -> bytes:
    """Return what the engine hands over."""
    order = Order(
        key=str(seed),
        prompt=PROMPT,
        negative_prompt=None,
        seed=seed,
        width=SIDE,
        height=SIDE,
        style=None,
        indexes=(0,),
        subject="",
    )
    return final(plan_of(order, read_attributes(order.prompt, None), 0))
