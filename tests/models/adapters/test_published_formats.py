"""Every published format loads, gives what its card promises, and equals a second implementation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from numpy.typing import NDArray
from torch.nn import functional

from casekin.models.adapters import load_backbone
from casekin.models.adapters.network import NetworkBackbone

from .published import PUBLISHED, SENTENCES, Tensors, torchvision_densenet

Views = list[NDArray[np.float64]]
READS = {"medsiglip", "biomedclip", "biovil-t", "cxr-clip-resnet", "cxr-clip-swin"}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_published_model_gives_what_its_card_promises(
    name: str, backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones[name]
    card, features = backbone.card, backbone.encode_views(views)
    assert features.vectors.shape == (4, card.dim)
    assert features.tokens is not None
    assert features.tokens.shape[:3] == (4, card.grid, card.grid)
    assert [(g.height, g.width, g.grid) for g in features.geometries] == [(*v.shape, card.grid) for v in views]
    assert np.isfinite(features.vectors).all()
    assert np.isfinite(features.tokens).all()
    assert np.ptp(features.vectors, axis=0).max() > 1e-4
    assert backbone.version.startswith(f"{card.name}-")


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_texts_and_views_share_a_space_where_a_model_reads(
    name: str, backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones[name]
    texts = backbone.encode_texts(["Left effusion", "no effusion", "the right lung clear"])
    if name not in READS:
        assert texts is None
        assert backbone.card.text_dim is None
        return
    assert texts is not None
    assert texts.shape == (3, backbone.card.dim)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(backbone.encode_views(views).vectors, axis=1), 1.0, atol=1e-5)
    assert abs(float(texts[0] @ texts[1])) < 1 - 1e-6


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_neither_batch_nor_repetition_changes_a_vector(
    name: str, backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones[name]
    many = backbone.encode_views(views * 3).vectors
    single = np.concatenate([backbone.encode_views([view]).vectors for view in views])
    np.testing.assert_allclose(many, np.tile(single, (3, 1)), atol=1e-4)
    np.testing.assert_array_equal(many, backbone.encode_views(views * 3).vectors)


@pytest.mark.parametrize("name", sorted(READS))
def test_a_batch_of_texts_reads_as_each_text_alone(name: str, backbones: dict[str, NetworkBackbone]) -> None:
    backbone = backbones[name]
    together = backbone.encode_texts(SENTENCES)
    alone = [backbone.encode_texts([text]) for text in SENTENCES]
    np.testing.assert_allclose(together, np.concatenate([row for row in alone if row is not None]), atol=1e-5)


def test_no_views_and_no_texts_give_no_rows(backbones: dict[str, NetworkBackbone]) -> None:
    assert backbones["biomedclip"].encode_views([]).vectors.shape == (0, 16)
    texts = backbones["biomedclip"].encode_texts([])
    assert texts is not None
    assert texts.shape == (0, 16)


def pixels_of(backbone: NetworkBackbone, views: Views) -> torch.Tensor:
    """What a second implementation is given: the prepared input."""
    return torch.from_numpy(backbone.card.preprocessing.prepare(views))


@torch.inference_mode()
def test_rad_dino_equals_transformers_on_the_same_folder(
    written: dict[str, Path], backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones["rad-dino"]
    model = transformers.AutoModel.from_pretrained(written["rad-dino"]).eval()
    states = model(pixel_values=pixels_of(backbone, views)).last_hidden_state
    features = backbone.encode_views(views)
    np.testing.assert_allclose(features.vectors, states[:, 0].numpy(), atol=1e-5)
    assert features.tokens is not None
    np.testing.assert_allclose(features.tokens.reshape(4, 49, 32), states[:, 1:].numpy(), atol=1e-5)


@torch.inference_mode()
def test_medsiglip_equals_transformers_on_the_same_folder(
    written: dict[str, Path], backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones["medsiglip"]
    model = transformers.AutoModel.from_pretrained(written["medsiglip"]).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(written["medsiglip"])
    given = tokenizer(SENTENCES, padding="max_length", max_length=16, truncation=True, return_tensors="pt")
    out = model(input_ids=given["input_ids"], pixel_values=pixels_of(backbone, views))
    np.testing.assert_allclose(backbone.encode_views(views).vectors, out.image_embeds.numpy(), atol=1e-5)
    texts = backbone.encode_texts(SENTENCES)
    np.testing.assert_allclose(texts, out.text_embeds.numpy(), atol=1e-5)


def renamed(name: str) -> dict[str, str]:
    """transformers' name of a timm vision transformer's tensor."""
    parts = {
        "cls_token": "embeddings.cls_token", "pos_embed": "embeddings.position_embeddings",
        "patch_embed.proj": "embeddings.patch_embeddings.projection", "norm": "layernorm",
    }  # fmt: skip
    for old, new in parts.items():
        if name == old or name.startswith(f"{old}."):
            return {name: new + name.removeprefix(old)}
    _, block, rest = name.split(".", 2)
    layers = {
        "norm1": "layernorm_before", "norm2": "layernorm_after", "attn.proj": "attention.output.dense",
        "mlp.fc1": "intermediate.dense", "mlp.fc2": "output.dense",
    }  # fmt: skip
    old = next(old for old in layers if rest.startswith(old))
    return {name: f"encoder.layer.{block}.{layers[old]}{rest.removeprefix(old)}"}


def as_transformers_vit(tensors: Tensors) -> Any:
    """timm's tensors in transformers' own vision transformer."""
    made: Tensors = {}
    for name, value in tensors.items():
        if ".attn.qkv." in name:
            block, kind = name.split(".")[1], name.rsplit(".", 1)[1]
            for part, third in zip(("query", "key", "value"), value.chunk(3), strict=True):
                made[f"encoder.layer.{block}.attention.attention.{part}.{kind}"] = third
        else:
            made[renamed(name)[name]] = value
    config = transformers.ViTConfig(
        hidden_size=64, num_hidden_layers=2, num_attention_heads=1, intermediate_size=128, image_size=32, patch_size=8,
        layer_norm_eps=1e-6,
    )  # fmt: skip
    model, report = transformers.ViTModel.from_pretrained(
        None, config=config, state_dict=made, output_loading_info=True, add_pooling_layer=False
    )
    assert not report["missing_keys"]
    return model.eval()


@torch.inference_mode()
def test_biomedclip_equals_transformers_with_the_same_tensors(
    written: dict[str, Path], backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones["biomedclip"]
    saved = torch.load(written["biomedclip"] / "open_clip_pytorch_model.bin", weights_only=True)
    trunk = {n.removeprefix("visual.trunk."): v for n, v in saved.items() if n.startswith("visual.trunk.")}
    states = as_transformers_vit(trunk)(pixel_values=pixels_of(backbone, views)).last_hidden_state
    expected = functional.normalize(states[:, 0] @ saved["visual.head.proj.weight"].T, dim=1)
    np.testing.assert_allclose(backbone.encode_views(views).vectors, expected.numpy(), atol=1e-5)

    config = transformers.BertConfig(
        vocab_size=13, hidden_size=64, num_hidden_layers=1, num_attention_heads=1, intermediate_size=96,
        max_position_embeddings=40,
    )  # fmt: skip
    bert = transformers.BertModel(config, add_pooling_layer=False).eval()
    inner = {n.removeprefix("text.transformer."): v for n, v in saved.items() if n.startswith("text.transformer.")}
    bert.load_state_dict(inner, strict=False)
    # [CLS] left effusion [SEP], by the places of these words in the vocabulary.
    first = bert(input_ids=torch.tensor([[2, 5, 7, 3]])).last_hidden_state[:, 0]
    hidden = functional.gelu(first @ saved["text.proj.0.weight"].T)
    expected = functional.normalize(hidden @ saved["text.proj.2.weight"].T, dim=1)
    np.testing.assert_allclose(backbone.encode_texts(["Left effusion"]), expected.numpy(), atol=1e-5)


def as_transformers_resnet(tensors: Tensors) -> Any:
    """torchvision's tensors of one bottleneck a stage in transformers' own ResNet."""
    made: Tensors = {}
    for name, value in tensors.items():
        if name.startswith("fc."):
            continue
        if name.startswith(("conv1", "bn1")):
            kind = "convolution" if name.startswith("conv1") else "normalization"
            made[f"embedder.embedder.{kind}.{name.split('.', 1)[1]}"] = value
            continue
        stage, block, layer, rest = name.split(".", 3)
        where = f"encoder.stages.{int(stage[5:]) - 1}.layers.{block}"
        if layer == "downsample":
            number, kind = rest.split(".", 1)
            made[f"{where}.shortcut.{'convolution' if number == '0' else 'normalization'}.{kind}"] = value
        else:
            kind = "convolution" if layer.startswith("conv") else "normalization"
            made[f"{where}.layer.{int(layer[-1]) - 1}.{kind}.{rest}"] = value
    config = transformers.ResNetConfig(
        embedding_size=4, hidden_sizes=[16, 32, 64, 128], depths=[1, 1, 1, 1], layer_type="bottleneck"
    )
    model, report = transformers.ResNetModel.from_pretrained(
        None, config=config, state_dict=made, output_loading_info=True
    )
    assert not {key for key in report["missing_keys"] if not key.endswith("num_batches_tracked")}
    return model.eval()


@torch.inference_mode()
def test_a_resnet_equals_transformers_with_the_same_tensors(
    written: dict[str, Path], backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones["torchvision-resnet"]
    saved = torch.load(written["torchvision-resnet"], weights_only=True)
    out = as_transformers_resnet(saved)(pixel_values=pixels_of(backbone, views))
    features = backbone.encode_views(views)
    np.testing.assert_allclose(features.vectors, out.pooler_output.flatten(1).numpy(), rtol=1e-4, atol=1e-4)
    assert features.tokens is not None
    expected = out.last_hidden_state.permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(features.tokens, expected, rtol=1e-4, atol=1e-4)


@torch.inference_mode()
def test_cxr_clip_projects_the_mean_of_its_resnet_and_the_last_word_of_a_text(
    written: dict[str, Path], backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones["cxr-clip-resnet"]
    saved = torch.load(written["cxr-clip-resnet"], weights_only=True)["model"]
    tower = {n.removeprefix("image_encoder.resnet."): v for n, v in saved.items() if n.startswith("image_encoder")}
    pooled = as_transformers_resnet(tower)(pixel_values=pixels_of(backbone, views)).pooler_output.flatten(1)
    weight, bias = saved["image_projection.projection.weight"], saved["image_projection.projection.bias"]
    expected = functional.normalize(pooled @ weight.T + bias, dim=1)
    features = backbone.encode_views(views)
    np.testing.assert_allclose(features.vectors, expected.numpy(), atol=1e-4)
    assert features.tokens is not None
    means = features.tokens.mean(axis=(1, 2))
    np.testing.assert_allclose(means / np.linalg.norm(means, axis=1, keepdims=True), features.vectors, atol=1e-4)


@torch.inference_mode()
def test_biovil_t_without_a_prior_joins_the_patches_with_the_learned_stand_in(
    written: dict[str, Path], backbones: dict[str, NetworkBackbone], views: Views
) -> None:
    backbone = backbones["biovil-t"]
    saved = torch.load(written["biovil-t"] / "biovil_t_image_model_proj_size_128.pt", weights_only=True)
    tower = {n.removeprefix("encoder.encoder."): v for n, v in saved.items() if n.startswith("encoder.encoder.")}
    patches = as_transformers_resnet(tower)(pixel_values=pixels_of(backbone, views)).last_hidden_state
    now = functional.conv2d(patches, saved["encoder.backbone_to_vit.weight"])
    joined = torch.cat([now, saved["encoder.missing_previous_emb"].expand_as(now)], dim=1)
    hidden = functional.conv2d(joined, saved["projector.model.0.weight"])
    norm = [saved[f"projector.model.1.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
    hidden = functional.relu(functional.batch_norm(hidden, *norm))
    projected = functional.conv2d(hidden, saved["projector.model.3.weight"], saved["projector.model.3.bias"])
    features = backbone.encode_views(views)
    assert features.tokens is not None
    np.testing.assert_allclose(features.tokens, projected.permute(0, 2, 3, 1).numpy(), rtol=1e-3, atol=1e-3)
    expected = functional.normalize(projected.mean(dim=(2, 3)), dim=1)
    np.testing.assert_allclose(features.vectors, expected.numpy(), atol=1e-4)


@torch.inference_mode()
def test_a_densenet_written_with_old_names_equals_its_formula(tmp_path: Path, views: Views) -> None:
    path = torchvision_densenet(tmp_path)
    backbone, saved = load_backbone(path), torch.load(path, weights_only=True)

    def norm(x: torch.Tensor, name: str) -> torch.Tensor:
        parts = [saved[f"features.{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return functional.relu(functional.batch_norm(x, *parts))

    def conv(x: torch.Tensor, name: str, **options: int) -> torch.Tensor:
        return functional.conv2d(x, saved[f"features.{name}.weight"], **options)

    x = functional.max_pool2d(norm(conv(pixels_of(backbone, views), "conv0", stride=2, padding=3), "norm0"), 3, 2, 1)
    for block in (1, 2):
        for layer in (1, 2):
            name = f"denseblock{block}.denselayer{layer}"
            inner = conv(norm(x, f"{name}.norm.1"), f"{name}.conv.1")
            x = torch.cat([x, conv(norm(inner, f"{name}.norm.2"), f"{name}.conv.2", padding=1)], dim=1)
        if block == 1:
            x = functional.avg_pool2d(conv(norm(x, "transition1.norm"), "transition1.conv"), 2)
    expected = norm(x, "norm5")
    features = backbone.encode_views(views)
    np.testing.assert_allclose(features.vectors, expected.mean(dim=(2, 3)).numpy(), rtol=1e-4, atol=1e-4)


def _without(tensor: str) -> Callable[[Tensors], Tensors]:
    return lambda tensors: {name: value for name, value in tensors.items() if name != tensor}


def _with_shape(tensor: str) -> Callable[[Tensors], Tensors]:
    return lambda tensors: {**tensors, tensor: torch.zeros(3, 3)}


def _with_more(tensors: Tensors) -> Tensors:
    return {**tensors, "adapter.lora.weight": torch.zeros(2)}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_without("layernorm.weight"), "1 missing"),
        (_with_shape("layernorm.weight"), "wrong shape"),
        (_with_more, "1 left over"),
    ],
)
def test_weights_of_another_architecture_are_refused_by_name(
    change: Callable[[Tensors], Tensors], told: str, tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    from casekin.errors import ModelError

    folder = PUBLISHED["rad-dino"](tmp_path / "rad-dino")
    save_file(change(load_file(folder / "model.safetensors")), folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=told):
        load_backbone(folder)
