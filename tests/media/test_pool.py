"""Worker processes: isolation, time limits, replacement, and that none outlives its parent."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.media.errors import UnreadablePicture
from app.media.imaging import prepare
from app.media.pool import PoolClosed, ProcessCompute, WorkerLost

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes by /proc")

REPOSITORY = Path(__file__).parents[2]

PARENT = """
import asyncio, os, time
from app.media.pool import ProcessCompute
async def main():
    async with ProcessCompute(workers=2, timeout=60) as compute:
        await compute.warm()
        pids = await asyncio.gather(compute(os.getpid), compute(os.getpid))
        print(*pids, flush=True)
        await compute(time.sleep, 60)
if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
async def compute() -> AsyncIterator[ProcessCompute]:
    async with ProcessCompute(workers=1, timeout=10) as compute:
        await compute.warm()
        yield compute


async def until_gone(pids: list[int], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(alive(pid) for pid in pids):
            return True
        await asyncio.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    """Whether it runs; a zombie that nobody has reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    children = [
        int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()
    ]
    return children + [deeper for child in children for deeper in descendants(child)]


async def test_runs_elsewhere_with_arguments_and_keywords(compute: ProcessCompute) -> None:
    assert await compute(os.getpid) != os.getpid()
    assert await compute(int, "ff", base=16) == 255


async def test_exceptions_come_back_whole_and_the_process_stays(compute: ProcessCompute) -> None:
    before = await compute(os.getpid)
    with pytest.raises(UnreadablePicture) as caught:
        await compute(prepare, b"GIF89a", max_pixels=100)
    assert caught.value.message == str(caught.value) == "The file is not a PNG, JPEG or WebP picture."
    assert caught.value.code == "UNREADABLE_PICTURE"
    assert await compute(os.getpid) == before


async def test_killed_while_it_works_is_tried_again(compute: ProcessCompute) -> None:
    victim = await compute(os.getpid)
    call = asyncio.create_task(compute(time.sleep, 0.5))
    await asyncio.sleep(0.2)
    os.kill(victim, signal.SIGKILL)
    await call
    assert await compute(os.getpid) != victim


async def test_killed_while_idle_is_replaced(compute: ProcessCompute) -> None:
    victim = await compute(os.getpid)
    os.kill(victim, signal.SIGKILL)
    assert await until_gone([victim])
    assert await compute(os.getpid) != victim


async def test_dies_twice(compute: ProcessCompute) -> None:
    with pytest.raises(WorkerLost):
        await compute(os._exit, 1)
    assert await compute(abs, -1) == 1


async def test_a_lost_process_hurts_no_other_call() -> None:
    async with ProcessCompute(workers=2, timeout=10) as compute:
        await compute.warm()
        lost, fine = await asyncio.gather(compute(os._exit, 1), compute(time.sleep, 0.3), return_exceptions=True)
    assert isinstance(lost, WorkerLost)
    assert fine is None


async def test_time_limit_kills_what_hangs() -> None:
    async with ProcessCompute(workers=1, timeout=1.5) as compute:
        await compute.warm()
        hanging = await compute(os.getpid)
        with pytest.raises(TimeoutError, match=r"1\.5 seconds"):
            await compute(time.sleep, 60)
        assert await until_gone([hanging])
        # A new process: its start does not count against the time limit.
        assert await compute(os.getpid) != hanging


async def test_timeout_error_of_the_function_is_not_ours(compute: ProcessCompute) -> None:
    before = await compute(os.getpid)
    with pytest.raises(TimeoutError, match="mine"):
        await compute(exec, "raise TimeoutError('mine')")
    assert await compute(os.getpid) == before


async def test_waiting_does_not_count_against_the_time_limit() -> None:
    async with ProcessCompute(workers=1, timeout=2) as compute:
        await compute.warm()
        await asyncio.gather(*(compute(time.sleep, 0.6) for _ in range(4)))


async def test_cancelled_caller_leaves_at_once_and_the_worker_stays(compute: ProcessCompute) -> None:
    before = await compute(os.getpid)
    call = asyncio.create_task(compute(time.sleep, 2))
    waiting = asyncio.create_task(compute(time.sleep, 60))
    await asyncio.sleep(0.1)
    call.cancel()
    waiting.cancel()
    await asyncio.wait((call, waiting), timeout=1)
    assert call.cancelled()
    assert waiting.cancelled()
    assert await compute(os.getpid) == before


async def test_closing_ends_what_waits_and_finishes_what_runs() -> None:
    async with ProcessCompute(workers=1, timeout=10) as compute:
        await compute.warm()
        pid = await compute(os.getpid)
        calls = [asyncio.create_task(compute(time.sleep, 1)) for _ in range(3)]
        await asyncio.sleep(0.05)
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert results[0] is None
    assert [type(result) for result in results[1:]] == [PoolClosed, PoolClosed]
    assert not alive(pid)
    with pytest.raises(PoolClosed):
        await compute(abs, 1)


async def test_only_what_is_needed_is_started() -> None:
    async with ProcessCompute(workers=4, timeout=10) as compute:
        pids = {await compute(os.getpid) for _ in range(4)}
    assert len(pids) == 1


async def test_children_ignore_ctrl_c(compute: ProcessCompute) -> None:
    pid = await compute(os.getpid)
    os.kill(pid, signal.SIGINT)
    assert await compute(os.getpid) == pid


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux")
async def test_kernel_is_told_to_kill_children_with_their_parent(compute: ProcessCompute) -> None:
    get_death_signal = "import ctypes; s = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(s))"
    with pytest.raises(LookupError, match=rf"\b{signal.SIGKILL.value}\b"):
        await compute(exec, get_death_signal + "; raise LookupError(s.value)")


async def test_children_do_not_import_the_main_module(tmp_path: Path) -> None:
    script, marker = tmp_path / "parent.py", tmp_path / "imports"
    script.write_text(f"open({str(marker)!r}, 'a').write('x')\n{PARENT}")
    parent, pids = await start_parent(script)
    parent.kill()
    await asyncio.to_thread(parent.communicate)
    assert marker.read_text() == "x"
    assert await until_gone(pids)


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
async def test_no_child_outlives_its_parent(tmp_path: Path, kill: signal.Signals) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent, pids = await start_parent(script)
    tree = descendants(parent.pid)
    assert set(pids) <= set(tree)
    parent.send_signal(kill)
    await asyncio.to_thread(parent.communicate)
    assert await until_gone(tree)


async def start_parent(script: Path) -> tuple[subprocess.Popen[str], list[int]]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    parent = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert parent.stdout is not None
    line = await asyncio.to_thread(parent.stdout.readline)
    pids = [int(pid) for pid in line.split()]
    assert len(pids) == 2
    return parent, pids


@pytest.mark.parametrize(("workers", "timeout"), [(0, 1), (1, 0), (1, -1)])
def test_settings_are_checked(workers: int, timeout: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        ProcessCompute(workers=workers, timeout=timeout)
