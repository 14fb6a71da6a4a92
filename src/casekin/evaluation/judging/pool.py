"""What readers are shown: the first cases of several runs pooled, random pairs among them, an order for each reader.

Pooling is TREC's: the first `depth` of every run, together, whole queries at a time, so that a query that was judged
at all was judged as deep as every run (Spärck Jones & van Rijsbergen, 1975).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.runs import Run
from casekin.relevance.trec import place_name, split_query_id

RANDOM_SHARE = 0.2
"""Of the pairs shown, those that no run put together: without unlike ones readers would grade alike on a curve."""
REPEAT_SHARE = 0.1
"""Of the pairs shown, those shown a second time, to see how far a reader agrees with themselves."""
_FORMAT = "1"

Source = Literal["pool", "random"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two cases at a place. `asked`: the `(query_id, case_id)` that it answers, both directions where both were pooled.

    `patient`: that of the first query, the unit of every interval.
    """

    asked: tuple[tuple[str, str], ...]
    patient: str
    source: Source

    @property
    def place(self) -> str:
        """`left_lower_lobe`, or `*` for the whole case."""
        return self.asked[0][0].partition("@")[2]

    @property
    def cases(self) -> tuple[str, str]:
        """The query's case and the other."""
        query_id, case_id = self.asked[0]
        return query_id.partition("@")[0], case_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One showing to one reader: the pair's number, whether its cases change sides, whether it was shown before."""

    pair: int
    swapped: bool
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A judging session: `orders[reader - 1][item - 1]` is what reader `reader` sees as their pair `item`.

    `origin` says what it was made of (seed, depth, runs, index); `id` names it without telling any of that.
    """

    pairs: tuple[Pair, ...]
    orders: tuple[tuple[Shown, ...], ...]
    origin: Mapping[str, Any]
    id: str = field(init=False)

    def __post_init__(self) -> None:
        content = json.dumps(self._content(), sort_keys=True, ensure_ascii=False)
        object.__setattr__(self, "id", hashlib.sha256(content.encode()).hexdigest()[:16])

    def as_record(self) -> dict[str, Any]:
        """The key file's content."""
        return {"session": self.id, **self._content()}

    def _content(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            **self.origin,
            "pairs": [{**asdict(pair), "asked": [list(asked) for asked in pair.asked]} for pair in self.pairs],
            "orders": [[asdict(shown) for shown in order] for order in self.orders],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """By query, the cases that its runs put first; all in order of id.

    `named`: every case with a picture that the runs name at any rank, from which random pairs are drawn, so that runs
    within a split stay within it. `removed` counts what can't be shown, by reason.
    """

    cases: Mapping[str, tuple[str, ...]]
    named: tuple[str, ...]
    removed: Mapping[str, int]


def pool_pairs(runs: Iterable[Run], *, depth: int, patients: Mapping[str, str], pictured: Collection[str]) -> Pools:
    """The first `depth` cases of each run, by query; `patients` of all cases, `pictured` those that can be shown.

    A query's own patient is left out. InputError when a query isn't `case_id@place` or names an unknown case.
    """
    pools: dict[str, set[str]] = {}
    named: set[str] = set()
    removed: Counter[str] = Counter(dict.fromkeys(("same_patient", "without_picture", "queries_without_picture"), 0))
    for run in runs:
        for query_id, ranked in run.lists.items():
            own, place = split_query_id(query_id)
            _check_known(run, (own, *ranked), patients)
            named.update((own, *ranked))
            pools.setdefault(f"{own}@{place_name(place)}", set()).update(ranked[:depth])
    kept = {}
    for query_id, cases in sorted(pools.items()):
        own = query_id.partition("@")[0]
        others = [case for case in sorted(cases) if patients[case] != patients[own]]
        removed["same_patient"] += len(cases) - len(others)
        if own not in pictured:
            removed["queries_without_picture"] += 1
            continue
        shown = tuple(case for case in others if case in pictured)
        removed["without_picture"] += len(others) - len(shown)
        if shown:
            kept[query_id] = shown
    return Pools(cases=kept, named=tuple(sorted(named.intersection(pictured))), removed=removed)


def draw_session(
    pools: Pools,
    *,
    pairs: int,
    readers: int,
    seed: int,
    patients: Mapping[str, str],
    origin: Mapping[str, Any],
) -> Session:
    """Draw whole queries until at most `pairs` pairs are reached, random ones among them, and an order by reader.

    Queries come in random order, those of patients not seen yet first. InputError when not even one query fits.
    """
    generator = np.random.default_rng(seed)
    drawn = _draw_queries(pools, round(pairs * (1 - RANDOM_SHARE)), patients, generator)
    if not drawn:
        raise InputError(_why_nothing(pools, pairs))
    found: dict[tuple[str, frozenset[str]], Pair] = {}
    for query_id in drawn:
        for case in pools.cases[query_id]:
            _add(found, query_id, case, "pool", patients)
    for query_id, case in _draw_random(drawn, set(found), patients, pools.named, generator):
        _add(found, query_id, case, "random", patients)
    orders = tuple(_order(len(found), generator) for _ in range(readers))
    return Session(pairs=tuple(found.values()), orders=orders, origin={**origin, "seed": seed})


def read_session(path: Path) -> Session:
    """The session of a key file. InputError when it isn't one, or was changed."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        told = record.pop("session")
        pairs = tuple(
            Pair(asked=tuple((query, case) for query, case in p["asked"]), patient=p["patient"], source=p["source"])
            for p in record.pop("pairs")
        )
        orders = tuple(tuple(Shown(**shown) for shown in order) for order in record.pop("orders"))
        wanted = record.pop("format")
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise InputError(
            f"{path.name}: expected the key that casekin judge prepare wrote; name the folder it wrote to"
        ) from None
    session = Session(pairs=pairs, orders=orders, origin=record)
    if wanted != _FORMAT or session.id != told:
        raise InputError(f"{path.name}: expected the key as it was written, got a changed one; prepare again")
    return session


def _check_known(run: Run, cases: Iterable[str], patients: Mapping[str, str]) -> None:
    strange = next((case for case in cases if case not in patients), None)
    if strange is not None:
        raise InputError(
            f"run {run.name}: the case {strange[:80]!r} is unknown to the index; give the index the run was made on"
        )


def _draw_queries(pools: Pools, room: int, patients: Mapping[str, str], generator: np.random.Generator) -> list[str]:
    """Queries in random order until the next one's pool would take more pairs than there is room for."""
    queries = list(pools.cases)
    mixed = [queries[number] for number in generator.permutation(len(queries)).tolist()]
    seen: Counter[str] = Counter()
    turns = {}
    for query_id in mixed:
        patient = patients[query_id.partition("@")[0]]
        turns[query_id] = seen[patient]
        seen[patient] += 1
    drawn, pairs = [], set[tuple[str, frozenset[str]]]()
    for query_id in sorted(mixed, key=turns.__getitem__):
        more = pairs | {_key(query_id, case) for case in pools.cases[query_id]}
        if len(more) <= room:
            pairs = more
            drawn.append(query_id)
        elif drawn:
            break
    return drawn


def _why_nothing(pools: Pools, pairs: int) -> str:
    """The error where no query's pool fits."""
    if not pools.cases:
        return (
            "runs: expected a query and a case of another patient that both have a picture, got none; give runs made "
            "on this index"
        )
    least = math.ceil(min(map(len, pools.cases.values())) / (1 - RANDOM_SHARE))
    return f"pairs: expected {least} at least, for one query's pool and random pairs, got {pairs}; or lower the depth"


def _draw_random(
    drawn: Sequence[str],
    taken: set[tuple[str, frozenset[str]]],
    patients: Mapping[str, str],
    named: Sequence[str],
    generator: np.random.Generator,
) -> Iterable[tuple[str, str]]:
    """Pairs of the drawn queries, in turn, with any case of another patient that isn't in a pair with them yet."""
    for turn in range(round(len(taken) * RANDOM_SHARE / (1 - RANDOM_SHARE))):
        query_id = drawn[turn % len(drawn)]
        own = patients[query_id.partition("@")[0]]
        free = [case for case in named if patients[case] != own and _key(query_id, case) not in taken]
        if free:
            case = free[int(generator.integers(len(free)))]
            taken.add(_key(query_id, case))
            yield query_id, case


def _key(query_id: str, case: str) -> tuple[str, frozenset[str]]:
    """What makes two pairs the same: the place and the cases, whichever of them asked."""
    own, _, place = query_id.partition("@")
    return place, frozenset((own, case))


def _add(
    found: dict[tuple[str, frozenset[str]], Pair], query_id: str, case: str, source: Source, patients: Mapping[str, str]
) -> None:
    """A new pair, or one more direction of a known one."""
    key = _key(query_id, case)
    known = found.get(key)
    asked = (*(known.asked if known else ()), (query_id, case))
    patient = known.patient if known else patients[query_id.partition("@")[0]]
    found[key] = Pair(asked=asked, patient=patient, source=source)


def _order(pairs: int, generator: np.random.Generator) -> tuple[Shown, ...]:
    """A reader's order. Pairs of its first third come again, sides changed, in its last: nobody remembers so far."""
    mixed = generator.permutation(pairs).tolist()
    third = pairs // 3
    again = generator.permutation(mixed[:third])[: round(pairs * REPEAT_SHARE)].tolist()
    last = [*mixed[pairs - third :], *again]
    sequence = [*mixed[: pairs - third], *(last[number] for number in generator.permutation(len(last)).tolist())]
    swapped = generator.integers(0, 2, size=pairs).tolist()
    first: set[int] = set()
    shown = []
    for pair in sequence:
        shown.append(Shown(pair=pair, swapped=bool(swapped[pair]) != (pair in first), again=pair in first))
        first.add(pair)
    return tuple(shown)
