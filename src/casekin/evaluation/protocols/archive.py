"""Our own protocol: mined grades of an archive, and the strata that its cases belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from casekin.evaluation.judgements import read_judgements
from casekin.evaluation.protocols.protocol import Protocol
from casekin.evaluation.protocols.task import Task


def read_archive(qrels: Path, protocol: Protocol) -> tuple[Task, ...]:
    """The task of a mined `{split}.qrels`; near-duplicates go by `Task.without`. InputError as `read_judgements`."""
    return (Task(protocol=protocol, name=qrels.stem, judgements=read_judgements(qrels)),)


def case_strata(findings: Mapping[str, Collection[str]], *, rare_share: float) -> dict[str, tuple[str, ...]]:
    """The strata of each case from the findings present in it: `normal` (none), `single` or `multi`.

    `rare` is added where one of them is present in less than `rare_share` of all cases.
    """
    counts = Counter(name for present in findings.values() for name in set(present))
    strata = {}
    for case, present in findings.items():
        kinds = set(present)
        rare = any(counts[name] < rare_share * len(findings) for name in kinds)
        strata[case] = (("normal", "single")[len(kinds)] if len(kinds) < 2 else "multi", *(("rare",) if rare else ()))
    return strata
