"""Random operations on an index, and the same on a plain dictionary: what an index must hold, whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from casekin.index import CaseIndex, Term
from casekin.index.upkeep.backup import find_manifest, read_manifests
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import FolderTarget
from made_stores import DIM, stored_case

NUMBERS = range(12)
MODELS = ("m1", "m2")
SLOTS = ("a", "b", "c")
KEPT = 3
VERBS = {
    "put": 300, "remove": 80, "report": 80, "embed": 80, "activate": 20, "forget": 3, "snapshot": 5, "go_back": 6,
    "drop_snapshot": 4, "back_up": 4, "derive": 5, "reopen": 10,
}  # fmt: skip
"""How often each operation is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that is done to an index: to these cases, by a version of them or a name."""

    verb: str
    numbers: tuple[int, ...] = ()
    version: int = 0
    name: str = ""


@dataclass(slots=True)
class State:
    """What an index holds: per case its version, the version of its joined report, and the models that saw it."""

    cases: dict[int, tuple[int, int | None, frozenset[str]]] = field(default_factory=dict)
    active: str = MODELS[0]

    def copy(self) -> State:
        return State(cases=dict(self.cases), active=self.active)


@dataclass(slots=True)
class Plain:
    """The plain dictionary: the state, those of snapshots, and those of all backups, of which the latest are kept."""

    state: State = field(default_factory=State)
    snapshots: dict[str, State] = field(default_factory=dict)
    backups: list[State] = field(default_factory=list)

    def applied(self, operation: Operation) -> Plain:
        """What is there after an operation."""
        after = Plain(state=self.state.copy(), snapshots=dict(self.snapshots), backups=self.backups)
        getattr(after, f"_{operation.verb}")(operation)
        return after

    def _put(self, operation: Operation) -> None:
        for number in operation.numbers:
            _, joined, _ = self.state.cases.get(number, (0, None, None))
            self.state.cases[number] = (operation.version, joined, frozenset({self.state.active}))

    def _remove(self, operation: Operation) -> None:
        for number in operation.numbers:
            self.state.cases.pop(number, None)

    def _report(self, operation: Operation) -> None:
        for number in operation.numbers:
            version, _, seen = self.state.cases[number]
            self.state.cases[number] = (version, operation.version, seen)

    def _embed(self, operation: Operation) -> None:
        for number in operation.numbers:
            version, joined, seen = self.state.cases[number]
            self.state.cases[number] = (version, joined, seen | {operation.name})

    def _activate(self, operation: Operation) -> None:
        self.state.active = operation.name

    def _forget(self, operation: Operation) -> None:
        self._remove(operation)
        for name, kept in self.snapshots.items():
            cases = {number: case for number, case in kept.cases.items() if number not in operation.numbers}
            self.snapshots[name] = State(cases=cases, active=kept.active)

    def _snapshot(self, operation: Operation) -> None:
        self.snapshots[operation.name] = self.state.copy()

    def _go_back(self, operation: Operation) -> None:
        self.state = self.snapshots[operation.name].copy()

    def _drop_snapshot(self, operation: Operation) -> None:
        del self.snapshots[operation.name]

    def _back_up(self, operation: Operation) -> None:
        self.backups = [*self.backups, self.state.copy()]

    def _derive(self, operation: Operation) -> None:
        pass

    _reopen = _derive


def draw(rng: np.random.Generator, plain: Plain, version: int, weights: dict[str, int] | None = None) -> Operation:
    """An operation that is possible now; `version` is this operation's own number."""
    state, weights = plain.state, weights or VERBS
    while True:
        verb = str(rng.choice(list(weights), p=np.array(list(weights.values())) / sum(weights.values())))
        some = tuple(sorted(rng.choice(NUMBERS, rng.integers(1, 4), replace=False).tolist()))
        there = tuple(number for number in some if number in state.cases)
        seen = frozenset().union(*(seen for _, _, seen in state.cases.values()))
        other = next(model for model in MODELS if model != state.active)
        if verb in ("put", "remove", "forget"):
            return Operation(verb=verb, numbers=some, version=version)
        if verb == "report" and there:
            return Operation(verb=verb, numbers=there[:1], version=version)
        if verb == "embed" and there:
            return Operation(verb=verb, numbers=there, name=other)
        # A model without an image goes when the next image comes.
        if verb == "activate" and other in seen and state.active in seen:
            return Operation(verb=verb, name=other)
        free = [slot for slot in SLOTS if slot not in plain.snapshots]
        if verb == "snapshot" and free and state.active in seen:
            return Operation(verb=verb, name=free[0])
        if verb in ("go_back", "drop_snapshot") and plain.snapshots:
            return Operation(verb=verb, name=str(rng.choice(sorted(plain.snapshots))))
        if verb in ("back_up", "derive", "reopen"):
            return Operation(verb=verb)


def perform(index: CaseIndex, operation: Operation, target: FolderTarget) -> CaseIndex:
    """Do it to an index; returns the handle to go on with."""
    ids = [f"case-{number}" for number in operation.numbers]
    keeper = index.upkeep
    match operation.verb:
        case "put":
            model = index.model_version() or _active(index)
            index.put([replace(made(n, operation.version), model_version=model) for n in operation.numbers])
        case "remove":
            index.put([], remove=ids)
        case "report":
            text = report_text(operation.version)
            index.put_report(ids[0], report=text, facts=(), normal=(), sentences=(text,))
        case "embed":
            versions = [int(case.extra["version"]) for case in index.cases(ids).values()]
            pairs = zip(operation.numbers, versions, strict=True)
            images = [image for number, version in pairs for image in made(number, version).images]
            index.put_embeddings(images, model_version=operation.name)
        case "activate":
            index.activate_model(operation.name, incomplete=True)
        case "forget":
            keeper.forget(ids)
        case "snapshot":
            keeper.back_up(keeper.snapshots(), name=operation.name)
        case "go_back":
            keeper.restore_snapshot(operation.name)
        case "drop_snapshot":
            keeper.remove_snapshot(operation.name)
        case "back_up":
            keeper.back_up(target, keep=KEPT)
        case "derive":
            index.write_derived()
        case "reopen":
            index.close()
            return CaseIndex(index.folder)
    return index


def made(number: int, version: int) -> Any:
    """A case of the operations; what it is, its further fields say."""
    return stored_case(number, version=version, extra={"version": version}, report=report_text(version))


def report_text(version: int) -> str:
    return f"Written in step {version}."


def expected(state: State) -> dict[str, Any]:
    """What `observe` sees of a state."""
    seen = {number: version for number, (version, _, models) in state.cases.items() if state.active in models}
    return {
        "cases": {
            f"case-{number}": (version, report_text(version if joined is None else joined), sorted(models))
            for number, (version, joined, models) in sorted(state.cases.items())
        },
        "found": sorted(f"case-{number}" for number in seen for _ in range(1 + number % 2)),
    }


def observe(index: CaseIndex) -> dict[str, Any]:
    """The cases with version, report and models, and the case of every image that a search can find."""
    catalog = index.catalog()
    stored = index.cases(sorted(name for name in catalog.case_id_of_case.tolist() if name))
    cases = {}
    for name, case in sorted(stored.items(), key=lambda pair: int(pair[0].rpartition("-")[2])):
        models = [model for model in MODELS if index.has_source(f"stamp {name}", model)]
        cases[name] = (case.extra["version"], case.report, models)
    term = Term(region="spine", vector=np.ones(DIM, dtype=np.float32), weight=1.0)
    *_, wave = index.nearest([term], allowed_cases=None)
    return {"cases": cases, "found": sorted(catalog.case_id(int(catalog.case_of_image[i])) for i in wave.image_ids)}


def observe_kept(target: FolderTarget, scratch: Path) -> list[dict[str, Any]]:
    """What the states of a backup hold, oldest first; each is restored into the scratch folder."""
    found = []
    for manifest in read_manifests(target):
        folder = scratch / manifest.name
        restore_folder(target, find_manifest(target, manifest.name), folder)
        with CaseIndex(folder) as index:
            found.append(observe(index))
    return found


def snapshot_names(index: CaseIndex) -> Sequence[str]:
    return sorted(manifest.name for manifest in read_manifests(index.upkeep.snapshots()))


def _active(index: CaseIndex) -> str:
    """The model that the first image of an index without images comes with."""
    return next((model.version for model in index.models() if model.state == "active"), MODELS[0])
