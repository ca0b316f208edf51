"""A BERT of base size against transformers' pipeline on the same random weights.

python bench/bert.py [FOLDER]   FOLDER keeps the two checkpoints (900 MB) for the next run
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import random_bert
from timing import compare, installed, paired, run

RIVAL = [sys.executable, str(Path(__file__).parent / "rivals" / "pipeline.py")]
OURS = [sys.executable, str(Path(__file__))]
SIXTEEN = "가나다라마바사아자차카타파하"
COUNT = 2000


def told(command: list[str]) -> dict[str, float]:
    """What a process says on its last line, in JSON."""
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(out.splitlines()[-1]))


def warm(folder: str, precision: str) -> object:
    from sweetchat_tui import classifiers

    bert = classifiers.load(folder, device="cpu", precision=precision)
    times = []
    for _ in range(60):
        started = time.perf_counter()
        bert.classify([SIXTEEN])
        times.append((time.perf_counter() - started) * 1000)
    return {"ms": statistics.median(times[10:])}


def bulk(folder: str, precision: str, file: str) -> object:
    from sweetchat_tui import classifiers

    bert = classifiers.load(folder, device="cpu", precision=precision)
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    bert.read(lines[:32])
    started = time.perf_counter()
    bert.read(lines)
    return {"s": time.perf_counter() - started}


def prepare(folder: str, precision: str) -> object:
    from sweetchat_tui.classifiers import checkpoint, prepared, shape, verifying

    started = time.perf_counter()
    found = checkpoint.find(Path(folder))
    home = prepared.prepare(found, shape.bert_shape(found), precision).folder  # type: ignore[arg-type]
    if precision == "int8":
        next(verifying.verify(Path(folder), verifying.sentences()))
    return {"s": time.perf_counter() - started, "own": float(home != found.weights.resolve().parent)}


def gflop(lengths: list[int]) -> float:
    """Arithmetic of a BERT of base size over texts of these many tokens."""
    return sum(length * (169.9e6 + 36_864 * length) for length in lengths) / 1e9


def main() -> None:
    keep = sys.argv[1:2] or [tempfile.mkdtemp()]
    keras, torch = map(str, random_bert.make(Path(keep[0])))
    lines = random_bert.sentences(COUNT)
    file = Path(keep[0], "lines.txt")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tokens = [2 + len("".join(line.split())) for line in lines]
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CACHE_HOME"] = home
        print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
        preparing(keras, home)
        peak = told([*RIVAL, "peak"])["gflops"]
        print(f"measured peak: {peak:.0f} GFLOP/s, float32, 2048 x 2048\n")
        cold(keras, torch)
        one_text(keras, torch, peak)
        many_texts(keras, torch, str(file), gflop(tokens), peak)


def preparing(keras: str, home: str) -> None:
    for precision in ("fp32", "int8"):
        peak_mb = 0.0
        times = []
        for _ in range(3 if precision == "fp32" else 1):
            subprocess.run(["rm", "-rf", f"{home}/sweetchat"], check=True)
            times.append(told([*OURS, "prepare", keras, precision])["s"])
        subprocess.run(["rm", "-rf", f"{home}/sweetchat"], check=True)
        peak_mb = run([*OURS, "prepare", keras, precision]).peak_mb
        kept = sum(path.stat().st_size for path in Path(home).rglob("*") if path.is_file()) / 1e6
        print(
            f"first preparation, {precision:5} {statistics.median(times):7.2f} s,"
            f" peak {peak_mb:5.0f} MB, {kept:.1f} MB kept"
        )
    rival = [*RIVAL, "convert", f"{keras}/tf_model.h5", f"{home}/bare.safetensors"]
    times = [told(rival)["s"] for _ in range(3)]
    print(f"a bare conversion        {statistics.median(times):7.2f} s, peak {run(rival).peak_mb:5.0f} MB\n")


def cold(keras: str, torch: str) -> None:
    ours = [installed("sweetchat"), "classify", "--json", "-c", keras, "--precision", "fp32", SIXTEEN]
    mine, theirs = paired(ours, [*RIVAL, "one", torch, SIXTEEN], runs=5)
    compare("sweetchat classify, one text, fp32", "pipeline", mine, theirs)


def one_text(keras: str, torch: str, peak: float) -> None:
    rows = [
        (
            told([*OURS, "warm", keras, "fp32"])["ms"],
            told([*OURS, "warm", keras, "int8"])["ms"],
            told([*RIVAL, "warm", torch, SIXTEEN])["ms"],
        )
        for _ in range(3)
    ]
    for at, name in enumerate(("fp32", "int8", "the pipeline's model")):
        ms = statistics.median(row[at] for row in rows)
        ratio = statistics.median(row[at] / row[2] for row in rows)
        share = gflop([16]) / ms * 1000 / peak
        print(f"16 tokens, warm, {name:22} {ms:6.1f} ms  ratio {ratio:.2f}  {share:.0%} of the peak")
    print()


def many_texts(keras: str, torch: str, file: str, work: float, peak: float) -> None:
    # In turn, and more than once: a pass of the rival takes over a minute, in which a machine may change.
    rows = [
        (
            told([*OURS, "bulk", keras, "fp32", file])["s"],
            told([*OURS, "bulk", keras, "int8", file])["s"],
            told([*RIVAL, "bulk", torch, file])["s"],
        )
        for _ in range(3)
    ]
    for at, name in enumerate(("fp32", "int8", "pipeline, batch_size=32")):
        seconds = statistics.median(row[at] for row in rows)
        ratios = [row[2] / row[at] for row in rows]
        print(
            f"{COUNT:,} texts, {name:24} {COUNT / seconds:6.1f} a second"
            f"  {statistics.median(ratios):.2f} x the rival ({min(ratios):.2f}-{max(ratios):.2f})"
            f"  {work / seconds / peak:.0%} of the peak"
        )


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("warm", "bulk", "prepare"):
        print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
