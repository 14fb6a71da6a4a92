"""The training loop: any `Trainable` on a CPU, a GPU or many, in mixed precision, resumed to the same numbers.

Devices, precision and processes are Hugging Face Accelerate's. Randomness of a step follows from seed, epoch, step and
rank, so that a resumed run sees what an uninterrupted one does.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import torch
from accelerate import Accelerator, PartialState
from accelerate.utils import broadcast_object_list
from numpy.typing import NDArray
from torch import Tensor, nn

from casekin.errors import InputError, ModelError
from casekin.training.checkpoint import read_state, write_state
from casekin.training.samplers import Batches, Progress, rank_share

Precision = Literal["no", "bf16", "fp16"]
Told = Callable[[int, int, str], None]
"""Progress: steps done, steps in all, and a line on how it goes."""


class Trainable(Protocol):
    """What a training needs to know: a network, what it is shown, and by what it is judged."""

    metric: str
    """The name, among what `validate` gives, of the figure that stops the training; more is better."""

    @property
    def network(self) -> nn.Module:
        """What learns."""

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        """Parameters by group, as torch's optimizers take them."""

    def draw_epoch(self, epoch: int) -> Batches:
        """Sample numbers of all processes together, `(steps, batch_size)`: a pure function of the epoch."""

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> Any:
        """What the loss takes, on the CPU, of these samples; all chance comes from the generator."""

    def loss(self, batch: Any) -> Mapping[str, Tensor]:
        """Terms whose sum is the loss, of a batch on the network's device."""

    def validate(self) -> dict[str, float]:
        """Figures of the network, which is in evaluation mode, on validation alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopSettings:
    """How long and how fast. `warmup`: share of the run in which the rate rises; then it falls along a cosine.

    `average`: decay of the running mean of weights that is validated and kept, 0 for the weights themselves.
    `patience`: epochs without a better figure after which training stops. `clip`: largest norm of the gradient.
    `minutes` caps the time of all runs together; with it, results depend on the machine.
    """

    epochs: int
    learning_rate: float
    weight_decay: float
    warmup: float = 0.1
    clip: float = 1.0
    average: float = 0.0
    patience: int = 10
    precision: Precision = "no"
    seed: int = 0
    minutes: float | None = None
    checkpoint_minutes: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The best epoch's weights are in the network. `history` holds each epoch's figures and mean loss terms.

    `samples`: how many were shown, over all epochs and processes; `cpu_seconds`: of this process, which other work on
    the machine lengthens less than `seconds`.
    """

    history: tuple[Mapping[str, float], ...]
    best_epoch: int
    stopped_by: Literal["epochs", "patience", "minutes"]
    seconds: float
    cpu_seconds: float
    samples: int
    device: str
    processes: int


def decaying_groups(
    parameters: Iterable[nn.Parameter], learning_rate: float, weight_decay: float
) -> list[dict[str, Any]]:
    """Groups for torch's optimizers: weights decay, biases and the scales of normalisation don't."""
    kept = list(parameters)
    return [
        {"params": [p for p in kept if p.ndim > 1], "lr": learning_rate, "weight_decay": weight_decay},
        {"params": [p for p in kept if p.ndim <= 1], "lr": learning_rate, "weight_decay": 0.0},
    ]


def main_process_first() -> AbstractContextManager[None]:
    """A context that the first of several processes goes through alone, before the others: for shared preparations."""
    guard: AbstractContextManager[None] = PartialState().main_process_first()
    return guard


def is_main_process() -> bool:
    """Whether this process is the one that writes; true where it is alone."""
    return bool(PartialState().is_main_process)


def fit(
    trainable: Trainable,
    settings: LoopSettings,
    folder: Path,
    *,
    stamp: str,
    told: Told | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Fitted:
    """Train until epochs, patience or minutes are used up; `folder` keeps `last.pt` and `best.pt` on the way.

    Where `folder` holds a state of the same `stamp`, training goes on from it.

    Raises:
        InputError: the state is of another run, or the device can't do the precision.
        ModelError: the loss or its gradient is not finite; the states of before stay.
    """
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        return _Run(trainable, settings, folder, stamp=stamp, told=told, now=now).go()


class _Run:
    """One run: its accelerator, optimizer, and where it stands."""

    def __init__(
        self,
        trainable: Trainable,
        settings: LoopSettings,
        folder: Path,
        *,
        stamp: str,
        told: Told | None,
        now: Callable[[], float],
    ) -> None:
        self.settings, self.trainable, self.folder, self.stamp, self.told = settings, trainable, folder, stamp, told
        if settings.precision == "fp16" and not torch.cuda.is_available():
            raise InputError("precision: fp16 needs a GPU, got a CPU; use bf16 or no")
        self.accelerator = Accelerator(mixed_precision=settings.precision)
        parameters = trainable.groups(settings.learning_rate, settings.weight_decay)
        optimizer = torch.optim.AdamW(parameters, lr=settings.learning_rate)
        self.rates = [float(group["lr"]) for group in optimizer.param_groups]
        self.loss, self.optimizer = self.accelerator.prepare(_Loss(trainable), optimizer)
        self.network = trainable.network
        self.mean = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.progress, self.steps = Progress(), 0
        self.history: list[dict[str, float]] = []
        self.sums: dict[str, float] = {}
        self.seconds, self.now = 0.0, now
        self.since = self.saved = now()
        self.samples, self.cpu_seconds, self.cpu_since = 0, 0.0, time.process_time()

    def go(self) -> Fitted:
        self._resume()
        stopped = self._stopped()
        while stopped is None:
            self._epoch()
            stopped = self._stopped()
        self.accelerator.wait_for_everyone()
        best = read_state(self.folder / "best.pt", stamp=self.stamp)
        assert best is not None  # the first epoch writes it
        self.network.load_state_dict(best["network"])
        return Fitted(
            history=tuple(self.history),
            best_epoch=int(best["epoch"]),
            stopped_by=stopped,
            seconds=self._elapsed(),
            cpu_seconds=self.cpu_seconds + time.process_time() - self.cpu_since,
            samples=self.samples,
            device=str(self.accelerator.device.type),
            processes=int(self.accelerator.num_processes),
        )

    def _stopped(self) -> Literal["epochs", "patience", "minutes"] | None:
        figures = [epoch[self.trainable.metric] for epoch in self.history]
        if len(figures) >= self.settings.epochs:
            return "epochs"
        if figures and len(figures) - 1 - _best(figures) >= self.settings.patience:
            return "patience"
        return "minutes" if figures and self._time_is_up() else None

    def _epoch(self) -> None:
        """The rest of an epoch, or what of it there is time for; its validation and its checkpoint."""
        epoch = self.progress.epoch
        batches = self.trainable.draw_epoch(epoch)
        mine = rank_share(batches, rank=self.accelerator.process_index, ranks=self.accelerator.num_processes)
        for step in range(self.progress.step, len(mine)):
            self._step(mine[step], epoch, step, len(mine))
            self.samples += batches.shape[1]
            self.progress = Progress(epoch=epoch, step=step + 1)
            if self.told is not None and self.accelerator.is_main_process:
                total = self.settings.epochs * len(mine)
                self.told(epoch * len(mine) + step + 1, total, self._line(step + 1))
            if self._time_is_up():
                break
            if self.now() - self.saved > self.settings.checkpoint_minutes * 60:
                self._save()
        self._close_epoch(self.progress.step)

    def _step(self, numbers: NDArray[np.int64], epoch: int, step: int, steps: int) -> None:
        self.loss.train()
        seed = np.random.SeedSequence([self.settings.seed, epoch, step, self.accelerator.process_index])
        drawn = int(seed.generate_state(1, np.uint64)[0]) >> 1
        torch.manual_seed(drawn)
        factor = _rate((epoch + step / steps) / self.settings.epochs, self.settings.warmup)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        batch = self.trainable.batch(numbers, torch.Generator().manual_seed(drawn))
        terms = self.loss(_moved(batch, self.accelerator.device))
        total = torch.stack([*terms.values()]).sum()
        self._check(total, epoch, step, "loss")
        self.optimizer.zero_grad()
        self.accelerator.backward(total)
        parameters = [value for group in self.optimizer.param_groups for value in group["params"]]
        norm = self.accelerator.clip_grad_norm_(parameters, self.settings.clip)
        if self.settings.precision != "fp16":  # the scaler of fp16 meets such gradients, and skips them
            self._check(norm, epoch, step, "gradient")
        self.optimizer.step()
        for name, value in terms.items():
            self.sums[name] = self.sums.get(name, 0.0) + float(value.detach())
        self._average()

    def _check(self, value: Tensor, epoch: int, step: int, what: str) -> None:
        if not bool(torch.isfinite(value)):
            raise ModelError(
                f"training: the {what} is not finite at epoch {epoch + 1}, step {step + 1}; the states of before stay "
                f"in {self.folder.name}/; use a lower learning rate or another precision"
            )

    def _average(self) -> None:
        self.steps += 1
        decay = min(self.settings.average, self.steps / (self.steps + 10))  # the first weights are soon forgotten
        for name, value in self.network.state_dict().items():
            mean = self.mean[name] = self.mean[name].to(value.device)
            if decay and value.is_floating_point():
                mean.lerp_(value, 1.0 - decay)
            else:
                mean.copy_(value)

    def _close_epoch(self, steps: int) -> None:
        """Validate the mean of weights on the first process; all learn the figures, which it keeps with the weights."""
        current = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.network.load_state_dict(self.mean)
        self.network.eval()
        figures: list[Any] = [None]
        if self.accelerator.is_main_process:
            with torch.no_grad():
                figures = [self.trainable.validate()]
        if self.accelerator.num_processes > 1:
            broadcast_object_list(figures)
        self.history.append({**{f"loss {name}": total / steps for name, total in self.sums.items()}, **figures[0]})
        if _best([epoch[self.trainable.metric] for epoch in self.history]) == len(self.history) - 1:
            self._write("best.pt", {"network": self.network.state_dict(), "epoch": len(self.history) - 1})
        self.network.load_state_dict(current)
        self.progress, self.sums = Progress(epoch=self.progress.epoch + 1), {}
        self._save()

    def _save(self) -> None:
        """What a resumed run needs; the optimizer's and the scaler's states included."""
        self._write(
            "last.pt",
            {
                "network": self.network.state_dict(),
                "mean": self.mean,
                "optimizer": self.optimizer.state_dict(),
                "scaler": None if self.accelerator.scaler is None else self.accelerator.scaler.state_dict(),
                "progress": [self.progress.epoch, self.progress.step],
                "history": self.history,
                "sums": self.sums,
                "steps": self.steps,
                "seconds": self._elapsed(),
                "cpu_seconds": self.cpu_seconds + time.process_time() - self.cpu_since,
                "samples": self.samples,
            },
        )
        self.saved = self.now()

    def _write(self, name: str, state: Mapping[str, Any]) -> None:
        if self.accelerator.is_main_process:
            write_state(self.folder / name, {"stamp": self.stamp, **state})

    def _resume(self) -> None:
        state = read_state(self.folder / "last.pt", stamp=self.stamp)
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.mean = state["mean"]
        self.optimizer.load_state_dict(state["optimizer"])
        if self.accelerator.scaler is not None:
            self.accelerator.scaler.load_state_dict(state["scaler"])
        self.progress = Progress(epoch=state["progress"][0], step=state["progress"][1])
        self.history, self.sums = state["history"], state["sums"]
        self.steps, self.seconds = state["steps"], state["seconds"]
        self.samples, self.cpu_seconds = state["samples"], state["cpu_seconds"]

    def _elapsed(self) -> float:
        return self.seconds + self.now() - self.since

    def _time_is_up(self) -> bool:
        """Whether the minutes are used up; the first process's clock decides for all."""
        if self.settings.minutes is None:
            return False
        up: list[Any] = [self._elapsed() > self.settings.minutes * 60]
        if self.accelerator.num_processes > 1:
            broadcast_object_list(up)
        return bool(up[0])

    def _line(self, steps: int) -> str:
        loss = sum(self.sums.values()) / max(steps, 1)
        figures = [epoch[self.trainable.metric] for epoch in self.history]
        best = f", best {self.trainable.metric} {max(figures):.4f}" if figures else ""
        return f"epoch {self.progress.epoch + 1}: loss {loss:.4f}{best}"


class _Loss(nn.Module):
    """The loss as a module's forward, which is what data-parallel wrappers synchronise gradients for."""

    def __init__(self, trainable: Trainable) -> None:
        super().__init__()
        self.network = trainable.network
        self._loss = trainable.loss

    def forward(self, batch: Any) -> Mapping[str, Tensor]:
        return self._loss(batch)


def _best(figures: list[float]) -> int:
    """The first of the best; a figure that isn't a number is the worst."""
    return max(range(len(figures)), key=lambda n: (-math.inf if math.isnan(figures[n]) else figures[n], -n))


def _rate(done: float, warmup: float) -> float:
    """The learning rate's share at a share of the run: a straight rise, then half a cosine down to 0."""
    if done < warmup:
        return (done + 1e-3) / (warmup + 1e-3)
    return 0.5 * (1.0 + math.cos(math.pi * (done - warmup) / (1.0 - warmup)))


def _moved(batch: Any, device: torch.device) -> Any:
    """The batch with its tensors on the device, whatever mappings and sequences hold them."""
    if isinstance(batch, Tensor):
        return batch.to(device)
    if isinstance(batch, Mapping):
        return {name: _moved(value, device) for name, value in batch.items()}
    if isinstance(batch, Iterable) and not isinstance(batch, str):
        return [_moved(value, device) for value in batch]
    return batch
