"""Which tokens of a sentence are negated, hedged, resolved or silent (history, plans): cue phrases and their scopes.

A forward cue reaches to the end of its clause: over commas and "or" through a list, not past "but", "there is", a
copula's new subject, or a new item that carries its own severity, change or side ("no pneumothorax, mild edema").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from casekin.reports import words as w
from casekin.reports.entities import REACH, Entity, Parsed, is_blank
from casekin.types import Polarity

LikelyPolicy = Literal["present", "uncertain"]
_HEDGE_ENDS = frozenset((".", ";", ",", ")", "?", "artifact", "artefact", "real", "vessel", "overlap", "summation"))
_PARTICLES = frozenset(("out", "off", "away", "pulled"))
_GOES_ON = frozenset(("or", "nor", "and", ",", "either", "bilaterally", "that", "as"))


@dataclass(frozen=True, slots=True)
class Assertions:
    """Per token: polarity, whether it is said to have resolved, whether it is no statement about this examination."""

    polarity: tuple[Polarity, ...]
    resolved: tuple[bool, ...]
    silent: tuple[bool, ...]


class _Marks:
    """Growing marks of one sentence."""

    def __init__(self, length: int) -> None:
        self.negated = [False] * length
        self.hedged = [False] * length
        self.resolved = [False] * length
        self.silent = [False] * length


def assert_entities(parsed: Parsed, *, likely_as: LikelyPolicy = "present") -> Assertions:
    """Polarity of every token. `likely_as` says what "likely", "suggests" and "compatible with" make of their finding.

    Negation wins over hedging, except that "cannot be excluded" and "may represent" hedge.
    """
    marks = _Marks(len(parsed.tokens))
    for entity in parsed.entities:
        _apply(parsed, entity, marks, likely_as)
    _hedge_alternatives(parsed, marks)
    if parsed.tokens and parsed.tokens[-1].word == "?":
        _set(marks.hedged, range(len(parsed.tokens)))  # a question states nothing: "Is there a small effusion?"
    polarity: list[Polarity] = []
    for negated, resolved, hedged in zip(marks.negated, marks.resolved, marks.hedged, strict=True):
        polarity.append("absent" if negated or resolved else "uncertain" if hedged else "present")
    return Assertions(tuple(polarity), tuple(marks.resolved), tuple(marks.silent))


def _hedge_alternatives(parsed: Parsed, marks: _Marks) -> None:
    """ "Left basal opacity, atelectasis or pneumonia": two explanations behind a comma are in doubt."""
    told = [e for e in parsed.entities if e.meaning("finding") and not marks.negated[e.first]]
    for explained, one, other in zip(told, told[1:], told[2:], strict=False):
        words = [token.word for token in parsed.tokens]
        if words[explained.last + 1 : one.first] == [","] and words[one.last + 1 : other.first] == ["or"]:
            _set(marks.hedged, range(one.first, other.last + 1))


def _apply(parsed: Parsed, entity: Entity, marks: _Marks, likely_as: LikelyPolicy) -> None:
    kinds = {meaning.kind for meaning in entity.meanings}
    if "resolved" in kinds:
        _resolve(parsed, entity, marks)
    elif _negates_before(parsed, entity, kinds) or _closes_with_no(parsed, entity, kinds):
        _set(marks.negated, _before(parsed, entity))
    elif "negation_before" in kinds or "negation_after" in kinds:
        _set(marks.negated, _after(parsed, entity))
    elif "uncertain_after" in kinds and _has_finding(parsed, _before(parsed, entity, trailing=True)):
        _set(marks.hedged, _before(parsed, entity, trailing=True))
    elif "uncertain_before" in kinds and _compares_studies(parsed, entity):
        return
    elif "uncertain_before" in kinds and _hedges_before(parsed, entity):
        _set(marks.hedged, _before(parsed, entity, trailing=True))
    elif "uncertain_before" in kinds or "uncertain_after" in kinds:
        _set(marks.hedged, _after(parsed, entity))
        if parsed.tokens[entity.first].word in ("versus", "vs"):
            _set(marks.hedged, _before(parsed, entity, trailing=True))
    elif "likely" in kinds and likely_as == "uncertain":
        _set(marks.hedged, _after(parsed, entity))
    elif "silent" in kinds:
        _set(marks.silent, _after(parsed, entity))
    elif "other_person" in kinds:
        _set(marks.silent, range(entity.last + 1, len(parsed.tokens)))


def _resolve(parsed: Parsed, entity: Entity, marks: _Marks) -> None:
    """What has resolved stands before the cue ("has resolved"), or after it ("removal of"): one list, no more."""
    words = [token.word for token in parsed.tokens]
    ends = entity.last + 1 >= len(words) or words[entity.last + 1] in (".", ",", ";", "now")
    if entity.first == entity.last and words[entity.first] in _PARTICLES and not ends:
        return  # "tubes out" are removed, "out of" is no statement
    tip = next((at for at in range(entity.last + 1, min(entity.last + 7, len(words))) if words[at] == "tip"), None)
    if tip is not None and not _has_finding(parsed, range(entity.last + 1, tip)):
        return  # "withdrawn, the tip is now in ..."
    back = _before(parsed, entity)
    forward = words[entity.last] == "of" or not _has_finding(parsed, back)
    _set(marks.resolved, _first_list(parsed, _after(parsed, entity)) if forward else back)


def _first_list(parsed: Parsed, tokens: range) -> range:
    """The tokens up to the end of the first finding and those listed with it."""
    end = tokens.start
    for at in tokens:
        entity = parsed.entity_at(at)
        if entity is None or entity.first != at or not (entity.meaning("finding") or entity.meaning("sign")):
            continue
        between = [token.word for token in parsed.tokens[end:at]]
        if end > tokens.start and (not {"and", ",", "or", "/"}.intersection(between[:1]) or "with" in between):
            break  # also at what is left: "resolution of the opacity, with minimal residual haze"
        end = entity.last + 1
    return range(tokens.start, end) if end > tokens.start else tokens


def _compares_studies(parsed: Parsed, entity: Entity) -> bool:
    """ "vs 3/4", "versus ___": with a date or a blank behind it, the word compares examinations."""
    after = parsed.tokens[entity.last + 1].word if entity.last + 1 < len(parsed.tokens) else "."
    undated = not is_blank(after) or _has_finding(parsed, _after(parsed, entity))
    return parsed.tokens[entity.first].word in ("versus", "vs") and (after[0].isdecimal() or not undated)


def _hedges_before(parsed: Parsed, entity: Entity) -> bool:
    """Whether a hedge that usually precedes follows here: "effusion, questionable", "is possibly present"."""
    after = parsed.tokens[entity.last + 1].word if entity.last + 1 < len(parsed.tokens) else "."
    before = parsed.tokens[entity.first - 1].word if entity.first else "."
    said = before in w.COPULAS and after in w.SEEN_WORDS
    ends = after in _HEDGE_ENDS and not _has_finding(parsed, _after(parsed, entity))
    return (said or ends) and _has_finding(parsed, _before(parsed, entity, trailing=True))


def _negates_before(parsed: Parsed, entity: Entity, kinds: set[str]) -> bool:
    if "normal" in kinds and _is_normal_predicate(parsed, entity):
        return True
    return "negation_after" in kinds and _has_finding(parsed, _before(parsed, entity))


def _closes_with_no(parsed: Parsed, entity: Entity, kinds: set[str]) -> bool:
    """ "Effusion: no. PTX - no": a denial with nothing behind it denies what stands before."""
    after = parsed.tokens[entity.last + 1].word if entity.last + 1 < len(parsed.tokens) else "."
    if parsed.tokens[entity.first].word == "negsign" and _has_finding(
        parsed, range(max(0, entity.first - 1), entity.first)
    ):
        return True  # "PTX (-)"
    if "negation_before" not in kinds or after not in (".", ",", ";", ")"):
        return False
    return _has_finding(parsed, _before(parsed, entity))


def _is_normal_predicate(parsed: Parsed, entity: Entity) -> bool:
    """ "... is within normal limits", said of a finding: then it is absent."""
    words = [token.word for token in parsed.tokens[max(0, entity.first - 3) : entity.last + 1]]
    return ("normal" in words or "limits" in words) and bool(w.COPULAS.intersection(words))


def _set(marks: list[bool], tokens: range) -> None:
    for at in tokens:
        marks[at] = True


def _has_finding(parsed: Parsed, tokens: range) -> bool:
    entities = (parsed.entity_at(at) for at in tokens)
    return any(entity and (entity.meaning("finding") or entity.meaning("sign")) for entity in entities)


def _after(parsed: Parsed, cue: Entity) -> range:
    """Tokens after the cue that it governs."""
    at = cue.last + 1
    end = min(len(parsed.tokens), at + REACH)
    while at < end and not _ends_scope(parsed, cue.last, at):
        at += 1
    return range(cue.last + 1, at)


def _ends_scope(parsed: Parsed, cue: int, at: int) -> bool:
    word = parsed.tokens[at].word
    if word in (";", ":") and (at > cue + 1 or parsed.tokens[cue].word == "o"):
        return True  # also after "w/o:", without contrast
    if _predicate_ends(parsed, cue, at) or _phrase_begins(parsed, cue, at):
        return True
    entity = parsed.entity_at(at)
    if entity is not None and entity.first == at and entity.meaning("stop"):
        return not (at == cue + 1 and word == "there")  # "it is unclear whether there is ..."
    if word == "with" and entity is None:
        return _own_modifier(parsed, at + 1)
    if word == "," or word == "and":
        return _new_statement(parsed, at)
    return False


def _predicate_ends(parsed: Parsed, cue: int, at: int) -> bool:
    """Whether a statement is complete before `at`, in text without stops: "no effusion is seen the bones are ..."."""
    if at < cue + 3 or parsed.tokens[at - 1].word not in w.SEEN_WORDS or parsed.tokens[at - 2].word not in w.COPULAS:
        return False
    goes_on = parsed.tokens[at].word in w.PREPOSITIONS | _GOES_ON
    return not goes_on and _has_finding(parsed, range(cue + 1, at - 1))


def _phrase_begins(parsed: Parsed, cue: int, at: int) -> bool:
    """Whether a new phrase begins right behind a finding, without a stop: "no adenopathy a 6 mm nodule is new"."""
    before = parsed.entity_at(at - 1)
    if at < cue + 2 or before is None or not any(before.meaning(kind) for kind in ("finding", "sign", "side")):
        return False
    entity = parsed.entity_at(at)
    if parsed.tokens[at].word in ("a", "an", "the"):
        return True
    listed = any(token.word in ("or", "nor") for token in parsed.tokens[at : at + REACH])
    return not listed and entity is not None and entity.first == at and entity.meaning("severity") is not None


def _new_statement(parsed: Parsed, at: int) -> bool:
    """Whether the comma or "and" at `at` begins a statement of its own rather than the list's next item."""
    chunk_end = at + 1
    end = min(len(parsed.tokens), at + REACH)
    while chunk_end < end and parsed.tokens[chunk_end].word not in (",", ";"):
        chunk_end += 1
    chunk = [token.word for token in parsed.tokens[at + 1 : chunk_end]]
    if not chunk:
        return False
    if parsed.tokens[at].word == "," and chunk[0] in ("or", "nor"):
        return False
    if _has_own_verb(chunk):
        return True
    later_or = any(token.word in ("or", "nor") for token in parsed.tokens[at + 1 : end])
    return not later_or and _own_modifier(parsed, at + 1)


def _has_own_verb(chunk: list[str]) -> bool:
    for number, word in enumerate(chunk):
        if word in w.COPULAS:
            rest = chunk[number + 1 : number + 5]
            return number > 0 and not w.SEEN_WORDS.intersection(rest) and "not" not in rest
    return False


def _own_modifier(parsed: Parsed, at: int) -> bool:
    """Whether a severity, change or side word (articles skipped) opens the phrase at `at`."""
    while at < len(parsed.tokens) and (parsed.tokens[at].word in w.ARTICLES or parsed.tokens[at].word == "and"):
        at += 1
    entity = parsed.entity_at(at)
    if entity is None:
        return False
    if entity.meaning("severity") and parsed.tokens[at].word in ("significant", "large", "significantly", "gross"):
        return False
    anatomy = entity.meaning("anatomy")
    if anatomy is not None and anatomy.side in ("left", "right") and not entity.meaning("finding"):
        return True  # "no effusion, LLL collapse"
    return any(entity.meaning(kind) for kind in ("severity", "change", "side", "likely", "normal"))


def _before(parsed: Parsed, cue: Entity, *, trailing: bool = False) -> range:
    """Tokens before the cue in its own clause: back to a stop, or to a comma that isn't a list's.

    A trailing cue is parted by a comma from what it is said of ("effusion, questionable").
    """
    at = cue.first - 1
    if trailing and at >= 0 and parsed.tokens[at].word in (",", "(", "-"):
        at -= 1
    in_list = False
    while at >= max(0, cue.first - REACH):
        word = parsed.tokens[at].word
        entity = parsed.entity_at(at)
        if word == ";" or (entity is not None and entity.meaning("stop")):
            break
        if trailing and entity is not None and (entity.meaning("uncertain_before") or entity.meaning("likely")):
            break  # "consolidation may represent atelectasis versus ...": the consolidation isn't in doubt
        in_list = in_list or word in ("or", "and", "nor", "/")
        if word == "," and not in_list and not (trailing and not _has_finding(parsed, range(at + 1, cue.first))):
            break
        if _other_predicate(parsed, at, cue.first):
            break
        at -= 1
    return range(at + 1, cue.first)


def _other_predicate(parsed: Parsed, at: int, cue: int) -> bool:
    """Whether a copula at `at` belongs to another subject than the cue's ("X is stable and Y has resolved")."""
    if parsed.tokens[at].word not in w.COPULAS or cue - at <= 3:
        return False
    joint = next((i for i in range(at, cue) if parsed.tokens[i].word in ("and", ",")), cue)
    return _has_finding(parsed, range(joint, cue))
