"""Pre-training of the text encoder on reports alone: sentences are as near as what they state is alike."""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from casekin.errors import DependencyError
from casekin.training.losses import scaled_cosines, soft_sigmoid_contrast
from casekin.training.losses.contrast import contrast_rows
from casekin.training.text.facets import Facets
from casekin.training.text.network import SentenceNetwork
from casekin.training.text.phrases import reword_statement
from casekin.training.text.presets import TextPreset
from casekin.training.text.statements import Statement, compare_meanings, near_statements
from casekin.training.text.tokenizer import END, PAD, START, UNKNOWN
from casekin.types import Fact

_LOG = logging.getLogger(__name__)
_REWORDED = 0.5
"""Share of report sentences shown with another name of a finding."""
_PARTS = 4
"""Parts of a batch, by length, so that short sentences aren't padded to the longest."""
_WARM_UP = 0.05
_SCALE = 10.0
_RARE = -4.0
"""Logit that a facet starts from: most sentences have few of them."""
_EVERY = 100
_SAME = 0.95
TEMPERATURE = 0.07
_FOCUS = 3.0
"""Weight of the nearest sentences' contrast: about as large as the other two terms when training ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCorpus:
    """What a text encoder is trained on: sentences of reports, each also with another name of a finding (`reworded`)
    and with near sentences that say something else (`negatives`), and composed phrases.
    """

    reports: tuple[Statement, ...]
    reworded: tuple[Statement, ...]
    negatives: tuple[tuple[Statement, ...], ...]
    composed: tuple[Statement, ...]


def build_corpus(
    reports: Sequence[Statement], composed: Sequence[Statement], *, generator: np.random.Generator
) -> TextCorpus:
    """The corpus; hard negatives that are told anew are left out: their style gives them away."""
    return TextCorpus(
        reports=tuple(reports),
        reworded=tuple(reword_statement(statement, generator=generator) for statement in reports),
        composed=tuple(composed),
        negatives=tuple(tuple(near for _, near in near_statements(statement.sentence)) for statement in reports),
    )


def fit_text_encoder(corpus: TextCorpus, tokenizer: str, *, preset: TextPreset, seed: int) -> SentenceNetwork:
    """A network trained for the preset's steps; same input, same weights on one machine.

    A batch holds pairs of sentences of the same meaning, composed phrases and hard negatives. Every two of them are
    compared by the soft sigmoid contrast, with `compare_meanings` as the target, and a linear layer, which isn't kept,
    tells each vector's `Facets`. Some pieces are hidden, as words of other writers will be unknown. The generator of
    torch is seeded here.

    Raises:
        DependencyError: the `text` extra isn't installed.
    """
    encode = _Encoding(tokenizer, preset.max_tokens)
    torch.manual_seed(seed)
    network = SentenceNetwork(preset, vocabulary=encode.vocabulary)
    scale = torch.nn.Parameter(torch.tensor(math.log(_SCALE)))
    bias = torch.nn.Parameter(torch.tensor(-_SCALE / 2))
    facets = Facets(statement.meaning for statement in _all_statements(corpus))
    teller = nn.Linear(preset.dim, len(facets))
    nn.init.constant_(teller.bias, _RARE)
    optimizer = torch.optim.AdamW(
        [{"params": [*network.parameters(), *teller.parameters()], "weight_decay": preset.weight_decay},
         {"params": [scale, bias], "weight_decay": 0.0}],
        lr=preset.learning_rate,
    )  # fmt: skip
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / preset.steps))
    network.train()
    for step, batch in enumerate(_batches(corpus, preset, seed)):
        meanings = [statement.meaning for statement in batch]
        vectors = _encoded(network, encode, [statement.sentence for statement in batch], hidden=preset.hidden)
        logits = scaled_cosines(vectors, vectors, scale=scale.exp(), bias=bias)
        relevance = _targets(meanings)
        told = binary_cross_entropy_with_logits(teller(_SCALE * vectors), facets.rows(meanings), reduction="sum")
        loss = (
            soft_sigmoid_contrast(logits, relevance) + told / len(batch) + _FOCUS * nearest_contrast(vectors, relevance)
        )
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % _EVERY == 0:
            _LOG.info("step=%d of=%d loss=%.4f scale=%.1f", step + 1, preset.steps, loss.item(), scale.exp().item())
    return network.eval()


def nearest_contrast(vectors: Tensor, relevance: Tensor) -> Tensor:
    """Contrast of sentences of one meaning with all others, which the nearest of these decide: mostly hard negatives.

    The sigmoid contrast weighs every pair alike, so that the one that differs by a word goes under.
    """
    positives = relevance > _SAME
    against = (1.0 - relevance).clamp(0, 1).square().nan_to_num(0.0)
    return contrast_rows(vectors @ vectors.T / TEMPERATURE, positives, against)


def _all_statements(corpus: TextCorpus) -> Iterator[Statement]:
    yield from corpus.reports
    yield from corpus.composed
    for near in corpus.negatives:
        yield from near


def _encoded(network: SentenceNetwork, encode: _Encoding, sentences: Sequence[str], *, hidden: float) -> Tensor:
    """Sentence vectors `(n, d)`, computed in parts of like length, in the order of the sentences."""
    order = sorted(range(len(sentences)), key=lambda n: len(sentences[n]))
    parts = []
    for numbers in np.array_split(np.array(order), min(_PARTS, len(order))):
        ids, mask = encode([sentences[n] for n in numbers.tolist()])
        parts.append(network(encode.hide(ids, hidden), mask)[0])
    back = torch.tensor(np.argsort(order))
    return torch.cat(parts)[back]


def _rate(done: float) -> float:
    """Linear warm-up, then half a cosine to 0, as a share of the learning rate."""
    return min(1.0, (done + 1e-3) / _WARM_UP) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def _targets(meanings: Sequence[tuple[Fact, ...]]) -> Tensor:
    relevance = torch.from_numpy(compare_meanings(meanings, meanings)).float()
    return relevance.fill_diagonal_(float("nan"))


def _batches(corpus: TextCorpus, preset: TextPreset, seed: int) -> Iterator[list[Statement]]:
    """The preset's number of batches; meanings come up by the root of how many sentences have them."""
    generator = np.random.default_rng([seed, 1])
    having: dict[tuple[Fact, ...], list[int]] = defaultdict(list)
    for number, statement in enumerate(corpus.reports):
        having[statement.meaning].append(number)
    groups = list(having.values())
    weights = np.sqrt([len(group) for group in groups])
    meanings, composed = min(preset.meanings, len(groups)), min(preset.composed, len(corpus.composed))
    for _ in range(preset.steps):
        chosen = generator.choice(len(groups), size=meanings, replace=False, p=weights / weights.sum())
        pairs = [generator.choice(groups[i], size=min(2, len(groups[i])), replace=False) for i in chosen]
        numbers = np.concatenate(pairs)
        near = [each for n in numbers.tolist() for each in corpus.negatives[n]]
        kept = generator.permutation(len(near))[: preset.negatives]
        forms = [corpus.reworded if generator.random() < _REWORDED else corpus.reports for _ in numbers]
        shown = [form[n] for form, n in zip(forms, numbers.tolist(), strict=True)]
        drawn: NDArray[np.int64] = generator.choice(len(corpus.composed), size=composed, replace=False)
        yield [*shown, *(corpus.composed[i] for i in drawn), *(near[i] for i in kept)]


class _Encoding:
    """Sentences → ids and mask `(n, t)`, padded to the longest of them."""

    def __init__(self, tokenizer: str, max_tokens: int) -> None:
        try:
            from tokenizers import Tokenizer
        except ModuleNotFoundError as error:
            raise DependencyError("text is cut into word pieces by a package; pip install 'casekin[text]'") from error
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.enable_truncation(max_tokens)
        self._padding: int = self._tokenizer.get_vocab()[PAD]
        self._unknown: int = self._tokenizer.get_vocab()[UNKNOWN]
        self._kept = torch.tensor([self._tokenizer.get_vocab()[piece] for piece in (PAD, START, END)])
        self.vocabulary = int(self._tokenizer.get_vocab_size())

    def __call__(self, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
        encoded = [self._tokenizer.encode(sentence) for sentence in sentences]
        width = max(len(each.ids) for each in encoded)
        rows = [each.ids + [self._padding] * (width - len(each.ids)) for each in encoded]
        masks = [[1] * len(each.ids) + [0] * (width - len(each.ids)) for each in encoded]
        return torch.tensor(rows), torch.tensor(masks)

    def hide(self, ids: Tensor, share: float) -> Tensor:
        """The ids with a random share of them unknown; signs of start, end and padding stay."""
        hidden = (torch.rand(ids.shape) < share) & ~torch.isin(ids, self._kept)
        return ids.masked_fill(hidden, self._unknown)
