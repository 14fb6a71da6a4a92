"""The vocabulary is learned as the definition says, the same bytes from the same sentences, with nothing unknown."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import pairwise

from tokenizers import Tokenizer

from casekin.training.text import ontology_names, train_tokenizer
from casekin.training.text.tokenizer import UNKNOWN, learn_pieces

SENTENCES = ["Small left-sided effusion, 12 mm.", "no effusions w/ PTX", "Épanchement pleural", "left left lefts"]


def counted_anew(words: Counter[str], merges: int) -> list[str]:
    """Merges by counting every pair in every word before each of them."""
    spelled = {word: [word[0], *(f"##{letter}" for letter in word[1:])] for word in words}
    pieces = []
    for _ in range(merges):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, symbols in spelled.items():
            for pair in pairwise(symbols):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        pieces.append(best[0] + best[1].removeprefix("##"))
        for word, symbols in spelled.items():
            merged: list[str] = []
            for symbol in symbols:
                if merged and (merged[-1], symbol) == best:
                    merged[-1] = pieces[-1]
                else:
                    merged.append(symbol)
            spelled[word] = merged
    return pieces


def test_pieces_are_the_merges_that_counting_anew_gives() -> None:
    words = Counter({"effusion": 5, "effusions": 2, "fusion": 3, "infusion": 1, "left": 7, "lefts": 1, "aaaa": 2})
    letters = 2 * len(set("".join(words)))
    learned = learn_pieces(words, count=letters + 15)
    expected = list(dict.fromkeys(counted_anew(words, 15)))
    assert learned[letters:][: len(expected)] == expected[: len(learned) - letters]


def test_the_same_sentences_give_the_same_bytes_in_any_order_and_process() -> None:
    script = (
        "import sys; from casekin.training.text import train_tokenizer\n"
        f"sys.stdout.write(train_tokenizer({SENTENCES[::-1]!r}, vocabulary=90))"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert train_tokenizer(SENTENCES, vocabulary=90) == other.stdout


def test_case_accents_numbers_and_signs_leave_no_piece_unknown() -> None:
    tokenizer = Tokenizer.from_str(train_tokenizer([*SENTENCES, *ontology_names()], vocabulary=800))
    for text in [*ontology_names(), "RIGHT-SIDED EFFUSION W/ 345 MM", "épanchement", "opacitiy", "pneumothroax 7/8"]:
        assert UNKNOWN not in tokenizer.encode(text).tokens, text
    assert tokenizer.encode("LEFT").ids == tokenizer.encode("left").ids


def test_a_vocabulary_is_never_larger_than_asked() -> None:
    tokenizer = Tokenizer.from_str(train_tokenizer(ontology_names(), vocabulary=300))
    assert tokenizer.get_vocab_size() == 300
