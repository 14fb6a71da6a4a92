"""Loading refuses what is missing, damaged, dangerous or not what was recorded, and says what it loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from casekin.errors import ModelError
from casekin.models.adapters import known_models, licence_tier, load_backbone
from casekin.models.adapters.network import NetworkBackbone

from .published import biovil_t, cxr_clip_resnet, medsiglip, rad_dino, timm_vit, write_json


class Harmful:
    """A pickle that would write a file when it is opened."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return (open, (str(self.target), "w"))


def test_a_checkpoint_that_would_run_code_is_refused_and_never_opened(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    torch.save({"conv1.weight": torch.zeros(1), "more": Harmful(trace)}, tmp_path / "model.pth")
    with pytest.raises(ModelError, match="could run code"):
        load_backbone(tmp_path / "model.pth")
    (tmp_path / "plain.pt").write_bytes(f"cbuiltins\nopen\n(S'{trace}'\nS'w'\ntR.".encode())
    with pytest.raises(ModelError, match=r"plain\.pt"):
        load_backbone(tmp_path / "plain.pt")
    assert not trace.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("a.safetensors", b"no weights"), ("a.bin", b"no weights"), ("a.onnx", b""), ("a.txt", b"")]
)
def test_a_file_that_is_no_model_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=r"a\."):
        load_backbone(tmp_path / name)


@pytest.mark.parametrize("missing", ["model.safetensors", "preprocessor_config.json"])
def test_a_missing_file_is_named(missing: str, tmp_path: Path) -> None:
    folder = rad_dino(tmp_path / "rad-dino")
    (folder / missing).unlink()
    with pytest.raises(ModelError, match=missing.replace(".", r"\.")):
        load_backbone(folder)


def test_folders_of_other_models_are_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "llama" / "config.json", {"model_type": "llama"})
    with pytest.raises(ModelError, match="llama"):
        load_backbone(tmp_path / "llama")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="0 weight files"):
        load_backbone(tmp_path / "empty")
    folder = biovil_t(tmp_path / "text-alone")
    (folder / "biovil_t_image_model_proj_size_128.pt").unlink()
    with pytest.raises(ModelError, match="CXR-BERT alone"):
        load_backbone(folder)
    save_file({"weight": torch.zeros(2)}, tmp_path / "strange.safetensors")
    with pytest.raises(ModelError, match="no ResNet, DenseNet or plain vision transformer"):
        load_backbone(tmp_path / "strange.safetensors")
    folder = timm_vit(tmp_path / "cut")
    tensors = load_file(folder / "model.safetensors")
    tensors.pop("blocks.0.mlp.fc1.weight")
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelError, match=r"blocks\.0\.mlp\.fc1\.weight"):
        load_backbone(folder)


def test_a_config_of_another_size_than_its_weights_is_refused(tmp_path: Path) -> None:
    folder = rad_dino(tmp_path / "rad-dino")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    write_json(folder / "config.json", {**config, "hidden_size": 48})
    with pytest.raises(ModelError, match="wrong shape"):
        load_backbone(folder)


@pytest.mark.parametrize("change", [{"crop_size": 30, "size": 30}, {"image_mean": [0.5], "image_std": [0.2]}])
def test_preprocessing_of_another_model_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    folder = rad_dino(tmp_path / "rad-dino")
    config = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
    write_json(folder / "preprocessor_config.json", {**config, **change})
    with pytest.raises(ModelError, match="of different models"):
        load_backbone(folder)


def test_a_written_card_holds_the_weights_to_their_hashes(tmp_path: Path) -> None:
    folder = rad_dino(tmp_path / "rad-dino")
    card = load_backbone(folder).card
    write_json(folder / "card.json", card.as_record())
    assert load_backbone(folder).card == card
    rad_dino(tmp_path / "other", seed=5)
    (folder / "model.safetensors").write_bytes((tmp_path / "other" / "model.safetensors").read_bytes())
    with pytest.raises(ModelError, match="not the recorded one: expected SHA-256"):
        load_backbone(folder)


def test_the_version_follows_weights_and_preprocessing_and_nothing_else(tmp_path: Path) -> None:
    first = load_backbone(rad_dino(tmp_path / "a" / "rad-dino")).version
    assert first == load_backbone(rad_dino(tmp_path / "b" / "rad-dino")).version
    assert first != load_backbone(rad_dino(tmp_path / "c" / "rad-dino", seed=1)).version
    folder = rad_dino(tmp_path / "d" / "rad-dino")
    config = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
    write_json(folder / "preprocessor_config.json", {**config, "image_mean": [0.5] * 3})
    assert first != load_backbone(folder).version


def test_shards_load_as_one_file_does(tmp_path: Path, views: list[object]) -> None:
    folder = rad_dino(tmp_path / "rad-dino")
    whole = load_backbone(folder).encode_views(views).vectors  # type: ignore[arg-type]
    tensors = load_file(folder / "model.safetensors")
    names = sorted(tensors)
    shards = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    for file, kept in shards.items():
        save_file({name: tensors[name] for name in kept}, folder / file)
    index = {"weight_map": {name: file for file, kept in shards.items() for name in kept}}
    write_json(folder / "model.safetensors.index.json", index)
    (folder / "model.safetensors").unlink()
    backbone = load_backbone(folder)
    assert sorted(backbone.card.files) == sorted(shards)
    assert (backbone.encode_views(views).vectors == whole).all()  # type: ignore[arg-type]


def test_without_a_tokenizer_a_model_reads_no_text(tmp_path: Path) -> None:
    folder = medsiglip(tmp_path / "medsiglip")
    (folder / "spiece.model").unlink()
    assert load_backbone(folder).encode_texts(["left effusion"]) is None
    path = cxr_clip_resnet(tmp_path / "cxr-clip")
    (path.parent / "vocab.txt").unlink()
    assert load_backbone(path).encode_texts(["left effusion"]) is None


def test_licences_come_from_card_readme_or_table(tmp_path: Path, backbones: dict[str, NetworkBackbone]) -> None:
    assert (backbones["rad-dino"].card.licence, backbones["rad-dino"].card.licence_tier) == ("mit", "A")
    assert backbones["timm-vit"].card.licence_tier == "unknown"
    gated = load_backbone(medsiglip(tmp_path / "medsiglip-448")).card
    assert (gated.licence, gated.licence_tier) == ("health-ai-developer-foundations", "B")
    assert "accepted on the hub" in gated.notes
    assert backbones["cxr-clip-swin"].card.licence_tier == "C"
    assert backbones["cxr-clip-swin"].card.name == "cxr-clip"
    folder = rad_dino(tmp_path / "rad-dino")
    (folder / "README.md").write_text("---\nlicense: other\nlicense_name: msrla\n---\n")
    assert load_backbone(folder).card.licence_tier == "C"
    write_json(folder / "card.json", {"name": "ours", "licence": "Apache-2.0"})
    assert (load_backbone(folder).card.name, load_backbone(folder).card.licence_tier) == ("ours", "A")


def test_the_table_of_known_models_is_whole() -> None:
    assert len({model.hub_id for model in known_models()}) == len(known_models()) >= 7
    for model in known_models():
        assert licence_tier(model.licence) != "unknown"
        assert model.url.startswith("https://")
        assert model.notes
    assert [model.name for model in known_models() if model.gated] == ["medsiglip-448"]


def test_nothing_heavy_is_imported_before_a_network_is_loaded() -> None:
    program = (
        "import sys\nfrom casekin.models.adapters import load_backbone, load_vectors, known_models\nknown_models()\n"
        "assert not {'torch', 'transformers', 'huggingface_hub', 'pyarrow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)


def test_names_that_are_no_path_need_the_hub_and_a_commit() -> None:
    with pytest.raises(ModelError, match="no such model"):
        load_backbone("nowhere")
    with pytest.raises(ModelError, match="allow_hub=True"):
        load_backbone("microsoft/rad-dino")
    with pytest.raises(ModelError, match="revision="):
        load_backbone("microsoft/rad-dino", allow_hub=True)
    with pytest.raises(ModelError, match="may move"):
        load_backbone("microsoft/rad-dino", allow_hub=True, revision="main")
