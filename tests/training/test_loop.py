"""The loop: resumed runs give the same numbers, validation alone stops, and what isn't finite stops all."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from casekin.errors import InputError, ModelError
from casekin.training.checkpoint import read_state, write_state
from casekin.training.loop import fit
from training.loop_worker import train_line
from training.made_training import SETTINGS, InterruptedRunError, LineTraining, weights_of

ROOT = Path(__file__).parents[2]
STEPS = 6  # of an epoch: 48 points in batches of 8


@pytest.mark.parametrize("stop_at", [2, STEPS + 1, 2 * STEPS + 4])
def test_an_interrupted_and_resumed_run_gives_the_same_bits(stop_at: int, tmp_path: Path) -> None:
    whole = LineTraining()
    fitted = fit(whole, SETTINGS, tmp_path / "whole", stamp="s")
    every_step = replace(SETTINGS, checkpoint_minutes=0.0)
    ticks = iter(range(10_000))
    with pytest.raises(InterruptedRunError):
        fit(LineTraining(stop_at=stop_at), every_step, tmp_path / "cut", stamp="s", now=lambda: float(next(ticks)))
    rest = LineTraining()
    resumed = fit(rest, every_step, tmp_path / "cut", stamp="s")
    assert resumed.history == fitted.history and resumed.best_epoch == fitted.best_epoch
    assert all(torch.equal(a, b) for a, b in zip(weights_of(rest), weights_of(whole), strict=True))
    assert rest.seen == whole.seen[stop_at - 1 :]  # nothing is shown twice, nothing left out


def test_a_run_interrupted_within_an_epoch_without_a_checkpoint_starts_that_epoch_again(tmp_path: Path) -> None:
    whole = LineTraining()
    fitted = fit(whole, SETTINGS, tmp_path / "whole", stamp="s")
    with pytest.raises(InterruptedRunError):
        fit(LineTraining(stop_at=2 * STEPS + 4), SETTINGS, tmp_path / "cut", stamp="s")
    rest = LineTraining()
    assert fit(rest, SETTINGS, tmp_path / "cut", stamp="s").history == fitted.history
    assert rest.seen == whole.seen[2 * STEPS :]


def test_the_line_is_learnt_and_the_loss_falls(tmp_path: Path) -> None:
    training = LineTraining(dropout=0.0)
    fitted = fit(training, replace(SETTINGS, epochs=30), tmp_path, stamp="s")
    assert fitted.history[-1]["loss square"] < 0.1 * fitted.history[0]["loss square"]
    assert fitted.history[fitted.best_epoch]["closeness"] > -0.2


def test_validation_alone_stops_and_the_best_epoch_is_kept(tmp_path: Path) -> None:
    training = LineTraining(figures=[0.1, 0.5, 0.4, 0.5, 0.3, 0.2])
    fitted = fit(training, replace(SETTINGS, epochs=20, patience=3), tmp_path, stamp="s")
    assert fitted.stopped_by == "patience" and len(fitted.history) == 5 and fitted.best_epoch == 1
    best = read_state(tmp_path / "best.pt", stamp="s")
    assert best is not None
    kept = training.network.state_dict()
    assert all(torch.equal(kept[name], value) for name, value in best["network"].items())


def test_a_loss_that_is_not_finite_stops_and_the_last_good_state_stays(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"loss is not finite at epoch 2, step 3.*lower learning rate"):
        fit(LineTraining(poison_at=STEPS + 3), SETTINGS, tmp_path, stamp="s")
    state = read_state(tmp_path / "last.pt", stamp="s")
    assert state is not None and state["progress"] == [1, 0]
    assert all(torch.isfinite(value).all() for value in state["network"].values())
    assert fit(LineTraining(), SETTINGS, tmp_path, stamp="s").stopped_by == "epochs"  # goes on from it


def test_minutes_cap_a_run_and_what_was_learnt_is_validated(tmp_path: Path) -> None:
    ticks = iter(range(10_000))
    settings = replace(SETTINGS, minutes=0.1)
    fitted = fit(LineTraining(), settings, tmp_path, stamp="s", now=lambda: float(next(ticks)))
    assert fitted.stopped_by == "minutes" and len(fitted.history) == 1


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    first = fit(LineTraining(), SETTINGS, tmp_path, stamp="s")
    again = LineTraining()
    assert fit(again, SETTINGS, tmp_path, stamp="s").history == first.history and not again.seen


def test_a_state_of_another_run_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    fit(LineTraining(), replace(SETTINGS, epochs=1), tmp_path, stamp="one")
    with pytest.raises(InputError, match="name another --out"):
        fit(LineTraining(), SETTINGS, tmp_path, stamp="other")
    (tmp_path / "last.pt").write_bytes(b"no state")
    with pytest.raises(ModelError, match=r"last\.pt is no state"):
        fit(LineTraining(), SETTINGS, tmp_path, stamp="one")


def test_a_state_comes_back_as_it_was_written(tmp_path: Path) -> None:
    state = {"stamp": "s", "t": torch.arange(3.0), "nested": {"list": [1, 2.5, "x"], "none": None}}
    write_state(tmp_path / "a.pt", state)
    got = read_state(tmp_path / "a.pt", stamp="s")
    assert got is not None and torch.equal(got.pop("t"), torch.arange(3.0))
    assert got == {"stamp": "s", "nested": {"list": [1, 2.5, "x"], "none": None}}
    assert read_state(tmp_path / "b.pt", stamp="s") is None
    assert [path.name for path in tmp_path.iterdir()] == ["a.pt"]


def test_two_processes_train_as_one_does(tmp_path: Path) -> None:
    one, two = train_line(tmp_path / "one", "no"), _launch(tmp_path / "two", processes=2)
    assert (one["processes"], two["processes"]) == (1, 2)
    for a, b in zip(one["weights"], two["weights"], strict=True):
        assert torch.allclose(torch.tensor(a), torch.tensor(b), rtol=1e-6)
    assert two["figures"] == pytest.approx(one["figures"], rel=1e-6)


def test_bfloat16_trains_to_nearly_the_same_and_fp16_says_that_it_needs_a_gpu(tmp_path: Path) -> None:
    whole, halved = train_line(tmp_path / "whole", "no"), _launch(tmp_path / "half", processes=1, precision="bf16")
    assert halved["figures"] != whole["figures"]
    assert halved["figures"] == pytest.approx(whole["figures"], abs=0.05)
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="fp16 needs a GPU"):
            fit(LineTraining(), replace(SETTINGS, precision="fp16"), tmp_path, stamp="s")


def _launch(folder: Path, *, processes: int, precision: str = "no") -> dict[str, Any]:
    """Train in fresh processes with the environment that torchrun gives them."""
    folder.mkdir()
    script = str(Path(__file__).with_name("loop_worker.py"))
    words = [sys.executable, script, str(folder / "states"), str(folder / "out.json"), precision]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
        "OMP_NUM_THREADS": "1",
        "GLOO_SOCKET_IFNAME": "lo",
        "ACCELERATE_USE_CPU": "true",
    }
    ranks = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(processes)}
    started = [
        subprocess.Popen(words, env=shared | (ranks | {"RANK": str(n), "LOCAL_RANK": str(n)} if processes > 1 else {}))
        for n in range(processes)
    ]
    try:
        assert [process.wait(timeout=180) for process in started] == [0] * processes
    finally:
        for process in started:
            process.kill()
    told: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return told
