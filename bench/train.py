"""How fast a BERT of base size with random weights trains, and what share of the measured peak that is.

python bench/train.py [TOKENS]   TOKENS in a sentence (32). On a GPU in bf16, else in fp32 on the CPU.

Forward, backward and the optimiser's step, over batches without padding, so that every token counts. Work is
six multiply-adds a weight and token, and the attention's own. The rival is the bare product of two matrices.
"""

import sys
import time

import torch
from transformers import BertConfig, BertForSequenceClassification

HIDDEN, LAYERS = 768, 12
SIDE = {"cuda": 8192, "cpu": 2048}
BATCHES = {"cuda": (16, 32, 64, 128, 256, 512), "cpu": (4, 8, 16, 32)}


def peak_flops(device: str, dtype: torch.dtype) -> float:
    """Of the product of two square matrices, the best of five."""
    side = SIDE[device]
    a, b = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    best = 0.0
    for _ in range(6):
        started = _now(device)
        a @ b
        best = max(best, 2 * side**3 / (_now(device) - started))
    return best


def _now(device: str) -> float:
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def main() -> None:
    tokens = int(sys.argv[1]) if sys.argv[1:] else 32
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    peak = peak_flops(device, dtype)
    print(f"{device}, {dtype}: measured peak {peak / 1e12:.2f} TFLOP/s, {tokens} tokens a sentence")
    model = BertForSequenceClassification(BertConfig(vocab_size=32_000, num_labels=58)).to(device).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=device == "cuda")
    weights = LAYERS * (4 * HIDDEN**2 + 8 * HIDDEN**2)
    for batch in BATCHES[device]:
        ids = torch.randint(5, 32_000, (batch, tokens), device=device)
        labels = torch.randint(0, 58, (batch,), device=device)
        times = []
        try:
            for _ in range(6):
                started = _now(device)
                with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                    loss = model(input_ids=ids, labels=labels).loss
                loss.backward()
                optimiser.step()
                optimiser.zero_grad()
                times.append(_now(device) - started)
        except torch.OutOfMemoryError:
            print(f"batch {batch:4}  does not fit")
            break
        seconds = sorted(times[1:])[len(times) // 2 - 1]
        flops = 6 * batch * tokens * (weights + LAYERS * 2 * tokens * HIDDEN)
        print(
            f"batch {batch:4}  {batch * tokens / seconds:9,.0f} tokens a second"
            f"  {flops / seconds / peak:5.0%} of the peak"
        )


if __name__ == "__main__":
    main()
