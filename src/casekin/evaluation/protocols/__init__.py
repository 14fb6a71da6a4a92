"""Protocols as data, and loaders of the published files they are scored on: `read_tasks(name, source)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from casekin.evaluation.protocols.archive import case_strata, read_archive
from casekin.evaluation.protocols.gallery import close_gallery, join_runs, join_tasks, rank_at_random
from casekin.evaluation.protocols.protocol import Protocol, load_protocol, protocol_names
from casekin.evaluation.protocols.radir import read_radir
from casekin.evaluation.protocols.tables import (
    read_balanced,
    read_captions,
    read_ct_rate,
    read_m3d,
    read_mimic_split,
)
from casekin.evaluation.protocols.task import Figure, Task
from casekin.evaluation.protocols.zones import read_zones

__all__ = [
    "Figure",
    "Protocol",
    "Task",
    "case_strata",
    "close_gallery",
    "join_runs",
    "join_tasks",
    "load_protocol",
    "protocol_names",
    "rank_at_random",
    "read_tasks",
]

_LOADERS: Mapping[str, Callable[[Path, Protocol], Iterable[Task]]] = {
    "benchx-5x200": read_balanced,
    "casekin": read_archive,
    "chexpert-5x200": read_balanced,
    "ct-rate": read_ct_rate,
    "m3d-2000": read_m3d,
    "mimic-full-gallery": read_mimic_split,
    "radir": read_radir,
    "roco": read_captions,
    "trec": read_archive,
    "zones": read_zones,
}


def read_tasks(name: str, source: Path) -> Iterator[Task]:
    """The tasks of a protocol on its published files, one after the other; see docs/concepts/protocols.md for files.

    InputError when there is no such protocol, or the files aren't in its format.
    """
    protocol = load_protocol(name)
    yield from _LOADERS[name](source, protocol)
