"""Several processes with a part of the batch each take the step that one process with all of it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from casekin.training.gather import gather_rows
from training.every_loss import LOSSES, made_batch
from training.gather_worker import SEED, WIDTH, encoder_weights

ROOT = Path(__file__).parents[2]
COUNTS = (5, 3)


def test_every_loss_and_gradient_of_two_processes_is_that_of_one(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"}
    outs = [tmp_path / f"{rank}.json" for rank in range(len(COUNTS))]
    command = [sys.executable, str(Path(__file__).with_name("gather_worker.py"))]
    workers = [
        subprocess.Popen([*command, str(rank), str(tmp_path / "meet"), str(out), *map(str, COUNTS)], env=environment)
        for rank, out in enumerate(outs)
    ]
    assert [worker.wait(timeout=120) for worker in workers] == [0] * len(COUNTS)
    images, texts, relevance = made_batch(sum(COUNTS), WIDTH, seed=SEED)
    for out in outs:
        found = json.loads(out.read_text(encoding="utf-8"))
        for name, loss in LOSSES.items():
            weights = encoder_weights().requires_grad_()
            value = loss(images @ weights, texts @ weights, relevance)
            value.backward()
            assert weights.grad is not None
            assert found[name][0] == pytest.approx(value.item(), rel=1e-9), name
            assert torch.allclose(torch.tensor(found[name][1], dtype=torch.float64), weights.grad, atol=1e-9), name


def test_a_single_process_keeps_its_rows_as_they_are() -> None:
    rows = torch.ones(2, 3, requires_grad=True)
    assert gather_rows(rows) is rows
