"""What makes a writer: words for findings and places, sentence frames, sections, habits. Language-free itself.

Templates are plain strings with fields in braces and the finding's phrase in brackets: `{a} {size} {side} [pleural
effusion]`. A pattern that ends in a full stop is a whole sentence, any other is a noun phrase that a frame takes up. A
leading `*` says that a noun phrase is plural. Fields of patterns: `a` (article, or nothing in telegraphic style),
`size`, `degree`, `degree_adverb`, `side`, `initial` (L or R), `place` (before a noun), `at` (after one), `tip` (where
a device ends), `mm`. Frames have `np`, `np0` (without article), `study` (film or scan) and verb forms `is`, `has`,
`remains`, `persists`, `appears`, `shows`.

A pattern says where the finding is if it has one of `PLACING`; any other leaves it at the finding's home. A pattern's
words mean exactly its finding: a broader or a narrower concept would be another truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casekin.types import Change, Severity

# Findings grouped as reports go through the chest; `devices` is a paragraph of its own.
ORGANS: Mapping[str, tuple[str, ...]] = {
    "lungs": (
        "consolidation",
        "ground_glass_opacity",
        "nodule",
        "mass",
        "atelectasis",
        "pulmonary_edema",
        "emphysema",
        "fibrosis",
        "calcified_granuloma",
    ),
    "pleura": ("pleural_effusion", "pneumothorax", "pleural_thickening"),
    "heart": ("cardiomegaly",),
    "mediastinum": ("mediastinal_widening", "hilar_enlargement", "hiatal_hernia"),
    "bones": ("rib_fracture",),
    "abdomen": ("pneumoperitoneum",),
    "devices": (
        "endotracheal_tube",
        "nasogastric_tube",
        "central_venous_catheter",
        "pacemaker",
        "chest_tube",
    ),
}
# Fields by which a pattern says where its finding is.
PLACING: tuple[str, ...] = ("{place}", "{at}", "{side}", "{initial}", "{tip}")
_SIDES: Mapping[str, str] = {"left": "left", "right": "right", "bilateral": "bilateral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A vocabulary. Keys of `patterns` are findings, or `finding@anatomy` where the anatomy changes the words.

    `pairs` say a finding on both sides at once: fields `size` and `degree` where both are alike; patterns that name
    `greater` and `lesser` (sides) are for unlike ones. `apart` say the sides one by one (`size_one`, `degree_one`,
    `side_one`, and the same with `two`). `same_side` joins lobes of one side (fields `side`, `lobes`), `both_sides` the
    same lobe of both (`lobe`), `across` two lobes of different sides (`one`, `side_one`, `two`, `side_two`). Of a pair
    `(place, at)` the first stands before a noun, the second after it. `broad` are words for a place that mean a larger
    or vaguer one: `(place, at, the anatomy they mean)`. `bare` are patterns without a place, for where the text before
    has said it. `tips` say where a device ends; `{n}` there is a number of centimetres.
    `one_sided` puts the `side` to an `item` that is absent on that side alone.
    """

    patterns: Mapping[str, tuple[str, ...]]
    pairs: Mapping[str, tuple[str, ...]]
    apart: Mapping[str, tuple[str, ...]]
    bare: Mapping[str, tuple[str, ...]]
    absent: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[tuple[str, str], ...]]
    broad: Mapping[str, tuple[tuple[str, str, str], ...]]
    tips: Mapping[str, tuple[str, ...]]
    same_side: tuple[tuple[str, str], ...]
    both_sides: tuple[tuple[str, str], ...]
    across: tuple[tuple[str, str], ...]
    sizes: Mapping[Severity, tuple[str, ...]]
    degrees: Mapping[Severity, tuple[str, ...]]
    degree_adverbs: Mapping[Severity, tuple[str, ...]]
    measures: tuple[str, ...]
    one_sided: str = "{side} {item}"
    sides: Mapping[str, str] = field(default_factory=lambda: _SIDES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A person who dictates reports. Rates are probabilities; sections without a heading lack one in `headings`.

    `sections` is the order, of `indication`, `technique`, `comparison`, `findings`, `impression`, `closing`. `organs`
    is the order inside the findings; `organ_labels`, where given, head a line for each. `normal` holds statements that
    an organ is unremarkable; brackets there mark the size of the heart, which denies cardiomegaly. `negated` frames
    take `list`, `negated_two` and `joined` ones the noun phrases `one` and `two` of different findings; `removed` ones
    say that a device is gone. `beside` frames join two findings of one side, of which `two` says no place; a bar parts
    sentences. `likely` frames say what is all but sure, and count as present. `studies` name a radiograph and a CT.
    """

    name: str
    wording: Wording
    sections: tuple[str, ...]
    organs: tuple[str, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    organ_labels: Mapping[str, str] = field(default_factory=dict)
    after_heading: str = ": "
    between_sections: str = "\n\n"
    joint: str = " "
    articles: bool = True
    full_stop: bool = True
    upper_case: bool = False
    lower_case: bool = False
    width: int | None = None
    numbered: str | None = None
    studies: Mapping[str, str] = field(default_factory=lambda: {"CR": "radiograph", "CT": "scan"})
    present: tuple[str, ...]
    likely: tuple[str, ...] = ()
    tails: Mapping[Change, tuple[str, ...]]
    changed: Mapping[Change, tuple[str, ...]]
    hedged: tuple[str, ...]
    joined: tuple[str, ...]
    beside: tuple[str, ...] = ()
    removed: tuple[str, ...]
    negated: tuple[str, ...]
    negated_two: tuple[str, ...] = ()
    last_of_list: str = "or"
    normal: Mapping[str, tuple[str, ...]]
    all_normal: tuple[str, ...] = ()
    impression: tuple[str, ...]
    impression_normal: tuple[str, ...]
    indications: tuple[str, ...]
    techniques: Mapping[str, tuple[str, ...]]
    comparisons_none: tuple[str, ...]
    comparisons: tuple[str, ...]
    closings: tuple[str, ...] = ()
    joining: float = 0.3
    omission: float = 0.03
    hedging: float = 0.12
    negation: float = 0.6
    broadness: float = 0.05
    severity_given: float = 0.75
    change_given: float = 0.8
    section_missing: float = 0.1
    typing_errors: float = 0.004
