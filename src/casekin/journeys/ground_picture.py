"""Phrases on their image as a picture: a panel each, the map laid over the film, the words shaded by their share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.journeys.ground import Grounding, ShownPhrase
from casekin.models.geometry import Array
from casekin.retrieval.sheet.ink import CARD, INK, LINE, PAGE, SCALE, SOFT, Ink, width_of

_PANEL, _GAP, _COLUMNS = 400, 24, 3
_TEXT_ROOM = 118
_COOL, _WARM = np.array([255, 210, 74]), np.array([214, 40, 40])
_STRONGEST = 0.6
"""Share of the colour where the map is 1; the film stays visible below."""
_SIZE, _LEADING = 17, 26


def draw_grounding(grounding: Grounding) -> Image.Image:
    """Panels in rows of three: the film with what lies above 0 coloured (yellow at 0 to red at 1), and the phrase.

    The colour of a value is the same in every picture.
    """
    rows, columns = grounding.picture.shape
    height = round(_PANEL * min(1.4, rows / columns))
    step = height + _TEXT_ROOM + _GAP
    across = min(_COLUMNS, len(grounding.phrases))
    down = -(-len(grounding.phrases) // _COLUMNS)
    ink = Ink(_GAP + across * (_PANEL + _GAP), _GAP + down * step, PAGE)
    for number, phrase in enumerate(grounding.phrases):
        at = (_GAP + number % _COLUMNS * (_PANEL + _GAP), _GAP + number // _COLUMNS * step)
        ink.panel((*at, at[0] + _PANEL, at[1] + height + _TEXT_ROOM), fill=CARD, line=LINE)
        _paste(ink, lay_over(grounding.picture, phrase.heat), at, (_PANEL, height))
        _phrase(ink, phrase, (at[0] + 12, at[1] + height + 10))
    return ink.finished(_GAP + down * step)


def lay_over(picture: NDArray[np.uint8], heat: Array) -> NDArray[np.uint8]:
    """The grey picture in colour `(rows, columns, 3)` uint8, tinted where the map is above 0."""
    strength = np.clip(heat, 0.0, 1.0)[:, :, None]
    colour = _COOL + (_WARM - _COOL) * strength
    share = np.where(strength > 0, 0.15 + (_STRONGEST - 0.15) * strength, 0.0)
    mixed = picture[:, :, None] * (1 - share) + colour * share
    return np.asarray(np.round(mixed), dtype=np.uint8)


def _paste(ink: Ink, pixels: NDArray[np.uint8], at: tuple[float, float], room: tuple[int, int]) -> None:
    """Fit the coloured picture into the room, in its middle."""
    rows, columns = pixels.shape[:2]
    zoom = min(room[0] / columns, room[1] / rows)
    width, height = max(1, round(columns * zoom)), max(1, round(rows * zoom))
    fitted = Image.fromarray(pixels).resize((width * SCALE, height * SCALE), Image.Resampling.LANCZOS)
    x, y = at[0] + (room[0] - width) / 2, at[1] + (room[1] - height) / 2
    ink.image.paste(fitted, (round(x * SCALE), round(y * SCALE)))


def _phrase(ink: Ink, phrase: ShownPhrase, at: tuple[float, float]) -> None:
    """The words, shaded by their share of the map; below them the greatest value."""
    x, y = at
    text = phrase.grounded.condition.text
    most = max((word.share for word in phrase.grounded.words), default=0.0)
    right = at[0] + _PANEL - 24
    for word in phrase.grounded.words:
        length = width_of(word.word, _SIZE)
        if x + length > right and x > at[0]:
            x, y = at[0], y + _LEADING
        if y > at[1] + 2 * _LEADING:
            break
        ink.panel((x - 3, y - 2, x + length + 3, y + _SIZE * 1.25), fill=_shade(word.share / most if most else 0.0))
        ink.words((x, y), word.word, size=_SIZE, fill=INK)
        following = text[word.end : word.end + 1]
        x += length + width_of(following if following in ",.;:" else "", _SIZE) + 9
    seen = f"most {phrase.heat.max():+.2f}" if phrase.grounded.condition.asked else "not understood"
    ink.words((at[0], at[1] + 3 * _LEADING), seen, size=14, fill=SOFT)


def _shade(share: float) -> tuple[int, int, int]:
    white = np.array([255, 255, 255])
    red, green, blue = (int(v) for v in np.round(white + (_COOL - white) * share))
    return red, green, blue
