"""The program in a process of its own, forked from one that has loaded the libraries and nothing of ours.

Most of a short command's time goes into loading Typer, openai, Textual or torch: here once for all of them.
What is ours is loaded, and runs, as in a new interpreter.
"""

import fcntl
import multiprocessing
import os
import runpy
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from functools import lru_cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

_SERVERS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    "ORT_DISABLE_TELEMETRY": "1",
}
"""Read as a library is loaded. Threads that wait for one another by spinning are slow where others run; the
rest is as the program has it."""

_forks = multiprocessing.get_context("forkserver")
_libraries = [
    *("asyncio", "sqlite3", "tomllib", "platformdirs", "typer.main", "typer.rich_utils", "rich.progress"),
    *("numpy", "pyarrow.compute", "pyarrow.parquet", "onnxruntime", "tokenizers", "openai", "textual.app"),
]
_for_training = ["torch", "transformers.trainer", "transformers.models.bert.modeling_bert"]


def can_be(variables: Mapping[str, str]) -> bool:
    """Whether a program with these variables needs no new interpreter, which reads some as it starts."""
    return _read_at_start(variables) == _FROM_START


def _read_at_start(variables: Mapping[str, str]) -> dict[str, str]:
    names = ("PYTHON", "LC_", "LANG", "TEXTUAL_")
    return {name: value for name, value in variables.items() if name.startswith(names)}


def start(
    words: tuple[str, ...],
    streams: tuple[int, int, int],
    variables: Mapping[str, str],
    *,
    terminal: bool = False,
    first: Path | None = None,
    trains: bool = False,
) -> ForkServerProcess:
    """Start the program in this process's folder.

    Args:
        streams: what are to be its standard input, output and error; they stay open here.
        variables: all that it has.
        terminal: the streams are one, which is to be its own.
        first: a file that is run before the program, as `sitecustomize` would be.
        trains: the libraries with which is trained are loaded too, which makes each fork slower.
    """
    _ready(trains)
    os.umask(mask := os.umask(0))
    given = [Connection(os.dup(stream)) for stream in streams]
    process = _forks.Process(
        target=_be, args=(words, given, dict(variables), Path.cwd(), mask, terminal, first)
    )
    process.start()
    for stream in given:
        stream.close()
    return process


def run(
    words: tuple[str, ...],
    data: bytes,
    variables: Mapping[str, str],
    timeout: float,
    first: Path | None = None,
    *,
    trains: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run the program to its end; as `subprocess.run` does, but its streams are files."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(data)
        given.seek(0)
        process = start(
            words, (given.fileno(), out.fileno(), err.fileno()), variables, first=first, trains=trains
        )
        process.join(timeout)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(words, timeout, _all(out), _all(err))
        assert process.exitcode is not None
        return subprocess.CompletedProcess(words, process.exitcode, _all(out), _all(err))


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


_FROM_START = _read_at_start(os.environ)


@lru_cache(1)
def _ready(trains: bool) -> None:
    """Have a process to fork from; one with other libraries ends."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    _forks.set_forkserver_preload([*_libraries, *(_for_training if trains else ())])
    there = dict(os.environ)
    os.environ.update(_SERVERS)
    forkserver.ensure_running()
    os.environ.clear()
    os.environ.update(there)


def _be(
    words: tuple[str, ...],
    streams: list[Connection],
    variables: dict[str, str],
    folder: Path,
    mask: int,
    terminal: bool,
    first: Path | None,
) -> None:
    """Become the program."""
    os.umask(mask)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    if terminal:
        os.setsid()
        fcntl.ioctl(streams[0].fileno(), termios.TIOCSCTTY, 0)
    for fd, (stream, name, mode) in enumerate(
        zip(streams, ("stdin", "stdout", "stderr"), "rww", strict=True)
    ):
        os.dup2(stream.fileno(), fd)
        stream.close()
        old = getattr(sys, f"__{name}__")
        buffering = 1 if name == "stderr" or os.isatty(fd) else -1
        new = os.fdopen(fd, mode, buffering, old.encoding, old.errors)
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)
    for module in [module for module in sys.modules if module.partition(".")[0] == "huggingface_hub"]:
        del sys.modules[module]  # it came with transformers, and reads its variables as it is loaded
    sys.argv[:] = ["sweetchat", *words]
    if first:
        runpy.run_path(str(first))
    runpy.run_module("sweetchat_tui", run_name="__main__", alter_sys=True)
