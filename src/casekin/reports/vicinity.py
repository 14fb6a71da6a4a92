"""The places around a mention: those that premodify it, those that follow it, and the subject of its clause."""

from __future__ import annotations

from casekin.reports import words as w
from casekin.reports.entities import REACH, Entity, Parsed
from casekin.reports.mentions import Mention
from casekin.reports.places import Group

LIST_WORDS = frozenset(("and", "or", "/", "&", "nor", "with", "versus", "vs", "plus"))
HARD_STOPS = frozenset(("but", "however", "although", "though", "while", "whereas", "except", "yet", "otherwise"))
_ON_THE = frozenset(("on", "the", "at", "in", "to"))
_CLOSING = ("change", "severity", "uncertain_before", "uncertain_after", "resolved")
_NOUN_PHRASE_ENDS = frozenset((",", ";", ":", "and", "or", "with", "/", "nor", "no", "without", "(", ")"))


class Vicinity:
    """One sentence's words, groups and mentions by token."""

    def __init__(self, parsed: Parsed, mentions: tuple[Mention, ...], groups: tuple[Group, ...]) -> None:
        self.words = [token.word for token in parsed.tokens]
        self.parsed = parsed
        self.mentions = mentions
        self.group_at: dict[int, Group] = {i: g for g in groups for i in range(g.first, g.last + 1)}
        self.mention_at: dict[int, Mention] = {i: m for m in mentions for i in range(m.first, m.last + 1)}

    def names(self, at: int) -> Mention | None:
        """The mention of a finding (no pure sign) at a token."""
        mention = self.mention_at.get(at)
        return mention if mention is not None and mention.finding is not None else None

    def modifies(self, at: int) -> bool:
        """Whether a severity, change or negation covers the token."""
        entity = self.parsed.entity_at(at)
        return entity is not None and any(entity.meaning(kind) for kind in ("severity", "change", "negation_before"))

    def premodifier(self, first: int) -> Group | None:
        """The group that stands before the finding within its noun phrase ("left basilar mild opacity")."""
        at = first - 1
        while at >= max(0, first - REACH):
            if self.words[at] in ("bilaterally", "side"):
                return None
            if at in self.group_at:
                return self._combined(self.group_at[at])
            if self.names(at) is not None:
                return None
            if self.words[at] == "of" and self.words[at - 1] in w.QUANTITIES:
                at -= 2  # "bibasilar areas of atelectasis"
                continue
            if self.words[at] in w.COPULAS or self.words[at] in w.PREPOSITIONS or self.words[at] in w.SEEN_WORDS:
                return None
            if self.words[at] in _NOUN_PHRASE_ENDS:
                return None
            entity = self.parsed.entity_at(at)
            if entity is not None and (
                entity.meaning("stop") or entity.meaning("normal") or self._is_verbal_cue(entity)
            ):
                return None
            at -= 1
        return None

    def _combined(self, group: Group) -> Group:
        """ "nodule in the RUL and left basal atelectasis": only the place after the last connector premodifies."""
        if len(group.places) < 2:
            return group
        before = group.first - 1
        while before >= 0 and self.words[before] in (*w.ARTICLES, *w.DESCRIPTORS):
            before -= 1
        joined = before >= 0 and (self.words[before] in w.PREPOSITIONS or before in self.mention_at)
        if joined and any(m.last < group.first for m in self.mentions):
            return Group(group.places[-1:], None, group.starts[-1], group.last, group.starts[-1:])
        return group

    def following(self, mention: Mention) -> tuple[Group, ...]:
        """The groups that prepositions join to the finding, over a list of findings that share them, nearest first."""
        found: list[Group] = []
        at, prepositioned, comma, anchor = mention.last + 1, False, False, mention.last
        while at < min(len(self.words), mention.last + REACH):
            word = self.words[at]
            group = self.group_at.get(at)
            if group is not None:
                taken = self._following_group(anchor, group, prepositioned, comma)
                if taken is None:
                    break
                found.append(taken)
                at, prepositioned, comma = group.last + 1, False, False
                continue
            other = self.names(at)
            if other is not None:
                if found or prepositioned or other.polarity != mention.polarity:
                    break
                compound = other.first == anchor + 1  # "fracture dislocation of the right shoulder"
                if other.echo or not (compound or self.listed(mention.last, other.first)):
                    break
                at = anchor = other.last
            elif word in (":", "-", "(") and at == anchor + 1:
                prepositioned = True  # "Effusion: left, moderate."
            elif self._ends_phrase(at, found):
                break
            elif word == ",":
                comma = True
            prepositioned = prepositioned or word in w.PREPOSITIONS
            at += 1
        return tuple(found)

    def _ends_phrase(self, at: int, found: list[Group]) -> bool:
        word = self.words[at]
        if word in HARD_STOPS or word in (";", ":", "no", "without"):
            return True
        return bool(found) and (word in w.COPULAS or word in ("and", "with", "or"))

    def _following_group(self, last: int, group: Group, prepositioned: bool, comma: bool) -> Group | None:
        kept = self.left_over(group)
        if kept is not group:
            near = [word for word in self.words[max(0, group.first - 2) : group.first] if word not in w.ARTICLES]
            whole = kept is None and near[-1:] and near[-1] in w.WITHIN  # "a cavity within the left base consolidation"
            return (group if whole else kept) if prepositioned else None
        if prepositioned or (not group.places and group.side == "bilateral"):
            return group
        gap = [word for at, word in self._between(last, group) if word not in w.DESCRIPTORS]
        touches = not gap or self._verb_joins(last, group)
        return group if touches or (comma and self._ends_after(group) and gap == [","]) else None

    def _between(self, last: int, group: Group) -> list[tuple[int, str]]:
        """What stands between a finding and a group, less measures ("nodule, 12 mm, LUL") and emphasis ("mainly")."""
        measured = {i for size in self.parsed.sizes for i in range(size.first, size.last + 1)}
        rest = [(i, self.words[i]) for i in range(last + 1, group.first) if i not in measured]
        rest = [(i, word) for i, word in rest if word not in w.MEASURING and word not in w.ARTICLES]
        return rest[1:] if len(rest) > 1 and rest[0][1] == rest[1][1] == "," else rest

    def _ends_after(self, group: Group) -> bool:
        at = group.last + 1
        while at < len(self.words) and self.words[at] in ("sided", "side"):
            at += 1
        entity = self.parsed.entity_at(at)
        modifier = entity is not None and any(entity.meaning(kind) for kind in _CLOSING)
        return at >= len(self.words) or self.words[at] in (".", ";", ",", ")", "(") or bool(modifier)

    def _verb_joins(self, last: int, group: Group) -> bool:
        """ "Micronodules populate both upper lobes": a single unknown word that is no noun's modifier joins them."""
        between = [at for at in range(last + 1, group.first) if self.words[at] not in w.ARTICLES]
        if len(between) != 1 or not group.places or self.parsed.covering[between[0]] >= 0:
            return False
        word = self.words[between[0]]
        return word.isalpha() and len(word) > 3 and word not in w.NO_VERBS and word not in LIST_WORDS | HARD_STOPS

    def left_over(self, group: Group) -> Group | None:
        """The group without the places that premodify a later finding; None when nothing is left."""
        later = next((m for m in self.mentions if m.first > group.last and m.finding is not None), None)
        taken = self.premodifier(later.first) if later is not None else None
        if taken is None or taken.last != group.last:
            return group
        kept = [
            (p, s) for p, s in zip(group.places, group.starts, strict=False) if s < taken.first
        ]  # taken is the same group or its last place
        if not kept:
            return None
        return Group(tuple(p for p, _ in kept), None, group.first, kept[-1][1], tuple(s for _, s in kept))

    def listed(self, last: int, first: int) -> bool:
        """Whether only list words and plain modifiers stand between two findings."""
        between = range(last + 1, first)
        if not any(self.words[i] in LIST_WORDS or self.words[i] == "," for i in between):
            return False
        return not any(self.words[i] in w.COPULAS or i in self.group_at or self.modifies(i) for i in between)

    def subject(self, mention: Mention) -> Group | None:
        """The place the clause begins with: "the right base shows consolidation", "in the left apex, there is ..."."""
        at, comma = mention.first - 1, False
        while at >= max(0, mention.first - REACH):
            word = self.words[at]
            if word in HARD_STOPS or word == ";" or self.names(at) is not None:
                return None
            entity = self.parsed.entity_at(at)
            if entity is not None and entity.meaning("normal") and self.words[entity.last + 1] not in ("and", "but"):
                return None  # but "clear and hyperexpanded"
            group = self.group_at.get(at)
            if group is not None:
                leading = group.first == 0 or self.words[group.first - 1] in (*w.PREPOSITIONS, *w.ARTICLES)
                if not group.places:
                    start = max((i + 1 for i in range(group.first) if self.words[i] in (":", ";")), default=0)
                    return group if all(word in _ON_THE for word in self.words[start : group.first]) else None
                return group if not comma or leading else None
            comma = comma or word == ","
            at -= 1
        return None

    def is_predicate(self, mention: Mention, subject: Group | None) -> bool:
        """Whether the finding is what the clause says its subject is: "the right lower zone is opacified"."""
        if subject is None or subject.last >= mention.first:
            return False
        between = range(subject.last + 1, mention.first)
        verbs = [at for at in between if self.words[at] in w.COPULAS]
        if not verbs or not all(self.words[at] in w.BEING for at in verbs):
            return False
        plain = (w.COPULAS, w.ADVERBS)
        rest = [at for at in between if not any(self.words[at] in words for words in plain)]
        return all(self.parsed.entity_at(at) is not None and not self._is_article(at) for at in rest)

    def _is_article(self, at: int) -> bool:
        return self.words[at] in w.ARTICLES or self.words[at] in w.PREPOSITIONS

    def _is_verbal_cue(self, entity: Entity) -> bool:
        """Whether the cue is verbal ("may represent"): unlike "possible" it parts a finding from what stands before.

        So does "suggesting" right behind a mere side ("shift to the right suggesting a massive effusion").
        """
        if not entity.meaning("likely") and not entity.meaning("uncertain_before"):
            return False
        before = self.group_at.get(entity.first - 1)
        behind_side = before is not None and not before.places and self.words[entity.first].endswith("ing")
        return entity.first < entity.last or behind_side
