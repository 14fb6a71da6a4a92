"""One of several processes that share a batch: writes losses and averaged gradients of an encoder to a file.

python gather_worker.py RANK RENDEZVOUS_FILE OUT_FILE COUNT [COUNT …]; rank r holds the r-th COUNT rows of the batch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import torch
from torch import distributed

from casekin.training.gather import gather_rows
from training.every_loss import LOSSES, made_batch

WIDTH = 4
SEED = 7


def encoder_weights() -> torch.Tensor:
    """Weights of a linear encoder, the same in every process."""
    return torch.randn(WIDTH, WIDTH, generator=torch.Generator().manual_seed(SEED), dtype=torch.float64)


def losses_of(rank: int, rendezvous: Path, counts: Sequence[int]) -> dict[str, tuple[float, list[list[float]]]]:
    """Every loss of the gathered rows, and its gradient averaged over processes, from the rows that this one holds."""
    distributed.init_process_group(
        "gloo", f"file://{rendezvous}", rank=rank, world_size=len(counts), timeout=timedelta(seconds=120)
    )
    images, texts, relevance = made_batch(sum(counts), WIDTH, seed=SEED)
    begin = sum(counts[:rank])
    mine = slice(begin, begin + counts[rank])
    found = {}
    try:
        for name, loss in LOSSES.items():
            weights = encoder_weights().requires_grad_()
            value = loss(gather_rows(images[mine] @ weights), gather_rows(texts[mine] @ weights), relevance)
            value.backward()
            assert weights.grad is not None
            distributed.all_reduce(weights.grad)  # as DistributedDataParallel averages
            found[name] = value.item(), (weights.grad / len(counts)).tolist()
    finally:
        distributed.destroy_process_group()
    return found


if __name__ == "__main__":
    result = losses_of(int(sys.argv[1]), Path(sys.argv[2]), [int(count) for count in sys.argv[4:]])
    Path(sys.argv[3]).write_text(json.dumps(result), encoding="utf-8")
