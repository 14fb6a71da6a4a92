"""Fit what is usual at each place of a chest CT: python tools/ct_normals.py [--patients 52] [--seed 71] [--out FOLDER]

Writes `ct_normals.npz` and its card `casekin_ct.json`, which `casekin.models.ct.load_ct_encoder` reads. Volumes are the
first examinations of simulated patients; no label is read. Some 8 seconds of one core a patient; the same numbers give
the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from casekin.models.ct import encode_ct, fit_normals
from casekin.models.ct.normals import save_normals
from casekin.models.geometry import Array
from casekin.models.weights import FOLDER, file_entry
from casekin.types import Place
from ct_samples import render_samples


def read_statistics(patients: int, *, seed: int) -> Iterator[Mapping[Place, Array]]:
    """The statistics of each patient's first examination."""
    for sample in render_samples(range(patients), seed=seed):
        yield encode_ct(sample.image).statistics
        print(sample.row["case_id"], file=sys.stderr, flush=True)


def card_of(path: Path, *, patients: int, seed: int) -> dict[str, object]:
    return {
        "name": "casekin_ct",
        "short_name": "casekin-ct",
        "purpose": "What is usual at each place of a chest CT, to tell what stands out, for retrieval; "
        "not a diagnostic device.",
        "licence": "Apache-2.0",
        "files": {"normals": file_entry(path)},
        "sources": {
            "normals": {
                "what": f"medians and spreads of measured regions over {patients} simulated CT volumes, no label: the "
                f"first examinations of casekin world --modality ct --patients {patients} --seed {seed}, by "
                "tools/ct_normals.py",
                "licence": "Apache-2.0",
            }
        },
        "limits": [
            "Fitted on simulated adults in full breath with arms up, 3 mm slices, no contrast medium; what is usual "
            "below the diaphragm was hardly seen.",
            "No network reads the volume in 3D: findings are read in its frontal projection, by the encoder of "
            "radiographs.",
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=52)
    parser.add_argument("--seed", type=int, default=71)
    parser.add_argument("--out", type=Path, default=FOLDER)
    args = parser.parse_args()
    path = args.out / "ct_normals.npz"
    save_normals(fit_normals(read_statistics(args.patients, seed=args.seed)), path)
    card = card_of(path, patients=args.patients, seed=args.seed)
    (args.out / "casekin_ct.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
