"""What the loop trains of a preset: batches of images, what their reports say, and how alike they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from casekin.anatomy import LOCATIONS
from casekin.models.features import LEVELS
from casekin.models.presence import Presence
from casekin.relevance import CaseFindings
from casekin.training.archive_grades import WHOLE, ArchiveGrades
from casekin.training.cases import TrainingCase
from casekin.training.dual import Stem
from casekin.training.evidence import balance_findings
from casekin.training.evidence_targets import ReportTargets
from casekin.training.feature_maps import MapCache
from casekin.training.loop import decaying_groups
from casekin.training.presence_fit import fit_presence
from casekin.training.presets import Preset
from casekin.training.recipes import chosen_terms, loss_terms, network_of
from casekin.training.report_texts import ReportTexts, Told
from casekin.training.samplers import Batches, abnormal_weights, weighted_batches
from casekin.training.targets import Region, build_location_targets, build_sentence_targets
from casekin.training.vectors import SHARPNESS, ImageVectors, encode_views, pool_views, stated_at

Floats = NDArray[np.float32]
Scorer = Callable[[Floats], Mapping[str, float]]
"""Figures of regions' vectors `(N, 29, D)` on the questions of validation."""
_READ_BY = 500
"""Images of train by which validation reads evidence as presence after an epoch: all of them tell hardly more."""
TUNED_SHARE = 0.1
"""Of the learning rate, for what began with learned values: the full rate forgets them within an epoch."""


class DualTraining:
    """Images and reports of `train` under a preset's terms, judged on `validation` by its regions' vectors.

    By row of `maps`: `targets` and `mirrored_targets` of evidence, the latter None where no view of the row is
    mirrored; `cases` of train alone and their `mirrored` form, likewise; of validation nothing but maps is known here.
    Rows that can't be read are in neither set of row numbers. `texts` of the same rows may be None where no term reads.
    """

    metric = "nDCG@10"

    def __init__(
        self,
        *,
        cases: Sequence[TrainingCase],
        mirrored: Sequence[TrainingCase | None],
        texts: ReportTexts | None,
        findings: Sequence[str],
        maps: MapCache,
        targets: Sequence[ReportTargets],
        mirrored_targets: Sequence[ReportTargets | None],
        patients: Sequence[str],
        train: NDArray[np.int64],
        validation: NDArray[np.int64],
        score: Scorer,
        preset: Preset,
        seed: int,
    ) -> None:
        self.findings, self.maps, self.preset, self.seed = tuple(findings), maps, preset, seed
        self.texts, self.terms = texts, chosen_terms(preset)
        self.presence: Presence | None = None
        self._targets, self._mirrored_targets, self._score = targets, mirrored_targets, score
        self._train, self._validation = train, validation
        self._patients = [patients[row] for row in train.tolist()]
        told = [targets[row] for row in train.tolist()]
        self._abnormal = [len(one.bag_weights) > 0 for one in told]
        self._balance = torch.from_numpy(balance_findings(told, preset))
        self._cases = [CaseFindings.of(case) for case in cases]
        self._mirrored_cases = [None if case is None else CaseFindings.of(case) for case in mirrored]
        self._grades = ArchiveGrades(self._cases)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.network = network_of(
                preset,
                findings=len(findings),
                vocabulary=0 if texts is None else texts.vocabulary,
                stem=self.make_stem(),
            )
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def make_stem(self) -> Stem | None:
        """What makes the decoder's maps and learns along; None where the kept maps are these."""
        return None

    def groups(self, learning_rate: float, weight_decay: float) -> list[dict[str, Any]]:
        """The decoder at the rate given. Text, which starts from nothing and sees few sentences a step, learns more
        slowly, and so does what began with learned values.
        """
        text = list(() if self.network.text is None else self.network.text.parameters())
        tuned = [p for p in (() if self.network.stem is None else self.network.stem.pretrained()) if p.requires_grad]
        known = {id(parameter) for parameter in (*text, *tuned)}
        rest = [p for p in self.network.parameters() if p.requires_grad and id(p) not in known]
        slower = learning_rate * self.preset.numbers["text_rate"]
        groups = [
            *decaying_groups(rest, learning_rate, weight_decay),
            *decaying_groups(tuned, learning_rate * TUNED_SHARE, weight_decay),
            {"params": text, "lr": slower, "weight_decay": weight_decay},
        ]
        return [group for group in groups if group["params"]]

    def draw_epoch(self, epoch: int) -> Batches:
        """Rows of train, images with a finding more often than the others."""
        share = self.preset.numbers["abnormal_share"]
        return self._train[
            weighted_batches(
                self._patients,
                abnormal_weights(self._abnormal, share=share),
                batch_size=min(self.preset.count("batch_size"), len(set(self._patients))),
                seed=self.seed,
                epoch=epoch,
            )
        ]

    def batch(self, numbers: NDArray[np.int64], generator: torch.Generator) -> dict[str, Tensor]:
        """One view of each image, what its report says of evidence, and what the terms compare.

        All show the same view: reports of mirrored images are compared with one another.
        """
        turn = int(torch.randint(self.maps.mirrored.shape[1], (1,), generator=generator))
        turns = np.full(len(numbers), turn, dtype=np.int64)
        flips = self.maps.mirrored[numbers, turns]
        batch = {**self.inputs(numbers, turns), **self._evidence_inputs(numbers, flips)}
        draw = np.random.default_rng(int(torch.randint(1 << 62, (1,), generator=generator)))
        told = self._told(numbers, flips, draw) if any(t.reports for t in self.terms.values()) else None
        if told is not None:
            batch |= self._text_inputs(told, draw)
        if any(term.names or term.looks for term in self.terms.values()) or self.preset.numbers["by_name"]:
            batch |= self._name_inputs()
        if any(term.wholes for term in self.terms.values()):
            batch["whole_relevance"] = torch.from_numpy(self._relevance(numbers, flips, np.arange(len(numbers)), WHOLE))
        if any(term.anchors for term in self.terms.values()):
            batch |= self._anchor_inputs(numbers, flips, draw)
        if "sentences" in self.terms:
            assert told is not None
            batch |= self._sentence_inputs(numbers, flips, told, batch)
        batch["crop_places"] = torch.from_numpy(draw.integers(len(LOCATIONS), size=len(numbers)))
        return batch

    def inputs(self, rows: NDArray[np.int64], turns: NDArray[np.int64]) -> dict[str, Tensor]:
        """The maps of these views, by level, and the `weights` of their locations `(B, 29, 24, 24)`."""
        levels = {name: torch.from_numpy(self.maps.levels[name][rows, turns].astype(np.float32)) for name in LEVELS}
        levels = {name: level.contiguous(memory_format=torch.channels_last) for name, level in levels.items()}
        weights = torch.from_numpy(self.maps.weights[rows, turns].astype(np.float32) / 255.0)
        return {**levels, "weights": weights}

    def loss(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The preset's terms with their weights."""
        return loss_terms(self.network, batch, self.preset)

    def validate(self) -> dict[str, float]:
        """Figures of the scorer on validation's images as they are; how evidence reads is fitted on some of train's."""
        some = self._train[:: -(-len(self._train) // _READ_BY)]
        return self._figures(self._presence_of(some, (self.preset.numbers["sharpness"],)))

    def fit_presence(self) -> dict[str, float]:
        """Fit how evidence of train's images reads as presence, by what their reports state; validation's figures then.

        Nothing where the preset learns no evidence.
        """
        self.network.eval()
        self.presence = self._presence_of(self._train, SHARPNESS)
        return {} if self.presence is None else self._figures(self.presence)

    def _presence_of(self, rows: NDArray[np.int64], sharpness: Sequence[float]) -> Presence | None:
        if self.network.decoder.evidence is None:
            return None
        evidence = pool_views(self.network, self._shown(rows), self.preset, sharpness)
        stated = [stated_at(self._cases[row].facts, self.findings) for row in rows.tolist()]
        return fit_presence(evidence, np.stack(stated))

    def _figures(self, presence: Presence | None) -> dict[str, float]:
        """Of the preset's own regions and, where names look for places, of both ways to weigh a location."""
        vectors = encode_views(self.network, self._shown(self._validation), self.preset, presence)
        figures = dict(self._score(vectors.regions(self.preset)))
        ways = {"located": vectors.located, "named": vectors.named}
        for way, regions in ways.items() if vectors.named is not None else ():
            assert regions is not None
            figures |= {f"{name} {way}": value for name, value in self._score(regions).items()}
        return figures

    def encode(self, rows: NDArray[np.int64]) -> ImageVectors:
        """Vectors of images as they are, by row of the maps."""
        return encode_views(self.network, self._shown(rows), self.preset, self.presence)

    def _shown(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Tensor]]:
        """Batches of images as they are."""
        names = {} if self.network.text is None else self._name_inputs()
        for part in np.array_split(rows, -(-len(rows) // 32)):
            yield {**self.inputs(part, np.zeros_like(part)), **names}

    def _evidence_inputs(self, numbers: NDArray[np.int64], flips: NDArray[np.bool_]) -> dict[str, Tensor]:
        """Places that show a finding by the report (bags, with whose they are), and locations that don't."""
        told = [self._targets_of(row, flip) for row, flip in zip(numbers.tolist(), flips.tolist(), strict=True)]
        owners = np.repeat(np.arange(len(told)), [len(one.bag_weights) for one in told])
        return {
            "owners": torch.from_numpy(owners),
            "bag_findings": torch.from_numpy(np.concatenate([one.bag_findings for one in told])),
            "bag_regions": torch.from_numpy(np.concatenate([one.bag_regions for one in told])),
            "bag_weights": torch.from_numpy(np.concatenate([one.bag_weights for one in told])),
            "absent": torch.from_numpy(np.stack([one.absent for one in told])),
            "balance": self._balance,
        }

    def _targets_of(self, row: int, flip: bool) -> ReportTargets:
        found = self._mirrored_targets[row] if flip else self._targets[row]
        assert found is not None  # only such rows have mirrored views
        return found

    def _told(self, numbers: NDArray[np.int64], flips: NDArray[np.bool_], draw: np.random.Generator) -> list[Told]:
        """Of each image's report so many of its sentences as the preset takes, by chance."""
        assert self.texts is not None
        most = self.preset.count("sentences_each")
        told = []
        for number, flip in zip(numbers.tolist(), flips.tolist(), strict=True):
            sentences = self.texts.mirrored[number] if flip else self.texts.reports[number]
            assert sentences is not None  # only such images are shown mirrored
            kept = sorted(draw.permutation(len(sentences))[:most].tolist())
            told.append(tuple(sentences[n] for n in kept))
        return told

    def _text_inputs(self, told: Sequence[Told], draw: np.random.Generator) -> dict[str, Tensor]:
        assert self.texts is not None
        owners = np.repeat(np.arange(len(told)), [len(one) for one in told])
        numbers = [number for one in told for number, _ in one]
        near = self._near(numbers, draw) if any(term.near for term in self.terms.values()) else []
        ids, mask = self.texts.padded([*numbers, *(each for each, _ in near)])
        return {
            "ids": torch.from_numpy(ids),
            "mask": torch.from_numpy(mask),
            "sentence_owners": torch.from_numpy(owners),
            "near_of": torch.tensor([of for _, of in near], dtype=torch.long),
        }

    def _near(self, numbers: Sequence[int], draw: np.random.Generator) -> list[tuple[int, int]]:
        """Near opposites of the batch's sentences, each with the sentence's position, at most as many as the preset."""
        assert self.texts is not None
        pairs = [(near, at) for at, number in enumerate(numbers) for near in self.texts.near.get(number, ())]
        return [pairs[n] for n in sorted(draw.permutation(len(pairs))[: self.preset.count("near_sentences")].tolist())]

    def _name_inputs(self) -> dict[str, Tensor]:
        assert self.texts is not None
        ids, mask = self.texts.padded(self.texts.names)
        return {"name_ids": torch.from_numpy(ids), "name_mask": torch.from_numpy(mask)}

    def _relevance(
        self, numbers: NDArray[np.int64], flips: NDArray[np.bool_], images: NDArray[np.int64], places: Any
    ) -> Floats:
        """Relevance `(n, B)` of regions of the batch's images with all its images; NaN where one alone is mirrored."""
        asked = np.broadcast_to(np.asarray(places, dtype=np.int64), images.shape)
        mirrored = bool(flips.any())
        values = self._grades.relevance(
            numbers[images], asked, numbers, mirrored=mirrored, normal=self.preset.numbers["normal_pairs"]
        )
        values[flips[images][:, None] != flips[None, :]] = np.nan
        return values

    def _anchor_inputs(
        self, numbers: NDArray[np.int64], flips: NDArray[np.bool_], draw: np.random.Generator
    ) -> dict[str, Tensor]:
        """Regions that are compared, most of them abnormal, and what they are positives and negatives of."""
        mirrored = bool(flips.any())
        same = [(n, number) for n, number in enumerate(numbers.tolist()) if flips[n] == mirrored]
        abnormal = [(n, p) for n, i in same for p in self._grades.abnormal_places(i, mirrored=mirrored).tolist()]
        normal = [(n, p) for n, i in same for p in self._grades.normal_places(i, mirrored=mirrored).tolist()]
        chosen = [abnormal[n] for n in draw.permutation(len(abnormal))[: self.preset.count("anchors")]]
        chosen += [normal[n] for n in draw.permutation(len(normal))[: self.preset.count("normal_anchors")]]
        images, places = np.array(chosen, dtype=np.int64).reshape(-1, 2).T.copy()
        found = {
            "anchor_images": torch.from_numpy(images),
            "anchor_places": torch.from_numpy(places),
            "relevance": torch.from_numpy(self._relevance(numbers, flips, images, places)),
        }
        if "locations" in self.terms:
            targets = build_location_targets(self._shown_cases(numbers, flips), _regions(images, places))
            found |= {
                "location_positives": torch.from_numpy(targets.positives),
                "location_negatives": torch.from_numpy(targets.negative_weights),
                "anchor_weights": torch.from_numpy(targets.anchor_weights),
            }
        return found

    def _sentence_inputs(
        self,
        numbers: NDArray[np.int64],
        flips: NDArray[np.bool_],
        told: Sequence[Told],
        batch: Mapping[str, Tensor],
    ) -> dict[str, Tensor]:
        """Which regions a sentence speaks of and goes against; a near opposite goes against its own image's."""
        images, places = batch["anchor_images"].numpy(), batch["anchor_places"].numpy()
        sentences = [(n, facts) for n, one in enumerate(told) for _, facts in one]
        targets = build_sentence_targets(self._shown_cases(numbers, flips), sentences, _regions(images, places))
        near_of, owners = batch["near_of"].numpy(), batch["sentence_owners"].numpy()
        against = targets.positives[near_of] & (owners[near_of][:, None] == images[None, :])
        return {
            "sentence_positives": torch.from_numpy(np.concatenate([targets.positives, np.zeros_like(against)])),
            "sentence_negatives": torch.from_numpy(np.concatenate([targets.negatives, against])),
        }

    def _shown_cases(self, numbers: NDArray[np.int64], flips: NDArray[np.bool_]) -> list[CaseFindings]:
        return [self._case(number, flip) for number, flip in zip(numbers.tolist(), flips.tolist(), strict=True)]

    def _case(self, number: int, flip: bool) -> CaseFindings:
        found = self._mirrored_cases[number] if flip else self._cases[number]
        assert found is not None
        return found


def _regions(images: NDArray[np.int64], places: NDArray[np.int64]) -> list[Region]:
    return [Region(case=n, place=LOCATIONS[p]) for n, p in zip(images.tolist(), places.tolist(), strict=True)]
