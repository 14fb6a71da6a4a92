"""Check a model's pair maps on films of an index that it made, and write the outcome into the model's card.

    python tools/check_pair_maps.py --index INDEX --model CARD.json [--pairs 60] [--write]

Maps of a model are shown only once its card says that they passed, for this very version. No truth is needed: what is
checked is whether a map says what the model's own similarity hangs on. Two seconds of one core a pair. Needs `onnx`
(the `train` extra), which shuffles the decoder's weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from casekin.errors import CasekinError, IndexStoreError
from casekin.index import open_index
from casekin.models import load_encoder
from casekin.models.weights import find_card
from casekin.retrieval.explain.check import MapCheck, check_pair_maps, draw_pairs
from casekin.training.shuffle import shuffle_decoder

SEED = 7


def check(index: Path, model: str, *, pairs: int) -> MapCheck:
    """The outcome for a model on the films of an index. Raises `IndexStoreError` where another model made the index."""
    encoder = load_encoder(model)
    with open_index(index) as handle, tempfile.TemporaryDirectory() as folder:
        made_with = handle.model_version()
        if made_with != encoder.version:
            raise IndexStoreError(f"check: the index was made with {made_with}, got {encoder.version}; give its model")
        shuffled = load_encoder(shuffle_decoder(model, out=Path(folder), seed=SEED))
        drawn = draw_pairs(handle, findings=encoder.form.count, count=pairs, seed=SEED)
        return check_pair_maps(encoder, drawn, shuffled=shuffled, seed=SEED)


def write_outcome(model: str, outcome: MapCheck) -> Path:
    """Put the outcome into the card; gives its path."""
    folder, card = find_card(model)
    path = Path(model) if model.endswith(".json") else folder / f"{card['name']}.json"
    path.write_text(json.dumps({**card, "pair_maps": outcome.as_record()}, indent=2) + "\n", encoding="utf-8")
    return path


def main() -> None:
    """Parse, check, and turn casekin's errors into one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--model", default="default", help="a shipped name or a card's path")
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--write", action="store_true", help="put the outcome into the card")
    given = parser.parse_args()
    try:
        outcome = check(given.index, given.model, pairs=given.pairs)
    except CasekinError as error:
        sys.exit(f"error: {error}")
    print(json.dumps(outcome.as_record(), indent=2))
    if given.write:
        print(f"written: {write_outcome(given.model, outcome)}")


if __name__ == "__main__":
    main()
