"""From sentences to the ids of word pieces, and from pieces back to words of the text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.errors import DependencyError, ModelError
from casekin.models.text.protocol import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """One sentence: `ids` of its pieces, special ones included; for each the number of its word in `spans`, or None."""

    ids: tuple[int, ...]
    words: tuple[int | None, ...]
    spans: tuple[Span, ...]


class PieceReader:
    """A `tokenizer.json` in the format of the `tokenizers` package, cut at `max_tokens` pieces.

    Raises:
        DependencyError: the package isn't installed.
        ModelError: the file is missing or no tokenizer.
    """

    def __init__(self, path: Path, *, max_tokens: int) -> None:
        try:
            from tokenizers import Tokenizer
        except ModuleNotFoundError as error:
            raise DependencyError("text is cut into word pieces by a package; pip install 'casekin[text]'") from error
        try:
            self._tokenizer: Any = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:  # tokenizers raises the bare Exception for files it can't read
            raise ModelError(f"{path.name} of {path.parent.name} is no tokenizer; fetch it again") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def read(self, sentence: str, *, prefix: str = "") -> Pieces:
        """The pieces of a sentence behind a prefix; words are numbered as they come, those of the prefix left out.

        White space at either end of a word is no part of it.
        """
        encoded = self._tokenizer.encode(prefix + sentence)
        numbers: dict[int, int] = {}
        words: list[int | None] = []
        spans: list[Span] = []
        for word, (start, end) in zip(encoded.word_ids, encoded.offsets, strict=True):
            if word is None or end <= len(prefix):
                words.append(None)
                continue
            number = numbers.setdefault(word, len(spans))
            spans[number : number + 1] = [(spans[number][0] if number < len(spans) else start, end)]
            words.append(number)
        shift = len(prefix)
        stripped = [_stripped(prefix + sentence, span) for span in spans]
        return Pieces(
            ids=tuple(encoded.ids), words=tuple(words), spans=tuple((a - shift, b - shift) for a, b in stripped)
        )


def _stripped(text: str, span: Span) -> Span:
    """The span without white space at either end (some tokenizers count the blank before a word to it)."""
    start, end = span
    word = text[start:end]
    return start + len(word) - len(word.lstrip()), end - (len(word) - len(word.rstrip()))
