"""A sentence of another patient without what holds of that patient alone: priors, sizes, dates, ages, people."""

from __future__ import annotations

import re

from casekin.reports import words as w

MOST_CHARACTERS = 160
_LABEL = re.compile(r"^[A-Za-z][\w /&()-]{1,40}[:=]\s*|^(?:[-*•+]|\(?\d{1,2}[.)])\s*")
PRIOR = re.compile(
    r"\b(?:prior|priors|previous|previously|compar\w+|interval|since|unchanged|stable|stably|new|newly|again|persist\w*"
    r"|still|now|remain\w*|earlier|last|before|former|formerly|known|recent|recently|resolv\w+|redemonstrat\w+"
    r"|larger|bigger|smaller|grow\w*|enlarging|recur\w*|evol\w+|already|once|interim|overnight|tonight"
    r"|no change|worse\w*|improv\w*|progress\w*|increasing|decreasing|no longer|similar|follow[- ]?up|old films?"
    r"|ha[sv]e? (?:\w+ )?(?:appeared|developed|cleared|gone|been)"
    r"|today|yesterday|current|currently)\b",
    re.IGNORECASE,
)
"""Words that compare with another examination, or tell of another time."""
_PRIOR_TAIL = re.compile(rf"\s*(?:,|\(|\s[-–]\s)(?=[^,()]*{PRIOR.pattern})[^,()]*\)?(?=,|\.|$)", re.IGNORECASE)
_PRIOR_ADVERB = re.compile(
    r"\b(?:again|stable|unchanged|persistent|persisting|new|newly|still|now|known|recent|currently|current)\s+",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"[,(]?\s*\b(?:(?:measuring|measures|of|about|approximately|up to|size)\s+)*"
    r"\d+(?:[.,]\d+)?(?:\s*(?:x|×|by)\s*\d+(?:[.,]\d+)?)*[\s-]*(?:mm|cm|millimet\w+|centimet\w+)\b"
    r"(?:\s+(?:in|at)\s+(?:size|diameter|greatest\s+\w+))?\)?",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth|tenth|eleventh|twelfth|twenty|thirty|hundred|thousand|couple|[ivx]{2,})\b",
    re.IGNORECASE,
)
"""Figures and number words: a draft has none, since no measurement of this patient was made."""
_PERSONAL = re.compile(
    r"\b(?:dr|mr|mrs|ms|prof|doctor|patient\w*|age|aged|ages|years?|months?|weeks?|days?|yo|male|female|man|woman|boy|girl"
    r"|he|she|him|her|his|hers|they|their|developed|presented|presenting|underwent|admitted|intubated|treated|died"
    r"|discussed|informed|telephon\w*|notified|recommend\w*|advise\w*|suggest \w+|history|post(?:operative)?|status)\b"
    r"|_{2,}|x{3,}",
    re.IGNORECASE,
)
_ODD = re.compile(r"[=/|#@<>\[\]{}_\\~*+&?!;:\"^…()]|\.\s*\.|\.\s+\S")
_UNFIT = frozenset(
    (
        "abd", "bilat", "ca", "clr", "cxr", "decr", "dx", "incr", "l", "lg", "lll", "lt", "lul", "med", "mod", "neg",
        "norm", "ok", "okay", "poss", "prob", "ptx", "ptxs", "r", "rll", "rml", "rt", "rul", "sev", "sl", "sm", "susp",
        "unch", "unrem", "wnl",
        "bad", "big", "bit", "fine", "fortunately", "good", "happily", "here", "i", "my", "our", "sadly", "thankfully",
        "we", "you",
        "above", "accompanying", "adjacent", "also", "another", "associated", "below", "both", "clinical", "clinically",
        "described", "detailed", "mentioned", "other", "otherwise", "same", "superimposed", "these", "this", "those",
        "too", "underlying",
    )
)  # fmt: skip
"""Shorthand, talk, and words that lean on what stands elsewhere in the report: a sentence has to stand alone."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SEVERITIES = re.compile(
    r"\b(?:"
    + "|".join(
        re.escape(p) for p in sorted((p for each in w.SEVERITY_WORDS.values() for p in each), key=len, reverse=True)
    )
    + r")\b[\s-]*",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b([Aa])(n?)(?= ([a-z]))", re.IGNORECASE)


def strip_sentence(sentence: str) -> str | None:
    """The sentence in plain form, or None where something personal or unsupported can't be taken out of it.

    >>> strip_sentence("1. Small left effusion, unchanged from the prior.")
    'Small left effusion.'
    """
    text = _LABEL.sub("", " ".join(sentence.split()))
    text = _PRIOR_TAIL.sub("", text)
    text = _PRIOR_ADVERB.sub("", text)
    text = _SIZE.sub("", text)
    text = text.strip(" ,.-–")
    if not text or len(text) > MOST_CHARACTERS:
        return None
    if any(pattern.search(text) for pattern in (PRIOR, NUMBER, _PERSONAL, _ODD)) or not _is_written_out(text):
        return None
    return _as_sentence(text)


def without_severity(text: str) -> str:
    """The sentence without its words for severity, its articles mended."""
    return _as_sentence(" ".join(_SEVERITIES.sub("", text).split()).strip(" ,."))


def names_severity(text: str) -> bool:
    """Whether a sentence has a word for severity, whatever it belongs to."""
    return _SEVERITIES.search(text) is not None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a sentence in lower case."""
    return tuple(word.lower() for word in _WORD.findall(text))


def _is_written_out(text: str) -> bool:
    """Whether it is prose that stands alone: no telegram in capitals, no shorthand such as "nl" or "consol"."""
    letters = [letter for letter in text if letter.isalpha()]
    if sum(letter.isupper() for letter in letters) > len(letters) / 2:
        return False
    for word in _WORD.findall(text):
        if word.lower() in _UNFIT:
            return False
        short = word.lower() in w.ABBREVIATIONS or not re.search(r"[aeiouy]", word, re.IGNORECASE)
        if short and not word.isupper():
            return False
    return True


def _as_sentence(text: str) -> str:
    mended = _ARTICLE.sub(lambda found: found[1] + ("n" if found[3].lower() in "aeiou" else ""), text)
    return f"{mended[:1].upper()}{mended[1:]}."
