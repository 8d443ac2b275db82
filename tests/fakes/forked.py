"""Commands in processes that are forked from one that has all of them loaded: that takes 3 s, and is done once."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from app.cli.commands import COMMANDS, main

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(list(COMMANDS.values()))


def run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `anypeople` in a folder to its end. Raises TimeoutExpired."""
    with TemporaryDirectory() as place:
        streams = [Path(place, name) for name in ("stdin", "stdout", "stderr")]
        for stream in streams:
            stream.write_text(stdin if stream.name == "stdin" else "")
        process = FORKS.Process(target=become, args=(arguments, folder, dict(environment), streams))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        code = process.exitcode
        process.close()
        return subprocess.CompletedProcess(list(arguments), code, streams[1].read_text(), streams[2].read_text())


def become(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], streams: Sequence[Path]) -> None:
    """Be the command, as if it had been started with these."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, stream in enumerate(streams):
        opened = os.open(stream, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = streams[0].open()
    sys.argv = ["anypeople", *arguments]
    main()
