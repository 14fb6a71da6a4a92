"""Train the locator on a simulated archive and write its ONNX file.

    python tools/train_locator.py --archive DIR --out locator_lite0.onnx [--views 6] [--epochs 12] [--seed 0]

Each simulated radiograph is shown under several random frames and exposures (`simulated_samples`); the frozen
backbone's maps are kept in memory as float16, and a small decoder learns one soft map per location and organ. Every
tenth patient is held out; the printed Dice and box IoU are theirs. Needs torch; the product itself does not.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models.features import LEVEL_CHANNELS, LEVELS, FeatureNet
from casekin.models.geometry import Geometry, grid_weights
from casekin.models.locator_net import MAP_SIZE
from casekin.models.weights import FOLDER
from simulated_samples import ORGANS, Sample, read_samples, reframed, relit

MAPS = len(LOCATIONS) + len(ORGANS)
WIDTH = 64
FINE_WIDTH = 40  # at 48 x 48 cells most of the time is spent, and least has to be decided
SCALE = {"stride8": 8.0, "stride16": 4.0, "stride32": 3.0}  # about one standard deviation of each level


Maps = NDArray[np.float16]


class Decoder(torch.nn.Module):
    """Three levels in, coarse to fine, `(N, MAPS, 48, 48)` in [0, 1] out; position enters as two extra channels."""

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
        ramp = torch.linspace(-1, 1, 12)
        self.register_buffer("position", torch.stack(torch.meshgrid(ramp, ramp, indexing="ij"))[None])

    def forward(self, stride8: torch.Tensor, stride16: torch.Tensor, stride32: torch.Tensor) -> torch.Tensor:
        inputs = {"stride8": stride8, "stride16": stride16, "stride32": stride32}
        fine, middle, coarse = (self.enter[name](inputs[name] / SCALE[name]) for name in LEVELS)
        position = self.position.expand(coarse.shape[0], -1, -1, -1)
        x = self.coarse(torch.cat([coarse, position], dim=1))
        x = x + self.wide(x)
        x = self.middle(torch.cat([_twice(x), middle], dim=1))
        x = self.fine(torch.cat([_twice(self.narrow(x)), fine], dim=1))
        return self.leave(x)


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
    return torch.nn.functional.interpolate(x, scale_factor=2, mode="nearest")


def targets(sample: Sample) -> NDArray[np.float16]:
    """Share of each fine cell inside each box and organ, `(MAPS, 48, 48)`; -1 fills what the truth does not say."""
    height, width = sample.view.shape
    geometry = Geometry(height=height, width=width, input_size=384, grid=MAP_SIZE)
    out = np.full((MAPS, MAP_SIZE, MAP_SIZE), 0.0, dtype=np.float16)
    for i, place in enumerate(LOCATIONS):
        if place in sample.boxes:
            out[i] = grid_weights(geometry, sample.boxes[place])
    for i, name in enumerate(ORGANS):
        if name not in sample.masks:
            out[len(LOCATIONS) + i] = -1.0
        elif sample.masks[name].any():
            out[len(LOCATIONS) + i] = grid_weights(geometry, sample.masks[name])
    right, left, heart = range(len(LOCATIONS), MAPS)
    for row, medial_is_low in ((right, False), (left, True)):
        out[row] = with_heart_shadow(out[row : row + 1], out[heart : heart + 1], medial_is_low)[0]
    return out


def with_heart_shadow(lungs: NDArray[np.floating], hearts: NDArray[np.floating], medial_is_low: bool) -> Maps:
    """Lung maps `(N, rows, columns)` joined by the part of the heart's shadow that lies beside the lung's medial edge.

    The lung goes on behind the heart, and readers outline it so; the simulated outline stops at the heart's border.
    `medial_is_low` says that the midline is on the side of the lower columns (the patient's left lung).
    """
    columns = np.arange(lungs.shape[2])
    inside = (lungs > 0.5).any(axis=1)
    first = np.where(inside.any(axis=1), inside.argmax(axis=1), lungs.shape[2])
    last = np.where(inside.any(axis=1), lungs.shape[2] - 1 - inside[:, ::-1].argmax(axis=1), -1)
    beside = columns[None] >= first[:, None] if medial_is_low else columns[None] <= last[:, None]
    joined = np.where(beside[:, None], np.clip(lungs + np.maximum(hearts, 0), None, 1.0), lungs)
    return np.where(lungs < 0, lungs, joined).astype(np.float16)


def prepare(
    archive: Path, views: int, seed: int
) -> tuple[dict[str, NDArray[np.float16]], NDArray[np.float16], list[int]]:
    """Backbone maps by level, targets, and the number of the patient's sample that each row shows."""
    net = FeatureNet(FOLDER / "efficientnet_lite0.onnx")
    levels: dict[str, list[NDArray[np.float16]]] = {name: [] for name in LEVELS}
    wanted, numbers = [], []
    for number, sample in enumerate(read_samples(archive)):
        for turn in range(views):
            rng = np.random.default_rng([seed, number, turn])
            shown = reframed(sample, rng) if turn else sample
            features = net(relit(shown.view, rng))
            for name in LEVELS:
                levels[name].append(features.maps[name].astype(np.float16))
            wanted.append(targets(shown))
            numbers.append(number)
    return {name: np.stack(maps) for name, maps in levels.items()}, np.stack(wanted), numbers


def loss_of(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Cross-entropy against soft targets plus soft Dice per map; targets of -1 don't count."""
    known = (wanted >= 0).float()
    soft = wanted.clamp(min=0)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    p = torch.sigmoid(logits) * known
    overlap = 2 * (p * soft).sum((2, 3)) + 1.0
    dice = 1 - overlap / (p.sum((2, 3)) + (soft * known).sum((2, 3)) + 1.0)
    return (entropy * known).mean() * 4 + dice.mean()


def train(
    levels: dict[str, NDArray[np.float16]], wanted: NDArray[np.float16], rows: NDArray[np.int64], epochs: int, seed: int
) -> Decoder:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    decoder = Decoder()
    steps = epochs * (len(rows) // 16)
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps + 1)
    for epoch in range(epochs):
        decoder.train()
        order, total = rng.permutation(rows), 0.0
        for start in range(0, len(order) - 15, 16):
            batch = np.sort(order[start : start + 16])
            logits = decoder(*(torch.from_numpy(levels[name][batch].astype(np.float32)) for name in LEVELS))
            loss = loss_of(logits, torch.from_numpy(wanted[batch].astype(np.float32)))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1} loss {total / max(1, len(order) // 16):.4f}", flush=True)
    return decoder.eval()


def dice_by_organ(
    decoder: Decoder, levels: dict[str, NDArray[np.float16]], wanted: NDArray[np.float16], rows: NDArray[np.int64]
) -> list[float]:
    scores: list[list[float]] = [[] for _ in ORGANS]
    with torch.no_grad():
        for row in rows:
            out = decoder(*(torch.from_numpy(levels[name][row : row + 1].astype(np.float32)) for name in LEVELS))
            p = torch.sigmoid(out)[0, len(LOCATIONS) :].numpy() > 0.5
            for i, (a, b) in enumerate(zip(p, wanted[row, len(LOCATIONS) :], strict=True)):
                if b.max() > 0:
                    scores[i].append(float(2 * (a & (b > 0.5)).sum() / max(1, a.sum() + (b > 0.5).sum())))
    return [float(np.mean(s)) for s in scores]


class Exported(torch.nn.Module):
    """The decoder with its sigmoid, as the product runs it."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, stride8: torch.Tensor, stride16: torch.Tensor, stride32: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.decoder(stride8, stride16, stride32))


def export(decoder: Decoder, out: Path) -> None:
    example = tuple(torch.zeros(1, LEVEL_CHANNELS[name], n, n) for name, n in zip(LEVELS, (48, 24, 12), strict=True))
    torch.onnx.export(
        Exported(decoder).eval(),
        example,
        str(out),
        input_names=list(LEVELS),
        output_names=["maps"],
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--views", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    started = time.monotonic()
    levels, wanted, numbers = prepare(args.archive, args.views, args.seed)
    print(f"{len(wanted)} views prepared in {time.monotonic() - started:.0f} s", flush=True)
    held_out = np.array(numbers) % 10 == 0
    decoder = train(levels, wanted, np.flatnonzero(~held_out), args.epochs, args.seed)
    print(
        "held-out Dice",
        dict(zip(ORGANS, dice_by_organ(decoder, levels, wanted, np.flatnonzero(held_out)), strict=True)),
    )
    export(decoder, args.out)
    print(f"written {args.out.name} after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
