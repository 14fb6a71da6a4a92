"""The evidence sheet as a picture: header, then a card for each of the first hits."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from casekin.retrieval.sheet.ink import (
    ACCENT,
    ACCENT_SOFT,
    BAD,
    BAD_FAINT,
    BAD_SOFT,
    CARD,
    CAUTION,
    CAUTION_SOFT,
    GOOD,
    GOOD_SOFT,
    INK,
    LINE,
    PAGE,
    SOFT,
    Colour,
    Ink,
    shortened,
    width_of,
)
from casekin.retrieval.sheet.layers import MAP_COLOUR, MOST_OPAQUE
from casekin.retrieval.sheet.parts import Card, Chip, Pair, Seen, SheetView, Statement
from casekin.retrieval.sheet.words import MAP_WORDS, SEEN_WORDS, Piece

WIDTH = 1400
MOST_HITS = 5
_MARGIN = 40
_PAD = 26
_TALLEST = 2400  # drawing height of one card; what a report says beyond it is cut
_PART_COLOURS = {"global": "#5b7083", "region": "#0b7a88", "facts": "#8a4fbe", "text": "#b0590a"}
_TONES: dict[str, tuple[Colour, Colour]] = {
    "good": (GOOD, GOOD_SOFT),
    "caution": (CAUTION, CAUTION_SOFT),
    "bad": (BAD, BAD_SOFT),
    "plain": (INK, LINE),
}
_CROP, _GAP = 312, 14
_WHOLE = (170, 312)
_TEXT_X = _MARGIN + _PAD + 2 * _CROP + _WHOLE[0] + 2 * _GAP + 30


def draw_sheet(view: SheetView) -> Image.Image:
    """The sheet, `WIDTH` pixels wide, with at most `MOST_HITS` cards."""
    cards = view.cards[:MOST_HITS]
    strips = [_header(view), *(_card(card) for card in cards)]
    strips.append(_footer(view, shown=len(cards)))
    sheet = Image.new("RGB", (WIDTH, sum(strip.height for strip in strips)), PAGE)
    y = 0
    for strip in strips:
        sheet.paste(strip, (0, y))
        y += strip.height
    return sheet


def _header(view: SheetView) -> Image.Image:
    ink = Ink(WIDTH, _TALLEST, PAGE)
    text_width = WIDTH - 2 * _MARGIN
    picture_bottom = 0.0
    if view.picture is not None:
        room = (380, 400)
        rows, columns = view.picture.pixels.shape
        shown = round(columns * min(room[0] / columns, room[1] / rows))
        x = WIDTH - _MARGIN - shown
        _, height = ink.picture(view.picture, (x, 36), room)
        picture_bottom = 36 + height + 10
        text_width = x - _MARGIN - 48
    brand = ink.words((_MARGIN, 34), "casekin", size=19, fill=ACCENT, bold=True)
    ink.words((_MARGIN + brand + 8, 34), "evidence sheet", size=19, fill=SOFT)
    title = f"Cases alike at the {view.region}" if view.region else "Cases alike"
    y = ink.paragraph((_MARGIN, 74), [Piece(text=title)], width=text_width, size=34, bold=True)
    colour, ground = _TONES[view.tone]
    y = ink.labels((_MARGIN, y + 4), [(view.verdict, colour, ground)], width=text_width, size=16) + 10
    if view.reason:
        y = ink.paragraph((_MARGIN, y), [Piece(text=view.reason)], width=text_width, size=16) + 8
    for label, words in (*view.question, *view.versions):
        ink.words((_MARGIN, y), label[:1].upper() + label[1:], size=16, fill=SOFT)
        y = ink.paragraph((_MARGIN + 108, y), [Piece(text=words)], width=text_width - 108, size=16)
    y += 12
    notice = f"{view.notice} Pictures show the patient's right on the left."
    below = ink.paragraph((_MARGIN + 14, y), [Piece(text=notice)], width=text_width - 14, size=15, fill=SOFT)
    ink.panel((_MARGIN, y - 2, _MARGIN + 3, below - 4), fill=CAUTION, radius=1)
    if view.has_maps:
        below = _legend(ink, below + 14, text_width)
    if not view.cards:
        below += 20
        ink.panel((_MARGIN, below, WIDTH - _MARGIN, below + 90), fill=CARD, line=LINE, radius=12)
        ink.words((_MARGIN + _PAD, below + 34), "No case of this archive answers the question.", size=18, fill=SOFT)
        below += 90
    return ink.finished(min(_TALLEST, round(max(below, picture_bottom) + 24)))


def _legend(ink: Ink, y: float, width: float) -> float:
    """The map's one scale, on the black of a film, and what it says."""
    steps = 60
    for step in range(steps):
        opaque = MOST_OPAQUE * step / (steps - 1)
        shade = tuple(round(part * opaque) for part in MAP_COLOUR)
        ink.panel(
            (_MARGIN + 2.5 * step, y, _MARGIN + 2.5 * step + 3, y + 12), fill=(shade[0], shade[1], shade[2]), radius=0
        )
    ink.words((_MARGIN, y + 15), "0", size=13, fill=SOFT)
    ink.words((_MARGIN + 2.5 * steps - 6, y + 15), "1", size=13, fill=SOFT)
    return ink.paragraph((_MARGIN + 175, y - 4), [Piece(text=MAP_WORDS)], width=width - 175, size=14, fill=SOFT)


def _card(card: Card) -> Image.Image:
    """Draw the card's content once to learn its height, then again on its panel."""
    height = _draw_card(Ink(WIDTH, _TALLEST, CARD), card)
    height = min(height, _TALLEST - 60)
    ink = Ink(WIDTH, height + 20, PAGE)
    ink.panel((_MARGIN, 0, WIDTH - _MARGIN, height), fill=CARD, line=LINE, radius=14)
    _draw_card(ink, card)
    return ink.finished(height + 20)


def _draw_card(ink: Ink, card: Card) -> int:
    head = _card_head(ink, card)
    left = _card_pictures(ink, card, head + 18)
    x = _MARGIN + _PAD if card.whole is None else _TEXT_X
    right = _card_words(ink, card, x, head + 16)
    return round(max(left, right) + _PAD)


def _card_head(ink: Ink, card: Card) -> int:
    left, right = _MARGIN + _PAD, WIDTH - _MARGIN - _PAD
    ink.panel((left, 20, left + 42, 62), fill=ACCENT_SOFT, radius=21)
    rank = str(card.rank)
    ink.words((left + 21 - width_of(rank, 19) / 2, 29), rank, size=19, fill=ACCENT, bold=True)
    bar = 400
    ink.words((left + 60, 20), shortened(card.case_id, right - bar - left - 100, 19), size=19, bold=True)
    more = f"{card.also} more {'case' if card.also == 1 else 'cases'} of this patient" if card.also else ""
    meta = " · ".join(filter(None, (card.meta, more)))
    ink.words((left + 60, 45), shortened(meta, right - bar - left - 100, 15), size=15, fill=SOFT)
    x = right - bar
    score = ink.words((x, 16), f"{card.score:.3f}", size=19, bold=True)
    sure = "" if card.confidence is None else f" · confidence {card.confidence:.2f}"
    ink.words((x + score + 8, 19), f"score{sure}", size=15, fill=SOFT)
    ink.panel((x, 42, right, 51), fill=LINE, radius=4)
    start = float(x)
    legend = x
    for part in card.parts:
        length = bar * part.percent / 100.0
        if length >= 1.0:
            ink.panel((start, 42, start + length, 51), fill=_PART_COLOURS[part.name], radius=2)
        start += length
        ink.panel((legend, 61, legend + 9, 70), fill=_PART_COLOURS[part.name], radius=2)
        legend += 14 + round(ink.words((legend + 14, 56), f"{part.name} {part.value:.3f}", size=13, fill=SOFT)) + 14
    ink.panel((_MARGIN + 1, 82, WIDTH - _MARGIN - 1, 83), fill=LINE, radius=0)
    return 83


def _card_pictures(ink: Ink, card: Card, top: int) -> float:
    """Pairs below one another, the whole image beside the first."""
    if card.whole is None:
        return top
    left, y = _MARGIN + _PAD, float(top)
    for pair in card.pairs:
        y = _pair(ink, pair, left, y)
    x = left + 2 * (_CROP + _GAP) if card.pairs else left
    _, height = ink.picture(card.whole, (x, top), _WHOLE if card.pairs else (2 * _CROP, 420))
    ink.words((x, top + height + 7), "Whole image", size=14, fill=SOFT)
    return max(y, top + height + 30)


def _pair(ink: Ink, pair: Pair, left: int, top: float) -> float:
    x, bottom = left, top
    for picture, of in ((pair.query, "Query"), (pair.hit, "This case")):
        if picture is not None:
            _, height = ink.picture(picture, (x, round(top)), (_CROP, _CROP))
            caption = [Piece(text=f"{of} · {pair.region}")]
            bottom = max(bottom, ink.paragraph((x, top + height + 7), caption, width=_CROP, size=14, fill=SOFT))
            x += _CROP + _GAP
    if pair.seen:
        ink.words((left, bottom + 2), SEEN_WORDS, size=14, fill=SOFT)
        bottom += 22
    for title, found in pair.seen:
        ink.words((left, bottom + 2), title, size=14, fill=SOFT)
        words = [Piece(text=", ".join(map(_seen_words, found)))]
        bottom = ink.paragraph((left + 104, bottom + 2), words, width=2 * _CROP + _GAP - 104, size=14)
    if pair.note:
        note = pair.note if pair.has_map else f"No map: {pair.note}"
        bottom = ink.paragraph((left, bottom + 2), [Piece(text=note)], width=2 * _CROP + _GAP, size=14, fill=SOFT)
    return bottom + 12


def _seen_words(one: Seen) -> str:
    return f"{one.finding} {one.query:.2f} | {one.hit:.2f}"


def _card_words(ink: Ink, card: Card, x: int, y: float) -> float:
    width = WIDTH - _MARGIN - _PAD - x
    if card.contradictions:
        y = _against(ink, card.contradictions, x, y, width) + 18
    if card.matched:
        ink.words((x, y), "Its report agrees", size=14, fill=GOOD, bold=True)
        y = _statements(ink, card.matched, x, y + 26, width, warning=False) + 6
    if card.denied:
        ink.words((x, y), "Its report denies what the model reads", size=14, fill=CAUTION, bold=True)
        y = _statements(ink, card.denied, x, y + 26, width, warning=False) + 6
    said = card.matched or card.denied
    if card.evidence or not said:
        says = "Its report also says" if said else "Its report says"
        ink.words((x, y), f"{says} there" if card.region else says, size=14, fill=SOFT)
        y += 26
    if not card.evidence and not said:
        nothing = f"Nothing is stated there{'; the match is by image alone' if card.by_image_alone else ''}."
        y = ink.paragraph((x, y), [Piece(text=nothing)], width=width, size=16, fill=SOFT)
    y = _statements(ink, card.evidence, x, y, width, warning=False)
    for title, chips in (("Only in the question", card.only_in_query), ("Only in this case", card.only_in_case)):
        if chips:
            ink.words((x, y + 6), title, size=14, fill=SOFT)
            y = ink.labels((x, y + 30), [(_chip_words(chip), SOFT, None) for chip in chips], width=width) + 8
    if card.excerpt:
        ink.words((x, y + 6), "Report", size=14, fill=SOFT)
        y = ink.paragraph((x, y + 30), [Piece(text=" ".join(card.excerpt))], width=width, size=15, fill=SOFT)
    return y


def _against(ink: Ink, statements: Sequence[Statement], x: int, y: float, width: float) -> float:
    """Contradictions on a panel of their own; measured first, because the panel lies below the words."""
    inner = width - 28
    below = _statements(Ink(WIDTH, _TALLEST, CARD), statements, x + 16, y + 36, inner, warning=True)
    ink.panel((x, y, x + width, below), fill=BAD_FAINT, radius=9)
    ink.panel((x, y, x + 4, below), fill=BAD, radius=2)
    ink.words((x + 16, y + 9), "Contradicts the question", size=14, fill=BAD, bold=True)
    return _statements(ink, statements, x + 16, y + 36, inner, warning=True)


def _statements(ink: Ink, statements: Sequence[Statement], x: float, y: float, width: float, *, warning: bool) -> float:
    for said in statements:
        y = (
            ink.labels((x, y), [(_chip_words(chip), *_chip_colours(chip, warning)) for chip in said.chips], width=width)
            + 8
        )
        if said.quote:
            quote = [Piece(text="“"), *said.quote, Piece(text="”")]
            y = ink.paragraph((x, y), quote, width=width, size=17)
        y += 8
    return y


def _chip_words(chip: Chip) -> str:
    stated = chip.polarity if chip.severity is None else f"{chip.polarity}, {chip.severity}"
    return f"{chip.finding} · {chip.place} · {stated}"


def _chip_colours(chip: Chip, warning: bool) -> tuple[Colour, Colour | None]:
    if warning:
        return BAD, BAD_SOFT
    return {"present": (ACCENT, ACCENT_SOFT), "uncertain": (CAUTION, CAUTION_SOFT)}.get(chip.polarity, (SOFT, None))


def _footer(view: SheetView, *, shown: int) -> Image.Image:
    ink = Ink(WIDTH, 48, PAGE)
    left = len(view.cards) - shown
    more = f"{left} more {'hit' if left == 1 else 'hits'} not drawn. " if left > 0 else ""
    ink.words((_MARGIN, 6), f"{more}{view.notice}", size=14, fill=SOFT)
    return ink.finished(48)
