"""The program in a process of its own, forked from one that has loaded the libraries and nothing of ours.

Most of a short command's time goes into loading Typer, or openai: here once for all of them. What is ours is
loaded, and runs, as in a new interpreter.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

_LIBRARIES = [
    *("asyncio", "sqlite3", "tomllib", "platformdirs", "typer.main", "typer.rich_utils", "rich.progress"),
    *("numpy", "pyarrow.compute", "pyarrow.parquet", "onnxruntime", "tokenizers", "openai"),
]
READ_AT_START = ("PYTHON", "LC_", "LANG", "OPENBLAS_", "OMP_")
"""Variables that an interpreter or a library reads when it is loaded: who sets one has a new interpreter."""

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(_LIBRARIES)


def run(
    words: tuple[str, ...], data: bytes, variables: dict[str, str], timeout: float
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in this process's folder; like `subprocess.run`, but that its streams are files."""
    os.umask(mask := os.umask(0))
    with TemporaryDirectory() as folder:
        given, out, err = files = [Path(folder, name) for name in ("in", "out", "err")]
        for file in files:
            file.write_bytes(data if file is given else b"")
        process = _forks.Process(target=_be, args=(words, files, variables, Path.cwd(), mask))
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(words, timeout, out.read_bytes(), err.read_bytes())
        assert process.exitcode is not None
        return subprocess.CompletedProcess(words, process.exitcode, out.read_bytes(), err.read_bytes())


def _be(
    words: tuple[str, ...], files: list[Path], variables: dict[str, str], folder: Path, mask: int
) -> None:
    """Become the program."""
    os.umask(mask)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    streams = (("stdin", "r", -1), ("stdout", "w", -1), ("stderr", "w", 1))
    for fd, (file, (name, mode, buffering)) in enumerate(zip(files, streams, strict=True)):
        os.dup2(os.open(file, os.O_RDONLY if fd == 0 else os.O_WRONLY), fd)
        old = getattr(sys, f"__{name}__")
        stream = os.fdopen(fd, mode, buffering, old.encoding, old.errors)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv[:] = ["sweetchat", *words]
    runpy.run_module("sweetchat_tui", run_name="__main__", alter_sys=True)
