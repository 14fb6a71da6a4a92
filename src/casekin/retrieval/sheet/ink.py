"""Drawing words, chips and pictures with Pillow alone, at twice the final size so that edges come out smooth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from casekin.retrieval.sheet.crop import Picture
from casekin.retrieval.sheet.layers import map_layer, outline_layer
from casekin.retrieval.sheet.words import Piece

SCALE = 2
Colour = str | tuple[int, int, int]

PAGE, CARD, INK, SOFT, LINE = "#f4f5f7", "#ffffff", "#1a2027", "#55606d", "#d9dee5"
ACCENT, ACCENT_SOFT, MARK, MARK_INK = "#0b6470", "#e0f1f2", "#ffe9a8", "#3a2b00"
GOOD, GOOD_SOFT, CAUTION, CAUTION_SOFT = "#17643b", "#e0f3e7", "#7a4d00", "#fdf0d5"
BAD, BAD_SOFT, BAD_FAINT, OUTLINE = "#a11c23", "#fde6e4", "#fdf2f1", "#ffd24a"
# Pillow's built-in face (Aileron) has Latin letters only; what it lacks is shown by its nearest plain sign.
_PLAIN = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u2011": "-", "\u2010": "-", "\u00a0": " ", "\t": " ", "\n": " "}
)


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's built-in face at `size` final pixels."""
    return ImageFont.load_default(size * SCALE)


class Ink:
    """A canvas addressed in final pixels."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), ground)
        self._draw = ImageDraw.Draw(self.image)

    def finished(self, height: int) -> Image.Image:
        """The upper `height` pixels at final size."""
        cut = self.image.crop((0, 0, self.image.width, height * SCALE))
        return cut.resize((cut.width // SCALE, height), Image.Resampling.LANCZOS)

    def panel(
        self,
        box: tuple[float, float, float, float],
        *,
        fill: Colour | None,
        line: Colour | None = None,
        radius: int = 8,
    ) -> None:
        """A rounded rectangle, filled and/or outlined by one pixel."""
        corners = [value * SCALE for value in box]
        self._draw.rounded_rectangle(corners, radius=radius * SCALE, fill=fill, outline=line, width=SCALE)

    def words(self, at: tuple[float, float], text: str, *, size: int, fill: Colour = INK, bold: bool = False) -> float:
        """One line of text with its top left at `at`; gives its width."""
        shown = text.translate(_PLAIN)
        self._draw.text(
            (at[0] * SCALE, at[1] * SCALE),
            shown,
            font=font(size),
            fill=fill,
            stroke_width=0.35 * SCALE if bold else 0,
            stroke_fill=fill,
        )
        return width_of(text, size)

    def paragraph(
        self,
        at: tuple[float, float],
        pieces: Sequence[Piece],
        *,
        width: float,
        size: int,
        fill: Colour = INK,
        bold: bool = False,
    ) -> float:
        """Text wrapped to `width`, strong pieces marked; gives the y below it."""
        leading = size * 1.45
        x, y = at
        for line in _lines(pieces, width=width, size=size):
            x = at[0]
            for piece in line:
                length = width_of(piece.text, size)
                if piece.strong and piece.text.strip():
                    self.panel((x - 2, y - 1, x + length + 2, y + size * 1.2), fill=MARK, radius=3)
                self.words(
                    (x, y), piece.text, size=size, fill=MARK_INK if piece.strong else fill, bold=bold or piece.strong
                )
                x += length
            y += leading
        return y

    def labels(
        self,
        at: tuple[float, float],
        labels: Iterable[tuple[str, Colour, Colour | None]],
        *,
        width: float,
        size: int = 14,
    ) -> float:
        """Rounded labels `(text, ink, ground or None for an outline)` in rows; gives the y below them."""
        x, y = at
        high = size * 1.7
        for text, ink, ground in labels:
            shown = shortened(text, width - 20, size)
            length = width_of(shown, size) + 20
            if x > at[0] and x + length > at[0] + width:
                x, y = at[0], y + high + 6
            self.panel((x, y, x + length, y + high), fill=ground, line=LINE if ground is None else None, radius=7)
            self.words((x + 10, y + size * 0.2), shown, size=size, fill=ink)
            x += length + 6
        return y + high

    def picture(self, picture: Picture, at: tuple[float, float], size: tuple[int, int]) -> tuple[int, int]:
        """The picture fitted into `size` with its map and its region outlined; gives the width and height it takes."""
        rows, columns = picture.pixels.shape
        zoom = min(size[0] / columns, size[1] / rows)
        width, height = max(1, round(columns * zoom)), max(1, round(rows * zoom))
        fitted = Image.fromarray(picture.pixels).resize((width * SCALE, height * SCALE), Image.Resampling.LANCZOS)
        corners = Image.new("L", fitted.size, 0)
        ImageDraw.Draw(corners).rounded_rectangle((0, 0, *fitted.size), radius=7 * SCALE, fill=255)
        shown = fitted.convert("RGBA")
        for layer in (map_layer(picture, fitted.size), outline_layer(picture, fitted.size)):
            if layer is not None:
                shown.alpha_composite(layer)
        self.image.paste(shown.convert("RGB"), (round(at[0] * SCALE), round(at[1] * SCALE)), corners)
        if picture.mask is None and picture.box is not None:
            box = picture.box
            edges = (at[0] + box.x0 * zoom, at[1] + box.y0 * zoom, at[0] + box.x1 * zoom, at[1] + box.y1 * zoom)
            self._outline(edges)
        return width, height

    def _outline(self, edges: tuple[float, float, float, float]) -> None:
        scaled = [value * SCALE for value in edges]
        for colour, thick in (("#000000", 4), (OUTLINE, 2)):
            grow = (thick - 2) / 2 * SCALE
            grown = [scaled[0] - grow, scaled[1] - grow, scaled[2] + grow, scaled[3] + grow]
            self._draw.rectangle(grown, outline=colour, width=thick * SCALE)


def width_of(text: str, size: int) -> float:
    """Width of a line of text in final pixels."""
    return float(font(size).getlength(text.translate(_PLAIN))) / SCALE


def shortened(text: str, width: float, size: int) -> str:
    """The text, cut with an ellipsis where it is wider than `width`."""
    if width_of(text, size) <= width:
        return text
    keep = len(text)
    while keep > 1 and width_of(text[:keep] + "…", size) > width:
        keep -= max(1, keep // 20)
    return text[:keep].rstrip() + "…"


def _lines(pieces: Sequence[Piece], *, width: float, size: int) -> Iterator[list[Piece]]:
    """Break pieces at white space (inside a word only where it is wider than a line)."""
    line: list[Piece] = []
    used = 0.0
    for word in _words(pieces, width=width, size=size):
        length = width_of(word.text, size)
        if line and used + width_of(word.text.rstrip(), size) > width:
            yield line
            line, used = [], 0.0
            word = Piece(text=word.text.lstrip(), strong=word.strong)
            length = width_of(word.text, size)
        if line and line[-1].strong == word.strong:
            line[-1] = Piece(text=line[-1].text + word.text, strong=word.strong)
        else:
            line.append(word)
        used += length
    if line:
        yield line


def _words(pieces: Sequence[Piece], *, width: float, size: int) -> Iterator[Piece]:
    for piece in pieces:
        start = 0
        text = piece.text
        while start < len(text):
            end = text.find(" ", start)
            end = len(text) if end < 0 else end + 1
            while end - start > 1 and width_of(text[start:end].rstrip(), size) > width:
                end = start + max(1, (end - start) // 2)
            yield Piece(text=text[start:end], strong=piece.strong)
            start = end
