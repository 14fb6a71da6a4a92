"""Batches of samples, no two of one patient in a batch: plain, weighted, or balanced over anatomies.

A function here draws a whole epoch's batches, `(steps, batch_size)` sample numbers, as a pure function of its arguments
with seed and epoch. All processes draw the same and take their `rank_share`; `batches_from` goes on where training was
left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casekin.errors import InputError

Batches = NDArray[np.int64]
Floats = NDArray[np.float64]


def patient_batches(patients: Sequence[str], *, batch_size: int, seed: int, epoch: int) -> Batches:
    """Every sample at most once, in random order; as many full batches as patients with many samples allow.

    The patients with most samples left go into a batch, ties by chance, which leaves fewest samples over; then the
    batches are shuffled. `patients` holds the patient (group) of each sample.

    Raises:
        InputError: fewer patients than samples in a batch.
    """
    owners = _owners(patients, batch_size)
    generator = np.random.default_rng([seed, epoch])
    samples, starts = _by_owner(owners, generator.permutation(len(owners)))
    left = np.diff(starts)
    steps: list[Batches] = []
    while np.count_nonzero(left) >= batch_size:
        chosen = _largest(left + generator.random(len(left)), batch_size)
        left[chosen] -= 1
        steps.append(generator.permutation(samples[starts[chosen] + left[chosen]]))
    return np.stack(steps)[generator.permutation(len(steps))]


def weighted_batches(patients: Sequence[str], weights: ArrayLike, *, batch_size: int, seed: int, epoch: int) -> Batches:
    """Batches in which a sample is as frequent as its weight `(samples,)` says.

    Patients are drawn one after the other by the sum of their samples' weights, without replacement within a batch
    (Gumbel top-k), and a sample of each by its weight; every one of the `samples // batch_size` steps, at least one, is
    drawn anew. The larger a part of all patients a batch holds, the nearer to one another the frequencies come.

    Raises:
        InputError: weights that aren't finite and ≥ 0, one for each sample, or fewer patients with a weight than
            samples in a batch.
    """
    given = np.asarray(weights, dtype=np.float64)
    if given.shape != (len(patients),) or not np.isfinite(given).all() or (given < 0).any():
        raise InputError(f"weights: expected {len(patients)} finite numbers of 0 or more, one a sample")
    kept = np.flatnonzero(given > 0)
    owners = _owners([patients[int(n)] for n in kept], batch_size)
    samples, starts = _by_owner(owners, np.arange(len(kept)))
    reached = np.concatenate([[0.0], np.cumsum(given[kept][samples])])
    low, high = reached[starts[:-1]], reached[starts[1:]]
    generator = np.random.default_rng([seed, epoch])
    steps = []
    for _ in range(max(1, len(patients) // batch_size)):
        chosen = _largest(np.log(high - low) + generator.gumbel(size=len(low)), batch_size)
        aims = generator.uniform(low[chosen], high[chosen])
        at = np.clip(np.searchsorted(reached, aims, side="right") - 1, starts[chosen], starts[chosen + 1] - 1)
        steps.append(generator.permutation(kept[samples[at]]))
    return np.stack(steps)


def abnormal_weights(is_abnormal: ArrayLike, *, share: float) -> Floats:
    """Weights `(samples,)` that let abnormal samples be this share of what is drawn, the normal ones the rest.

    Where all samples are of one kind, all weigh the same. The share is met as long as batches are small beside the
    number of patients of either kind.
    """
    abnormal = np.asarray(is_abnormal, dtype=bool)
    count = int(abnormal.sum())
    if count in (0, len(abnormal)):
        return np.full(len(abnormal), 1 / max(1, len(abnormal)))
    return np.where(abnormal, share / count, (1 - share) / (len(abnormal) - count))


def balanced_batches(
    patients: Sequence[str], anatomies: Sequence[Collection[str]], *, batch_size: int, seed: int, epoch: int
) -> tuple[Batches, NDArray[np.str_]]:
    """Batches in which anatomies come up equally often, and the anatomy that each sample was drawn for.

    `anatomies` holds the places where a sample may be asked (those with findings); samples without any are never drawn.
    The places of an epoch's batches go round all anatomies; each takes a random sample with its anatomy, of a patient
    who isn't in the batch yet, and where there is none any other sample with one of that sample's own. Both results are
    `(samples // batch_size, batch_size)`, at least one step.

    Raises:
        InputError: fewer patients with an anatomy than samples in a batch.
    """
    numbers = [n for n, places in enumerate(anatomies) if places]
    owners = _owners([patients[n] for n in numbers], batch_size)
    names = sorted({name for places in anatomies for name in places})
    having = [np.flatnonzero([name in anatomies[n] for n in numbers]) for name in names]
    generator = np.random.default_rng([seed, epoch])
    steps = max(1, len(patients) // batch_size)
    rounds = -(-steps * batch_size // len(names))
    turns = np.concatenate([generator.permutation(len(names)) for _ in range(rounds)])[: steps * batch_size]
    rows, asked = [], []
    for step in turns.reshape(steps, batch_size):
        taken = np.zeros(owners.max() + 1, dtype=bool)
        for turn in step:
            free = having[turn][~taken[owners[having[turn]]]]
            row = generator.choice(free if len(free) else np.flatnonzero(~taken[owners]))
            taken[owners[row]] = True
            rows.append(numbers[row])
            asked.append(names[turn] if len(free) else str(generator.choice(sorted(anatomies[numbers[row]]))))
    return np.array(rows, dtype=np.int64).reshape(steps, -1), np.array(asked).reshape(steps, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where training stands: `step` batches of `epoch` are done."""

    epoch: int = 0
    step: int = 0


def batches_from(
    progress: Progress, draw_epoch: Callable[[int], Batches]
) -> Iterator[tuple[NDArray[np.int64], Progress]]:
    """Batches without end from where training stands, each with the progress once it is done.

    `draw_epoch` draws the batches of an epoch by its number. What was saved with a checkpoint goes on with the batches
    that an uninterrupted training would have seen.
    """
    epoch, step = progress.epoch, progress.step
    while True:
        batches = draw_epoch(epoch)
        for number in range(step, len(batches)):
            last = number + 1 == len(batches)
            yield batches[number], Progress(epoch=epoch + last, step=0 if last else number + 1)
        epoch, step = epoch + 1, 0


def rank_share(batches: Batches, *, rank: int, ranks: int) -> Batches:
    """The part of each batch that one of several processes takes, `(steps, batch_size / ranks)`; parts are disjoint.

    Raises:
        InputError: the batch can't be divided by the number of processes, or there is no such rank.
    """
    if not 0 <= rank < ranks or batches.shape[1] % ranks:
        raise InputError(
            f"batch_size: expected a multiple of the {ranks} processes and a rank below, "
            f"got {batches.shape[1]} and rank {rank}"
        )
    return batches[:, rank::ranks]


def _by_owner(owners: NDArray[np.int64], order: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sample numbers in this order, each patient's together, and where each patient's begin (one more at the end)."""
    samples = order[np.argsort(owners[order], kind="stable")]
    return samples, np.concatenate([[0], np.cumsum(np.bincount(owners))]).astype(np.int64)


def _largest(keys: Floats, count: int) -> NDArray[np.int64]:
    """The places of the largest keys, in no order that means anything."""
    return np.argpartition(keys, len(keys) - count)[len(keys) - count :]


def _owners(patients: Sequence[str], batch_size: int) -> NDArray[np.int64]:
    """A number for each sample's patient, by first appearance; checks that a batch can be filled."""
    known: dict[str, int] = {}
    owners = np.array([known.setdefault(patient, len(known)) for patient in patients], dtype=np.int64)
    if batch_size < 1 or len(known) < batch_size:
        raise InputError(
            f"batch_size: expected 1 to {len(known)}, the number of patients to draw from (no two samples of one "
            f"patient share a batch), got {batch_size}; make batches smaller or give more patients"
        )
    return owners
