"""Work spread over processes: results in the order of the jobs, a few jobs in flight, no process left behind.

A thread of this process serves each other one: it sends a job, waits for the result, and knows which job a process
had when it died. Jobs and results travel by pipe.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from casekin.errors import CasekinError

_WINDOW = 4
"""Jobs in flight for each process: enough to keep it busy, few enough to bound memory."""
_TRIES = 2
"""Times that a job is given to a process: a first death may be another's doing, a second is the job's."""
_STARTS = 3
"""Times that a process is started before it is given up."""
Job = TypeVar("Job")
Result = TypeVar("Result")


def run_in_order(
    jobs: Iterable[Job],
    work: Callable[[Job], Result],
    *,
    processes: int,
    start: Callable[..., None],
    given: tuple[Any, ...],
    lost: Callable[[Job], Result] | None = None,
) -> Generator[Result, None, None]:
    """`work(job)` for every job, in order; jobs are taken as they are needed.

    With one process all is done in this one, else as a `Crew` does it. When the generator is closed or this process
    ends, killed even, the others do.
    """
    if processes <= 1:
        start(*given)
        yield from map(work, jobs)
        return
    with Crew(work, processes=processes, start=start, given=given) as crew:
        yield from crew.run_in_order(jobs, lost=lost)


class Crew(Generic[Job, Result]):
    """Processes that stay for several runs. Use as a context manager, or `close` it.

    `start(*given)` readies a process before its first job. `work`, `start` and what they are given travel to fresh
    interpreters, so they are functions of modules.
    """

    def __init__(
        self, work: Callable[[Job], Result], *, processes: int, start: Callable[..., None], given: tuple[Any, ...]
    ) -> None:
        self._task = (work, start, given)
        self._window = processes * _WINDOW
        self._threads = ThreadPoolExecutor(processes)
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._members: set[_Member] = set()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, whatever they do."""
        with self._lock:
            self._closed = True
            members = list(self._members)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for member in members:
            self._dismiss(member)
        self._threads.shutdown()

    def run_in_order(
        self, jobs: Iterable[Job], *, lost: Callable[[Job], Result] | None = None
    ) -> Generator[Result, None, None]:
        """`work(job)` for every job, in order; jobs are taken as they are needed.

        A job whose process dies (killed, out of memory) is tried once more in a fresh one; then `lost(job)`, called
        here, takes the result's place. Raises `CasekinError` without `lost`, and when processes die before a job.
        """
        flight: deque[tuple[Job, Future[Result]]] = deque()
        for job in jobs:
            flight.append((job, self._threads.submit(self._ask, job)))
            if len(flight) >= self._window:
                yield _result(*flight.popleft(), lost)
        while flight:
            yield _result(*flight.popleft(), lost)

    def _ask(self, job: Job) -> Result:
        for _ in range(_TRIES):
            member = self._member()
            try:
                answer = member.ask(job)
            except (EOFError, OSError):
                self._dismiss(member)
                continue
            if isinstance(answer, _Failure):
                raise answer.error
            return answer  # type: ignore[no-any-return]
        raise _DiedError

    def _member(self) -> _Member:
        """This thread's process, started anew where it has died."""
        member: _Member | None = getattr(self._mine, "member", None)
        for _ in range(_STARTS):
            with self._lock:
                if member in self._members and member is not None:
                    return member
                if self._closed:
                    raise _DiedError
                member = self._mine.member = _Member(self._task)
                self._members.add(member)
            try:
                answer = member.hear()
            except (EOFError, OSError):
                self._dismiss(member)
                continue
            if isinstance(answer, _Failure):
                self._dismiss(member)
                raise answer.error
            return member
        raise CasekinError(
            f"a process ended {_STARTS} times before it was ready; use fewer processes or more memory, then start again"
        )

    def _dismiss(self, member: _Member) -> None:
        with self._lock:
            self._members.discard(member)
        member.end()


class _DiedError(Exception):
    """A process ended while it had a job."""


def _result(job: Job, future: Future[Result], lost: Callable[[Job], Result] | None) -> Result:
    try:
        return future.result()
    except _DiedError:
        if lost is None:
            raise CasekinError(
                f"a process was ended {_TRIES} times by the same piece of work, expected a result; "
                "use fewer processes or more memory, then start again"
            ) from None
        return lost(job)


class _Member:
    """A process that does one job after the other; it says when it is ready."""

    def __init__(self, task: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, *task), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, job: object) -> Any:
        self._pipe.send(job)
        return self.hear()

    def hear(self) -> Any:
        """The next message. Raises `EOFError` or `OSError` when the process is gone."""
        return self._pipe.recv()

    def end(self) -> None:
        self._process.kill()
        self._process.join()


class _Failure:
    """An exception on its way to the process that asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _serve(pipe: Connection, work: Callable[[Any], Any], start: Callable[..., None], given: tuple[Any, ...]) -> None:
    """A process's life: ready, then jobs in and results out until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the process that asked ends this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        start(*given)
    except Exception as error:
        pipe.send(_Failure(error))
        return
    pipe.send(None)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        try:
            answer = work(job)
        except MemoryError:
            os._exit(1)  # what it holds is freed for the next try, which a fresh process makes
        except Exception as error:
            answer = _Failure(error)
        pipe.send(answer)


def _end_with_parent() -> None:
    # A process busy with a job wouldn't miss a killed parent before the job's end.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
