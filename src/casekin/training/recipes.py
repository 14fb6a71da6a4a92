"""Terms of the presets' losses: a preset is a weight for each of them (`presets.toml`), 0 leaving a term out.

Published recipes are told anew over one dual encoder, so that they differ in what they compare and in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, cross_entropy, normalize

from casekin.models.features import GRID
from casekin.training.dual import DualNetwork, Stem, pool_under
from casekin.training.evidence import PlaceSums, evidence_terms, sum_places
from casekin.training.losses import (
    graded_triplets,
    info_nce,
    location_contrast,
    multi_positive_info_nce,
    scaled_cosines,
    soft_cross_entropy,
    soft_sigmoid_contrast,
    word_patch_scores,
)
from casekin.training.presets import Preset
from casekin.training.text.presets import TEXT_PRESETS

Batch = Mapping[str, Tensor]
_POSITIVE_FROM = 0.75
"""Relevance from which RadIR takes a pair for a likely positive, which is no negative."""
_MOST_WORDS = 48
"""Words of a report that look over patches."""


class Encoded:
    """What a network makes of a batch; each part is computed when a term asks for it."""

    def __init__(self, network: DualNetwork, batch: Batch, preset: Preset) -> None:
        self.network, self.batch, self.preset = network, batch, preset
        self.logits, self._tokens = network.decode(batch)

    @property
    def tokens(self) -> Tensor:
        """`(B, 576, D)`; D is 0 where the network has no look."""
        weights = self.batch["weights"]
        return weights.new_zeros(len(weights), GRID * GRID, 0) if self._tokens is None else self._tokens

    @cached_property
    def places(self) -> PlaceSums:
        assert self.logits is not None
        return sum_places(self.logits, self.batch["weights"], sharpness=self.preset.numbers["sharpness"])

    def evidence(self, weights: Tensor, sharpness: float) -> Tensor:
        """Evidence of the locations under these weights of theirs `(B, 29, F)`; F is 0 where the network has none."""
        if self.logits is None:
            return weights.new_zeros(*weights.shape[:2], 0)
        cells = weights.reshape(*weights.shape[:2], GRID, GRID)
        return sum_places(self.logits, cells, sharpness=sharpness).at_locations().transpose(1, 2)

    @cached_property
    def regions(self) -> Tensor:
        """The locations' vectors `(B, 29, D)`: tokens where the name looks, or under the located weights."""
        if self.preset.numbers["by_name"]:
            return pool_under(self.tokens, self.looks.exp())
        return pool_under(self.tokens, self.batch["weights"])

    @cached_property
    def names(self) -> Tensor:
        """Vectors of the locations' names `(29, D)`."""
        return self.network.read(self.batch["name_ids"], self.batch["name_mask"])[0]

    @cached_property
    def looks(self) -> Tensor:
        """Log weights of cells where each name looks `(B, 29, 576)`."""
        return self.network.look_for(self.names, self.tokens)

    @cached_property
    def images(self) -> Tensor:
        return self.network.whole_image(self.tokens)

    @cached_property
    def read(self) -> tuple[Tensor, Tensor]:
        return self.network.read(self.batch["ids"], self.batch["mask"])

    @cached_property
    def reports(self) -> Tensor:
        """Reports' vectors `(B, D)`; near opposites, which stand behind the reports' sentences, are in none."""
        owners = self.batch["sentence_owners"]
        return self.network.whole_report(self.read[0][: len(owners)], owners, len(self.tokens))

    @cached_property
    def anchors(self) -> Tensor:
        """Vectors of the regions that the batch compares `(R, D)`."""
        return self.regions[self.batch["anchor_images"], self.batch["anchor_places"]]

    def paired(self) -> Tensor:
        """Logits of images and reports `(B, B)`."""
        return scaled_cosines(self.images, self.reports, scale=self.network.scale)

    def alike_at_place(self) -> Tensor:
        """Cosines `(R, B)` of each anchor with all images at the anchor's place."""
        others = normalize(self.regions, dim=2)[:, self.batch["anchor_places"]]
        return torch.einsum("rd,brd->rb", normalize(self.anchors, dim=1), others)


def _global(e: Encoded) -> Tensor:
    return info_nce(e.paired())


def _words(e: Encoded) -> Tensor:
    words, mask = _words_by_report(e.read[1], e.batch["mask"], e.batch["sentence_owners"], len(e.tokens))
    cells = e.tokens.transpose(1, 2).reshape(len(e.tokens), -1, GRID, GRID)
    patches = avg_pool2d(cells, 2).flatten(2).transpose(1, 2)
    return info_nce(e.network.scale * word_patch_scores(words, mask, patches))


def _soft(e: Encoded) -> Tensor:
    return soft_cross_entropy(e.paired(), e.batch["whole_relevance"], own_share=0.7, temperature=0.1)


def _multi(e: Encoded) -> Tensor:
    relevance = e.batch["whole_relevance"]
    own = torch.eye(len(relevance), dtype=torch.bool, device=relevance.device)
    return multi_positive_info_nce(e.paired(), own, ~own & (relevance.nan_to_num(0.0) < _POSITIVE_FROM))


def _image_triplets(e: Encoded) -> Tensor:
    return graded_triplets(scaled_cosines(e.images, e.images, scale=1.0), e.batch["whole_relevance"])


def _place_triplets(e: Encoded) -> Tensor:
    return graded_triplets(e.alike_at_place(), e.batch["relevance"])


def _crops(e: Encoded) -> Tensor:
    crops = e.regions[torch.arange(len(e.tokens), device=e.tokens.device), e.batch["crop_places"]]
    return info_nce(scaled_cosines(crops, e.reports, scale=e.network.scale))


def _crop_names(e: Encoded) -> Tensor:
    logits = scaled_cosines(e.regions.flatten(0, 1), e.names, scale=e.network.scale)
    places = torch.arange(len(e.names), device=logits.device).repeat(len(e.tokens))
    return cross_entropy(logits, places)


def _evidence(e: Encoded) -> Tensor:
    return torch.stack([*evidence_terms(e.places, e.batch, e.preset).values()]).sum()


def _locations(e: Encoded) -> Tensor:
    b = e.batch
    return location_contrast(
        e.anchors, b["location_positives"], b["location_negatives"], b["anchor_weights"], scale=e.network.scale
    )


def _graded(e: Encoded) -> Tensor:
    assert e.network.bias is not None
    relevance = e.batch["relevance"]
    logits = e.network.scale * e.alike_at_place() + e.network.bias
    return soft_sigmoid_contrast(logits, relevance) / max(1, relevance.shape[1])  # a mean over pairs, not over rows


def _sentences(e: Encoded) -> Tensor:
    logits = scaled_cosines(e.read[0], e.anchors, scale=e.network.scale)
    return multi_positive_info_nce(logits, e.batch["sentence_positives"], e.batch["sentence_negatives"])


def _pointing(e: Encoded) -> Tensor:
    """Cross entropy of where a name looks with where its location is."""
    located = e.batch["weights"].flatten(2)
    mass = located.sum(dim=2, keepdim=True)
    terms = -(located / mass.clamp(min=1e-6) * e.looks).sum(dim=2) * (mass[..., 0] > 0)
    return terms.mean()


def _words_by_report(words: Tensor, mask: Tensor, owners: Tensor, reports: int) -> tuple[Tensor, Tensor]:
    """Words of sentences `(S, T, D)` by report `(reports, W, D)`, its first ones, and which of them are words."""
    told = mask[: len(owners)].bool()
    flat, owner = words[: len(owners)][told], owners[:, None].expand_as(told)[told]
    order = torch.argsort(owner, stable=True)
    counts = torch.bincount(owner, minlength=reports)
    at = torch.arange(len(flat), device=flat.device) - (counts.cumsum(0) - counts)[owner[order]]
    kept = at < _MOST_WORDS
    laid = flat.new_zeros(reports, _MOST_WORDS, flat.shape[1])
    seen = torch.zeros(reports, _MOST_WORDS, dtype=torch.bool, device=flat.device)
    rows, columns = owner[order][kept], at[kept]
    laid[rows, columns], seen[rows, columns] = flat[order][kept], True
    return laid, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term's function, and the parts of network and batch that it takes beside the decoder."""

    loss: Callable[[Encoded], Tensor]
    look: bool = True
    evidence: bool = False
    reports: bool = False
    wholes: bool = False
    names: bool = False
    looks: bool = False
    anchors: bool = False
    near: bool = False
    biased: bool = False


TERMS: Mapping[str, Term] = MappingProxyType(
    {
        "evidence": Term(loss=_evidence, look=False, evidence=True),
        "global": Term(loss=_global, reports=True, wholes=True),
        "words": Term(loss=_words, reports=True),
        "soft": Term(loss=_soft, reports=True, wholes=True),
        "multi": Term(loss=_multi, reports=True, wholes=True),
        "image_triplets": Term(loss=_image_triplets, wholes=True),
        "place_triplets": Term(loss=_place_triplets, anchors=True),
        "crops": Term(loss=_crops, reports=True),
        "crop_names": Term(loss=_crop_names, names=True),
        "locations": Term(loss=_locations, anchors=True),
        "graded": Term(loss=_graded, anchors=True, biased=True),
        "sentences": Term(loss=_sentences, reports=True, anchors=True, near=True),
        "pointing": Term(loss=_pointing, names=True, looks=True),
    }
)
"""By name, as `presets.toml` weighs them."""


def chosen_terms(preset: Preset) -> dict[str, Term]:
    """The terms that a preset weighs above 0."""
    return {name: term for name, term in TERMS.items() if preset.numbers[name] > 0}


def network_of(preset: Preset, *, findings: int, vocabulary: int, stem: Stem | None = None) -> DualNetwork:
    """The network that a preset's terms need, with new weights."""
    terms = chosen_terms(preset).values()
    look = preset.count("look") if any(term.look for term in terms) else 0
    text = replace(TEXT_PRESETS["small"], dim=look, max_tokens=preset.count("max_tokens"))
    return DualNetwork(
        findings=findings if any(term.evidence for term in terms) else 0,
        look=look,
        width=preset.width,
        text=text if reads_text(preset) else None,
        vocabulary=vocabulary,
        by_name=any(term.looks for term in terms) or bool(preset.numbers["by_name"]),
        weighs_images=any(term.wholes for term in terms),
        weighs_sentences=any(term.reports and term.wholes for term in terms),
        biased=any(term.biased for term in terms),
        stem=stem,
    )


def reads_text(preset: Preset) -> bool:
    """Whether any term of the preset takes sentences or names."""
    return bool(preset.numbers["by_name"]) or any(
        term.reports or term.names or term.looks for term in chosen_terms(preset).values()
    )


def loss_terms(network: DualNetwork, batch: Batch, preset: Preset) -> dict[str, Tensor]:
    """The preset's terms with their weights. Decoding may run in mixed precision; the rest is in float32."""
    encoded = Encoded(network, batch, preset)
    with torch.autocast(device_type=batch["weights"].device.type, enabled=False):
        return {name: preset.numbers[name] * term.loss(encoded) for name, term in chosen_terms(preset).items()}
