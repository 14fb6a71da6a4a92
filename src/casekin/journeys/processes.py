"""Work spread over processes: results in the order of the jobs, a few jobs in flight, no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

_WINDOW = 4
"""Jobs in flight for each process: enough to keep it busy, few enough to bound memory."""
Job = TypeVar("Job")
Result = TypeVar("Result")


def run_in_order(
    jobs: Iterable[Job],
    work: Callable[[Job], Result],
    *,
    processes: int,
    start: Callable[..., None],
    given: tuple[Any, ...],
) -> Iterator[Result]:
    """`work(job)` for every job, in order; jobs are taken as they are needed.

    `start(*given)` readies a process before its first job. With one process all is done in this one. `work`, `start`
    and what they are given travel to fresh interpreters, so they are functions of modules. When this process ends,
    killed even, the others do.
    """
    if processes <= 1:
        start(*given)
        yield from map(work, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start, initargs=(start, given)) as pool:
        flight: deque[Future[Result]] = deque()
        for job in jobs:
            flight.append(pool.submit(work, job))
            if len(flight) >= processes * _WINDOW:
                yield flight.popleft().result()
        while flight:
            yield flight.popleft().result()


def _start(start: Callable[..., object], given: tuple[Any, ...]) -> None:
    # A pool's processes wait for jobs on a pipe that they hold open themselves: a killed parent would never be missed.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(*given)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
