"""Text search over real reports, asked in the keywords of their human MeSH codes.

Promise: nDCG@10 ≥ 0.82 for the product's own search, and more than BM25 or findings alone. Queries are the codes that
eight or more of the indexed reports bear, as keywords with their parts in an arbitrary order ("base left opacity
lung"); a report is relevant when it bears a code with the same head and all its qualifiers. Every ranking comes from an
index that the product wrote. Queries are divided by a hash of their code: one half to tune on (`--half tune`), the
other to report on (default). Intervals: bootstrap over queries, 95 %.

    CASEKIN_REAL_DATA=folder python benchmarks/text_search.py [--half tune] [--out figures.json] [--worst N]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin import CaseIndex, SearchQuery, search_cases
from casekin.evaluation.statistics import PatientTotals, bootstrap_means
from casekin.index import IndexedCase
from casekin.journeys.ingesting.study import read_case_report
from casekin.retrieval.match import score_cases
from casekin.retrieval.text import read_question
from report_reader import load_all_rows, report_text

LEAST_REPORTS = 8
DEPTH = 10
NO_FINDING = ("normal", "No Indexing", "Technical Quality of Image Unsatisfactory")
_BATCH = 500
Row = dict[str, Any]
Ranking = Callable[[str], Sequence[str]]  # a question → case ids, best first


def code_parts(code: Mapping[str, Any]) -> frozenset[str]:
    """Head and qualifiers of a code."""
    return frozenset(str(code["raw"]).split("/"))


def queries_of(rows: Sequence[Row], half: str) -> dict[str, frozenset[str]]:
    """Codes (as they stand) of one half that enough reports bear, with the cases that are relevant."""
    bearers: dict[str, set[str]] = {}
    codes: dict[str, tuple[str, frozenset[str]]] = {}
    for row in rows:
        for code in row["mesh_parsed"]:
            bearers.setdefault(code["raw"], set()).add(row["case_id"])
            codes[code["raw"]] = (code["head"], code_parts(code))
    asked = [raw for raw, cases in bearers.items() if len(cases) >= LEAST_REPORTS and raw not in NO_FINDING]
    wanted = 0 if half == "tune" else 1
    chosen = sorted(raw for raw in asked if int(hashlib.sha256(raw.encode()).hexdigest(), 16) % 2 == wanted)
    return {
        raw: frozenset().union(
            *(
                bearers[other]
                for other, (head, parts) in codes.items()
                if head == codes[raw][0] and parts >= codes[raw][1]
            )
        )
        for raw in chosen
    }


def as_keywords(raw: str) -> str:
    """The parts of a code in an order that only its hash decides: "Opacity/lung/base" → "base opacity lung"."""
    parts = [part.lower().replace(",", "") for part in raw.split("/")]
    return " ".join(sorted(parts, key=lambda part: hashlib.sha256(f"{raw}|{part}".encode()).hexdigest()))


def write_index(folder: Path, rows: Sequence[Row]) -> CaseIndex:
    """An index of the reports without images, as ingest reads and writes them."""
    index = CaseIndex(folder, create=True)
    for start in range(0, len(rows), _BATCH):
        index.put([indexed_case(row) for row in rows[start : start + _BATCH]])
    return index


def indexed_case(row: Row) -> IndexedCase:
    read = read_case_report(report_text(row))
    return IndexedCase(
        case_id=row["case_id"], patient_id=row["patient_id"], patient=row["patient_id"], stamp=row["case_id"],
        model_version="none", report=read["report"], facts=read["facts"], normal_anatomies=read["normal"],
        sentences=read["sentences"],
    )  # fmt: skip


def rankings(index: CaseIndex) -> dict[str, Ranking]:
    """The product's search, and each of its parts alone."""

    def product(text: str) -> Sequence[str]:
        return [hit.case_id for hit in search_cases(index, SearchQuery(text=text, limit=DEPTH)).hits]

    def facts(text: str) -> Sequence[str]:
        return best_first(index, score_cases(index, read_question(text).asked))

    def bm25(text: str) -> Sequence[str]:
        return best_first(index, index.match_sentences([((word,), 1.0) for word in read_question(text).words]))

    return {"product": product, "facts alone": facts, "BM25 alone": bm25}


def best_first(index: CaseIndex, scores: NDArray[np.float64]) -> list[str]:
    """The best cases with a positive score; ties by case id."""
    catalog = index.catalog()
    order = np.lexsort((catalog.id_rank, -scores))[:DEPTH]
    return [str(catalog.case_id_of_case[case_no]) for case_no in order if scores[case_no] > 0]


def ndcg(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    """nDCG@10 with grades 0 and 1."""
    gained = sum(discount(rank) for rank, case_id in enumerate(ranked[:DEPTH]) if case_id in relevant)
    return gained / sum(discount(rank) for rank in range(min(DEPTH, len(relevant))))


def chance(relevant: frozenset[str], gallery: int) -> float:
    """Expected nDCG@10 of a random order: every rank is relevant with the same probability."""
    best = sum(discount(rank) for rank in range(min(DEPTH, len(relevant))))
    return len(relevant) / gallery * sum(discount(rank) for rank in range(DEPTH)) / best


def discount(rank: int) -> float:
    return 1.0 / float(np.log2(rank + 2))


def interval(values: NDArray[np.float64]) -> list[float | None]:
    """The ends of the mean's 95 % interval; a query is of no patient, so each counts for itself."""
    totals = PatientTotals.by_query(values, np.arange(len(values)))
    (found,) = bootstrap_means(totals, generator=np.random.default_rng(20))
    return [found.lo, found.hi]


def figures(
    index: CaseIndex, queries: Mapping[str, frozenset[str]], gallery: int
) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """Means with intervals by ranking, and each query's values."""
    ways = rankings(index)
    values = {
        name: [ndcg(way(as_keywords(raw)), relevant) for raw, relevant in queries.items()] for name, way in ways.items()
    }
    table: dict[str, Any] = {"queries": len(queries), "gallery": gallery}
    table["chance"] = float(np.mean([chance(relevant, gallery) for relevant in queries.values()]))
    ours = np.array(values["product"])
    for name, each in values.items():
        mean = {"nDCG@10": float(np.mean(each)), "interval": interval(np.array(each))}
        if name != "product":
            mean["product_leads_by"] = interval(ours - np.array(each))
        table[name] = mean
    return table, values


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="print the worst queries instead")
    options = parser.parse_args()
    folder = os.environ.get("CASEKIN_REAL_DATA")
    if not folder:
        sys.exit("CASEKIN_REAL_DATA: expected the folder with real data, got nothing; set it")
    rows = load_all_rows(Path(folder))
    queries = queries_of(rows, options.half)
    with tempfile.TemporaryDirectory() as scratch, write_index(Path(scratch) / "index", rows) as index:
        table, values = figures(index, queries, len(rows))
    if options.worst:
        order = sorted(zip(values["product"], queries, strict=True))
        for value, raw in order[: options.worst]:
            print(f"{value:.2f} {as_keywords(raw)}  [{len(queries[raw])}]")
        return
    answer = json.dumps(table, indent=1)
    print(answer)
    if options.out:
        options.out.write_text(answer + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
