"""Facts that the reader finds in hand-labelled reports, against the facts that their authors labelled.

Promise: strict F1 ≥ 0.97 over finding, anatomy, side and polarity; kept on `authors_a` and `authors_b`, not on the
hardest styles (`authors_d`) nor on the file that was held out (`authors_c`). What the files under
`tests/reports/labelled` are, and how they were labelled, stands in the README there. Strict compares the four fields
exactly, with a bilateral place as its two sides; tolerant takes overlapping places of the same finding and polarity.
Severity, size and change are compared where the strict fact is right. Intervals: bootstrap over reports, 95 %.

    python benchmarks/labelled_reports.py [FILE ...] [--out figures.json] [--errors N]
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from casekin.anatomy import overlaps
from casekin.evaluation.statistics import Interval, PatientTotals, bootstrap_means
from casekin.reports import read_report
from casekin.types import Place

LABELLED = Path(__file__).parent.parent / "tests" / "reports" / "labelled"
FIELDS = ("severity", "size_mm", "change")
Record = dict[str, Any]
Key = tuple[str, str, str | None, str]


def sides(record: Record) -> tuple[str | None, ...]:
    """The sides of a fact or place: two for a bilateral one."""
    return ("left", "right") if record["side"] == "bilateral" else (record["side"],)


def expanded(facts: Iterable[Record]) -> dict[Key, Record]:
    """Facts by finding, anatomy, side and polarity."""
    return {(f["finding"], f["anatomy"], side, f["polarity"]): f for f in facts for side in sides(f)}


def overlapping(gold: Iterable[Key], ours: Iterable[Key]) -> int:
    """How many of the labelled facts have one of ours of the same finding and polarity at an overlapping place."""
    free = sorted(ours, key=str)
    found = 0
    for fact in sorted(gold, key=str):
        place = Place(anatomy=fact[1], side=fact[2])  # type: ignore[arg-type]
        for other in free:
            same = (fact[0], fact[3]) == (other[0], other[3])
            if same and overlaps(place, Place(anatomy=other[1], side=other[2])):  # type: ignore[arg-type]
                free.remove(other)
                found += 1
                break
    return found


def counts(row: Record) -> dict[str, list[int]]:
    """True positives, false positives and false negatives of one report, by measure."""
    read = read_report(row["report"])
    gold, ours = expanded(row["facts"]), expanded(fact.as_record() for fact in read.facts)
    both = gold.keys() & ours.keys()
    table = {"strict": _counted(len(both), len(ours), len(gold))}
    exact = overlapping(gold.keys() - both, ours.keys() - both)
    table["tolerant"] = _counted(len(both) + exact, len(ours), len(gold))
    for polarity in ("present", "uncertain", "absent"):
        mine, theirs = ({k for k in keys if k[3] == polarity} for keys in (ours, gold))
        table[polarity] = _counted(len(mine & theirs), len(mine), len(theirs))
    for field in FIELDS:
        pairs = [(gold[key].get(field), ours[key].get(field)) for key in both]
        right = sum(a == b for a, b in pairs if a is not None)
        table[field] = _counted(right, sum(b is not None for _, b in pairs), sum(a is not None for a, _ in pairs))
    normal = {(p["anatomy"], side) for p in row.get("normal", ()) for side in sides(p)}
    called = {(p.anatomy, s) for p in read.normal_anatomies for s in sides({"side": p.side})}
    table["normal"] = _counted(len(normal & called), len(called), len(normal))
    return table


def _counted(both: int, ours: int, gold: int) -> list[int]:
    return [both, ours - both, gold - both]


def intervals(parts: ArrayLike, wholes: ArrayLike) -> tuple[Interval, ...]:
    """Sums of parts over sums of wholes, `(reports, columns)` each: one interval a column, the reports being drawn."""
    sums, counts = np.asarray(parts, dtype=float), np.asarray(wholes, dtype=float)
    totals = PatientTotals(sums=sums, counts=counts, queries=np.count_nonzero(counts, axis=0))
    return bootstrap_means(totals, generator=np.random.default_rng(20))


def f1_intervals(table: ArrayLike) -> tuple[Interval, ...]:
    """F1 of each column; `table`: right, extra and missed, `(reports, columns, 3)`."""
    right, extra, missed = np.moveaxis(np.asarray(table), -1, 0)
    return intervals(2 * right, 2 * right + extra + missed)


def summary(rows: Sequence[Record]) -> Record:
    """Counts and F1 by measure over reports, with bootstrap intervals."""
    per_report = [counts(row) for row in rows]
    table = np.array([list(each.values()) for each in per_report])
    answer: Record = {"reports": len(rows)}
    for measure, f1, total in zip(per_report[0], f1_intervals(table), table.sum(axis=0), strict=True):
        answer[measure] = {"f1": f1.mean, "interval": [f1.lo, f1.hi], "counts": total.tolist()}
    return answer


def show_errors(rows: Sequence[Record], limit: int) -> None:
    """Reports whose facts differ, for reading."""
    for row in rows:
        read = read_report(row["report"])
        gold, ours = expanded(row["facts"]), expanded(fact.as_record() for fact in read.facts)
        if gold.keys() != ours.keys() and limit > 0:
            limit -= 1
            print(f"--- {row['report_id']} {row.get('style')}\n{row['report']}")
            for mark, keys in (("missed", gold.keys() - ours.keys()), ("extra", ours.keys() - gold.keys())):
                print(*(f"  {mark} {' '.join(map(str, key))}" for key in sorted(keys, key=str)), sep="\n")
            if read.unplaced:
                print("  unplaced", *(f"{u.finding} {u.polarity}" for u in read.unplaced))


def main() -> None:
    """Print the figures of every file and of all together as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="print disagreements instead")
    options = parser.parse_args()
    files = options.files or sorted(LABELLED.glob("*.jsonl"))
    rows = {path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in files}
    everything = [row for each in rows.values() for row in each]
    if options.errors:
        show_errors(everything, options.errors)
        return
    answer = json.dumps({name: summary(each) for name, each in {**rows, "all": everything}.items()}, indent=1)
    print(answer)
    if options.out:
        options.out.write_text(answer + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
