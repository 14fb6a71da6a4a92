"""Put trained files into the package: python tools/install_default.py FOLDER    # what train_default.py wrote

Copies the files that FOLDER's `decoder_lite0.json` names beside the shipped ones and enters them in the shipped card.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from casekin.models.weights import DEFAULT, FOLDER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    trained = json.loads((folder / "decoder_lite0.json").read_text(encoding="utf-8"))
    path = FOLDER / f"{DEFAULT}.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    for entry in trained["files"].values():
        shutil.copy(folder / entry["name"], FOLDER / entry["name"])
    card["files"] |= trained["files"]
    card["findings"] = trained["findings"]
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
