"""A word-piece vocabulary of report language, learned here: the library's own trainers break ties by chance."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from casekin.errors import DependencyError

PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
_INSIDE = "##"  # WordPiece's mark of a piece that doesn't begin its word
_LETTERS = 80
"""Signs kept at most, the most frequent ones; a word with another is unknown."""


def train_tokenizer(sentences: Iterable[str], *, vocabulary: int) -> str:
    """The tokenizer's JSON: lower case without accents, digits one by one, words and signs apart, then word pieces.

    A number is spelled by its digits, so that no figure is unknown; hyphens and slashes are words of their own ("w/",
    "right-sided"). Pieces are merges of the most frequent neighbors (Sennrich et al., 1508.07909), ties by
    alphabet, and are matched longest first. The same sentences in any order give the same bytes.

    Raises:
        DependencyError: the `text` extra isn't installed.
    """
    try:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    except ModuleNotFoundError as error:
        raise DependencyError("tokenizers are made by a package; pip install 'casekin[text]'") from error
    normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()])
    splitter = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Digits(individual_digits=True)]
    )
    words = Counter(word for text in sentences for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text)))
    pieces = [PAD, UNKNOWN, START, END, *learn_pieces(words, count=vocabulary - 4)]
    numbers = {piece: number for number, piece in enumerate(pieces)}
    tokenizer: Any = Tokenizer(models.WordPiece(vocab=numbers, unk_token=UNKNOWN))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, splitter
    tokenizer.post_processor = processors.BertProcessing((END, numbers[END]), (START, numbers[START]))
    text: str = tokenizer.to_str(pretty=True)
    return text + "\n"


def learn_pieces(words: Counter[str], *, count: int) -> list[str]:
    """At most `count` pieces: all frequent letters, then merges in the order they were made."""
    letters: Counter[str] = Counter()
    for word, times in words.items():
        letters.update(dict.fromkeys(word, times))
    known = sorted(sorted(letters), key=lambda letter: -letters[letter])[:_LETTERS]
    spelled = [(_spell(word), words[word]) for word in sorted(words) if set(word) <= set(known)]
    pieces = dict.fromkeys([*sorted(known), *(f"{_INSIDE}{letter}" for letter in sorted(known))])
    pairs: Counter[tuple[str, str]] = Counter()
    holders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, (symbols, times) in enumerate(spelled):
        for pair in pairwise(symbols):
            pairs[pair] += times
            holders[pair].add(number)
    queue = [(-times, pair) for pair, times in pairs.items()]
    heapq.heapify(queue)
    while queue and len(pieces) < count:
        times, pair = heapq.heappop(queue)
        if -times != pairs[pair] or not times:
            continue  # counted anew since, and queued again
        pieces[pair[0] + pair[1].removeprefix(_INSIDE)] = None
        changed = set()
        for number in holders.pop(pair):
            symbols, weight = spelled[number]
            merged = _merged(symbols, pair)
            spelled[number] = merged, weight
            for old in pairwise(symbols):
                pairs[old] -= weight
                changed.add(old)
            for new in pairwise(merged):
                pairs[new] += weight
                holders[new].add(number)
                changed.add(new)
        for each in changed:
            heapq.heappush(queue, (-pairs[each], each))
    return list(pieces)[:count]


def _spell(word: str) -> tuple[str, ...]:
    return (word[0], *(f"{_INSIDE}{letter}" for letter in word[1:]))


def _merged(symbols: Sequence[str], pair: tuple[str, str]) -> tuple[str, ...]:
    merged: list[str] = []
    for symbol in symbols:
        if merged and merged[-1] == pair[0] and symbol == pair[1]:
            merged[-1] = pair[0] + symbol.removeprefix(_INSIDE)
        else:
            merged.append(symbol)
    return tuple(merged)
