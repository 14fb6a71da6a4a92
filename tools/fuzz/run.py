"""Mutated inputs against casekin's readers: `python tools/fuzz/run.py --inputs 100000`.

Each family runs in a child that may be killed by its input; the parent sees deaths and hangs, keeps the input and goes
on after it. An input is a pure function of seed, family and number, so each can be made again. Writes one JSON record.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import resource
import sys
import time
import warnings
from collections import Counter
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.families import CANARY, families
from fuzz.mutations import mutate

HANG_S = 5.0
"""An input that takes longer is a failure."""
MEMORY_BYTES = 4 * 1024**3
"""Address space of a child: libraries map about half of it."""
_STUCK_S = 60.0
"""An input that waits so long for nothing is one too."""
_LOADING_S = 120.0
"""What a child may spend on loading its reader, before its first input."""
_LOADING = -1
_LOOK_EVERY_S = 0.5


def make_input(family: str, number: int, *, seed: int) -> bytes:
    """Input `number` of a family."""
    known = families()
    random = np.random.default_rng([seed, sorted(known).index(family), number])
    return mutate(_seeds(family), known[family].mutations, random)


def run_family(family: str, *, inputs: int, seed: int, seconds: float | None, keep: Path | None) -> dict[str, Any]:
    """Run a family's inputs until they are done or the time is up; its record."""
    began, outcomes, failures, number, peak = time.monotonic(), Counter[str](), [], 0, 0
    while number < inputs and (seconds is None or time.monotonic() - began < seconds):
        end = None if seconds is None else began + seconds
        number, counted, peak_here, failure = _run_child(family, number, inputs, seed, end)
        outcomes += counted
        peak = max(peak, peak_here)
        if failure is not None:
            failures.append({"number": number, "why": failure})
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{family}-{seed}-{number}").write_bytes(make_input(family, number, seed=seed))
            number += 1
    return {
        "inputs": number,
        "outcomes": dict(sorted(outcomes.items())),
        "failures": failures,
        "peak_rss_mb": peak // 1024,
        "seconds": round(time.monotonic() - began, 1),
    }


def _run_child(
    family: str, first: int, inputs: int, seed: int, end: float | None
) -> tuple[int, Counter[str], int, str | None]:
    """Run on from input `first`; where it stopped, what was counted, the child's memory, and why it failed."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    at = context.Value("q", _LOADING, lock=False)
    child = context.Process(target=_work, args=(family, first, inputs, seed, end, at, there))
    child.start()
    there.close()
    clock, result = _Clock(child.pid or 0), None
    while result is None:
        if here.poll(_LOOK_EVERY_S):
            try:
                result = here.recv()
            except EOFError:
                result = (Counter(), 0, "death")
        elif clock.is_over(at.value):
            child.kill()
            result = (Counter(), 0, f"more than {HANG_S:g} s")
    child.join()
    counted, peak, failure = result
    return max(at.value, first), counted, peak, failure


class _Clock:
    """How long one input has taken: processor time of the child and its own, which a busy machine doesn't stretch."""

    def __init__(self, process: int) -> None:
        self._process, self._began, self._used = process, time.monotonic(), 0.0
        self._number = _LOADING

    def is_over(self, number: int) -> bool:
        """Whether input `number` has taken too long."""
        if number != self._number:
            self._number, self._began, self._used = number, time.monotonic(), self._spent()
        most = _LOADING_S if number == _LOADING else HANG_S
        return self._spent() - self._used > most or time.monotonic() - self._began > max(most, _STUCK_S)

    def _spent(self) -> float:
        """Processor seconds of the child and of the processes below it."""
        ticks, family = 0, {self._process}
        stats = [_stat(folder) for folder in Path("/proc").glob("[0-9]*")]
        for process, parent, used in sorted(stat for stat in stats if stat is not None):
            if process in family or parent in family:
                family.add(process)
                ticks += used
        return ticks / os.sysconf("SC_CLK_TCK")


def _stat(folder: Path) -> tuple[int, int, int] | None:
    """A process: its number, its parent's, and its clock ticks; None where it has gone."""
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(folder.name), int(fields[1]), int(fields[11]) + int(fields[12])


def _work(family: str, first: int, inputs: int, seed: int, end: float | None, at: Any, out: Connection) -> None:
    """The child: one input after the other, until one fails."""
    from casekin.errors import CasekinError

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()
    warnings.simplefilter("ignore")
    target, counted, failure = families()[family].target, Counter[str](), None
    with TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        began = time.monotonic()
        with suppress(CasekinError):
            target(_seeds(family)[0], folder)  # loads what it needs, which doesn't count
        end = None if end is None else end + time.monotonic() - began
        for number in range(first, inputs):
            at.value = number
            if end is not None and time.monotonic() > end:
                break
            data = make_input(family, number, seed=seed)
            try:
                target(data, folder)
                counted["read"] += 1
            except CasekinError as error:
                counted[type(error).__name__] += 1
                if CANARY in str(error):
                    failure = "an error's text holds what was sent"
                    break
            except BaseException as error:
                failure = f"{type(error).__module__}.{type(error).__name__}"
                break
        else:
            at.value = inputs
    out.send((counted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, failure))


_made: dict[str, Any] = {}


def _seeds(family: str) -> Any:
    if family not in _made:
        _made[family] = families()[family].seeds()
    return _made[family]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--family", action="append", choices=sorted(families()), help="only these; default all")
    parser.add_argument("--inputs", type=int, default=100_000, help="inputs of each family")
    parser.add_argument("--seconds", type=float, help="stop each family after this long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for inputs that fail")
    parser.add_argument("--out", type=Path, help="JSON record")
    given = parser.parse_args()
    record = {"seed": given.seed, "hang_s": HANG_S, "families": {}}
    for family in given.family or sorted(families()):
        found = run_family(family, inputs=given.inputs, seed=given.seed, seconds=given.seconds, keep=given.keep)
        record["families"][family] = found
        print(family, json.dumps(found), flush=True)
    if given.out is not None:
        given.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(found["failures"] for found in record["families"].values()))


if __name__ == "__main__":
    main()
