"""Which place a finding is said to be at: mentions linked to groups of places, within their clause."""

from __future__ import annotations

from dataclasses import dataclass, replace

from casekin.anatomy import ANATOMIES, is_part_of
from casekin.findings import FINDINGS, is_a
from casekin.reports import words as w
from casekin.reports.context import Context, on_label_side, only_announces
from casekin.reports.devices import device_place
from casekin.reports.entities import Parsed, is_blank
from casekin.reports.homes import fit_place, with_side
from casekin.reports.mentions import Mention
from casekin.reports.places import Group
from casekin.reports.signs import sign_at, sign_places
from casekin.reports.vicinity import HARD_STOPS, Vicinity
from casekin.types import Change, Place, Severity, Side

Placed = tuple[str, Place, bool]  # finding, place, whether the place was stated
_BESIDE = frozenset(("surrounding", "adjacent", "underlying"))  # of the finding told before
_EXPLAINING = _BESIDE | {"due", "secondary", "related", "associated", "with"}
_REFERRING = frozenset(("this", "these", "it", "they", "which", "that"))


@dataclass(frozen=True, slots=True)
class Link:
    """A mention at its places: `(finding, place, stated)`; `stated` is False where the place is the finding's home."""

    mention: Mention
    places: tuple[Placed, ...]
    group: Group | None
    first: int
    last: int
    severity: Severity | None = None  # said of these places alone
    change: Change | None = None


def link_mentions(
    parsed: Parsed, mentions: tuple[Mention, ...], groups: tuple[Group, ...], context: Context
) -> tuple[Link, ...]:
    """Link every mention to places. A pure sign without a fitting anatomy is dropped.

    `context` is what was said before: "this" and "there" mean its places, and its label gives a paragraph its side.
    """
    linker = _Linker(Vicinity(parsed, mentions, groups), context)
    links: list[Link] = []
    for number, mention in enumerate(mentions):
        link = linker.link(number, mention, links)
        if link is not None:
            links.append(linker.on_label_side(link))
    return tuple(linker.explained(links))


class _Linker:
    def __init__(self, vicinity: Vicinity, context: Context) -> None:
        self.vicinity = vicinity
        self.words = vicinity.words
        self.context = context

    def link(self, number: int, mention: Mention, links: list[Link]) -> Link | None:
        """The mention at its places; None for a sign or an echo that has none."""
        if mention.finding is None:
            placed, group = sign_places(self.vicinity, mention, self.context)
            if not placed:
                return None
            first, last = (group.first, group.last) if group is not None else (mention.first, mention.last)
            return Link(mention, placed, group, min(mention.first, first), max(mention.last, last))
        if mention.echo:
            return self.echo(mention, links)
        if FINDINGS[mention.finding].kind == "device":
            place, stated = device_place(self.vicinity, mention)
            return Link(mention, ((mention.finding, place, stated),), None, mention.first, mention.last)
        return self.finding(number, mention, links)

    def finding(self, number: int, mention: Mention, links: list[Link]) -> Link:
        """The first of the places around that the finding can be at; its home where none fits."""
        name = mention.finding or ""
        before = self.vicinity.premodifier(mention.first)
        after = self.vicinity.following(mention)
        leading = self.leading(mention)
        side = _only_side(before) or (_only_side(after[0]) if before is not None and after else None)
        if (
            links
            and leading is not None
            and links[-1].mention.last < leading.first
            and not self.has_verb(leading, mention)
        ):
            leading = None  # it is the place of the finding before
        for group in (*self.order(mention, before, after, leading), self.shared(number, mention, links)):
            places = self.resolve(mention, self.labelled(mention, group), side)
            if places:
                places = self.sided(mention, _within_leading(places, leading), links)
                return Link(mention, places, group, mention.first, mention.last)
        home = FINDINGS[name].home
        if side is None and links and self.joined(links[-1].mention, mention):
            sides = {place.side for _, place, stated in links[-1].places if stated}
            side = next(iter(sides)) if len(sides) == 1 else None  # "left pneumothorax with rib fracture"
        return Link(mention, ((name, with_side(home, side), side is not None),), before, mention.first, mention.last)

    def labelled(self, mention: Mention, group: Group | None) -> Group | None:
        """ "Bases: left atelectasis": a side alone is that side of the label's place."""
        label = self.context.label
        if group is None or group.places or label is None or len(label.places) != 1 or only_announces(label, label):
            return group
        place = Place(anatomy=label.places[0].anatomy, side=group.side)
        fits = fit_place(mention.finding or "", place) == place and ANATOMIES[place.anatomy].paired
        return replace(group, places=(place,)) if fits else group

    def has_verb(self, group: Group, mention: Mention) -> bool:
        """Whether a verb stands between a group and a mention."""
        return any(self.words[at] in w.COPULAS for at in range(group.last + 1, mention.first))

    def leading(self, mention: Mention) -> Group | None:
        """The clause's subject, unless it is a label that only announces what the line is about."""
        subject = self.vicinity.subject(mention)
        if subject is None or only_announces(self.context.label, subject):
            return None
        between = [self.vicinity.mention_at.get(at) for at in range(subject.last + 1, mention.first)]
        if any(sign is not None and any(sign_at(sign, place) for place in subject.places) for sign in between):
            return None  # "the costophrenic angle is blunted, possibly from an effusion"
        return subject

    def order(
        self, mention: Mention, before: Group | None, after: tuple[Group, ...], leading: Group | None
    ) -> tuple[Group | None, ...]:
        """The groups by how closely they belong to the finding.

        A subject comes first where the finding is its predicate ("the right base is opacified, with loss of the
        diaphragm"), a place that follows where only a side or the whole stands before ("left pneumothorax at the
        apex", "a subpleural focus in the left upper lobe"), else what premodifies.
        """
        after = tuple(sorted(after, key=lambda group: _is_whole_of(group, after)))  # "of lung tissue in the left base"
        if self.vicinity.is_predicate(mention, leading):
            return (leading, before, *after)
        if before is not None and any(self.specifies(mention, group, before) for group in after):
            return (*(g for g in after if self.specifies(mention, g, before)), before, *after)
        return (before, *after, leading)

    def specifies(self, mention: Mention, group: Group, before: Group) -> bool:
        """Whether a following group says more exactly where the premodifier is."""
        if not group.places or not self.resolve(mention, group, None):
            return False
        if not before.places:
            name = mention.finding or ""
            exact = (fit_place(name, place) != FINDINGS[name].home for place in group.places)
            return all(exact) and all(place.side in (None, before.side) for place in group.places)
        if any(p.side for p in group.places) and all(p.side is None for p in before.places):
            return True
        whole = before.places[-1]
        parts = [p for p in group.places if p.anatomy != whole.anatomy and _is_part(p, whole)]
        return len(parts) == len(group.places) and all(p.side in (None, whole.side) for p in parts)

    def resolve(self, mention: Mention, group: Group | None, side: Side | None) -> tuple[Placed, ...]:
        """The group's places that fit the finding, as the finding's own places; a sign's finding where one fits."""
        if group is None or mention.finding is None:
            return ()
        if not group.places:
            home = FINDINGS[mention.finding].home
            return ((mention.finding, with_side(home, group.side), True),) if ANATOMIES[home.anatomy].paired else ()
        rows = []
        for place in group.places:
            if place.anatomy == "thorax" and fit_place(mention.finding, place) == FINDINGS[mention.finding].home:
                continue  # says nothing: "in the chest"
            place = with_side(place, side) if place.side is None and side else place
            name = sign_at(mention, place) or mention.finding
            fitted = fit_place(name, place)
            if fitted is not None:
                rows.append((name, fitted, True))
        return tuple(dict.fromkeys(rows))

    def shared(self, number: int, mention: Mention, links: list[Link]) -> Group | None:
        """The place of the finding before, where this one explains it ("likely", "versus") or is listed with it."""
        if number == 0 or not links:
            refers = (
                self.continues(mention)
                or self.words[0] in _REFERRING
                or not _BESIDE.isdisjoint(self.words[: mention.first])
                or self.words[:2] in (["the", "appearance"], ["the", "findings"])
            )
            return _group_of(self.context.places, 0) if refers and self.context.places else None
        if not self.shares(links[-1].mention, mention, links[-1]):
            return None
        source = self.source(mention, links)
        places = tuple(dict.fromkeys(place for link in source for _, place, stated in link.places if stated))
        group = source[-1].group
        home = FINDINGS[mention.finding or ""].home
        only_side = group is not None and not group.places and places and ANATOMIES[home.anatomy].paired
        if (home.anatomy == "pleural_space" and places) or only_side:
            return Group((), places[-1].side, source[-1].first, source[-1].last, (source[-1].first,))
        return _group_of(places, source[-1].first)

    def source(self, mention: Mention, links: list[Link]) -> list[Link]:
        """The links whose place a finding shares: one of its own family ("consistent with tension pneumothorax"), all
        that "findings" sums up, else the last.
        """
        for link in reversed(links):
            names = (link.places[0][0], mention.finding or "")
            if names[0] != names[1] and (is_a(*names) or is_a(*reversed(names))) and link.mention.polarity != "absent":
                return [link]
        summed = {"findings", "both", "changes"}.intersection(self.words[links[-1].last + 1 : mention.first])
        told = [link for link in links if link.mention.polarity != "absent" and link.mention.finding is not None]
        return told if summed and told else links[-1:]

    def sided(self, mention: Mention, places: tuple[Placed, ...], links: list[Link]) -> tuple[Placed, ...]:
        """A stated place without a side is on the side last spoken of ("right effusion with basal atelectasis").

        A bare part ("the base", "apical") is meant, not the whole lung or an organ.
        """
        if not links or any(place.side is not None for _, place, _ in places):
            return places
        last = links[-1]
        between = self.words[last.mention.last + 1 : mention.first]
        if "absent" in (last.mention.polarity, mention.polarity) or HARD_STOPS.intersection(between):
            return places
        sides = {place.side for _, place, _ in last.places}
        side = next(iter(sides)) if len(sides) == 1 else None
        if side not in ("left", "right") or ";" in between:
            return places
        return tuple(
            (name, with_side(place, side) if place.anatomy in w.SIDELESS_PARTS else place, stated)
            for name, place, stated in places
        )

    def continues(self, mention: Mention) -> bool:
        """Whether the sentence goes on from a semicolon with a doubt or an explanation: "...; likely atelectasis".

        The kind of what was told is an explanation, too: "left basal opacity; atelectasis".
        """
        if not self.context.goes_on:
            return False
        first = self.vicinity.parsed.entity_at(0)
        hedge = first is not None and (first.meaning("likely") or first.meaning("uncertain_before"))
        told = self.context.finding
        kind = mention.first == 0 and told not in (None, mention.finding) and is_a(mention.finding or "", told or "")
        return bool(hedge) or kind or not {"versus", "vs"}.isdisjoint(self.words)

    def shares(self, before: Mention, mention: Mention, link: Link) -> bool:
        """Whether the finding is told of the place of the one before it."""
        between = range(before.last + 1, mention.first)
        differential = before.polarity == mention.polarity == "uncertain"
        if any(self.words[i] in HARD_STOPS or self.words[i] == ";" for i in between):
            return differential
        entities = [self.vicinity.parsed.entity_at(i) for i in between]
        explains = any(e and (e.meaning("likely") or e.meaning("uncertain_before")) for e in entities)
        explains = explains or any(self.words[i] in _EXPLAINING or is_blank(self.words[i]) for i in between)
        explains = explains or mention.polarity == "uncertain"
        compound = before.last + 1 == mention.first  # "atelectatic opacities"
        commaless = not any(self.words[i] == "," for i in between)
        listed = commaless and self.vicinity.listed(before.last, mention.first)
        if mention.polarity == "absent":
            return before.polarity == "absent" and listed
        return explains or compound or listed or self.same_subject(link, mention) or self.joined(before, mention)

    def same_subject(self, link: Link, mention: Mention) -> bool:
        """ "The left base shows atelectasis and a small effusion": both are said of the base."""
        group = link.group
        if group is None or group.last >= link.first or mention.polarity == "absent":
            return False
        verb = any(self.words[i] in w.COPULAS for i in range(group.last + 1, link.first))
        between = self.words[link.last + 1 : mention.first]
        joined = bool(between) and between[0] in ("and", "with", ",")
        return verb and joined and not any(word in w.COPULAS for word in between)

    def joined(self, before: Mention, mention: Mention) -> bool:
        """ "Left basilar atelectasis and small effusion": the second is on the first's side, unless it has no side."""
        home = FINDINGS[mention.finding or ""].home
        if before.finding is None or FINDINGS[before.finding].kind == "device":
            return False
        between = self.words[before.last + 1 : mention.first]
        joined = bool(between) and between[0] in ("and", "with") and len(between) <= 4
        plain = not any(word in (*w.COPULAS, *w.PREPOSITIONS, ",", "no", "without") for word in between)
        return joined and plain and home.side is None and "absent" not in (mention.polarity, before.polarity)

    def echo(self, mention: Mention, links: list[Link]) -> Link | None:
        """ "The largest in the left lower lobe": at a place of its own, else at those of the finding it repeats."""
        before = self.vicinity.premodifier(mention.first)
        for group in (before, *self.vicinity.following(mention), self.vicinity.subject(mention)):
            places = self.resolve(mention, group, _only_side(before))
            if places:
                return Link(mention, places, group, mention.first, mention.last)
        if self.words[mention.first] in w.NEEDS_PLACE:
            return None
        last = next((link for link in reversed(links) if link.mention.finding == mention.finding), None)
        repeated = last.places if last else tuple((mention.finding or "", p, True) for p in self.context.places)
        return Link(mention, repeated, None, mention.first, mention.last) if repeated else None

    def on_label_side(self, link: Link) -> Link:
        """The link with the side of the paragraph's label ("LEFT LUNG: ...") where it has none."""
        if self.context.side is None:
            return link
        sided = tuple((name, on_label_side(place, self.context), stated) for name, place, stated in link.places)
        return replace(link, places=sided)

    def explained(self, links: list[Link]) -> list[Link]:
        """ "Reticular opacities in keeping with fibrosis at both bases": what is explained takes the place, too."""
        told = list(links)
        for number in range(len(told) - 2, -1, -1):
            link, after = told[number], told[number + 1]
            if any(stated for _, _, stated in link.places) or link.mention.finding is None or after.mention.echo:
                continue
            if "absent" in (link.mention.polarity, after.mention.polarity):
                continue
            between = range(link.last + 1, after.first)
            entities = [self.vicinity.parsed.entity_at(i) for i in between]
            explains = any(e and (e.meaning("likely") or e.meaning("uncertain_before")) for e in entities)
            if not explains or any(self.words[i] in HARD_STOPS or self.words[i] == ";" for i in between):
                continue
            places = tuple(place for _, place, stated in after.places if stated)
            fitted = self.resolve(link.mention, _group_of(places, after.first), None) if places else ()
            told[number] = replace(link, places=fitted) if fitted else link
        return told


def _only_side(group: Group | None) -> Side | None:
    return group.side if group is not None and not group.places else None


def _within_leading(places: tuple[Placed, ...], leading: Group | None) -> tuple[Placed, ...]:
    """ "Left lung: consolidation in the lower lobe": the part takes the whole's side."""
    if leading is None or len(leading.places) > 1 or any(place.side is not None for _, place, _ in places):
        return places
    whole = leading.places[0] if leading.places else Place(anatomy="thorax", side=leading.side)
    return tuple(
        (name, with_side(place, whole.side) if _is_part(place, whole) else place, stated)
        for name, place, stated in places
    )


def _is_whole_of(group: Group, others: tuple[Group, ...]) -> bool:
    """Whether another group says more exactly where in this one's places."""
    parts = [place for other in others if other is not group for place in other.places]
    return any(_is_part(part, place) and part.anatomy != place.anatomy for part in parts for place in group.places)


def _is_part(place: Place, whole: Place) -> bool:
    """Whether the one anatomy is part of the other, whatever the sides."""
    return is_part_of(place, Place(anatomy=whole.anatomy))


def _group_of(places: tuple[Place, ...], at: int) -> Group:
    """Places that were said elsewhere, for a mention that shares them."""
    return Group(places, None, at, at, tuple(at for _ in places))
