"""Which words a draft may use: those that name the claim, and the plain prose around them; any other is left to people.

A list of what is harmless, for what isn't has no end: names, places, dates in words, causes, treatments, advice. No
word for shape, age or course is on it either, for similar cases don't know them (decision 34).
"""

from __future__ import annotations

from functools import lru_cache

from casekin.anatomy import ANATOMIES, spellings
from casekin.findings import FINDINGS
from casekin.retrieval.compose.draft import Claim
from casekin.retrieval.compose.strip import words_of

_PROSE = """
a an and any are at be been by can cannot for from has have in into is its no nor not of on or over that the
there to was were with within without abnormal abnormality abnormalities absence absent appear appearance
appearances appears appreciable appreciated clear clearly compatible concerning confirmed consistent convincing
definite definitely demonstrate demonstrated demonstrates depicted detectable detected discernible disclosed
discrete displayed evidence evident examination excluded exhibited exhibits exist exists feature features film
finding findings found free identifiable identified identify image images imaged indicate indicated indicates
indicating likely negative normal normally note noted observe observed observes obvious overt perceptible
picture positive presence present presents probable probably radiograph radiographic radiographically
radiography radiological recognised recognized reflect remarkable represent representing represents reveal
revealed reveals see seen show showing shown shows sign signs significant suggest suggested suggesting
suggestion suggestive suggests suspected suspicious unlikely view views visible visibly visualised visualized
visualisation visualization aerated appropriate bilateral bilaterally both border borders boundaries
configuration contour contours entire entirely expanded fields intact left limits limit lower margin margins
midline outline outlines portions position preserved quiet range reflections regular right sharp sharply shape
side sided sides silhouette size structures unremarkable upper well end ending ends inside lies lying located
location overlies overlying place placed placement positioned project projected projecting projects terminate
terminates terminating tip
"""


def is_plain(text: str, claim: Claim) -> bool:
    """Whether a sentence has no word but its claim's names, names of places, and plain prose, none with a capital."""
    if any(word.istitle() for word in text.replace("-", " ").split()[1:]):
        return False
    return (_prose() | _names(claim.finding)).issuperset(words_of(text))


@lru_cache(maxsize=1)
def _prose() -> frozenset[str]:
    """Plain prose, and words that name places: whether they are the claim's, `read_back` tells."""
    places = (name for node in ANATOMIES.values() for name, _ in spellings(node))
    return frozenset(word for text in (_PROSE, *places) for word in words_of(text))


@lru_cache(maxsize=1024)
def _names(finding: str) -> frozenset[str]:
    known = FINDINGS[finding]
    names = (known.name, *known.synonyms, *(word for sign in known.signs for word in sign.words))
    return frozenset(word for name in names for word in words_of(name))
