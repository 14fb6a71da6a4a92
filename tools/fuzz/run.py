"""Mutated inputs against casekin's readers: `python tools/fuzz/run.py --inputs 100000`.

Each family runs in a child that may be killed by its input; the parent sees deaths and hangs, keeps the input and goes
on after it. An input is a pure function of seed, family and number, so each can be made again. Writes one JSON record,
which `--resume` goes on with.
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
import traceback
import warnings
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from casekin.durable import write_whole
from fuzz.families import CANARY, Target, families
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
_ENDED = ("crashed", "timed out")
"""How errors tell that the child that decodes was ended."""
_LOOK_EVERY_S = 0.5
_TELL_EVERY_S = 20.0
"""How often a child says what it has counted; a death loses what it has counted since."""
_IN_MEMORY = Path("/dev/shm")
"""Where inputs are kept while they are read: thrown away with the child, so nothing waits for a disk."""


def make_input(family: str, number: int, *, seed: int) -> bytes:
    """Input `number` of a family."""
    known = families()
    random = np.random.default_rng([seed, zlib.crc32(family.encode()), number])
    return mutate(_seeds(family), known[family].mutations, random)


def run_family(
    family: str,
    *,
    inputs: int,
    seed: int,
    seconds: float | None = None,
    keep: Path | None = None,
    begun: dict[str, Any] | None = None,
    note: Callable[[dict[str, Any]], None] = lambda record: None,
) -> dict[str, Any]:
    """Run a family's inputs until they are done or the time is up; its record. `begun` is one to go on with.

    `note` is given the record now and then.
    """
    record = begun or {"inputs": 0, "outcomes": {}, "failures": [], "peak_rss_mb": 0, "seconds": 0.0}
    began, spent = time.monotonic(), record["seconds"]

    def tell(number: int, counted: Counter[str], peak: int) -> None:
        record["inputs"] = number
        record["outcomes"] = dict(sorted((Counter(record["outcomes"]) + counted).items()))
        record["peak_rss_mb"] = max(record["peak_rss_mb"], peak // 1024)
        record["seconds"] = round(spent + time.monotonic() - began, 1)
        note(record)

    while record["inputs"] < inputs and (seconds is None or time.monotonic() - began < seconds):
        end = None if seconds is None else began + seconds
        number, failure = _run_child(family, record["inputs"], inputs, seed, end, tell)
        if failure is not None:
            record["failures"].append({"number": number, "why": failure})
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{family}-{seed}-{number}").write_bytes(make_input(family, number, seed=seed))
            tell(number + 1, Counter({"failure": 1}), 0)
    return record


def _run_child(
    family: str, first: int, inputs: int, seed: int, end: float | None, tell: Callable[[int, Counter[str], int], None]
) -> tuple[int, str | None]:
    """Run on from input `first`; where it stopped, and why it failed."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    at = context.Value("q", _LOADING, lock=False)
    child = context.Process(target=_work, args=(family, first, inputs, seed, end, at, there))
    child.start()
    there.close()
    clock, failure, is_over = _Clock(child.pid or 0), None, False
    while not is_over:
        if here.poll(_LOOK_EVERY_S):
            try:
                number, counted, peak, failure, is_over = here.recv()
            except EOFError:
                failure, is_over = "death", True
            else:
                tell(number, counted, peak)
        elif clock.is_over(at.value):
            child.kill()
            failure, is_over = f"more than {HANG_S:g} s", True
    child.join()
    return max(at.value, first), failure


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

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()
    warnings.simplefilter("ignore")
    target, counted, failure = families()[family].target, Counter[str](), None

    def tell(number: int, *, is_over: bool) -> None:
        out.send((number, counted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, failure, is_over))
        counted.clear()

    with TemporaryDirectory(prefix="fuzz-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as name:
        folder = Path(name) / "files"
        folder.mkdir()
        began = told = time.monotonic()
        with suppress(CasekinError):
            target(_seeds(family)[0], folder)  # loads what it needs, which doesn't count
        end = None if end is None else end + time.monotonic() - began
        for number in range(first, inputs):
            at.value = number
            if end is not None and time.monotonic() > end:
                break
            if time.monotonic() > told + _TELL_EVERY_S:
                told = time.monotonic()
                tell(number, is_over=False)
            outcome, failure = _outcome(target, make_input(family, number, seed=seed), folder)
            if failure is not None:
                break
            counted[outcome] += 1
        else:
            at.value = inputs
        tell(at.value, is_over=True)


def _outcome(target: Target, data: bytes, folder: Path) -> tuple[str, str | None]:
    """What became of an input, and why it failed."""
    from casekin.errors import CasekinError

    try:
        return target(data, folder) or "read", None
    except CasekinError as error:
        name = type(error).__name__ + next((f" ({word})" for word in _ENDED if f"({word})" in str(error)), "")
        return name, "an error's text holds what was sent" if CANARY in str(error) else None
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return "", f"{type(error).__module__}.{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"


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
    parser.add_argument("--out", type=Path, help="JSON record; families that aren't run now stay in it")
    parser.add_argument("--resume", action="store_true", help="go on where the record stopped, at the same seed")
    given = parser.parse_args()
    held = json.loads(given.out.read_text(encoding="utf-8")) if given.out is not None and given.out.exists() else {}
    record = held if held.get("seed") == given.seed else {"seed": given.seed, "hang_s": HANG_S, "families": {}}

    def note(family: str, found: dict[str, Any]) -> None:
        record["families"] = dict(sorted({**record["families"], family: found}.items()))
        if given.out is not None:
            write_whole(given.out, (json.dumps(record, indent=1) + "\n").encode())

    chosen = given.family or sorted(families())
    for family in chosen:
        found = run_family(
            family,
            inputs=given.inputs,
            seed=given.seed,
            seconds=given.seconds,
            keep=given.keep,
            begun=record["families"].get(family) if given.resume else None,
            note=partial(note, family),
        )
        print(family, json.dumps(found), flush=True)
    sys.exit(any(record["families"][family]["failures"] for family in chosen))


if __name__ == "__main__":
    main()
