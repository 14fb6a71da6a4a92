"""RadIR's conditional protocol: one task an anatomy, graded by the published square tables of similarity."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casekin.errors import InputError
from casekin.evaluation.protocols.protocol import Protocol
from casekin.evaluation.protocols.task import Task, judge_square
from casekin.reports.formats.radir import read_region, region_files


def read_radir(folder: Path, protocol: Protocol) -> Iterator[Task]:
    """A task for each list in `test_entity/`, by name; grades are similarities in [0, 1].

    "Above 0.9" is `rel=0.9`: similarities are read as float32, in which 0.9 lies just below the 0.9 of a measure.
    InputError when there is no such list, or one doesn't fit its table.
    """
    most, split = protocol.parameters["most_rows"], protocol.parameters["split"]
    paths = [path for path in region_files(folder) if path.parent.name == f"{split}_entity"]
    if not paths:
        raise InputError(f"protocol radir: expected {split}_entity/<anatomy>.csv in the folder, got none")
    for path in paths:
        table = read_region(path)
        names = table.names[:most]
        yield Task(
            protocol=protocol,
            name=table.anatomy,
            judgements=judge_square(
                names, table.values[:most, :most].astype("float64"), place=table.anatomy.replace(" ", "_")
            ),
            dropped={"rows_past_the_limit": len(table.names) - len(names)},
        )
