"""`anypeople demo`: the path of a real client, watched."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import websockets
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.cli.api_client import ApiClient, RequestFailed
from app.cli.errors import CommandFailed
from app.cli.terminal_picture import draw, from_data_uri

PICTURE_COLUMNS = 40


class DemoFailed(CommandFailed):
    """The demonstration did not end with pictures; the message says why."""


@dataclass(slots=True)
class _Watch:
    """What has been seen so far, and how it is shown."""

    console: Console
    bar: Progress
    started: float = field(default_factory=time.perf_counter)
    previews: int = 0
    ready: int = 0
    preview: RenderableType | None = None
    moments: dict[str, float] = field(default_factory=dict)

    def __rich__(self) -> RenderableType:
        return Group(self.preview, self.bar) if self.preview else self.bar

    def note(self, name: str) -> None:
        self.moments.setdefault(name, time.perf_counter() - self.started)


async def run(url: str, prompt: str, count: int, folder: Path, stages: Mapping[str, float] | None = None) -> list[Path]:
    """Sign up, ask, watch, save; return the paths of the pictures. Raises DemoFailed."""
    console = Console()
    client = ApiClient(url)
    try:
        return await _demonstrate(client, prompt, count, folder, stages or {}, console)
    except (RequestFailed, httpx.HTTPError, websockets.WebSocketException, OSError) as error:
        raise DemoFailed(f"The demonstration failed: {error}") from error
    finally:
        await client.close()


async def _demonstrate(
    client: ApiClient, prompt: str, count: int, folder: Path, stages: Mapping[str, float], console: Console
) -> list[Path]:
    times = dict(stages)
    started = time.perf_counter()
    await client.sign_up()
    times["sign up"] = time.perf_counter() - started
    console.print(f"[bold]“{prompt}”[/bold]", highlight=False)
    watch = _Watch(console, _bar(console))
    generation_id = await client.create(prompt, count)
    watch.note("accepted")
    final = await _follow(client, generation_id, count, watch)
    times |= _durations(watch.moments)
    started = time.perf_counter()
    paths = await _save(client, final, folder)
    times["download"] = time.perf_counter() - started
    _report(console, times, paths, final, watch)
    return paths


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<28}"),
        BarColumn(bar_width=40),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        auto_refresh=False,
    )


async def _follow(client: ApiClient, generation_id: str, count: int, watch: _Watch) -> dict[str, Any]:
    """Show every event; return the final state. Raises RequestFailed where it fails."""
    task = watch.bar.add_task("queued", total=1.0)
    last: dict[str, Any] = {}
    with Live(watch, console=watch.console, refresh_per_second=20, transient=False) as live:
        async with aclosing(client.follow(generation_id)) as events:
            async for event in events:
                _observe(event, count, watch)
                label = f"{_STAGES.get(event['type'], 'drawing')} · {watch.ready}/{count} · {watch.previews} previews"
                watch.bar.update(task, completed=event["progress"], description=label)
                last = event["generation"] or last
                if event["type"] in {"FAILED", "CANCELED"}:
                    raise RequestFailed((last.get("failure") or {}).get("message", "it ended without pictures"))
        watch.preview = None
        live.refresh()
    return last


_STAGES = {"SNAPSHOT": "queued", "QUEUED": "queued", "STARTED": "started", "SUCCEEDED": "done"}


def _observe(event: Mapping[str, Any], count: int, watch: _Watch) -> None:
    kind = event["type"]
    if kind == "PREVIEW":
        watch.previews += 1
        watch.note("first preview")
        if watch.console.is_terminal and watch.console.color_system in {"truecolor", "256"}:
            watch.preview = draw(from_data_uri(event["preview"]), PICTURE_COLUMNS)
    elif kind == "PROGRESS":
        watch.note("started")
    elif kind == "IMAGE_READY":
        watch.ready += 1
        watch.note("first picture")
    elif kind == "STARTED":
        watch.note("started")
    elif kind == "SUCCEEDED":
        watch.ready = count
        watch.note("all pictures")


def _durations(moments: Mapping[str, float]) -> dict[str, float]:
    """Turn moments since the call into the time that each stage took."""
    durations: dict[str, float] = {}
    before = 0.0
    for name, moment in sorted(moments.items(), key=lambda item: item[1]):
        durations[name] = moment - before
        before = moment
    return durations


async def _save(client: ApiClient, final: Mapping[str, Any], folder: Path) -> list[Path]:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    paths: list[Path] = []
    for image in final["images"]:
        path = folder / f"{stamp}-{image['index'] + 1}.webp"
        content = await client.download(image["url"])
        await asyncio.to_thread(_write, path, content)
        paths.append(path)
    return paths


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _report(
    console: Console, times: Mapping[str, float], paths: list[Path], final: Mapping[str, Any], watch: _Watch
) -> None:
    if console.is_terminal and console.color_system in {"truecolor", "256"} and paths:
        console.print(draw(paths[0].read_bytes(), PICTURE_COLUMNS))
    console.print()
    table = Table("stage", "seconds", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for name, seconds in times.items():
        table.add_row(name, f"{seconds:.2f}")
    table.add_row("[bold]total[/bold]", f"[bold]{sum(times.values()):.2f}[/bold]")
    console.print(table)
    for note in final["notes"]:
        console.print(f"note: {note}", highlight=False)
    console.print(f"{watch.previews} previews received. The pictures:")
    for path in paths:
        console.print(f"  {path.resolve()}", highlight=False, soft_wrap=True)
