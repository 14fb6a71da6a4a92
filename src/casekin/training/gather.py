"""Rows of all processes in one tensor, with gradients back to the process that each row came from."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, distributed
from torch.autograd import Function


def gather_rows(rows: Tensor) -> Tensor:
    """The rows of all processes, `(ΣN, …)`, in order of rank; the tensor itself where there is one process.

    Processes may hold different numbers of rows. Backward adds up what all processes' losses say of a row. So where
    every process computes the whole loss of the gathered rows, and gradients of parameters are averaged over processes
    (as DistributedDataParallel does), one step equals the step of a single process with the whole batch.
    """
    if not (distributed.is_available() and distributed.is_initialized()) or distributed.get_world_size() == 1:
        return rows
    gathered: Tensor = _GatherRows.apply(rows)  # type: ignore[no-untyped-call]
    return gathered


class _GatherRows(Function):
    """All-gather whose backward is an all-reduce and a cut."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor) -> Tensor:
        counts = _counts(rows)
        rank = distributed.get_rank()
        ctx.begin, ctx.end = sum(counts[:rank]), sum(counts[: rank + 1])
        padded = rows.new_zeros((max(counts), *rows.shape[1:]))  # collectives want equal shapes
        padded[: len(rows)] = rows
        parts = [torch.empty_like(padded) for _ in counts]
        distributed.all_gather(parts, padded)
        return torch.cat([part[:count] for part, count in zip(parts, counts, strict=True)])

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        summed = gradient.contiguous().clone()
        distributed.all_reduce(summed)
        return summed[ctx.begin : ctx.end]


def _counts(rows: Tensor) -> list[int]:
    """How many rows each process holds."""
    own = torch.tensor([len(rows)], device=rows.device)
    all_of_them = [torch.zeros_like(own) for _ in range(distributed.get_world_size())]
    distributed.all_gather(all_of_them, own)
    return [int(count) for count in all_of_them]
