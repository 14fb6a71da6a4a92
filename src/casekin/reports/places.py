"""Side words and anatomies of a sentence → groups of sided places ("right upper and lower lobes" is a group of two)."""

from __future__ import annotations

from dataclasses import dataclass, field

from casekin.anatomy import ANATOMIES, is_part_of, parse_place
from casekin.errors import PlaceError
from casekin.reports import words as w
from casekin.reports.entities import Entity, Parsed
from casekin.types import Place, Side

_STARTERS = w.ZONE_PREFIXES | w.COMPARATIVES
_SIDES = {"left": "left", "right": "right", "l": "left", "r": "right"}
_LOBES = {"upper": "upper_lobe", "middle": "middle_lobe", "lower": "lower_lobe"}
_COMPARING = frozenset(
    (
        "than",
        "then",
        "the",
        "on",
        "side",
        "sided",
        "is",
        "slightly",
        "somewhat",
        "much",
        "far",
        "bit",
        "a",
        "in",
        "size",
    )
)
_LIST_REACH = 9  # tokens after a comma within which a list of places has its "and"
_LIST_ENDS = w.COPULAS | {".", ";", "with", "no", "clear"}
_ZONE_HEADS = ("zone", "zones", "field", "fields")
_HEADS = ("lobe", "lobes", "lung", "lungs", *_ZONE_HEADS)
_HEAD_WORDS = (
    "lobes",
    "lobe",
    "lung zones",
    "lung zone",
    "lung fields",
    "lung field",
    "lungs",
    "lung",
    "zones",
    "zone",
)


@dataclass(frozen=True, slots=True)
class Group:
    """Coordinated places over tokens `[first, last]`; `places` is empty and `side` set where only a side is said.

    `starts` holds the first token of each place, so that a group can be divided between two findings.
    """

    places: tuple[Place, ...]
    side: Side | None
    first: int
    last: int
    starts: tuple[int, ...]


@dataclass(slots=True)
class _Open:
    """A group while it grows: sides and zone words that wait for their anatomy."""

    places: list[Place] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    sides_at: int = -1
    prefixes: list[tuple[str, Side | None]] = field(default_factory=list)
    first: int = -1
    last: int = -1
    of: bool = False
    within: bool = False
    on: bool = False

    def follows(self, at: int) -> bool:
        """Whether the token stands right behind a place of the group: "the right lung lower zone"."""
        return bool(self.places) and not self.prefixes and at == self.last + 1

    def reach(self, first: int, last: int) -> None:
        self.first = first if self.first < 0 else self.first
        self.last = last


def find_groups(parsed: Parsed) -> tuple[Group, ...]:
    """Groups in sentence order; they don't overlap. Comparisons ("right greater than left") become bilateral."""
    groups: list[Group] = []
    open_group = _Open()
    at = 0
    while at < len(parsed.tokens):
        word = parsed.tokens[at].word
        if open_group.first < 0 and parsed.covering[at] < 0 and word not in _STARTERS:
            at += 1  # most words can't begin a group
            continue
        compared = _comparison_end(parsed, at) if word in _SIDES or word in w.COMPARATIVES else None
        if compared is not None:
            _close(groups, open_group)
            groups.append(Group((), "bilateral", at, compared, (at,)))
            open_group, at = _Open(), compared + 1
            continue
        entity = parsed.entity_at(at)
        step = _grow(parsed, open_group, entity, at)
        if step == 0:
            _close(groups, open_group)
            open_group = _Open()
            at = at + 1 if entity is None else entity.last + 1
        else:
            at += step
    _close(groups, open_group)
    return tuple(groups)


def _grow(parsed: Parsed, group: _Open, entity: Entity | None, at: int) -> int:
    """Take the token into the group and return how many tokens were taken; 0 when the group ends before it."""
    word = parsed.tokens[at].word
    side = entity.meaning("side") if entity else None
    if entity is not None and side is not None and (word not in ("l", "r", "b") or _short_side_fits(parsed, at)):
        return _take_side(group, side.value, at, entity.last)
    if word in ("either", "each", "neither") and _names_anatomy(parsed, at + 1):
        return _take_side(group, "bilateral", at, at)  # "in either lung"
    anatomy = entity.meaning("anatomy") if entity else None
    if anatomy is not None and entity is not None and not entity.meaning("finding"):
        if word in w.ZONE_PREFIXES and entity.first == entity.last and _is_zone_prefix(parsed, at):
            _take_prefix(group, word, at)
            return 1
        _take_anatomy(parsed, group, entity, anatomy.value, anatomy.side)
        return entity.last - entity.first + 1
    if word in w.ZONE_PREFIXES and _is_zone_prefix(parsed, at):
        _take_prefix(group, word, at)
        return 1
    if word in _LOBES and parsed.tokens[at + 1 : at + 2] and parsed.tokens[at + 1].word == "lobectomy":
        group.places.append(_place(_LOBES[word], _side_of(group.sides)))  # "left upper lobectomy"
        group.starts.append(at if not group.sides else group.sides_at)
        group.sides = []
        group.reach(group.starts[-1], at)
        return 1
    if word == "of" and group.places:
        group.of = True
        return 1
    if word == "on" and group.places and group.places[-1].side is None and _on_side(parsed, at):
        group.on = True
        return 2 if parsed.tokens[at + 1].word == "the" else 1  # "the lung on the right"
    if word == "," and not _lists_on(parsed, at):
        return 0  # "LLL collapse, RLL clear"
    waiting = bool(group.sides or group.prefixes)
    if word in w.DESCRIPTORS or word in w.ARTICLES or (waiting and word[0].isdecimal()):
        return 1 if group.first >= 0 else 0
    if group.first >= 0 and (word in w.CONNECTORS or word in (",", "in", "within", "at") or _is_as_well_as(parsed, at)):
        group.of = False
        group.within = word in ("in", "within", "at") or (group.within and bool(group.prefixes))
        return 3 if word == "as" else 1
    return 0


def _names_anatomy(parsed: Parsed, at: int) -> bool:
    entity = parsed.entity_at(at)
    return entity is not None and entity.meaning("anatomy") is not None


def _on_side(parsed: Parsed, at: int) -> bool:
    """Whether "on" at `at` joins a side to the anatomy right before it."""
    step = 2 if at + 1 < len(parsed.tokens) and parsed.tokens[at + 1].word == "the" else 1
    entity = parsed.entity_at(at + step)
    side = entity.meaning("side") if entity is not None else None
    return side is not None and side.value in ("left", "right") and not _names_anatomy(parsed, at + step + 1)


def _lists_on(parsed: Parsed, at: int) -> bool:
    """Whether the comma at `at` is one of a list of places ("and" or "or" follows), or a part of the last follows."""
    following = [token.word for token in parsed.tokens[at + 1 : at + _LIST_REACH]]
    end = next((i for i, word in enumerate(following) if word in _LIST_ENDS), len(following))
    if any(word in ("and", "or", "&", "nor", "/") for word in following[:end]):
        return True
    return following[:1] != [] and following[0] in ("in", "within", "at")


def _take_side(group: _Open, side: str, at: int, last: int) -> int:
    joined = at == group.last + 1 or group.on
    group.on = False
    unsided = bool(group.places) and group.places[-1].side in (None, "bilateral")
    if joined and unsided and ANATOMIES[group.places[-1].anatomy].paired:  # "lungs bilaterally"
        group.places[-1] = _place(group.places[-1].anatomy, side)
        group.places = [_place(p.anatomy, side) if p.side is None else p for p in group.places]  # "hila and lungs ..."
        group.last = last
        return last - at + 1
    group.sides_at = at if not group.sides else group.sides_at
    group.sides.append(side)  # type: ignore[arg-type]
    if group.first < 0:
        group.first = at
    return last - at + 1


def _take_prefix(group: _Open, word: str, at: int) -> None:
    """A zone word that waits for its head takes the sides said before it; the next one inherits them."""
    group.within |= group.follows(at)
    side = _side_of(group.sides) or (group.prefixes[-1][1] if group.prefixes else None)
    group.prefixes.append((word, side))
    group.sides = []
    group.reach(at, at)


def _close(groups: list[Group], group: _Open) -> None:
    """Emit the group's places, and the sides that found no anatomy as a group of their own."""
    if group.places:
        groups.append(Group(tuple(group.places), None, group.first, group.last, tuple(group.starts)))
    side = _side_of(group.sides)
    if side is not None:
        groups.append(Group((), side, group.sides_at, group.sides_at + len(group.sides) - 1, (group.sides_at,)))


def _take_anatomy(parsed: Parsed, group: _Open, entity: Entity, name: str, implied: str | None) -> None:
    words = " ".join(token.word for token in parsed.tokens[entity.first : entity.last + 1])
    own = _side_of(group.sides) or (group.prefixes[-1][1] if group.prefixes else None)
    if group.of and group.places and name == "thorax":  # "the bones of the thorax"
        group.reach(entity.first, entity.last)
        return
    if group.of and group.places and _within(group.places[-1], name):  # "base of the left lung": one place
        for number, inner in enumerate(group.places):  # "upper and lower lobes of the left lung": both
            if _within(inner, name) and (inner.side is None or number == len(group.places) - 1):
                group.places[number] = _place(inner.anatomy, own or inner.side or implied)
    elif (group.within or group.follows(entity.first)) and group.places and _refines(group.places[-1], name, own):
        # "in the left lung, at the base", "both lung mid lower zones"
        whole, start = group.places.pop(), group.starts.pop()
        parts = [_prefixed(prefix, words, own or whole.side) for prefix, _ in group.prefixes]
        for place in [*parts, _place(name, own or whole.side)]:
            if place is not None:
                group.places.append(place)
                group.starts.append(start)
    else:
        inherited = _inherited(group, implied)
        for prefix, side in group.prefixes:
            place = _prefixed(prefix, words, side or own or inherited)
            if place is not None:
                group.places.append(place)
                group.starts.append(group.first)
        group.starts.append(entity.first if not group.sides else _side_start(parsed, entity.first))
        group.places.append(_place(name, own or inherited or implied))
    group.reach(entity.first, entity.last)
    group.sides, group.prefixes, group.of, group.within = [], [], False, False


def _inherited(group: _Open, implied: str | None) -> Side | None:
    """ "right upper lobe and lower lobe": the second takes the first's side, unless it has one or is plural."""
    if implied is None and group.places and not group.sides:
        side = group.places[-1].side
        return side if side in ("left", "right") else None
    return None


def _side_start(parsed: Parsed, first: int) -> int:
    at = first
    while at > 0:
        entity = parsed.entity_at(at - 1)
        word = parsed.tokens[at - 1].word
        if not (word in w.DESCRIPTORS or word in w.ZONE_PREFIXES or (entity is not None and entity.meaning("side"))):
            break
        at -= 1
    return at


def _within(part: Place, whole: str) -> bool:
    return part.anatomy != whole and is_part_of(part, Place(anatomy=whole))


def _refines(whole: Place, part: str, side: Side | None) -> bool:
    """Whether the anatomy says more exactly where in the place before it."""
    smaller = part != whole.anatomy and is_part_of(Place(anatomy=part), Place(anatomy=whole.anatomy))
    return smaller and side in (None, whole.side)


def _side_of(sides: list[Side]) -> Side | None:
    if not sides:
        return None
    return "bilateral" if "bilateral" in sides or {"left", "right"} <= set(sides) else sides[-1]


def _place(name: str, side: str | None) -> Place:
    """The place, with a side dropped where the anatomy has none; "left chest" is the left hemithorax."""
    if name == "thorax" and side in ("left", "right"):
        name = "hemithorax"
    node = ANATOMIES[name]
    if not node.paired or side == "midline":
        side = None
    return Place(anatomy=name, side=node.only or side)  # type: ignore[arg-type]


def _prefixed(prefix: str, anatomy_words: str, side: Side | None) -> Place | None:
    """ "upper" of "upper and lower lobes": the zone word joined with the head of the anatomy that follows."""
    head = next((head for head in _HEAD_WORDS if anatomy_words == head or anatomy_words.endswith(" " + head)), None)
    if head is None:
        return None
    try:
        place = parse_place(f"{prefix} {head.removesuffix('s')}")
    except PlaceError:
        return None
    return _place(place.anatomy, side or place.side)


def _is_zone_prefix(parsed: Parsed, at: int) -> bool:
    """Whether a zone word is followed by a connector and then an anatomy with the same kind of head."""
    following = [token.word for token in parsed.tokens[at + 1 : at + 7]]
    if following and following[0] in w.ZONE_PREFIXES:  # "mid lower zones"
        return _is_headed(parsed, at + 1, _ZONE_HEADS)
    if not following or following[0] not in (*w.CONNECTORS, ",", "-"):
        return False
    entity = next((parsed.entity_at(i) for i in range(at + 2, at + 7) if _is_headed(parsed, i)), None)
    return entity is not None


def _is_headed(parsed: Parsed, at: int, heads: tuple[str, ...] = _HEADS) -> bool:
    entity = parsed.entity_at(at)
    if entity is None or not entity.meaning("anatomy"):
        return False
    return parsed.tokens[entity.last].word in heads


def _short_side_fits(parsed: Parsed, at: int) -> bool:
    following = parsed.entity_at(at + 1)
    if at + 1 < len(parsed.tokens) and parsed.tokens[at + 1].word in w.ZONE_PREFIXES:
        return True  # "R mid and lower zones"
    if [token.word for token in parsed.tokens[at + 1 : at + 3] if token.word != ","][:1] in (["none"], ["nil"]):
        return True  # "L none"
    before, after = parsed.entity_at(at - 1), parsed.tokens[at + 1].word if at + 1 < len(parsed.tokens) else "."
    if (
        before is not None
        and before.meaning("finding")
        and (after in (".", ",", ";", ")", "+") or following is not None)
    ):
        return parsed.tokens[at].word != "b" or after in (".", ",", ";", ")")  # "EFF L", "PTX R, small"
    return following is not None and (
        following.meaning("anatomy") is not None or following.meaning("finding") is not None
    )


def _is_as_well_as(parsed: Parsed, at: int) -> bool:
    return [token.word for token in parsed.tokens[at : at + 3]] == ["as", "well", "as"]


def _comparison_end(parsed: Parsed, at: int) -> int | None:
    """Last token of "right greater than left", "left > right", "R>L", starting at `at`; None where there is none."""
    words = [token.word for token in parsed.tokens[at : at + 9]]
    if words[0] in w.COMPARATIVES:
        return _compared_sides(words, at)
    compared = False
    for offset, word in enumerate(words[1:], 1):
        if word in w.COMPARATIVES:
            compared = True
        elif compared and word in _SIDES and _SIDES[word] != _SIDES[words[0]]:
            return at + offset
        elif word not in _COMPARING:
            return None
    return None


def _compared_sides(words: list[str], at: int) -> int | None:
    """Last token of "larger on the left than on the right", starting at its comparative."""
    if "than" not in words:
        return None
    sides = [offset for offset, word in enumerate(words) if word in _SIDES]
    fits = len(sides) == 2 and sides[0] < words.index("than") < sides[1] and sides[0] <= 4
    return at + sides[1] if fits and _SIDES[words[sides[0]]] != _SIDES[words[sides[1]]] else None
