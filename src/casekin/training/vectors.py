"""Vectors of views and reports by a trained network: presence of findings, normality, and a look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import normalize

from casekin.anatomy import LOCATIONS
from casekin.findings import is_a
from casekin.models.presence import Presence, logistic
from casekin.models.region import LOOK_SHARE, NORMAL_SHARE
from casekin.relevance.cases import stands_at
from casekin.training.cases import TrainingCase
from casekin.training.dual import DualNetwork, pool_under
from casekin.training.presets import Preset
from casekin.training.recipes import Encoded
from casekin.types import Fact

SHARPNESS = (1.0, 2.0, 4.0)
"""How sharply evidence may be pooled where presence is read; each finding has one of these."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageVectors:
    """Vectors that are compared by inner product: presence of F findings in [0, 1], how normal that leaves the region,
    then the look; only the look where a preset learns no evidence.

    `located` `(N, 29, D)` under the locations' weights, `named` the same where names look for their places (None where
    they weren't taught to). `images` `(N, E)`: presence at all locations, then the look of the whole.
    """

    located: Floats
    named: Floats | None
    images: Floats

    def regions(self, preset: Preset) -> Floats:
        """The preset's own vectors of the locations."""
        if not preset.numbers["by_name"]:
            return self.located
        assert self.named is not None  # such presets teach names where to look
        return self.named


def encode_views(
    network: DualNetwork, batches: Iterable[Mapping[str, Tensor]], preset: Preset, presence: Presence | None
) -> ImageVectors:
    """Vectors of batches of views: their maps and `weights`; for a network that knows names also the ids of these.

    Without `presence` evidence is read by the plain logistic.
    """
    parts = [_encode(network, batch, preset, presence) for batch in batches]
    named = [part.named for part in parts if part.named is not None]
    return ImageVectors(
        located=np.concatenate([part.located for part in parts]),
        named=np.concatenate(named) if named else None,
        images=np.concatenate([part.images for part in parts]),
    )


def pool_views(
    network: DualNetwork, batches: Iterable[Mapping[str, Tensor]], preset: Preset, sharpness: Sequence[float]
) -> dict[float, Floats]:
    """Evidence at the locations `(N, 29, F)` by sharpness, of which presence is fitted."""
    found: dict[float, list[Floats]] = {each: [] for each in sharpness}
    device = next(network.parameters()).device
    with torch.no_grad():
        for batch in batches:
            encoded = Encoded(network, {name: value.to(device) for name, value in batch.items()}, preset)
            for each, parts in found.items():
                parts.append(_array(encoded.evidence(encoded.batch["weights"], each)))
    return {each: np.concatenate(parts) for each, parts in found.items()}


def stated_at(facts: Sequence[Fact], findings: Sequence[str]) -> NDArray[np.bool_]:
    """Which findings, or kinds of them, a report states, present or in doubt, at each location `(29, F)`."""
    stated = np.zeros((len(LOCATIONS), len(findings)), dtype=np.bool_)
    for fact in facts:
        columns = _kinds(fact.finding, tuple(findings))
        if columns:
            rows = [n for n, place in enumerate(LOCATIONS) if stands_at(fact, place)]
            stated[np.ix_(rows, columns)] = True
    return stated


def describe_report(case: TrainingCase, look: Floats, findings: Sequence[str]) -> Floats:
    """The vector `(E,)` of a report, as that of an image: what it states at each location, and how it reads."""
    stated = stated_at(case.facts, findings).astype(np.float32)
    return whole(stated, look)


def whole(presence: Floats, look: Floats) -> Floats:
    """The vector `(..., E)` of presences `(..., 29, F)` and a look of length 1 `(..., D)`."""
    if not presence.shape[-1]:
        return look
    spread = presence.reshape(*presence.shape[:-2], -1) / np.float32(len(LOCATIONS) ** 0.5)
    return np.concatenate([spread, np.float32(LOOK_SHARE**0.5) * look], axis=-1)


def _encode(
    network: DualNetwork, batch: Mapping[str, Tensor], preset: Preset, presence: Presence | None
) -> ImageVectors:
    device = next(network.parameters()).device
    with torch.no_grad():
        encoded = Encoded(network, {name: value.to(device) for name, value in batch.items()}, preset)
        ways = [encoded.batch["weights"].flatten(2)]
        ways += [] if network.query is None else [encoded.looks.exp()]
        shown = [_presence(encoded, weights, preset, presence) for weights in ways]
        looks = [_array(normalize(pool_under(encoded.tokens, weights), dim=-1)) for weights in ways]
        images = whole(shown[0], _array(normalize(encoded.images, dim=-1)))
    found = [_region(one, look) for one, look in zip(shown, looks, strict=True)]
    return ImageVectors(located=found[0], named=found[1] if len(found) > 1 else None, images=images)


def _presence(encoded: Encoded, weights: Tensor, preset: Preset, presence: Presence | None) -> Floats:
    """Presence of findings at the locations `(B, 29, F)` under these weights of theirs `(B, 29, 576)`."""
    if presence is None:
        return logistic(_array(encoded.evidence(weights, preset.numbers["sharpness"])))
    pooled = {each: _array(encoded.evidence(weights, each)) for each in sorted({*presence.sharpness.tolist()})}
    chosen = [pooled[float(sharpness)][..., n] for n, sharpness in enumerate(presence.sharpness)]
    return np.stack([presence.read(one) for one in np.stack(chosen, axis=-1)])


def _region(presence: Floats, look: Floats) -> Floats:
    """Vectors of regions `(..., D)`, in the form that encoders give them."""
    if not presence.shape[-1]:
        return look
    normal = np.float32(NORMAL_SHARE**0.5) * (1.0 - presence).prod(axis=-1, keepdims=True)
    return np.concatenate([presence, normal, np.float32(LOOK_SHARE**0.5) * look], axis=-1)


@lru_cache(maxsize=4096)
def _kinds(finding: str, findings: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(n for n, name in enumerate(findings) if is_a(finding, name))


def _array(values: Tensor) -> Floats:
    return np.asarray(values.cpu().numpy(), dtype=np.float32)
