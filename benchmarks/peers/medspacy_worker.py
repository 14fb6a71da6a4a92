"""medspaCy: phrases by its target matcher, negation and doubt by ConText with the rules that it ships."""

import medspacy
from loguru import logger
from medspacy.ner import TargetRule
from protocol import Found, Reader, serve


def prepare(lexicon: list[tuple[str, str]]) -> Reader:
    """A reader with these phrases; history and plans are left out."""
    logger.remove()  # its sentence splitter writes a line for every token
    pipeline = medspacy.load()
    matcher = pipeline.get_pipe("medspacy_target_matcher")
    matcher.add([TargetRule(phrase, finding) for phrase, finding in lexicon])

    def read(sentences: list[str]) -> list[Found]:
        return [
            (number, entity.label_, _polarity(entity), entity.start_char, entity.end_char)
            for number, document in enumerate(pipeline.pipe(sentences))
            for entity in document.ents
            if not (entity._.is_historical or entity._.is_hypothetical or entity._.is_family)
        ]

    return read


def _polarity(entity) -> str:  # type: ignore[no-untyped-def]
    if entity._.is_negated:
        return "absent"
    return "uncertain" if entity._.is_uncertain else "present"


if __name__ == "__main__":
    serve(prepare)
