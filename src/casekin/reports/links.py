"""Which place a finding is said to be at: mentions linked to groups of places, within their clause."""

from __future__ import annotations

from dataclasses import dataclass

from casekin.anatomy import ANATOMIES, is_part_of, parents
from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.entities import REACH, Entity, Parsed, is_blank
from casekin.reports.homes import fit_place, with_side
from casekin.reports.mentions import Mention
from casekin.reports.places import Group
from casekin.types import Place, Side

_LIST_WORDS = frozenset(("and", "or", "/", "&", "nor", "with", "versus", "vs", "plus"))
_ON_THE = frozenset(("on", "the", "at", "in", "to"))
_EXPLAINING = frozenset(("due", "secondary", "related", "associated", "adjacent", "underlying"))
_REFERRING = frozenset(("this", "these", "it", "they", "which", "that"))
_HARD_STOPS = frozenset(("but", "however", "although", "though", "while", "whereas", "except", "yet", "otherwise"))


@dataclass(frozen=True, slots=True)
class Link:
    """A mention at its places: `(finding, place, stated)`; `stated` is False where the place is the finding's home."""

    mention: Mention
    places: tuple[tuple[str, Place, bool], ...]
    group: Group | None
    first: int
    last: int
    severity: str | None = None  # said of this place alone


def link_mentions(
    parsed: Parsed, mentions: tuple[Mention, ...], groups: tuple[Group, ...], before: tuple[Place, ...] = ()
) -> tuple[Link, ...]:
    """Link every mention to places. A pure sign without a fitting anatomy is dropped.

    `before` are the places that the sentence before spoke of: "this" and "these" at a sentence's start mean them.
    """
    linker = _Linker(parsed, mentions, groups, before)
    links: list[Link] = []
    for number, mention in enumerate(mentions):
        link = linker.sign(mention) if mention.finding is None else linker.finding(number, mention, links)
        if link is None:
            continue
        other = linker.other_side(link)
        links.extend((link,) if other is None else (other, link))
    return tuple(links)


class _Linker:
    def __init__(
        self, parsed: Parsed, mentions: tuple[Mention, ...], groups: tuple[Group, ...], before: tuple[Place, ...]
    ) -> None:
        self.before = before
        self.words = [token.word for token in parsed.tokens]
        self.parsed = parsed
        self.mentions = mentions
        self.group_at: dict[int, Group] = {i: g for g in groups for i in range(g.first, g.last + 1)}
        self.mention_at: dict[int, Mention] = {i: m for m in mentions for i in range(m.first, m.last + 1)}

    def finding(self, number: int, mention: Mention, links: list[Link]) -> Link:
        """Premodifier, then what follows, then the subject, then the finding it explains or is listed with."""
        name = mention.finding or ""
        before = self.premodifier(mention.first)
        after = self.following(mention)
        if FINDINGS[name].kind == "device":
            return self.device(mention, before, after)
        side = _only_side(before) or (_only_side(after) if before is not None else None)
        leading = self.subject(mention)
        for group in (before, after, leading, self.shared(number, mention, links)):
            places = self.resolve(mention, group, side)
            if group is before and _unsided(places) and not _unsided(self.resolve(mention, after, side) or places):
                continue  # "a subpleural focus in the left upper lobe"
            if places:
                return Link(mention, _within_leading(places, leading), group, mention.first, mention.last)
        home = FINDINGS[name].home
        return Link(mention, ((name, with_side(home, side), side is not None),), before, mention.first, mention.last)

    def other_side(self, link: Link) -> Link | None:
        """ "small right and moderate left effusions": the finding on the side said before, too."""
        group = link.group
        if group is None or group.places or group.side not in ("left", "right") or group.last > link.mention.first:
            return None
        at = group.first - 1
        while at >= 0 and (self._modifies(at) or self.words[at] in w.ARTICLES):
            at -= 1
        if at < 1 or self.words[at] not in ("and", "or", ",", "&"):
            return None
        other = self.group_at.get(at - 1)
        if other is None or other.places or other.side not in ("left", "right") or other.side == group.side:
            return None
        entity = self.parsed.entity_at(other.first - 1)
        severity = entity.meaning("severity") if entity is not None else None
        places = self.resolve(link.mention, other, None)
        own = severity.value if severity is not None else None
        return Link(link.mention, places, other, link.first, link.last, own) if places else None

    def resolve(self, mention: Mention, group: Group | None, side: Side | None) -> tuple[tuple[str, Place, bool], ...]:
        """The group's places that fit the finding, as the finding's own places; a sign's finding where one fits."""
        if group is None or mention.finding is None:
            return ()
        if not group.places:
            home = FINDINGS[mention.finding].home
            return ((mention.finding, with_side(home, group.side), True),) if ANATOMIES[home.anatomy].paired else ()
        rows = []
        for place in group.places:
            if place.anatomy == "thorax":
                continue  # says nothing: "in the chest"
            place = with_side(place, side) if place.side in (None, "bilateral") and side else place
            name = _sign_at(mention, place) or mention.finding
            fitted = fit_place(name, place)
            if fitted is not None:
                rows.append((name, fitted, True))
        return tuple(dict.fromkeys(rows))

    def premodifier(self, first: int) -> Group | None:
        """The group that stands before the finding within its noun phrase ("left basilar mild opacity")."""
        at = first - 1
        while at >= max(0, first - REACH):
            if self.words[at] in ("bilaterally", "side"):
                return None
            if at in self.group_at:
                return self._combined(self.group_at[at])
            if at in self.mention_at and self.mention_at[at].finding is not None:
                return None
            if self.words[at] in w.COPULAS or self.words[at] in w.PREPOSITIONS or self.words[at] in w.SEEN_WORDS:
                return None
            if self.words[at] in (",", ";", ":", "and", "or", "with", "/", "nor", "no", "without", "(", ")"):
                return None
            entity = self.parsed.entity_at(at)
            if entity is not None and (entity.meaning("stop") or entity.meaning("normal") or _is_verbal_cue(entity)):
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

    def following(self, mention: Mention) -> Group | None:
        """The group that a preposition joins to the finding, over a list of findings that share it."""
        at, prepositioned, comma, anchor = mention.last + 1, False, False, mention.last
        while at < min(len(self.words), mention.last + REACH):
            word = self.words[at]
            group = self.group_at.get(at)
            if group is not None:
                return self._following_group(anchor, group, prepositioned, comma)
            other = self.mention_at.get(at)
            if other is not None and other.finding is not None:
                if prepositioned or other.polarity != mention.polarity or not self._listed(mention.last, other.first):
                    return None
                at = anchor = other.last
            elif word in (":", "-") and at == anchor + 1:
                prepositioned = True  # "Effusion: left, moderate."
            elif word in _HARD_STOPS or word in (";", ":", "no", "without"):
                return None
            elif word == ",":
                comma = True
            prepositioned = prepositioned or word in w.PREPOSITIONS
            at += 1
        return None

    def _following_group(self, last: int, group: Group, prepositioned: bool, comma: bool) -> Group | None:
        kept = self._left_over(group)
        if kept is not group:
            return kept if prepositioned else None
        if prepositioned or (not group.places and group.side == "bilateral"):
            return group
        touches = group.first == last + 1
        ends = group.last + 1 >= len(self.words) or self.words[group.last + 1] in (".", ";", ",", ")")
        return group if touches or (comma and ends and group.first == last + 2) else None

    def _left_over(self, group: Group) -> Group | None:
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

    def _listed(self, last: int, first: int) -> bool:
        """Whether only list words and plain modifiers stand between two findings."""
        between = range(last + 1, first)
        if not any(self.words[i] in _LIST_WORDS or self.words[i] == "," for i in between):
            return False
        return not any(self.words[i] in w.COPULAS or i in self.group_at or self._modifies(i) for i in between)

    def _modifies(self, at: int) -> bool:
        entity = self.parsed.entity_at(at)
        return entity is not None and any(entity.meaning(kind) for kind in ("severity", "change", "negation_before"))

    def subject(self, mention: Mention) -> Group | None:
        """The place the clause begins with: "the right base shows consolidation", "in the left apex, there is ..."."""
        at, comma = mention.first - 1, False
        while at >= max(0, mention.first - REACH):
            word = self.words[at]
            other = self.mention_at.get(at)
            if word in _HARD_STOPS or word == ";" or (other is not None and other.finding is not None):
                return None
            entity = self.parsed.entity_at(at)
            if entity is not None and entity.meaning("normal"):
                return None
            group = self.group_at.get(at)
            if group is not None:
                leading = group.first == 0 or self.words[group.first - 1] in (*w.PREPOSITIONS, *w.ARTICLES)
                if not group.places:
                    return group if all(word in _ON_THE for word in self.words[: group.first]) else None
                return group if not comma or leading else None
            comma = comma or word == ","
            at -= 1
        return None

    def shared(self, number: int, mention: Mention, links: list[Link]) -> Group | None:
        """The place of the finding before, where this one explains it ("likely", "versus") or is listed with it."""
        if number == 0 and self.before and (self.words[0] in _REFERRING or self.words[:2] == ["the", "appearance"]):
            return Group(self.before, None, 0, 0, tuple(0 for _ in self.before))
        if number == 0 or not links or links[-1].mention is not self.mentions[number - 1]:
            return None
        before = self.mentions[number - 1]
        between = range(before.last + 1, mention.first)
        if any(self.words[i] in _HARD_STOPS or self.words[i] == ";" for i in between):
            return None
        entities = [self.parsed.entity_at(i) for i in between]
        explains = any(e and (e.meaning("likely") or e.meaning("uncertain_before")) for e in entities)
        explains = explains or any(self.words[i] in _EXPLAINING or is_blank(self.words[i]) for i in between)
        explains = explains or (mention.polarity == "uncertain" and before.polarity == "present")
        commaless = not any(self.words[i] == "," for i in between)
        explains = explains or self._same_subject(links[-1], mention) or self._joined_with(before, mention)
        compound = before.last + 1 == mention.first  # "atelectatic opacities"
        if explains or compound or (commaless and self._listed(before.last, mention.first)):
            return _as_group(links[-1])
        return None

    def _same_subject(self, link: Link, mention: Mention) -> bool:
        """ "The left base shows atelectasis and a small effusion": both are said of the base."""
        group = link.group
        if group is None or group.last >= link.first or mention.polarity == "absent":
            return False
        verb = any(self.words[i] in w.COPULAS for i in range(group.last + 1, link.first))
        between = self.words[link.last + 1 : mention.first]
        joined = bool(between) and between[0] in ("and", "with", ",")
        return verb and joined and not any(word in w.COPULAS for word in between)

    def _joined_with(self, before: Mention, mention: Mention) -> bool:
        """ "Left basilar atelectasis and small effusion": the second is on the first's side, unless it has no side."""
        home = FINDINGS[mention.finding or ""].home
        if before.finding is None or FINDINGS[before.finding].kind == "device":
            return False
        between = self.words[before.last + 1 : mention.first]
        joined = bool(between) and between[0] in ("and", "with") and len(between) <= 4
        plain = not any(word in (*w.COPULAS, *w.PREPOSITIONS, ",", "no", "without") for word in between)
        return joined and plain and home.side is None and "absent" not in (mention.polarity, before.polarity)

    # signs and devices

    def sign(self, mention: Mention) -> Link | None:
        """ "enlarged heart", "blunting of the left costophrenic angle", "the heart is mildly enlarged"."""
        for group in (self._sign_right(mention), *self._sign_left(mention)):
            rows = [] if group is None else [(_sign_at(mention, place), place) for place in group.places]
            fitted = ((name, fit_place(name, place) or FINDINGS[name].home, True) for name, place in rows if name)
            named = tuple(dict.fromkeys(fitted))
            if group is not None and named:
                return Link(mention, named, group, min(mention.first, group.first), max(mention.last, group.last))
        return None

    def _sign_right(self, mention: Mention) -> Group | None:
        for at in range(mention.last + 1, min(mention.last + 9, len(self.words))):
            if at in self.group_at:
                group = self.group_at[at]
                if group.places:
                    return self._left_over(group)
            elif self._predicates(at) or self.words[at] in (",", ";", ":", "with", "and"):
                return None
        return None

    def _predicates(self, at: int) -> bool:
        """A copula that does more than say "is seen in"."""
        follows = self.words[at + 1 : at + 2]
        return self.words[at] in w.COPULAS and not (w.SEEN_WORDS | w.PREPOSITIONS).intersection(follows)

    def _sign_left(self, mention: Mention) -> list[Group]:
        found: list[Group] = []
        for at in range(mention.first - 1, max(-1, mention.first - REACH), -1):
            other = self.mention_at.get(at)
            if (
                self.words[at] in _HARD_STOPS
                or self.words[at] == ";"
                or (other is not None and other.finding is not None)
            ):
                break
            group = self.group_at.get(at)
            if group is not None and group not in found:
                found.append(group)
        return found

    def device(self, mention: Mention, before: Group | None, after: Group | None) -> Link:
        """A device is where its tip is; without a tip, at its home, on the side that is said."""
        name = mention.finding or ""
        home = FINDINGS[name].home
        side = _group_side(before) or _group_side(after)
        tip = self._tip(mention, name)
        place = tip if tip is not None else with_side(home, side)
        stated = tip is not None or side is not None or not FINDINGS[name].home_unsure
        if ANATOMIES[place.anatomy].paired and place.side is None:
            place = with_side(place, side)
        return Link(mention, ((name, place, stated),), before, mention.first, mention.last)

    def _tip(self, mention: Mention, name: str) -> Place | None:
        """The first place after the device, up to the next device, that the device's tip can be at."""
        for at in range(mention.last + 1, min(len(self.words), mention.last + REACH)):
            other = self.mention_at.get(at)
            if other is not None and other.finding is not None and FINDINGS[other.finding].kind == "device":
                return None
            group = self.group_at.get(at)
            if group is None or group.last != at:
                continue
            near = self.words[max(0, group.first - 3) : group.first]
            for place in group.places:
                if place.anatomy in FINDINGS[name].homes and not {"above", "from"}.intersection(near):
                    return place
                if _below_diaphragm(near, place) and "stomach" in FINDINGS[name].homes:
                    return Place(anatomy="stomach")
        return None


def _only_side(group: Group | None) -> Side | None:
    return group.side if group is not None and not group.places else None


def _within_leading(
    places: tuple[tuple[str, Place, bool], ...], leading: Group | None
) -> tuple[tuple[str, Place, bool], ...]:
    """ "Left lung: consolidation in the lower lobe": the part takes the whole's side."""
    if leading is None or len(leading.places) > 1 or not _unsided(places):
        return places
    whole = leading.places[0] if leading.places else Place(anatomy="thorax", side=leading.side)
    return tuple(
        (name, with_side(place, whole.side) if _is_part(place, whole) else place, stated)
        for name, place, stated in places
    )


def _is_part(place: Place, whole: Place) -> bool:
    return is_part_of(place, Place(anatomy=whole.anatomy))


def _unsided(places: tuple[tuple[str, Place, bool], ...]) -> bool:
    return bool(places) and all(place.side is None for _, place, _ in places)


def _as_group(link: Link) -> Group:
    """The places that a mention was linked to, for a mention that shares them."""
    places = tuple(dict.fromkeys(place for _, place, stated in link.places if stated))
    return Group(places, None, link.first, link.last, tuple(link.first for _ in places))


def _is_verbal_cue(entity: Entity) -> bool:
    """Whether the cue is verbal ("may represent"): unlike "possible" it parts a finding from what stands before."""
    hedge = entity.meaning("likely") or entity.meaning("uncertain_before")
    return hedge is not None and entity.first < entity.last


def _below_diaphragm(near: list[str], place: Place) -> bool:
    below = {"below", "beneath", "under", "past"}.intersection(near)
    return bool(below) and place.anatomy in ("diaphragm", "hemidiaphragm")


def _group_side(group: Group | None) -> Side | None:
    if group is None:
        return None
    return group.side if not group.places else group.places[-1].side


def _sign_at(mention: Mention, place: Place) -> str | None:
    """The finding that the mention means at this place, by its signs; the anatomy's own sign before its whole's."""
    bare = Place(anatomy=place.anatomy)
    for whole in (bare, *parents(bare)):
        if whole.anatomy == "mediastinum" and whole != bare:
            continue  # a prominent hilum is no wide mediastinum
        for name, anatomy in mention.signs:
            if anatomy == whole.anatomy:
                return name
    return None
