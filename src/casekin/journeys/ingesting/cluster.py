"""An ingest on many machines: Ray Data hands lists of cases to workers, each does with a case what one machine does.

Workers write shards into a folder that all machines see; the one writer of the index takes them in as they come. So the
index is written by one process, work that was done is never done again, and a lost machine costs a list.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casekin.errors import CasekinError, DependencyError, InputError, ModelError
from casekin.journeys.ingesting.case import lost_case, try_case
from casekin.journeys.ingesting.shards import code_version, find_shard, read_list, write_shard
from casekin.journeys.ingesting.sources import CaseJob, read_job
from casekin.journeys.ingesting.study import Outcome, start_worker
from casekin.journeys.processes import Crew
from casekin.models import load_encoder
from casekin.settings import forbid_ray_reports

_SPARE_CPUS = 2
"""Processors left to Ray's own work: where workers hold all, nothing comes out."""
_PROCESSES = 4
"""Processes of one worker: few enough that workers fill machines of any size."""
_STARTS = 2
_REACH_S = 10
_QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.WARNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Machines that share an ingest: `shards` is a folder that all of them see, as they must see the sources.

    `address` is a Ray cluster's (`auto` for the one that this machine belongs to); None starts one on this machine,
    which ends with the ingest.
    """

    shards: Path
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardTask:
    """What every worker is given: the index's key for pseudonyms, the model's name, and what model and code must be."""

    key: bytes = field(repr=False)
    model: str
    made_by: tuple[str, str]


class ShardWorker:
    """Encodes lists of cases with `processes` of its own; Ray keeps one and gives it list after list."""

    def __init__(self, task: ShardTask, processes: int) -> None:
        self._task, self._processes = task, processes
        self._crew: Crew[CaseJob, Outcome] | None = None

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Ray's form: a column `list` of paths becomes the columns `shard` and `problem`, one of them empty in a row.

        An error that is raised here would reach the planner as Ray's, with every frame of both machines.
        """
        rows = [self._try(Path(str(path))) for path in batch["list"]]
        return {"shard": [shard for shard, _ in rows], "problem": [problem for _, problem in rows]}

    def _try(self, path: Path) -> tuple[str, str]:
        try:
            return str(self.encode(path)), ""
        except CasekinError as error:
            return "", str(error)

    def encode(self, path: Path) -> Path:
        """The shard of a list, written beside it; one that stands is done.

        Raises `ModelError` where this machine has another model or other code than the one that planned the ingest.
        """
        shard = find_shard(path)
        if shard is None:
            self._crew = self._crew or self._start_crew()
            # Rows that name another patient were listed when the ingest was planned.
            jobs = (read_job(ref)[0] for ref in read_list(path))
            shard = write_shard(path, list(self._crew.run_in_order(jobs, lost=lost_case)))
        return shard

    def close(self) -> None:
        """End its processes."""
        if self._crew is not None:
            self._crew.close()

    def _start_crew(self) -> Crew[CaseJob, Outcome]:
        here = (load_encoder(self._task.model).version, code_version())
        if here != self._task.made_by:
            raise ModelError(
                f"ingest: expected model and code {' '.join(self._task.made_by)} on every machine, "
                f"got {' '.join(here)}; install the same version of casekin"
            )
        given = (self._task.key, self._task.model)
        return Crew(try_case, processes=self._processes, start=start_worker, given=given)


def encode_lists(lists: Sequence[Path], task: ShardTask, *, address: str | None, workers: int) -> Iterator[Path]:
    """The shards of lists as they are done, in any order; `workers` processes work at a time, over all machines.

    Raises `DependencyError` without Ray, `InputError` for an address where no cluster is, `CasekinError` where Ray
    doesn't start or a machine can't do its part.
    """
    ray = _load_ray()
    if ray.is_initialized():
        raise CasekinError(
            "ingest: this process uses Ray already, and an ingest would end it; call ray.shutdown() first"
        )
    size = min(workers, _PROCESSES)
    actors = max(1, workers // size)
    if address is None:
        _start(ray, actors * size + _SPARE_CPUS)
    else:
        _join(ray, address)
    try:
        logging.getLogger("ray.data").setLevel(logging.WARNING)
        ray.data.DataContext.get_current().enable_progress_bars = False
        rows = ray.data.from_items([{"list": str(path)} for path in lists], override_num_blocks=len(lists))
        shards = rows.map_batches(
            ShardWorker,
            fn_constructor_args=(task, size),
            batch_size=1,
            num_cpus=size,
            compute=ray.data.ActorPoolStrategy(size=actors),
        )
        for row in shards.iter_rows():
            if row["problem"]:
                raise CasekinError(row["problem"])
            yield Path(row["shard"])
    except ray.exceptions.RayError as error:
        raise CasekinError(
            f"ingest: Ray gave up ({type(error).__name__}); the same command goes on from here"
        ) from error
    finally:
        ray.shutdown()


def _start(ray: Any, processors: int) -> None:
    """Start Ray on this machine. Seldom its first process dies before it says a word, so there is a second try."""
    for trial in range(_STARTS):
        try:
            ray.init(address="local", num_cpus=processors, include_dashboard=False, **_QUIET)
        except (RuntimeError, OSError) as error:
            ray.shutdown()
            if trial == _STARTS - 1:
                raise CasekinError(f"ingest: Ray didn't start on this machine ({error})") from error
        else:
            return


def _join(ray: Any, address: str) -> None:
    """Join a cluster; one that isn't there is told at once, where Ray would wait for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        if address != "auto":
            socket.create_connection((host.strip("[]"), int(port)), timeout=_REACH_S).close()
        ray.init(address=address, **_QUIET)
    except ValueError as error:
        raise InputError(f"address: expected `auto` or HOST:PORT of a Ray cluster, got {address!r}") from error
    except (RuntimeError, OSError) as error:
        raise InputError(f"address: no Ray cluster answers at {address!r} ({type(error).__name__})") from error


def _load_ray() -> Any:
    forbid_ray_reports()
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise DependencyError("many machines are driven by Ray; pip install 'casekin[ray]'") from error
    return ray
