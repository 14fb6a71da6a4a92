"""What every peer's worker speaks: a lexicon and sentences as JSON Lines in, findings as JSON Lines out.

The first line in is the lexicon, `[[phrase, finding], ...]`; every other is one report, a list of sentences. A line out
is a list of `[sentence number, finding, polarity, start, end]` for each report; the last is the CPU seconds of reading
all of them once more, after they were read once.
"""

import json
import sys
import time
from collections.abc import Callable

Found = tuple[int, str, str, int, int]  # number of the sentence, finding, polarity, start and end in the sentence
Reader = Callable[[list[str]], list[Found]]


def serve(prepare: Callable[[list[tuple[str, str]]], Reader]) -> None:
    """Answer on stdout what stands on stdin."""
    lines = sys.stdin.read().splitlines()
    lexicon = [(str(phrase), str(finding)) for phrase, finding in json.loads(lines[0])]
    reports = [json.loads(line) for line in lines[1:]]
    read = prepare(lexicon)
    for sentences in reports:
        sys.stdout.write(json.dumps(read(sentences)) + "\n")
    began = time.process_time()
    for sentences in reports:
        read(sentences)
    sys.stdout.write(json.dumps(time.process_time() - began) + "\n")
