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
from training.gather_worker import SEED, WIDTH, encoder_weights, losses_of

ROOT = Path(__file__).parents[2]
COUNTS = (5, 3)


def test_every_loss_and_gradient_of_two_processes_is_that_of_one(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"}
    out, meet = tmp_path / "out.json", tmp_path / "meet"
    script = str(Path(__file__).with_name("gather_worker.py"))
    with subprocess.Popen([sys.executable, script, "1", meet, out, *map(str, COUNTS)], env=environment) as other:
        ours = losses_of(0, meet, COUNTS)
        assert other.wait(timeout=120) == 0
    images, texts, relevance = made_batch(sum(COUNTS), WIDTH, seed=SEED)
    for name, loss in LOSSES.items():
        weights = encoder_weights().requires_grad_()
        value = loss(images @ weights, texts @ weights, relevance)
        value.backward()
        assert weights.grad is not None
        for found in (ours, json.loads(out.read_text(encoding="utf-8"))):
            assert found[name][0] == pytest.approx(value.item(), rel=1e-9), name
            assert torch.allclose(torch.tensor(found[name][1], dtype=torch.float64), weights.grad, atol=1e-9), name


def test_a_single_process_keeps_its_rows_as_they_are() -> None:
    rows = torch.ones(2, 3, requires_grad=True)
    assert gather_rows(rows) is rows
