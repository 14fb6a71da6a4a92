"""How drafts are worded: how much they repeat each other, and how far their words overlap with the reports written.

Overlap of words says little of what is true: the same sentences with one side changed score almost full. It is told
beside the findings because published systems are compared by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import pairwise

from casekin.errors import DependencyError
from casekin.evaluation.drafts.told import ToldDraft

Overlap = Callable[[str, str], float]
_INSTALL = "pip install 'casekin[text-measures]'"


def diversity(drafts: Sequence[ToldDraft]) -> dict[str, float | None]:
    """Distinct sentences of all sentences, and distinct pairs of words of all pairs, over the drafts (Li et al., 2016).

    1 where no two are alike. None where there is no sentence, or no pair.
    """
    sentences = [" ".join(one.text.lower().split()) for draft in drafts for one in draft.sentences]
    pairs: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        pairs.update(pairwise(sentence.split()))
    return {
        "DistinctSentences": len(set(sentences)) / len(sentences) if sentences else None,
        "Distinct-2": len(pairs) / pairs.total() if pairs else None,
    }


def overlap_measures() -> Mapping[str, Overlap]:
    """By name what compares a draft's text with a report's, in [0, 1]: BLEU, ROUGE-L, METEOR.

    BLEU is of single reports, with sacrebleu's own words and smoothing (Papineni et al., ACL 2002; Post, WMT 2018);
    ROUGE-L the F-measure over stems (Lin, 2004); METEOR matches words and stems, no synonyms, for WordNet is a download
    (Banerjee and Lavie, 2005). DependencyError where the packages of the extra `text-measures` aren't there.
    """
    try:
        sacrebleu, rouge_scorer, meteor, stem = (
            import_module(name)
            for name in ("sacrebleu", "rouge_score.rouge_scorer", "nltk.translate.meteor_score", "nltk.stem.porter")
        )
    except ImportError as error:
        raise DependencyError(f"text measures: {error.name} isn't installed; {_INSTALL}") from None
    bleu = sacrebleu.BLEU(effective_order=True, lowercase=True)
    rouge, stemmer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=True), stem.PorterStemmer()
    return {
        "BLEU": lambda draft, report: float(bleu.sentence_score(draft, [report]).score) / 100,
        "ROUGE-L": lambda draft, report: float(rouge.score(report, draft)["rougeL"].fmeasure),
        "METEOR": lambda draft, report: float(
            meteor.meteor_score([_words(report)], _words(draft), stemmer=stemmer, wordnet=_NoSynonyms())
        ),
    }


class _NoSynonyms:
    """Stands where nltk expects WordNet: no word has a synonym."""

    def synsets(self, word: str) -> list[object]:
        return []


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()
