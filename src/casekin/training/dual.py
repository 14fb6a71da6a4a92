"""The dual encoder that presets train: a decoder over frozen maps, a text encoder, and names that look for places.

An image becomes evidence logits and tokens of a joint space; a sentence becomes a vector of that space; a place's name
looks over the tokens and becomes weights, with which tokens are pooled as under a mask.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from casekin.models.features import GRID, LEVELS
from casekin.training.backbones import Backbone, LaterStages
from casekin.training.decoder import Decoder
from casekin.training.text.network import SentenceNetwork
from casekin.training.text.presets import TextPreset

_SCALE = 10.0
_LEAST = 1e-6
Stem = Backbone | LaterStages
"""What makes maps and learns along: of views, or of maps that were kept."""


class DualNetwork(nn.Module):
    """What a preset's losses need, and no more: parts without a loss would never get a gradient.

    `findings`: channels of evidence, 0 for none; `look`: numbers of a token, 0 for none. `text` of None: no text
    encoder. `by_name`: names look for places. `weighs_images`, `weighs_sentences`: an image's cells and a report's
    sentences have learned weights in the vector of the whole; else all weigh the same. `biased`: pairs are judged by
    themselves, from an offset. `stem` of None: the decoder takes kept maps as they are.
    """

    def __init__(
        self,
        *,
        findings: int,
        look: int,
        width: int,
        text: TextPreset | None = None,
        vocabulary: int = 0,
        by_name: bool = False,
        weighs_images: bool = False,
        weighs_sentences: bool = False,
        biased: bool = False,
        stem: Stem | None = None,
    ) -> None:
        super().__init__()
        self.stem = stem
        self.decoder = Decoder(findings=findings, look=look, width=width)
        self.text = None if text is None else SentenceNetwork(text, vocabulary=vocabulary)
        self.cell_weight = nn.Linear(look, 1, bias=False) if weighs_images else None
        self.sentence_weight = nn.Linear(look, 1, bias=False) if weighs_sentences else None
        self.query = nn.Linear(look, look, bias=False) if by_name else None
        self.key = nn.Linear(look, look, bias=False) if by_name else None
        self.log_scale = nn.Parameter(torch.tensor(math.log(_SCALE))) if look else None
        self.bias = nn.Parameter(torch.tensor(-_SCALE / 2)) if biased else None

    @property
    def scale(self) -> Tensor:
        """The factor of cosines, at most 100."""
        assert self.log_scale is not None
        scale: Tensor = self.log_scale.exp().clamp(max=100.0)
        return scale

    def decode(self, batch: Mapping[str, Tensor]) -> tuple[Tensor | None, Tensor | None]:
        """Evidence logits `(B, F, 48, 48)` and tokens `(B, 576, look)`, float32, of a batch with the maps `LEVELS` or
        what the stem takes.
        """
        maps = batch if self.stem is None else self.stem(*(batch[name] for name in self.stem.takes))
        evidence, look = self.decoder(*(maps[name] for name in LEVELS))
        tokens = None if look is None else look.flatten(2).transpose(1, 2).float()
        return None if evidence is None else evidence.float(), tokens

    def read(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Sentence vectors `(S, look)` of length 1 and word vectors `(S, T, look)`."""
        assert self.text is not None
        vectors, words = self.text(ids, mask)
        return vectors, words

    def whole_image(self, tokens: Tensor) -> Tensor:
        """Images' vectors `(B, look)`, the weighted mean of their tokens `(B, 576, look)`."""
        if self.cell_weight is None:
            return tokens.mean(dim=1)
        weights: Tensor = self.cell_weight(tokens).softmax(dim=1)
        return (weights * tokens).sum(dim=1)

    def whole_report(self, sentences: Tensor, owners: Tensor, reports: int) -> Tensor:
        """Reports' vectors `(reports, look)`, the weighted mean of their sentences' vectors `(S, look)`."""
        if self.sentence_weight is None:
            weights = sentences.new_ones(len(sentences), 1)
        else:
            weights = torch.exp(self.sentence_weight(sentences).clamp(-10.0, 10.0))
        sums = sentences.new_zeros(reports, sentences.shape[1]).index_add(0, owners, weights * sentences)
        mass = sentences.new_zeros(reports, 1).index_add(0, owners, weights)
        return sums / mass.clamp(min=_LEAST)

    def look_for(self, names: Tensor, tokens: Tensor) -> Tensor:
        """Where names `(P, look)` look on images: log weights of cells `(B, P, 576)`, whose exponentials sum to 1."""
        assert self.query is not None and self.key is not None
        scores: Tensor = self.query(names)[None] @ self.key(tokens).transpose(1, 2)
        return (scores / math.sqrt(names.shape[1])).log_softmax(dim=2)


def pool_under(tokens: Tensor, weights: Tensor) -> Tensor:
    """Tokens `(B, 576, D)` pooled under weights `(B, P, 24, 24)` or `(B, P, 576)`: means `(B, P, D)`."""
    flat = weights.reshape(weights.shape[0], weights.shape[1], GRID * GRID).float()
    return (flat @ tokens) / flat.sum(dim=2, keepdim=True).clamp(min=_LEAST)
