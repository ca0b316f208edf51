"""The rival: transformers' pipeline("text-classification"), as the original program used it.

python bench/rivals/pipeline.py one FOLDER TEXT   load it and read one text
python bench/rivals/pipeline.py warm FOLDER TEXT  milliseconds of one text, of the bare model
python bench/rivals/pipeline.py bulk FOLDER FILE  seconds over the lines of a file, loading not counted
python bench/rivals/pipeline.py convert H5 FILE   TensorFlow's weights to safetensors and nothing else
python bench/rivals/pipeline.py peak              multiplications and additions a second, float32
"""

import json
import statistics
import sys
import time
from pathlib import Path


def one(folder: str, text: str) -> object:
    from transformers import pipeline

    return pipeline("text-classification", model=folder, top_k=3)(text)


def warm(folder: str, text: str) -> object:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    inputs = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    times = []
    with torch.inference_mode():
        for _ in range(60):
            started = time.perf_counter()
            model(**inputs)
            times.append((time.perf_counter() - started) * 1000)
    return {"ms": statistics.median(times[10:]), "tokens": inputs["input_ids"].shape[1]}


def bulk(folder: str, file: str) -> object:
    from transformers import pipeline

    reader = pipeline("text-classification", model=folder, top_k=3, truncation=True)
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    reader(lines[:32], batch_size=32)
    started = time.perf_counter()
    reader(lines, batch_size=32)
    return {"s": time.perf_counter() - started}


def convert(source: str, target: str) -> object:
    import h5py
    from safetensors.numpy import save_file

    started = time.perf_counter()
    found = {}
    with h5py.File(source) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()].T.copy()}) if isinstance(item, h5py.Dataset) else None
            )
        )
    save_file(found, target)
    return {"s": time.perf_counter() - started}


def peak() -> object:
    import torch

    a, b = torch.rand(2048, 2048), torch.rand(2048, 2048)
    times = []
    for _ in range(15):
        started = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - started)
    return {"gflops": 2 * 2048**3 / statistics.median(times[3:]) / 1e9}


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
