"""Train the locator and write its ONNX file: first views become maps of the frozen backbone, then a decoder learns.

    python tools/train_locator.py maps --archive DIR --out MAPS [--views 1] [--films N] [--seed 0]
    python tools/train_locator.py maps --real DATA --out MAPS [--views 8]
    python tools/train_locator.py fit --maps MAPS... --out locator_lite0.onnx [--epochs 8] [--start OTHER.pt] [--seed 0]

Each film is shown under random frames, exposures and faults (`locator_samples`); the decoder learns one soft map per
location and organ, and three small classifiers what is wrong with the film. Needs torch; the product itself does not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, interpolate

from casekin.models.features import LEVEL_CHANNELS, LEVEL_SPREAD, LEVELS, FeatureNet
from casekin.models.weights import FOLDER
from locator_samples import (
    FULL,
    MAPS,
    UNKNOWN,
    Shown,
    masks_alone,
    read_strangers,
    real_rows,
    real_sample,
    shown,
    shown_stranger,
)
from simulated_samples import read_samples

WIDTH = 64
FINE_WIDTH = 40  # at 48 x 48 cells most of the time is spent, and least has to be decided
FAULTS = {"orientation": 8, "inverted": 2, "view": 3}
STRANGER_VIEWS = 5  # per lateral film or other thing, of which an archive holds few
BATCH = 16
PEAK_RATE = 3e-3

Arrays = dict[str, NDArray[np.generic]]


class Decoder(torch.nn.Module):
    """Three levels in; maps `(N, MAPS, 48, 48)` and faults `(N, 8 + 2 + 3)` out, all logits.

    Maps are decided coarse to fine, with position as two extra channels; faults from the coarse stage, pooled over nine
    parts of the picture so that left and right, above and below stay apart.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = dict(zip(LEVELS, (FINE_WIDTH, WIDTH, WIDTH), strict=True))
        self.enter = torch.nn.ModuleDict(
            {name: torch.nn.Conv2d(LEVEL_CHANNELS[name], widths[name], 1) for name in LEVELS}
        )
        self.coarse = _block(WIDTH + 2, WIDTH, dilation=1)
        self.wide = _block(WIDTH, WIDTH, dilation=3)
        self.middle = _block(2 * WIDTH, WIDTH, dilation=1)
        self.narrow = torch.nn.Conv2d(WIDTH, FINE_WIDTH, 1)
        self.fine = _block(2 * FINE_WIDTH, FINE_WIDTH, dilation=1)
        self.leave = torch.nn.Conv2d(FINE_WIDTH, MAPS, 1)
        self.judge = _block(2 * WIDTH, WIDTH, dilation=1)
        self.faults = torch.nn.Sequential(
            torch.nn.AvgPool2d(4),
            torch.nn.Flatten(),
            torch.nn.Dropout(0.2),
            torch.nn.Linear(9 * WIDTH, WIDTH),
            torch.nn.ReLU(),
            torch.nn.Linear(WIDTH, sum(FAULTS.values())),
        )
        ramp = torch.linspace(-1, 1, 12)
        self.register_buffer("position", torch.stack(torch.meshgrid(ramp, ramp, indexing="ij"))[None])

    def forward(
        self, stride8: torch.Tensor, stride16: torch.Tensor, stride32: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        inputs = {"stride8": stride8, "stride16": stride16, "stride32": stride32}
        fine, middle, coarse = (self.enter[name](inputs[name] / LEVEL_SPREAD[name]) for name in LEVELS)
        position = self.position.expand(coarse.shape[0], -1, -1, -1)
        x = self.coarse(torch.cat([coarse, position], dim=1))
        x = x + self.wide(x)
        faults = self.faults(self.judge(torch.cat([x, torch.nn.functional.avg_pool2d(middle, 2)], dim=1)))
        x = self.middle(torch.cat([_twice(x), middle], dim=1))
        x = self.fine(torch.cat([_twice(self.narrow(x)), fine], dim=1))
        return self.leave(x), faults


def _block(channels_in: int, channels_out: int, *, dilation: int) -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Conv2d(channels_in, channels_out, 3, padding=dilation, dilation=dilation),
        torch.nn.BatchNorm2d(channels_out),
        torch.nn.ReLU(),
        torch.nn.Conv2d(channels_out, channels_out, 3, padding=1),
        torch.nn.BatchNorm2d(channels_out),
        torch.nn.ReLU(),
    )


def _twice(x: torch.Tensor) -> torch.Tensor:
    return interpolate(x, scale_factor=2, mode="nearest")


def archive_views(archive: Path, views: int, seed: int, *, films: int | None) -> Iterator[tuple[str, Shown]]:
    """Views of an archive's first films, in random frames but for each first of several, then of what is no film."""
    for number, sample in enumerate(islice(read_samples(archive), films)):
        for turn in range(views):
            rng = np.random.default_rng([seed, number, turn])
            yield sample.case_id, shown(masks_alone(sample), rng, framed=turn > 0 or views == 1)
    for number, (kind, view) in enumerate(read_strangers(archive)):
        for turn in range(STRANGER_VIEWS):
            yield "", shown_stranger(view, kind, np.random.default_rng([seed, 1_000_000 + number, turn]))


def real_views(folder: Path, views: int, seed: int) -> Iterator[tuple[str, Shown]]:
    """Views of the openly licensed real films."""
    for number, row in enumerate(real_rows(folder)):
        sample = real_sample(row, folder)
        for turn in range(views):
            rng = np.random.default_rng([seed, 2_000_000 + number, turn])
            yield sample.case_id, shown(sample, rng, framed=turn > 0)


def write_maps(views: Iterator[tuple[str, Shown]], out: Path) -> int:
    """Store the backbone's maps, targets and faults of views below `out`; the number of views."""
    net = FeatureNet(FOLDER / "efficientnet_lite0.onnx")
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
            print(f"{len(names)} views, {time.process_time():.0f} s of processor time", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    for key, arrays in rows.items():
        np.save(out / f"{key}.npy", np.stack(arrays))
    (out / "films.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    return len(names)


def read_maps(folders: list[Path]) -> Arrays:
    """All stored views of several folders, joined."""
    return {
        name: np.concatenate([np.load(folder / f"{name}.npy") for folder in folders])
        for name in (*LEVELS, "targets", "faults")
    }


def map_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy against soft targets plus soft Dice of every known map, by the number of known maps."""
    known = (targets[:, :, 0, 0] != UNKNOWN).float()
    soft = (targets.float() / FULL).clamp(max=1.0)
    entropy = binary_cross_entropy_with_logits(logits, soft, reduction="none").mean((2, 3))
    p = torch.sigmoid(logits)
    dice = 1 - (2 * (p * soft).sum((2, 3)) + 1.0) / (p.sum((2, 3)) + soft.sum((2, 3)) + 1.0)
    return ((4 * entropy + dice) * known).sum() / known.sum().clamp(min=1.0)


def fault_loss(logits: torch.Tensor, faults: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each fault where it is known, summed."""
    total = logits.new_zeros(())
    for column, part in enumerate(torch.split(logits, list(FAULTS.values()), dim=1)):
        known = faults[:, column] != UNKNOWN
        if known.any():
            total = total + cross_entropy(part[known], faults[known, column].long(), label_smoothing=0.02)
    return total


def disturbed(level: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Maps with the statistics of every channel drawn towards another sample's (MixStyle, Zhou et al., ICLR 2021)."""
    n, channels = level.shape[:2]
    mean, spread = level.mean((2, 3), keepdim=True), level.std((2, 3), keepdim=True) + 1e-4
    other = torch.randperm(n, generator=generator)
    share = torch.rand((n, 1, 1, 1), generator=generator) * (torch.rand((n, 1, 1, 1), generator=generator) < 0.5)
    mixed = (level - mean) / spread * torch.lerp(spread, spread[other], share) + torch.lerp(mean, mean[other], share)
    return mixed * (1 + 0.08 * torch.randn((n, channels, 1, 1), generator=generator))


def train(data: Arrays, decoder: Decoder, *, epochs: int, peak_rate: float, seed: int) -> Decoder:
    """The decoder fitted to all views; reproducible from the seed on one kind of processor."""
    torch.manual_seed(seed)
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    decoder = decoder.to(memory_format=torch.channels_last)
    count = len(data["faults"])
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=peak_rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=peak_rate, total_steps=epochs * (count // BATCH), pct_start=0.15
    )
    for epoch in range(epochs):
        decoder.train()
        order, totals = rng.permutation(count), np.zeros(2)
        for start in range(0, count - BATCH + 1, BATCH):
            rows = np.sort(order[start : start + BATCH])
            levels = [disturbed(torch.from_numpy(data[name][rows].astype(np.float32)), generator) for name in LEVELS]
            with torch.autocast("cpu", torch.bfloat16):
                maps, faults = decoder(*(level.to(memory_format=torch.channels_last) for level in levels))
            losses = (
                map_loss(maps.float(), torch.from_numpy(data["targets"][rows])),
                fault_loss(faults.float(), torch.from_numpy(data["faults"][rows])),
            )
            optimizer.zero_grad()
            (losses[0] + 0.3 * losses[1]).backward()
            torch.nn.utils.clip_grad_norm_(decoder.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            totals += [float(loss.detach()) for loss in losses]
        of_maps, of_faults = totals / max(1, count // BATCH)
        print(f"epoch {epoch + 1} maps {of_maps:.4f} faults {of_faults:.4f}", flush=True)
    return decoder.eval()


class Exported(torch.nn.Module):
    """The decoder with its sigmoid and softmaxes, as the product runs it."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(
        self, stride8: torch.Tensor, stride16: torch.Tensor, stride32: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        maps, faults = self.decoder(stride8, stride16, stride32)
        parts = torch.split(faults, list(FAULTS.values()), dim=1)
        return torch.sigmoid(maps), *(torch.softmax(part, dim=1) for part in parts)


def export(decoder: Decoder, out: Path) -> None:
    """Write the decoder as ONNX."""
    example = tuple(torch.zeros(1, LEVEL_CHANNELS[name], n, n) for name, n in zip(LEVELS, (48, 24, 12), strict=True))
    torch.onnx.export(
        Exported(decoder).eval(),
        example,
        str(out),
        input_names=list(LEVELS),
        output_names=["maps", *FAULTS],
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    maps = steps.add_parser("maps")
    source = maps.add_mutually_exclusive_group(required=True)
    source.add_argument("--archive", type=Path)
    source.add_argument("--real", type=Path)
    maps.add_argument("--views", type=int, default=1)
    maps.add_argument("--films", type=int, help="only so many films of the archive, its first ones")
    fit = steps.add_parser("fit")
    fit.add_argument("--maps", type=Path, nargs="+", required=True)
    fit.add_argument("--epochs", type=int, default=8)
    fit.add_argument("--start", type=Path, help="state of an earlier fit, to go on from at half the rate")
    for step in (maps, fit):
        step.add_argument("--out", type=Path, required=True)
        step.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.step == "maps":
        if args.archive:
            views = archive_views(args.archive, args.views, args.seed, films=args.films)
        else:
            views = real_views(args.real, args.views, args.seed)
        print(f"{write_maps(views, args.out)} views written")
    else:
        decoder, peak_rate = Decoder(), PEAK_RATE
        if args.start is not None:
            decoder.load_state_dict(torch.load(args.start, weights_only=True))
            peak_rate = PEAK_RATE / 2
        decoder = train(read_maps(args.maps), decoder, epochs=args.epochs, peak_rate=peak_rate, seed=args.seed)
        torch.save(decoder.state_dict(), args.out.with_suffix(".pt"))
        export(decoder.to(memory_format=torch.contiguous_format), args.out)
        print(f"{args.out.name} written after {time.process_time():.0f} s of processor time")


if __name__ == "__main__":
    main()
