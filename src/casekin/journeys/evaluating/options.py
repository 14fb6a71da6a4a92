"""What changes the results of an evaluation, and the names in it checked before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from casekin.errors import InputError
from casekin.evaluation.baselines import BASELINES
from casekin.evaluation.gates import LEAKS, Gate, parse_gate
from casekin.evaluation.measures import DEFAULT_MEASURES, parse_measures
from casekin.evaluation.protocols import Protocol, protocol_names
from casekin.evaluation.statistics import RESAMPLES
from casekin.index.records import Kind

ALL_SPLITS = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """What changes an evaluation's results.

    `protocol`: by name; None: `casekin` for an index and for what `casekin mine` wrote, `trec` for a qrels file that
    stands alone. `measures`: names, of which the first leads; empty: the protocol's, then those every evaluation has.
    `baselines`: names, or paths of run files; empty: all that can be had. `require`: gates as `evaluation.gates` has
    them. `split`: of a folder of labels or of a truth, `all` for all of a truth; None: test. `queries`: how many an
    index draws, 0: all. `kind`: of the images that ask and answer; None: radiographs, in an index without any CT
    volumes. `seed`: of what is drawn. `no_cases`: whether the record and the page name and show no case, so that they
    can be handed on. InputError where a name isn't one, with the nearest.
    """

    protocol: str | None = None
    measures: tuple[str, ...] = ()
    baselines: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    split: str | None = None
    queries: int = 1_000
    kind: Kind | None = None
    seed: int = 0
    no_cases: bool = False
    resamples: int = RESAMPLES

    def __post_init__(self) -> None:
        parse_measures(self.measures)
        for text in self.require:
            parse_gate(text)
        if self.protocol is not None:
            _check_name("protocol", self.protocol, protocol_names())
        for name in self.baselines:
            if not Path(name).exists():
                _check_name("baseline", name, tuple(BASELINES), but="is neither a file nor a name")

    @property
    def gates(self) -> tuple[Gate, ...]:
        """What `require` asks for."""
        return tuple(map(parse_gate, self.require))

    @property
    def baseline_names(self) -> tuple[str, ...]:
        """Those of `baselines` that are made here."""
        return tuple(name for name in self.baselines if name in BASELINES)

    @property
    def baseline_files(self) -> tuple[Path, ...]:
        """Those of `baselines` that are runs of others."""
        return tuple(Path(name) for name in self.baselines if name not in BASELINES)

    def measures_by(self, protocol: Protocol) -> tuple[str, ...]:
        """What is measured: what was asked, or the protocol's and what every evaluation has; and what gates name."""
        asked = self.measures or (*protocol.measures, *DEFAULT_MEASURES)
        gated = [gate.measure for gate in self.gates if gate.measure != LEAKS]
        return tuple(measure.name for measure in parse_measures([*asked, *gated]))


def _check_name(what: str, name: str, known: Sequence[str], *, but: str = "is none") -> None:
    if name not in known:
        near = get_close_matches(name, known, n=3, cutoff=0.4)
        raise InputError(f"{what}: {Path(name).name[:80]!r} {but}; nearest: {', '.join(near or known)}")
