"""One training of the made line, alone or as one of several processes: loop_worker.py FOLDER OUT PRECISION."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from casekin.training.loop import Precision, fit, is_main_process
from training.made_training import SETTINGS, LineTraining, weights_of


def train_line(folder: Path, precision: Precision) -> dict[str, Any]:
    """Weights and figures of a training without chance, so that the number of processes can't matter."""
    dtype = torch.float64 if precision == "no" else torch.float32  # autocast leaves doubles alone
    training = LineTraining(dropout=0.0, noise=0.0, dtype=dtype)
    fitted = fit(training, replace(SETTINGS, precision=precision), folder, stamp="s")
    return {
        "weights": [weight.tolist() for weight in weights_of(training)],
        "figures": [epoch["closeness"] for epoch in fitted.history],
        "processes": fitted.processes,
    }


if __name__ == "__main__":
    precision: Precision = "bf16" if sys.argv[3] == "bf16" else "no"
    told = train_line(Path(sys.argv[1]), precision)
    if is_main_process():
        Path(sys.argv[2]).write_text(json.dumps(told), encoding="utf-8")
