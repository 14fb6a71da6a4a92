"""nlplite: phrases by Aho-Corasick, negation and doubt by its own cues."""

from bisect import bisect_right
from itertools import accumulate

from nlplite import convert_text_to_codes
from protocol import Found, Reader, serve

_POLARITY = {"Y": "present", "N": "absent", "U": "uncertain"}


def prepare(lexicon: list[tuple[str, str]]) -> Reader:
    """A reader with these phrases. A report is read as one text: every call builds the phrases' automaton anew."""

    def read(sentences: list[str]) -> list[Found]:
        starts = [0, *accumulate(len(sentence) + 1 for sentence in sentences)]
        rows = convert_text_to_codes("\n".join(sentences), lexicon, negation_check=True, unique=False)
        found = []
        for code, start, end in rows:
            number = bisect_right(starts, start) - 1
            found.append((number, code[:-2], _POLARITY[code[-1]], start - starts[number], end + 1 - starts[number]))
        return found

    return read


if __name__ == "__main__":
    serve(prepare)
