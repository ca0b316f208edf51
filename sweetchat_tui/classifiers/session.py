"""onnxruntime, started for a graph: on this machine's cores, and telling nobody.

Since 1.29 its wheels report to their maker from Linux and macOS as well, from the moment of import, with
an identifier kept on disk. What people write here is nobody's business, and neither is that they do, so
this is the only place that may import it.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sweetchat_tui.classifiers.prepared import Prepared
from sweetchat_tui.errors import Unreadable
from sweetchat_tui.lang import say

_SILENT = 4
"""What goes wrong is raised, and told in our words; its own line would stand before them, coloured."""
_WITHOUT_OVERFLOW = {"avx512_vnni", "avx_vnni", "amx_int8"}
_PROCESSOR = Path("/proc/cpuinfo")
_SMT = Path("/sys/devices/system/cpu/smt/active")


def imported() -> Any:
    """The module `onnxruntime`."""
    # Read once, at import; the call below is for Windows, where the variable is not.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # 55 ms, over numpy.
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def start(ready: Prepared, *, one_shot: bool) -> Any:
    """An `onnxruntime.InferenceSession`.

    Args:
        one_shot: leave the weights as they lie: starts ten times sooner, runs half as fast.

    Raises:
        Unreadable: what was prepared has been spoilt since.
    """
    onnxruntime = imported()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _SILENT
    options.intra_op_num_threads = _cores()
    # A graph from bytes finds its weights here; from a file it would refuse the links of the Hub's cache.
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(ready.folder)
    )
    # Otherwise two products of bytes are added in 16 bits, which overflow: 77 % of a random base-size BERT's
    # first labels were those of fp32, and 89 % are so. Where nothing overflows it would still be three times
    # slower: it is not asked of the processor, whatever onnxruntime's page on it says (1.30, MLAS's tables).
    if not adds_exactly():
        options.add_session_config_entry("session.x64quantprecision", "1")
    if one_shot:
        options.add_session_config_entry("session.disable_prepacking", "1")
        # Python works beside the network here, and a thread that spins takes its core: 20 % of the CPU time.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if ready.precision == "fp32":
            # The graph is fused as it is made: looking for more takes 8 ms and changes the seventh digit.
            # In int8 the exact product of bytes is one of the changes.
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(ready.graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # Its errors have no class in common but this.
        raise Unreadable(
            say("준비해 둔 모델이 망가졌어요.", "What was prepared of the model is spoilt."),
            say(
                f"이 폴더를 지우면 다시 만들어요: {ready.home}",
                f"Delete this folder and it is made again: {ready.home}",
            ),
        ) from error


def adds_exactly(processor: Path = _PROCESSOR) -> bool:
    """Whether an x86 processor adds products of bytes in 32 bits; no where it cannot be told.

    Args:
        processor: what the kernel says of it.
    """
    with suppress(OSError), processor.open(encoding="ascii", errors="replace") as lines:
        # The first core's: a large machine's file is long.
        flags = next((line for line in lines if line.startswith("flags")), "")
        return not _WITHOUT_OVERFLOW.isdisjoint(flags.split())
    return False


def _cores() -> int:
    """Physical cores that this process may use: a second thread on a core only gets in the way."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    paired = _SMT.is_file() and _SMT.read_text().strip() == "1"
    return max(1, allowed // 2) if paired else allowed
