"""Protocols as data, and loaders of the published files they are scored on: `read_tasks(name, source)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from casekin.evaluation.protocols.archive import case_strata, read_archive
from casekin.evaluation.protocols.protocol import Protocol, load_protocol, protocol_names
from casekin.evaluation.protocols.radir import read_radir
from casekin.evaluation.protocols.task import Figure, Task
from casekin.evaluation.protocols.zones import read_zones

__all__ = ["Figure", "Protocol", "Task", "case_strata", "load_protocol", "protocol_names", "read_tasks"]

_LOADERS: Mapping[str, Callable[[Path, Protocol], Iterable[Task]]] = {
    "casekin": read_archive,
    "radir": read_radir,
    "zones": read_zones,
}


def read_tasks(name: str, source: Path) -> Iterator[Task]:
    """The tasks of a protocol on its published files, one after the other; see docs/concepts/protocols.md for files.

    InputError when there is no such protocol, or the files aren't in its format.
    """
    protocol = load_protocol(name)
    yield from _LOADERS[name](source, protocol)
