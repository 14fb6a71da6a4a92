"""Are a patient's names and numbers hidden in reports, and do the findings stay?

`python benchmarks/names_in_reports.py MANIFEST [--reports N] [--out FILE]`. Sentences as reports have them, with names
in many forms, are planted into simulated reports; half of the surnames are also words of reports (`Long`, `Small`).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from casekin.imaging.deidentify.identity import MARK, hide_identity, identity_of
from casekin.reports import read_report

PLAIN = ("Quillfeather", "Nguyen", "Garcia", "O'Neill", "Müller", "Schmidt", "Kowalczyk", "Okonkwo", "Haddad", "Petrov")
AMBIGUOUS = ("Long", "Small", "Young", "Hart", "Black", "White", "Stone", "Head", "Mild", "Clear")
GIVEN = ("Jane", "Hans", "Maria", "Sean", "Anh", "Peter", "Grace", "April", "Olga", "Ivan")
FORMS = {
    "titled": "Findings were discussed with {title} {last}.",
    "full": "Patient {first} {last} was informed.",
    "reversed": "{LAST}, {first}: see earlier exams.",
    "surname alone": "{last} was called about this exam.",
    "number": "MRN {number}.",
    "born": "Date of birth {birth}.",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--reports", type=int, default=600)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    lines = options.manifest.read_text(encoding="utf-8").splitlines()
    texts = [row["report"] for row in map(json.loads, lines) if row.get("report")][: options.reports]
    record = measured(texts)
    print(json.dumps(record, indent=1))
    if options.out:
        options.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def measured(texts: list[str]) -> dict[str, Any]:
    """Recall of planted mentions by form and kind of surname, words lost elsewhere, and reports whose facts changed."""
    rng = np.random.default_rng(5)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    lost_words = changed = 0
    for number, text in enumerate(texts):
        kind = "plain" if number % 2 else "ambiguous"
        last = str(rng.choice(PLAIN if kind == "plain" else AMBIGUOUS))
        first, digits = str(rng.choice(GIVEN)), str(rng.integers(10**6, 10**7))
        day, month, year = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(1930, 2005))
        form = list(FORMS)[number // 2 % len(FORMS)]
        title = str(rng.choice(["Mr.", "Mrs.", "Ms"]))
        birth = f"{month:02d}/{day:02d}/{year}"
        planted = FORMS[form].format(title=title, first=first, last=last, LAST=last.upper(), number=digits, birth=birth)
        identity = identity_of(names=[f"{last}^{first}"], identifiers=[digits], births=[f"{year}{month:02d}{day:02d}"])
        hidden, _ = hide_identity(f"{text}\n{planted}", identity)
        body, _, tail = hidden.rpartition("\n")
        told = {"number": [digits], "born": [birth], "full": [first, last], "reversed": [first, last]}.get(form, [last])
        gone = not any(word.lower() in tail.lower() for word in told)
        found[f"{form}, {kind}"]["hidden" if gone else "left"] += 1
        lost_words += body.count(MARK) - text.count(MARK)
        changed += _facts(body) != _facts(text)
    recall = {
        form: {"recall": counts["hidden"] / counts.total(), "n": counts.total()}
        for form, counts in sorted(found.items())
    }
    return {
        "reports": len(texts),
        "recall": recall,
        "words_hidden_elsewhere": lost_words,
        "reports_whose_facts_changed": changed,
    }


def _facts(text: str) -> list[tuple[object, ...]]:
    return [(fact.finding, fact.anatomy, fact.side, fact.polarity, fact.severity) for fact in read_report(text).facts]


if __name__ == "__main__":
    main()
