"""Small archives for tests of evaluations: labels, patients and runs as plain dicts, and what breaks scorers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from casekin.evaluation import Judgements, Run
from casekin.evaluation.protocols import Task, load_protocol

PLACES = ("heart", "left_lung", "right_lung")
Lists = dict[str, dict[str, float]]


@dataclass
class World:
    """Raw material: `(query, document) -> grade`, judged and normal cases by place, patients, lists with scores."""

    pairs: dict[tuple[str, str], float]
    judged: dict[str, list[str]]
    normal: dict[str, list[str]]
    patients: dict[str, str]
    runs: dict[str, Lists] = field(default_factory=dict)

    def task(self) -> Task:
        rows = [(query, document, grade) for (query, document), grade in self.pairs.items()]
        labels = Judgements.build(
            rows, documents=self.patients, judged=self.judged, normal=self.normal, patients=self.patients
        )
        return Task(protocol=load_protocol("casekin"), name="test", judgements=labels, dropped={"near_duplicates": 2})

    def run(self, name: str) -> Run:
        return Run.build(name, [(q, d, s) for q, scores in self.runs[name].items() for d, s in scores.items()])


def made_world(seed: int, *, patients: int = 5, cases: int = 14) -> World:
    """Cases of a few patients; some queries have no list, some lists hold unjudged, own and normal cases, and ties."""
    random = np.random.default_rng(seed)
    names = [f"c{i}" for i in range(cases)]  # c10 sorts before c2
    owners = {name: f"p{i % patients}" for i, name in enumerate(names)}
    judged = {place: sorted(random.choice(names, cases - 3, replace=False).tolist()) for place in PLACES}
    normal = {place: sorted(random.choice(judged[place], 3, replace=False).tolist()) for place in PLACES}
    pairs, queries = {}, []
    for place in PLACES:
        asking = [name for name in judged[place] if name not in normal[place]]
        for query in asking[:7]:
            queries.append(f"{query}@{place}")
            for document in asking:
                if owners[document] != owners[query] and random.random() < 0.4:
                    pairs[f"{query}@{place}", document] = float(random.integers(1, 4))
    world = World(pairs=pairs, judged=judged, normal=normal, patients=owners)
    for name, longest in (("mine", 9), ("weak", 13), ("other", 11)):
        world.runs[name] = {
            query: {d: float(random.integers(0, 6)) for d in random.permutation(names)[: random.integers(1, longest)]}
            for query in [*queries, *(f"{c}@{place}" for place in PLACES for c in normal[place])]
            if random.random() < 0.8
        }
    world.runs["mine"][queries[0]] = {name: float(i) for i, name in enumerate(names[:8])}
    return world


def equal_scores(world: World) -> World:
    world.runs["mine"] = {query: dict.fromkeys(scores, 0.5) for query, scores in world.runs["mine"].items()}
    return world


def one_query(world: World) -> World:
    query = min(query for query, _ in world.pairs)
    world.pairs = {key: grade for key, grade in world.pairs.items() if key[0] == query}
    world.runs = {name: {query: dict.fromkeys(world.patients, 1.0)} for name in world.runs}
    return world


def one_patient(world: World) -> World:
    """Queries of one patient alone; the gallery keeps its others."""
    keep = "p1"
    world.pairs = {key: grade for key, grade in world.pairs.items() if world.patients[case_of(key[0])] == keep}
    world.runs = {
        name: {query: scores for query, scores in lists.items() if world.patients[case_of(query)] == keep}
        for name, lists in world.runs.items()
    }
    return world


def unjudged_only(world: World) -> World:
    """Every list of the run names only what nobody judged at its place."""
    for query in world.runs["mine"]:
        strangers = set(world.patients) - set(world.judged[place_of(query)])
        world.runs["mine"][query] = dict.fromkeys(sorted(strangers), 1.0)
    return world


def one_class(world: World) -> World:
    """All that could be found is relevant, and equally so."""
    for query in {query for query, _ in world.pairs}:
        for document in world.judged[place_of(query)]:
            world.pairs[query, document] = 1.0
    return world


def nothing_relevant(world: World) -> World:
    world.pairs = dict.fromkeys(world.pairs, 0.0)
    return world


CHANGES: Mapping[str, Callable[[World], World]] = {
    "as made": lambda world: world,
    **{f.__name__: f for f in (equal_scores, one_query, one_patient, unjudged_only, one_class, nothing_relevant)},
}


def case_of(query: str) -> str:
    return query.split("@")[0]


def place_of(query: str) -> str:
    return query.split("@")[1]
