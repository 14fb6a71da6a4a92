"""The whole record against a second implementation in plain Python: loops over queries, patients, draws and signs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm, t

from casekin.evaluation.scoring import score
from made_evaluations import CHANGES, PLACES, World, case_of, made_world, place_of

MEASURES = ("nDCG@10", "AP", "P@5", "R@10", "Success@5")
RESAMPLES = 40
SEED = 7


# The second implementation.


def hand_queries(world: World, name: str = "mine") -> list[str]:
    """Queries of the labels, and those of the run whose case is judged and not normal there."""
    told = {query for query, _ in world.pairs}
    for query in world.runs[name]:
        case, place = query.split("@")
        if case in world.judged[place] and case not in world.normal[place]:
            told.add(query)
    return sorted(told)


def hand_gallery(world: World, query: str) -> list[str]:
    own = world.patients[case_of(query)]
    return [d for d in world.judged[place_of(query)] if world.patients[d] != own]


def hand_list(world: World, name: str, query: str) -> list[str]:
    """As listed, cut at the length of the measured run's longest list."""
    depth = max(len(scores) for scores in world.runs["mine"].values())
    scores = world.runs[name].get(query, {})
    return sorted(scores, key=lambda document: (-scores[document], document))[:depth]


def hand_values(world: World, name: str, query: str) -> list[float]:
    gallery = hand_gallery(world, query)
    grades = [world.pairs.get((query, d), 0.0) for d in hand_list(world, name, query) if d in gallery]
    best = sorted((world.pairs.get((query, d), 0.0) for d in gallery), reverse=True)
    relevant = sum(grade >= 1 for grade in best)
    gain = [sum(g / math.log2(i + 2) for i, g in enumerate(line[:10])) for line in (grades, best)]
    hits = [grade >= 1 for grade in grades]
    precisions = [sum(hits[: i + 1]) / (i + 1) for i, hit in enumerate(hits) if hit]
    return [
        gain[0] / gain[1] if gain[1] else 0.0,
        sum(precisions) / relevant if relevant else 0.0,
        sum(hits[:5]) / 5,
        sum(hits[:10]) / relevant if relevant else 0.0,
        float(any(hits[:5])),
    ]


def by_patient(world: World, queries: Sequence[str], values: Sequence[float]) -> list[tuple[float, int]]:
    """Sum and count of each patient, in the order in which they first own a document."""
    order = list(dict.fromkeys(world.patients[name] for name in sorted(world.patients)))
    owners = [world.patients[case_of(query)] for query in queries]
    groups = [[v for v, owner in zip(values, owners, strict=True) if owner == patient] for patient in order]
    return [(sum(group), len(group)) for group in groups if group]


def hand_interval(totals: list[tuple[float, int]]) -> tuple[float | None, float | None]:
    count = len(totals)
    if count < 2:
        return None, None
    means = []
    for drawn in np.random.default_rng(SEED).integers(0, count, size=(RESAMPLES, count)).tolist():
        means.append(sum(totals[i][0] for i in drawn) / sum(totals[i][1] for i in drawn))
    level = float(norm.cdf(-math.sqrt(count / (count - 1)) * t.ppf(0.975, count - 1)))
    return quantile(means, level), quantile(means, 1 - level)


def quantile(values: list[float], level: float) -> float:
    ordered = sorted(values)
    position = level * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def hand_p(totals: list[tuple[float, int]]) -> float:
    """All signs of all patients."""
    sums = [total for total, _ in totals]
    seen = abs(sum(sums)) - 1e-9
    flips = list(product((-1, 1), repeat=len(sums)))
    return sum(abs(sum(s * d for s, d in zip(signs, sums, strict=True))) >= seen for signs in flips) / len(flips)


def hand_effect(totals: list[tuple[float, int]]) -> float | None:
    count = len(totals)
    if count < 2:
        return None
    left = [
        sum(s for j, (s, _) in enumerate(totals) if j != i) / sum(n for j, (_, n) in enumerate(totals) if j != i)
        for i in range(count)
    ]
    error = math.sqrt((count - 1) / count * sum((x - sum(left) / count) ** 2 for x in left))
    return float((t.ppf(0.975, count - 1) + t.ppf(0.8, count - 1)) * error)


def hand_holm(p_values: Sequence[float]) -> list[float]:
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    for rank, i in enumerate(order):
        before = adjusted[order[rank - 1]] if rank else 0.0
        adjusted[i] = max(before, min(1.0, p_values[i] * (len(p_values) - rank)))
    return adjusted


# The comparison of both.


def near(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=1e-9)


def check_score(found: Mapping[str, Any], world: World, queries: Sequence[str], values: Sequence[float]) -> None:
    totals = by_patient(world, queries, values)
    low, high = hand_interval(totals)
    assert (found["n"], found["patients"]) == (len(queries), len(totals))
    assert (found["mean"], found["lo"], found["hi"]) == (near(sum(values) / len(values)), near(low), near(high))


def check_difference(found: Mapping[str, Any], world: World, queries: Sequence[str], gaps: Sequence[float]) -> None:
    check_score(found, world, queries, gaps)
    totals = by_patient(world, queries, gaps)
    assert found["p_value"] == near(hand_p(totals))
    assert found["minimum_detectable_effect"] == near(hand_effect(totals))


@pytest.fixture(scope="module", params=[(seed, change) for change in CHANGES for seed in (1, 2)], ids=str)
def both(request: pytest.FixtureRequest) -> tuple[World, dict[str, Any]]:
    """A world, and the record of its run `mine` beside `weak`, compared with `other`."""
    seed, change = request.param
    world = CHANGES[change](made_world(seed))
    found = score(
        world.task(),
        world.run("mine"),
        baselines=[world.run("weak")],
        other=world.run("other"),
        measures=MEASURES,
        seed=SEED,
        resamples=RESAMPLES,
    )
    return world, found.as_record()


def columns(world: World, name: str, queries: Sequence[str]) -> list[tuple[float, ...]]:
    return list(zip(*(hand_values(world, name, query) for query in queries), strict=True))


def test_counts_and_galleries(both: tuple[World, dict[str, Any]]) -> None:
    world, record = both
    queries = hand_queries(world)
    sizes = [len(hand_gallery(world, query)) for query in queries]
    shares = [
        sum(world.pairs.get((q, d), 0.0) >= 1 for d in hand_gallery(world, q)) / n
        for q, n in zip(queries, sizes, strict=True)
    ]
    assert record["n_queries"] == len(queries)
    assert record["patients"] == len({world.patients[case_of(query)] for query in queries})
    assert record["gallery"] == float(np.median(sizes))
    assert (record["gallery_least"], record["gallery_most"]) == (min(sizes), max(sizes))
    assert record["prevalence"] == record["chance"] == near(sum(shares) / len(shares))
    assert record["missing_queries"] == sum(query not in world.runs["mine"] for query in queries)
    assert record["dropped"] == {"near_duplicates": 2}
    lists = {query: hand_list(world, "mine", query) for query in queries}
    own = {q: [d for d in ids if world.patients[d] == world.patients[case_of(q)]] for q, ids in lists.items()}
    left = [d for q, ids in lists.items() for d in ids if d not in own[q] and d not in world.judged[place_of(q)]]
    elsewhere = [query for query in world.runs["mine"] if query not in queries]
    normal = [query for query in elsewhere if case_of(query) in world.normal[place_of(query)]]
    assert record["removed"] == {
        "same_patient": sum(map(len, own.values())),
        "unjudged": len(left),
        "other_split": 0,
        "normal_queries": len(normal),
        "unjudged_queries": len(elsewhere) - len(normal),
        "not_asking_queries": 0,
    }


def test_measures_baselines_and_comparison(both: tuple[World, dict[str, Any]]) -> None:
    world, record = both
    queries = hand_queries(world)
    mine, weak, other = (columns(world, name, queries) for name in ("mine", "weak", "other"))
    baseline, comparison = record["baselines"]["weak"], record["comparison"]
    p_values = []
    for number, name in enumerate(MEASURES):
        check_score(record["measures"][name], world, queries, mine[number])
        check_score(baseline["measures"][name], world, queries, weak[number])
        check_score(comparison["scores"][name], world, queries, other[number])
        gaps = [a - b for a, b in zip(mine[number], weak[number], strict=True)]
        check_difference(baseline["difference"][name], world, queries, gaps)
        assert baseline["difference"][name]["p_holm"] == baseline["difference"][name]["p_value"]
        gaps = [a - b for a, b in zip(mine[number], other[number], strict=True)]
        check_difference(comparison["measures"][name], world, queries, gaps)
        p_values.append(hand_p(by_patient(world, queries, gaps)))
    assert [comparison["measures"][name]["p_holm"] for name in MEASURES] == [near(p) for p in hand_holm(p_values)]
    assert comparison["missing_queries"] == sum(query not in world.runs["other"] for query in queries)
    assert baseline["further_queries"] == len(set(hand_queries(world, "weak")) - set(queries))


def test_places_and_strata(both: tuple[World, dict[str, Any]]) -> None:
    world, record = both
    queries = hand_queries(world)
    assert [one["place"] for one in record["places"]] == sorted({place_of(query) for query in queries})
    for one in record["places"]:
        here = [query for query in queries if place_of(query) == one["place"]]
        mine, weak = (columns(world, name, here)[0] for name in ("mine", "weak"))
        check_score(one["measures"]["nDCG@10"], world, here, mine)
        check_score(one["baselines"]["weak"], world, here, weak)
        check_score(one["difference"], world, here, [a - b for a, b in zip(mine, weak, strict=True)])
        assert one["difference"]["p_value"] is None, "fewer than 11 patients"
    asked = sorted(q for q in world.runs["mine"] if case_of(q) in world.normal[place_of(q)] and q not in queries)
    assert list(record["strata"]) == (["normal"] if asked else [])
    if asked:
        hits = []
        for query in asked:
            kept = [d for d in hand_list(world, "mine", query) if d in hand_gallery(world, query)]
            hits.append(sum(d in world.normal[place_of(query)] for d in kept[:5]) / 5)
        check_score(record["strata"]["normal"]["measures"]["P@5"], world, asked, hits)
        assert record["strata"]["normal"]["n_queries"] == len(asked)


def test_curves_confidence_and_what_lists_share(both: tuple[World, dict[str, Any]]) -> None:
    world, record = both
    queries = hand_queries(world)
    check_curve(world, record["curves"]["P"], queries)
    losses = [1 - hand_values(world, "mine", query)[0] for query in queries]
    tops = [max(world.runs["mine"].get(query, {}).values(), default=-math.inf) for query in queries]
    risks = []
    for answered in range(1, len(queries) + 1):
        bound = sorted(tops, reverse=True)[answered - 1]
        surer = [loss for loss, top in zip(losses, tops, strict=True) if top > bound]
        tied = [loss for loss, top in zip(losses, tops, strict=True) if top == bound]
        risks.append((sum(surer) + (answered - len(surer)) * sum(tied) / len(tied)) / answered)
    assert record["risk_coverage"]["risk"] == [near(risk) for risk in risks]
    assert record["risk_coverage"]["area"] == near(sum(risks) / len(risks))
    check_shared(world, record["sensitivity"], queries)


def check_curve(world: World, curve: Mapping[str, Any], queries: Sequence[str]) -> None:
    for number, k in enumerate(curve["k"]):
        hits = []
        for query in queries:
            kept = [d for d in hand_list(world, "mine", query) if d in hand_gallery(world, query)]
            hits.append(sum(world.pairs.get((query, d), 0.0) >= 1 for d in kept[:k]) / k)
        band = {end: curve["run"][end][number] for end in ("mean", "lo", "hi")}
        totals = by_patient(world, queries, hits)
        check_score({**band, "n": len(queries), "patients": len(totals)}, world, queries, hits)


def check_shared(world: World, found: Mapping[str, Any] | None, queries: Sequence[str]) -> None:
    shares: dict[tuple[str, str], list[float]] = {}
    for a, b in combinations(queries, 2):
        first, second = (hand_list(world, "mine", query)[:10] for query in (a, b))
        if case_of(a) == case_of(b) and (first or second):
            common = len(set(first) & set(second)) / max(len(first), len(second))
            shares.setdefault((place_of(a), place_of(b)), []).append(common)
    if not shares:
        assert found is None
        return
    assert found is not None
    for (i, a), (j, b) in combinations(enumerate(found["places"]), 2):
        told = shares.get((a, b), [])
        assert found["overlap"][i][j] == found["overlap"][j][i] == near(sum(told) / len(told) if told else None)
        assert found["cases"][i][j] == len(told)


def test_p_at_places_of_enough_patients_holds_together() -> None:
    """Twelve patients a place: all signs can still be tried by hand."""
    world = made_world(3, patients=13, cases=13)
    for place in PLACES:
        world.judged[place], world.normal[place] = sorted(world.patients), []
    for query in (f"{case}@{place}" for place in PLACES for case in sorted(world.patients)[:12]):
        world.pairs.setdefault((query, "c9"), 1.0)
    record = score(
        world.task(),
        world.run("mine"),
        baselines=[world.run("weak")],
        measures=MEASURES,
        seed=SEED,
        resamples=RESAMPLES,
    ).as_record()
    queries, p_values = hand_queries(world), []
    for place in PLACES:
        here = [query for query in queries if place_of(query) == place]
        mine, weak = (columns(world, name, here)[0] for name in ("mine", "weak"))
        p_values.append(hand_p(by_patient(world, here, [a - b for a, b in zip(mine, weak, strict=True)])))
    gaps = [one["difference"] for one in record["places"]]
    assert [gap["p_value"] for gap in gaps] == [near(p) for p in p_values]
    assert [gap["p_holm"] for gap in gaps] == [near(p) for p in hand_holm(p_values)]
