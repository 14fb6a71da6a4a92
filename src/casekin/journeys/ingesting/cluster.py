"""An ingest on many machines: Ray Data hands lists of cases to workers, each does with a case what one machine does.

Workers write shards into a folder that all machines see; the one writer of the index takes them in as they come. So the
index is written by one process, work that was done is never done again, and a lost machine costs a list.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casekin.errors import DependencyError, ModelError
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
    """Encodes lists of cases with `processes` of its own; Ray keeps one and gives it list after list.

    Raises `ModelError` where this machine has another model or other code than the one that planned the ingest.
    """

    def __init__(self, task: ShardTask, processes: int) -> None:
        here = (load_encoder(task.model).version, code_version())
        if here != task.made_by:
            raise ModelError(
                f"ingest: expected model and code {' '.join(task.made_by)} on every machine, got {' '.join(here)}; "
                "install the same version of casekin"
            )
        given = (task.key, task.model)
        self._crew: Crew[CaseJob, Outcome] = Crew(try_case, processes=processes, start=start_worker, given=given)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Ray's form: a column `list` of paths becomes a column `shard`."""
        return {"shard": [str(self.encode(Path(str(path)))) for path in batch["list"]]}

    def encode(self, path: Path) -> Path:
        """The shard of a list, written beside it; one that stands is done."""
        shard = find_shard(path)
        if shard is None:
            # Rows that name another patient were listed when the ingest was planned.
            jobs = (read_job(ref)[0] for ref in read_list(path))
            shard = write_shard(path, list(self._crew.run_in_order(jobs, lost=lost_case)))
        return shard

    def close(self) -> None:
        """End its processes."""
        self._crew.close()


def encode_lists(lists: Sequence[Path], task: ShardTask, *, address: str | None, workers: int) -> Iterator[Path]:
    """The shards of lists as they are done, in any order; `workers` processes work at a time, over all machines.

    Raises `DependencyError` without Ray.
    """
    ray = _load_ray()
    size = min(workers, _PROCESSES)
    actors = max(1, workers // size)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.WARNING}
    if address is None:
        ray.init(num_cpus=actors * size + _SPARE_CPUS, include_dashboard=False, **quiet)
    else:
        ray.init(address=address, **quiet)
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
            yield Path(row["shard"])
    finally:
        ray.shutdown()


def _load_ray() -> Any:
    forbid_ray_reports()
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise DependencyError("many machines are driven by Ray; pip install 'casekin[ray]'") from error
    return ray
