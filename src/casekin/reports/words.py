"""The reader's closed word classes: severity, change, cues of negation, uncertainty and history, function words.

Findings and anatomies come from their ontologies; everything else that the reader recognizes stands in `words.json`.
Phrases are lower case, hyphens written as spaces.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from casekin.types import Change, Severity, Side

_DATA = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
_FUNCTION: dict[str, list[str]] = _DATA["function_words"]

SEVERITY_WORDS: dict[Severity, list[str]] = _DATA["severity"]
CHANGE_WORDS: dict[Change, list[str]] = _DATA["change"]
SEEN_WORDS = frozenset(_DATA["seen"])
COPULAS = frozenset(_FUNCTION["copulas"])
PREPOSITIONS = frozenset(_FUNCTION["prepositions"])
CONNECTORS = frozenset(_FUNCTION["connectors"])
ARTICLES = frozenset(_FUNCTION["articles"])
ZONE_PREFIXES = frozenset(_FUNCTION["zone_prefixes"])
DESCRIPTORS = frozenset(_FUNCTION["descriptors"])
COMPARATIVES = frozenset(_FUNCTION["comparatives"])
ABBREVIATIONS: dict[str, str] = _DATA["abbreviations"]  # of ward notes, word by word
PLACES: dict[str, str] = _DATA["places"]  # adjectives that are a place beside some findings alone
SIDED_PLACES: dict[str, str] = _DATA["sided_places"]  # abbreviations that need their side ("left LL")
SIDE_PHRASES: dict[Side, list[str]] = _DATA["side_phrases"]
SIDELESS_PARTS = frozenset(_DATA["sideless_parts"])  # often said without a side that was said before
BEING = frozenset(_FUNCTION["being"])  # copulas that say what the subject is, not what it has
ADVERBS = frozenset(_FUNCTION["adverbs"])
ECHO_VERBS = frozenset(_FUNCTION["echo_verbs"])
HEDGE_VERBS = frozenset(_FUNCTION["hedge_verbs"])
TIP_WORDS = frozenset(_FUNCTION["tip_words"])
SIZE_WORDS = frozenset(_FUNCTION["size_words"])  # "normal" said of a heart with one of these denies cardiomegaly
NO_VERBS = frozenset(_FUNCTION["no_verbs"])
MEASURING = frozenset(
    ("measuring", "measures", "of", "about", "approximately", "approx", "ca", "up", "to", "size", "diameter")
)
QUANTITIES = frozenset(_FUNCTION["quantities"])  # "areas of": what is counted follows
WITHIN = frozenset(("in", "within", "inside"))
INTO = frozenset(_FUNCTION["into"])
NEEDS_PLACE = frozenset(_FUNCTION["needs_place"])  # echoes that repeat nothing without a place of their own
NEVER_CORRECTED = frozenset(_DATA["never_corrected"])  # frequent words one edit away from a known one
HEADINGS: dict[str, list[str]] = _DATA["headings"]
JOINING = frozenset(_DATA["joining"])  # no statement begins after one of these
RUN_ON_SUBJECTS: list[str] = _DATA["run_on_subjects"]  # what a statement without a stop before it may begin with
ORGAN_LABELS: list[str] = _DATA["organ_labels"]  # what the lines of a structured report begin with


def _cues() -> dict[str, list[str]]:
    cues: dict[str, list[str]] = {kind: list(phrases) for kind, phrases in _DATA["cues"].items()}
    not_seen = [f"not {how} {verb}" for how, verb in product(["", *_DATA["how"]], _DATA["seen"]) if verb != "suspected"]
    cues["negation_after"] += not_seen
    cues["resolved"] += [f"no longer {verb}" for verb in _DATA["gone"]]
    return cues


CUES = _cues()
