"""The report reader beside what one would take instead, on the same sentences and with the same phrases.

Promise: the reader leads every peer in F1, with a paired 95 % interval above 0. Peers: keyword matching, medspaCy
(ConText), negspaCy (NegEx) and nlplite, each in an environment of its own, all with the reader's ontology as their
lexicon; and medspaCy with the phrase lists of CheXpert, read from the data folder, for the findings they share. Peers
get the sentences that the reader's sections leave (no indication, technique, comparison) and the nearest side word of
the sentence as side, for none of them links places. Corpora: the half of the OpenI reports that nothing was tuned on
(presence of common findings, side of those found), and the hand-labelled reports.

    python benchmarks/report_peers.py --install --environments out/peers   # once; builds the environments
    CASEKIN_REAL_DATA=folder python benchmarks/report_peers.py --environments out/peers [--out figures.json]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from casekin.anatomy import ANATOMIES, SIDE_WORDS, spellings
from casekin.findings import FINDINGS
from casekin.reports import SILENT_SECTIONS, read_report, split_sections, split_sentences
from labelled_reports import LABELLED, sides
from report_reader import CLASSES, SIDELESS, SIDES, class_of, human_labels, load_rows, report_text

HERE = Path(__file__).parent / "peers"
PEERS = ("medspacy", "negspacy", "nlplite")
CHEXPERT = ("atelectasis", "consolidation", "pleural_effusion", "pneumothorax", "fracture")
"""CheXpert's phrase files that mean our class and need none of CheXpert's own rules ("heart size" alone would)."""
Statement = tuple[str, str | None, str]  # finding, side, polarity
Lexicon = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one way of reading makes of a corpus: statements by report, and CPU milliseconds a report."""

    statements: list[set[Statement]]
    ms_per_report: float


def lexicon() -> Lexicon:
    """Every phrase of the findings ontology; of a sign, its words before and after each name of its anatomy."""
    rows: dict[str, str] = {}
    for finding in FINDINGS.values():
        if finding.kind == "normal":
            continue
        for phrase in (finding.id.replace("_", " "), finding.name, *finding.synonyms):
            rows.setdefault(phrase, finding.id)
        for sign in finding.signs:
            names = {name for anatomy in sign.anatomies for name, _ in spellings(ANATOMIES[anatomy])}
            for word in sign.words:
                for name in sorted(names):
                    rows.setdefault(f"{word} {name}", finding.id)
                    rows.setdefault(f"{name} is {word}", finding.id)
    return list(rows.items())


def chexpert_lexicon(folder: Path, corpus: Iterable[Sequence[str]]) -> Lexicon:
    """The words of the corpus that CheXpert's phrases match; they are parts of words."""
    text = "\n".join(sentence.lower() for sentences in corpus for sentence in sentences)
    rows: dict[str, str] = {}
    for finding in CHEXPERT:
        lines = (folder / "mention" / f"{finding}.txt").read_text(encoding="utf-8").splitlines()
        for phrase in filter(None, map(str.strip, lines)):
            pattern = r"\b[\w-]*" + re.escape(phrase) + r"[\w-]*"
            for found in sorted(set(re.findall(pattern, text))):
                rows.setdefault(found, finding)
    return list(rows.items())


def spoken(text: str) -> list[str]:
    """The sentences outside silent sections."""
    sections = [section for section in split_sections(text) if section.kind not in SILENT_SECTIONS]
    return [sentence.text for section in sections for sentence in split_sentences(text, section)]


def read_ours(texts: Sequence[str]) -> Reading:
    statements = [{(f.finding, f.side, f.polarity) for f in read_report(text).facts} for text in texts]
    began = time.process_time()
    for text in texts:
        read_report(text)
    return Reading(statements=statements, ms_per_report=1000 * (time.process_time() - began) / len(texts))


def read_keywords(corpus: Sequence[Sequence[str]], words: Lexicon) -> Reading:
    """Every phrase that stands anywhere, longest first, is a present finding."""
    table = dict(words)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(table, key=len, reverse=True))) + r")\b")
    began = time.process_time()
    statements = []
    for sentences in corpus:
        matches = [(s, m) for s in sentences for m in pattern.finditer(s.lower())]
        statements.append({_stated(s, table[m.group()], "present", m.start(), m.end()) for s, m in matches})
    return Reading(statements=statements, ms_per_report=1000 * (time.process_time() - began) / len(corpus))


def read_peer(name: str, environments: Path, corpus: Sequence[Sequence[str]], words: Lexicon) -> Reading:
    """What a peer's worker answers; RuntimeError with its last words where it fails."""
    lines = "\n".join(map(json.dumps, [words, *corpus]))
    command = [str(environments / name / "bin" / "python"), str(HERE / f"{name}_worker.py")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": ""}
    done = subprocess.run(command, input=lines, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-500:]}")
    *answers, seconds = map(json.loads, done.stdout.splitlines())
    statements = [
        {_stated(sentences[number], *found) for number, *found in answer}
        for sentences, answer in zip(corpus, answers, strict=True)
    ]
    return Reading(statements=statements, ms_per_report=1000 * seconds / len(corpus))


def _stated(sentence: str, finding: str, polarity: str, start: int, end: int) -> Statement:
    """The finding with the nearest side word of its sentence, where it can have a side."""
    home = FINDINGS[finding].home.anatomy
    if not ANATOMIES[home].paired:
        return finding, None, polarity
    words = [
        (m.start(), SIDE_WORDS[m.group()]) for m in re.finditer(r"[a-z]+", sentence.lower()) if m.group() in SIDE_WORDS
    ]
    near = min(words, key=lambda word: start - word[0] if word[0] < start else word[0] - end, default=None)
    return finding, None if near is None or near[1] == "midline" else near[1], polarity


def presence_counts(reading: Reading, rows: Sequence[dict[str, Any]], classes: Sequence[str]) -> np.ndarray:
    """Per report: right, extra and missed classes, classes with a human side found, and those with the right side."""
    table = []
    for stated, row in zip(reading.statements, rows, strict=True):
        gold, ours = human_labels(row), dict[str, set[str]]()
        for finding, side, polarity in stated:
            for name in class_of(finding) if polarity == "present" else ():
                ours.setdefault(name, set()).update(SIDES.get(side or "", set()))
        both = [name for name in classes if name in gold and name in ours]
        sided = [name for name in both if gold[name] and name not in SIDELESS]
        extra = sum(name in ours for name in classes) - len(both)
        missed = sum(name in gold for name in classes) - len(both)
        table.append([len(both), extra, missed, len(sided), sum(ours[name] == gold[name] for name in sided)])
    return np.array(table)


def labelled_counts(
    reading: Reading, rows: Sequence[dict[str, Any]], key: Callable[[Statement], Any], polarities: Sequence[str]
) -> np.ndarray:
    """Per report: right, extra and missed statements under a key."""
    table = []
    for stated, row in zip(reading.statements, rows, strict=True):
        gold = {
            key((f["finding"], side, f["polarity"]))
            for f in row["facts"]
            if f["polarity"] in polarities
            for side in sides(f)
        }
        ours = {
            key((finding, each, polarity))
            for finding, side, polarity in stated
            if polarity in polarities
            for each in sides({"side": side})
        }
        table.append([len(gold & ours), len(ours - gold), len(gold - ours)])
    return np.array(table)


def f1(total: np.ndarray) -> float:
    right, extra, missed = (float(value) for value in total[:3])
    return 2 * right / max(2 * right + extra + missed, 1.0)


def side_accuracy(total: np.ndarray) -> float:
    return float(total[4]) / max(float(total[3]), 1.0)


def compared(counts: dict[str, np.ndarray], measure: Callable[[np.ndarray], float]) -> dict[str, Any]:
    """The measure for every reading, with its interval and the paired interval of our lead."""
    ours = counts["casekin"]
    draws = np.random.default_rng(20).integers(0, len(ours), size=(1000, len(ours)))
    sums = {name: [measure(table[draw].sum(axis=0)) for draw in draws] for name, table in counts.items()}
    answer = {}
    for name, table in counts.items():
        row = {"value": measure(table.sum(axis=0)), "interval": _quantiles(np.array(sums[name]))}
        if name != "casekin":
            row["casekin_leads_by"] = _quantiles(np.array(sums["casekin"]) - np.array(sums[name]))
        answer[name] = row
    return answer


def _quantiles(values: np.ndarray) -> list[float]:
    return [float(value) for value in np.quantile(values, (0.025, 0.975))]


def read_all(texts: Sequence[str], environments: Path) -> dict[str, Reading]:
    corpus, words = [spoken(text) for text in texts], lexicon()
    readings = {"casekin": read_ours(texts), "keywords": read_keywords(corpus, words)}
    return readings | {name: read_peer(name, environments, corpus, words) for name in PEERS}


def openi_figures(folder: Path, environments: Path) -> dict[str, Any]:
    """Presence and side on the half of the OpenI reports that nothing was tuned on."""
    rows = load_rows(folder, "report")
    texts = [report_text(row) for row in rows]
    readings = read_all(texts, environments)
    counts = {name: presence_counts(reading, rows, list(CLASSES)) for name, reading in readings.items()}
    corpus = [spoken(text) for text in texts]
    phrases = chexpert_lexicon(folder / "reports" / "lexicons" / "chexpert_phrases", corpus)
    chexpert = {
        "casekin": readings["casekin"],
        "chexpert phrases, medspacy": read_peer("medspacy", environments, corpus, phrases),
    }
    return {
        "reports": len(rows),
        "presence F1": compared(counts, f1),
        "side accuracy": compared(counts, side_accuracy),
        "presence F1, findings of CheXpert": compared(
            {name: presence_counts(reading, rows, list(CHEXPERT)) for name, reading in chexpert.items()}, f1
        ),
        "ms_per_report": {name: reading.ms_per_report for name, reading in readings.items()},
    }


def labelled_figures(files: Sequence[Path], environments: Path) -> dict[str, Any]:
    """Statements of the hand-labelled reports: findings with polarity, present ones, and with sides."""
    rows = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    readings = read_all([row["report"] for row in rows], environments)
    every = ("present", "uncertain", "absent")
    keys: dict[str, tuple[Callable[[Statement], Any], Sequence[str]]] = {
        "present findings": (lambda s: s[0], ("present",)),
        "finding, polarity": (lambda s: (s[0], s[2]), every),
        "finding, side, polarity": (lambda s: s, every),
    }
    answer: dict[str, Any] = {"files": [path.name for path in files], "reports": len(rows)}
    for name, (key, polarities) in keys.items():
        counts = {who: labelled_counts(reading, rows, key, polarities) for who, reading in readings.items()}
        answer[f"{name}, F1"] = compared(counts, f1)
    answer["ms_per_report"] = {name: reading.ms_per_report for name, reading in readings.items()}
    return answer


def install(environments: Path) -> None:
    """An environment for each peer, with what its requirements file names."""
    for name in PEERS:
        venv.create(environments / name, with_pip=True)
        pip = [str(environments / name / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--requirement", str(HERE / f"{name}-requirements.txt")], check=True)


def main() -> None:
    """Build the environments, or print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=Path, required=True, help="folder of the peers' environments")
    parser.add_argument("--install", action="store_true", help="build them and do nothing else")
    parser.add_argument("--labelled", type=Path, nargs="*", default=sorted(LABELLED.glob("*.jsonl")))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.install:
        install(options.environments)
        return
    folder = os.environ.get("CASEKIN_REAL_DATA")
    figures = {"labelled": labelled_figures(options.labelled, options.environments)} if options.labelled else {}
    if folder:
        figures["openi"] = openi_figures(Path(folder), options.environments)
    else:
        print("left out, as CASEKIN_REAL_DATA names no folder: OpenI", file=sys.stderr)
    answer = json.dumps(figures, indent=1)
    print(answer)
    if options.out:
        options.out.write_text(answer + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
