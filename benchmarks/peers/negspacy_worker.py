"""negspaCy: phrases by spaCy's entity ruler, negation by NegEx with its clinical term set; it knows no doubt."""

import spacy
from negspacy.negation import Negex  # noqa: F401  registers the pipe
from negspacy.termsets import termset
from protocol import Found, Reader, serve


def prepare(lexicon: list[tuple[str, str]]) -> Reader:
    """A reader with these phrases."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": finding, "pattern": phrase} for phrase, finding in lexicon])
    terms = termset("en_clinical").get_patterns()
    pipeline.add_pipe("negex", config={"neg_termset": terms, "ent_types": sorted({finding for _, finding in lexicon})})

    def read(sentences: list[str]) -> list[Found]:
        return [
            (number, entity.label_, "absent" if entity._.negex else "present", entity.start_char, entity.end_char)
            for number, document in enumerate(pipeline.pipe(sentences))
            for entity in document.ents
        ]

    return read


if __name__ == "__main__":
    serve(prepare)
