"""Put trained files into the package: python tools/install_default.py FOLDER...

Each FOLDER is what `train_default.py` or `train_locator.py` wrote, with one `*_lite0.json` that names its files:
they are copied beside the shipped ones and entered in the shipped card.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from casekin.models.weights import DEFAULT, FOLDER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    path = FOLDER / f"{DEFAULT}.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    for folder in parser.parse_args().folder:
        (found,) = folder.glob("*_lite0.json")
        trained = json.loads(found.read_text(encoding="utf-8"))
        for entry in trained["files"].values():
            shutil.copy(folder / entry["name"], FOLDER / entry["name"])
        card["files"] |= trained["files"]
        card["findings"] = trained.get("findings", card["findings"])
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
