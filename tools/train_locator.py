"""Train the locator and write its ONNX file, from simulated archives and, where given, openly licensed real films.

    python tools/train_locator.py --archive DIR --archive DIR --cache DIR --out DIR [--real DATA]    # one hour at most
    python tools/train_locator.py ... --folds 2    # nothing is written: how films of left out patients would be judged

Views of films (`locator_samples`) become maps of the frozen network; `locator_network` learns from simulated ones in
random frames, then goes on with real ones and simulated ones that keep their frame. Views and the first fit are kept in
the cache. Without `--real` (default: the setting CASEKIN_REAL_DATA) simulated films are all there is. Needs torch; the
product itself does not.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from casekin.models.features import LEVELS, FeatureNet
from casekin.models.film import FilmState
from casekin.models.weights import FOLDER, checked_file, file_entry, load_card
from casekin.settings import read_settings
from default_samples import list_cases
from locator_network import FAULT_SHARE, FAULTS, LocatorNetwork, export, fault_loss, map_loss
from locator_samples import (
    FULL,
    LUNG_ROWS,
    UNKNOWN,
    Shown,
    masks_alone,
    read_strangers,
    real_rows,
    real_sample,
    shown,
    shown_plainly,
    shown_stranger,
)
from simulated_samples import read_samples

STRANGER_VIEWS = 3  # per lateral film or other thing, of which an archive holds few
REAL_VIEWS = 14
FIRST_EPOCHS, SECOND_EPOCHS = 7, 4
BATCH = 16
PEAK_RATE = 3e-3
LEVELS_OF_WARNING = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)

Arrays = dict[str, NDArray[np.generic]]
Named = Iterator[tuple[str, Shown]]


def archive_views(archive: Path, seed: int) -> Named:
    """A framed view of each film of an archive's training patients, then views of what is no frontal film."""
    for number, sample in enumerate(read_samples(archive, only=list_cases(archive, ("train",)))):
        rng = np.random.default_rng([seed, number])
        yield sample.case_id, shown(masks_alone(sample), rng, framed=True)
    for number, (kind, view) in enumerate(read_strangers(archive)):
        for turn in range(STRANGER_VIEWS):
            yield "", shown_stranger(view, kind, np.random.default_rng([seed, 1_000_000 + number, turn]))


def unframed_views(archive: Path, seed: int) -> Named:
    """A view of each film of an archive's training patients in its own frame, where its boxes are truest."""
    for number, sample in enumerate(read_samples(archive, only=list_cases(archive, ("train",)))):
        rng = np.random.default_rng([seed, 3_000_000 + number])
        yield sample.case_id, shown(masks_alone(sample), rng, framed=False)


def real_views(folder: Path, seed: int) -> Named:
    """Views of the openly licensed real films; the first of each keeps its frame."""
    for number, row in enumerate(real_rows(folder)):
        sample = real_sample(row, folder)
        for turn in range(REAL_VIEWS):
            rng = np.random.default_rng([seed, 2_000_000 + number, turn])
            yield str(row["patient_group"]), shown(sample, rng, framed=turn > 0)


def plain_views(folder: Path) -> Named:
    """The same films as they are stored, and with one fault each."""
    for number, row in enumerate(real_rows(folder)):
        for one in shown_plainly(real_sample(row, folder), turns=number % 3 + 1):
            yield str(row["patient_group"]), one


def stored(views: Named, folder: Path, stamp: str) -> tuple[Arrays, list[str]]:
    """The network's maps, targets and faults of views, and their names: kept below `folder` while the stamp fits."""
    entry = load_card()["files"]["net"]
    stamp, mark = f"{stamp} {entry['sha256']}", folder / "stamp.txt"
    if not mark.exists() or mark.read_text(encoding="utf-8") != stamp:
        net = FeatureNet(checked_file(FOLDER, entry["name"], entry["sha256"]))
        rows: dict[str, list[NDArray[np.generic]]] = {name: [] for name in (*LEVELS, "targets", "faults")}
        names = []
        for name, one in views:
            features = net(one.view)
            for level in LEVELS:
                rows[level].append(features.maps[level].astype(np.float16))
            rows["targets"].append(one.targets)
            rows["faults"].append(np.array(one.faults, dtype=np.uint8))
            names.append(name)
            if len(names) % 200 == 0:
                told(f"{folder.name}: {len(names)} views")
        folder.mkdir(parents=True, exist_ok=True)
        for key, arrays in rows.items():
            np.save(folder / f"{key}.npy", np.stack(arrays))
        (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
        mark.write_text(stamp, encoding="utf-8")
    arrays_of = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in (*LEVELS, "targets", "faults")}
    return arrays_of, json.loads((folder / "names.json").read_text(encoding="utf-8"))


def joined(parts: Sequence[Arrays]) -> Arrays:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def disturbed(level: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Maps with the statistics of every channel drawn towards another sample's (MixStyle, Zhou et al., ICLR 2021)."""
    n, channels = level.shape[:2]
    mean, spread = level.mean((2, 3), keepdim=True), level.std((2, 3), keepdim=True) + 1e-4
    other = torch.randperm(n, generator=generator)
    share = torch.rand((n, 1, 1, 1), generator=generator) * (torch.rand((n, 1, 1, 1), generator=generator) < 0.5)
    mixed = (level - mean) / spread * torch.lerp(spread, spread[other], share) + torch.lerp(mean, mean[other], share)
    return mixed * (1 + 0.08 * torch.randn((n, channels, 1, 1), generator=generator))


def train(
    network: LocatorNetwork, data: Arrays, rows: NDArray[np.int64], *, epochs: int, peak_rate: float, seed: int
) -> LocatorNetwork:
    """The network fitted to some rows of the data; reproducible from the seed on one kind of processor."""
    torch.manual_seed(seed)
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    network = network.to(memory_format=torch.channels_last)
    steps = len(rows) // BATCH
    optimizer = torch.optim.AdamW(network.parameters(), lr=peak_rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=peak_rate, total_steps=epochs * steps, pct_start=0.15
    )
    for epoch in range(epochs):
        network.train()
        order, totals = rng.permutation(rows), np.zeros(2)
        for step in range(steps):
            batch = np.sort(order[step * BATCH : (step + 1) * BATCH])
            levels = [disturbed(torch.from_numpy(data[name][batch].astype(np.float32)), generator) for name in LEVELS]
            with torch.autocast("cpu", torch.bfloat16):
                maps, faults = network(*(level.to(memory_format=torch.channels_last) for level in levels))
            losses = (
                map_loss(maps.float(), torch.from_numpy(data["targets"][batch])),
                fault_loss(faults.float(), torch.from_numpy(data["faults"][batch])),
            )
            optimizer.zero_grad()
            (losses[0] + FAULT_SHARE * losses[1]).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            totals += [float(loss.detach()) for loss in losses]
        of_maps, of_faults = totals / max(1, steps)
        told(f"epoch {epoch + 1} of {epochs}: maps {of_maps:.4f} faults {of_faults:.4f}")
    return network.eval()


def trained_on_simulated(simulated: Sequence[Arrays], cache: Path, seed: int) -> LocatorNetwork:
    """The first fit, from nothing; kept in the cache for as long as it is of the same views."""
    torch.manual_seed(seed)
    network = LocatorNetwork()
    stamps = sorted(path.read_text(encoding="utf-8") for path in cache.glob("simulated-*/stamp.txt"))
    stamp, state, mark = f"{stamps} {FIRST_EPOCHS} {seed}", cache / "simulated.pt", cache / "simulated.txt"
    if mark.exists() and mark.read_text(encoding="utf-8") == stamp:
        network.load_state_dict(torch.load(state, weights_only=True))
        return network.eval()
    cache.mkdir(parents=True, exist_ok=True)
    data = joined(simulated)
    rows = np.arange(len(data["faults"]))
    network = train(network, data, rows, epochs=FIRST_EPOCHS, peak_rate=PEAK_RATE, seed=seed)
    torch.save(network.state_dict(), state)
    mark.write_text(stamp, encoding="utf-8")
    return network


def gone_on(start: LocatorNetwork, data: Arrays, rows: NDArray[np.int64], seed: int) -> LocatorNetwork:
    """The second fit: from the first one's state, at half the rate."""
    return train(copy.deepcopy(start), data, rows, epochs=SECOND_EPOCHS, peak_rate=PEAK_RATE / 2, seed=seed)


@torch.no_grad()
def judged(network: LocatorNetwork, plain: Arrays, rows: NDArray[np.int64]) -> Iterator[dict[str, float]]:
    """Of each view its true faults, what the network says, and the Dice of both lungs by cells where outlined."""
    for row in rows.tolist():
        maps, faults = network(*(torch.from_numpy(plain[name][row : row + 1].astype(np.float32)) for name in LEVELS))
        state = FilmState.from_shares(
            *(torch.softmax(p, 1)[0].tolist() for p in torch.split(faults, [*FAULTS.values()], 1))
        )
        orientation, inverted, _ = plain["faults"][row].tolist()
        turned = max(state.turned_90, state.turned_180, state.turned_270)
        found = {"orientation": orientation, "inverted": inverted, "p mirrored": state.mirrored}
        found |= {"p turned": turned, "p inverted": state.inverted}
        truth = plain["targets"][row][LUNG_ROWS]
        if (truth[:, 0, 0] != UNKNOWN).all():
            both = (truth > FULL / 2).any(axis=0)
            seen = (maps[0, LUNG_ROWS] > 0).any(dim=0).numpy()
            found["dice"] = 2 * float((both & seen).sum()) / float(both.sum() + seen.sum())
        yield found


def print_levels(found: Sequence[dict[str, float]]) -> None:
    """What warnings from each probability on would name and alarm, over the views of left out patients."""
    sound = [one for one in found if one["orientation"] == 0 and not one["inverted"]]
    wrong = {
        "mirrored": [one for one in found if one["orientation"] == 4],
        "turned": [one for one in found if one["orientation"] % 4],
        "inverted": [one for one in found if one["inverted"]],
    }
    outlined = [one["dice"] for one in sound if "dice" in one]
    print(f"films {len(sound)}, Dice of both lungs {np.mean(outlined):.3f} ({len(outlined)} outlined)")
    for level in LEVELS_OF_WARNING:
        parts = [
            f"{fault} named {np.mean([o[f'p {fault}'] >= level for o in shown_so]):.3f}"
            f" false {np.mean([o[f'p {fault}'] >= level for o in sound]):.3f}"
            for fault, shown_so in wrong.items()
        ]
        print(f"from {level}: " + ", ".join(parts))


def print_folds(start: LocatorNetwork, beside: Sequence[Arrays], args: argparse.Namespace) -> None:
    """Figures of each real film by a network that saw no film of its patient."""
    real, patients = real_maps(args)
    plain, owners = stored(plain_views(args.real), args.cache / "plain", "plain")
    fold_of = {patient: number % args.folds for number, patient in enumerate(sorted(set(patients)))}
    data, before = joined([*beside, real]), sum(len(part["faults"]) for part in beside)
    found = []
    for fold in range(args.folds):
        kept = np.flatnonzero([fold_of[patient] != fold for patient in patients])
        network = gone_on(start, data, np.concatenate([np.arange(before), before + kept]), args.seed)
        found += judged(network, plain, np.flatnonzero([fold_of[patient] == fold for patient in owners]))
    print_levels(found)


def framed_maps(archive: Path, args: argparse.Namespace) -> Arrays:
    views = archive_views(archive, args.seed)
    return stored(views, args.cache / f"simulated-{archive.name}", f"{archive.name} {args.seed}")[0]


def unframed_maps(archive: Path, args: argparse.Namespace) -> Arrays:
    views = unframed_views(archive, args.seed)
    return stored(views, args.cache / f"unframed-{archive.name}", f"{archive.name} {args.seed}")[0]


def real_maps(args: argparse.Namespace) -> tuple[Arrays, list[str]]:
    return stored(real_views(args.real, args.seed), args.cache / "real", f"real {REAL_VIEWS} {args.seed}")


def told(line: str) -> None:
    print(f"{line}, {time.process_time():.0f} s of processor time", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, action="append", required=True)
    parser.add_argument("--real", type=Path, default=read_settings().real_data)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    simulated = [framed_maps(archive, args) for archive in args.archive]
    network = trained_on_simulated(simulated, args.cache, args.seed)
    # The first archive's films in their own frames, the others' as before: no film twice.
    beside = [unframed_maps(args.archive[0], args), *simulated[1:]]
    if args.folds:
        print_folds(network, beside, args)
        return
    if args.real is None:
        print("no real films: CASEKIN_REAL_DATA names no folder, so the locator learns from simulated films alone")
    parts = beside if args.real is None else [*beside, real_maps(args)[0]]
    network = gone_on(network, joined(parts), np.arange(sum(len(part["faults"]) for part in parts)), args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    export(network, args.out / "locator_lite0.onnx")
    card = {"files": {"locator": file_entry(args.out / "locator_lite0.onnx")}}
    (args.out / "locator_lite0.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
