"""One of several processes that share a batch: writes losses and averaged gradients of an encoder to a file.

python gather_worker.py RANK RENDEZVOUS_FILE OUT_FILE COUNT [COUNT …]; rank r holds the r-th COUNT rows of the batch.
"""

from __future__ import annotations

import json
import sys
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


def main(rank: int, rendezvous: str, out: str, counts: list[int]) -> None:
    """Every loss on the rows that this process holds, gathered."""
    distributed.init_process_group("gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=len(counts))
    images, texts, relevance = made_batch(sum(counts), WIDTH, seed=SEED)
    begin = sum(counts[:rank])
    mine = slice(begin, begin + counts[rank])
    found = {}
    for name, loss in LOSSES.items():
        weights = encoder_weights().requires_grad_()
        value = loss(gather_rows(images[mine] @ weights), gather_rows(texts[mine] @ weights), relevance)
        value.backward()
        assert weights.grad is not None
        distributed.all_reduce(weights.grad)  # as DistributedDataParallel averages
        found[name] = [value.item(), (weights.grad / len(counts)).tolist()]
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    distributed.destroy_process_group()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], [int(count) for count in sys.argv[4:]])
