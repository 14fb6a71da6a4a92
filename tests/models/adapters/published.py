"""Tiny models with random weights, written as the real ones are published: names of files and tensors too."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencepiece
import torch
import transformers
from safetensors.torch import save_file

Tensors = dict[str, torch.Tensor]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "left", "right", "effusion", "no", "lung", "clear", "the", "##s"]
SENTENCES = ["left effusion", "no effusion", "the right lung clear"]
WIDTH = 64  # one head of 64 channels, from which loaders that see no configuration tell the heads


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_like(shapes: dict[str, tuple[int, ...]], *, seed: int = 0) -> Tensors:
    """Small random weights; norms near 1, running variances above 0."""
    made, source = {}, generator(seed)
    for name, shape in shapes.items():
        values = torch.randn(shape, generator=source) * (0.3 if len(shape) < 2 else 1.0 / math.prod(shape[1:]) ** 0.5)
        norm = name.endswith("running_var") or (len(shape) == 1 and name.endswith("weight"))
        made[name] = 1.0 + values.abs() if norm else values
    return made


def write_json(path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record), encoding="utf-8")


def rad_dino(folder: Path, *, size: int = 28, seed: int = 0) -> Path:
    """`microsoft/rad-dino`: config.json, preprocessor_config.json, model.safetensors, README.md."""
    torch.manual_seed(seed)
    config = transformers.Dinov2Config(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, patch_size=4, image_size=size, layerscale_value=1.0
    )
    transformers.Dinov2Model(config).save_pretrained(folder)
    record = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (record["model_type"], record["architectures"]) == ("dinov2", ["Dinov2Model"])
    grey = {"image_mean": [0.5307] * 3, "image_std": [0.2583] * 3, "resample": 3, "rescale_factor": 1 / 255}
    flags = dict.fromkeys(("do_center_crop", "do_convert_rgb", "do_normalize", "do_rescale", "do_resize"), True)
    sizes = {"crop_size": {"height": size, "width": size}, "size": {"shortest_edge": size}}
    write_json(
        folder / "preprocessor_config.json", {"image_processor_type": "BitImageProcessor", **flags, **sizes, **grey}
    )
    (folder / "README.md").write_text("---\nlicense: mit\nlibrary_name: transformers\n---\n# Model card\n")
    return folder


def medsiglip(folder: Path) -> Path:
    """`google/medsiglip-448`: SiglipModel with `spiece.model`, its picture stretched to a square."""
    torch.manual_seed(1)
    tower = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = {**tower, "vocab_size": 24, "max_position_embeddings": 16, "bos_token_id": 2, "eos_token_id": 1}
    config = transformers.SiglipConfig(
        text_config={**text, "pad_token_id": 1}, vision_config={**tower, "image_size": 32, "patch_size": 8}
    )
    transformers.SiglipModel(config).save_pretrained(folder)
    grey = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 3, "rescale_factor": 0.00392156862}
    flags = {"do_normalize": True, "do_rescale": True, "do_resize": True, "size": {"height": 32, "width": 32}}
    write_json(folder / "preprocessor_config.json", {"image_processor_type": "SiglipImageProcessor", **flags, **grey})
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20), model_writer=model, vocab_size=24, hard_vocab_limit=False,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, minloglevel=2,
    )  # fmt: skip
    (folder / "spiece.model").write_bytes(model.getvalue())
    special = {"eos_token": "</s>", "pad_token": "</s>", "unk_token": "<unk>", "model_max_length": 16}
    write_json(
        folder / "tokenizer_config.json", {"tokenizer_class": "SiglipTokenizer", "do_lower_case": True, **special}
    )
    return folder


def bert_tensors(prefix: str, *, seed: int = 2) -> Tensors:
    """A BERT of one layer under its published names, its unused position buffer among them."""
    torch.manual_seed(seed)
    config = transformers.BertConfig(
        vocab_size=len(WORDS), hidden_size=WIDTH, num_hidden_layers=1, num_attention_heads=1, intermediate_size=96,
        max_position_embeddings=40,
    )  # fmt: skip
    bert = transformers.BertModel(config, add_pooling_layer=False)
    tensors = {f"{prefix}{name}": value.detach().clone() for name, value in bert.state_dict().items()}
    return {**tensors, f"{prefix}embeddings.position_ids": torch.arange(40)[None]}


def write_vocabulary(folder: Path) -> None:
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "do_lower_case": True})


def vit_shapes(prefix: str = "", *, dim: int = WIDTH, patch: int = 8, grid: int = 4) -> dict[str, tuple[int, ...]]:
    """timm's names of a vision transformer with two blocks."""
    shapes: dict[str, tuple[int, ...]] = {
        "cls_token": (1, 1, dim), "pos_embed": (1, 1 + grid * grid, dim),
        "patch_embed.proj.weight": (dim, 3, patch, patch), "patch_embed.proj.bias": (dim,),
        "norm.weight": (dim,), "norm.bias": (dim,),
    }  # fmt: skip
    layers = {"attn.qkv": (3 * dim, dim), "attn.proj": (dim, dim), "mlp.fc1": (2 * dim, dim), "mlp.fc2": (dim, 2 * dim)}
    for block in range(2):
        for name in ("norm1", "norm2"):
            shapes |= {f"blocks.{block}.{name}.weight": (dim,), f"blocks.{block}.{name}.bias": (dim,)}
        for name, shape in layers.items():
            shapes |= {f"blocks.{block}.{name}.weight": shape, f"blocks.{block}.{name}.bias": shape[:1]}
    return {f"{prefix}{name}": shape for name, shape in shapes.items()}


def biomedclip(folder: Path) -> Path:
    """BiomedCLIP's repository: open_clip_config.json, open_clip_pytorch_model.bin and the tokenizer of PubMedBERT."""
    shapes = vit_shapes("visual.trunk.") | {"visual.head.proj.weight": (16, WIDTH)}
    shapes |= {"text.proj.0.weight": (40, WIDTH), "text.proj.2.weight": (16, 40)}
    name = "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract"
    vision = {
        "timm_model_name": "vit_base_patch16_224",
        "timm_model_pretrained": False,
        "timm_pool": "",
        "timm_proj": "linear",
    }
    text = {"hf_model_name": name, "hf_tokenizer_name": name, "hf_proj_type": "mlp"}
    pooler = {"hf_pooler_type": "cls_last_hidden_state_pooler", "context_length": 32}
    grey = {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]}
    settings = {"embed_dim": 16, "vision_cfg": {**vision, "image_size": 32}, "text_cfg": {**text, **pooler}}
    write_json(folder / "open_clip_config.json", {"model_cfg": settings, "preprocess_cfg": grey})
    tensors = random_like(shapes) | bert_tensors("text.transformer.") | {"logit_scale": torch.tensor(4.4)}
    torch.save(tensors, folder / "open_clip_pytorch_model.bin")
    write_vocabulary(folder)
    return folder


def resnet_shapes(prefix: str = "", *, width: int = 4) -> dict[str, tuple[int, ...]]:
    """torchvision's names of a ResNet of bottlenecks, one to a stage."""
    shapes = {"conv1.weight": (width, 3, 7, 7), **norm_shapes("bn1", width)}
    before = width
    for stage in range(4):
        inner, out, name = width * 2**stage, 4 * width * 2**stage, f"layer{stage + 1}.0"
        shapes |= {f"{name}.conv1.weight": (inner, before, 1, 1), **norm_shapes(f"{name}.bn1", inner)}
        shapes |= {f"{name}.conv2.weight": (inner, inner, 3, 3), **norm_shapes(f"{name}.bn2", inner)}
        shapes |= {f"{name}.conv3.weight": (out, inner, 1, 1), **norm_shapes(f"{name}.bn3", out)}
        shapes |= {f"{name}.downsample.0.weight": (out, before, 1, 1), **norm_shapes(f"{name}.downsample.1", out)}
        before = out
    return {f"{prefix}{name}": shape for name, shape in shapes.items()}


def norm_shapes(name: str, channels: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.{part}": (channels,) for part in ("weight", "bias", "running_mean", "running_var")}


def biovil_t(folder: Path) -> Path:
    """`microsoft/BiomedVLP-BioViL-T`: the image model's `.pt`, and CXR-BERT as `pytorch_model.bin`."""
    shapes = resnet_shapes("encoder.encoder.") | {"encoder.backbone_to_vit.weight": (8, 128, 1, 1)}
    shapes |= {"encoder.missing_previous_emb": (1, 8, 1, 1), "encoder.vit_pooler.type_embed": (2, 1, 8)}
    shapes |= {"projector.model.0.weight": (12, 16, 1, 1), **norm_shapes("projector.model.1", 12)}
    shapes |= {"projector.model.3.weight": (12, 12, 1, 1), "projector.model.3.bias": (12,)}
    head = {"dense_to_hidden": (12, WIDTH), "LayerNorm": (12,), "dense_to_output": (12, 12)}
    text = {f"cls_projection_head.{name}.weight": shape for name, shape in head.items()}
    text |= {f"cls_projection_head.{name}.bias": (12,) for name in head} | {"cls.predictions.bias": (len(WORDS),)}
    config = {"architectures": ["CXRBertModel"], "projection_size": 12, "hidden_size": WIDTH, "num_hidden_layers": 1}
    write_json(folder / "config.json", {**config, "num_attention_heads": 1, "vocab_size": len(WORDS)})
    torch.save(random_like(shapes), folder / "biovil_t_image_model_proj_size_128.pt")
    torch.save(random_like(text) | bert_tensors("bert."), folder / "pytorch_model.bin")
    write_vocabulary(folder)
    named = {"AutoTokenizer": ["configuration_cxrbert.CXRBertTokenizer", None]}
    words = {"do_lower_case": True, "tokenizer_class": "CXRBertTokenizer", "tokenizer_file": None, "auto_map": named}
    write_json(folder / "tokenizer_config.json", words)
    return folder


def cxr_clip_resnet(folder: Path) -> Path:
    """`r50_m.tar` of CXR-CLIP: a training checkpoint with its configuration; BioClinicalBERT's vocabulary beside it."""
    tensors = random_like(resnet_shapes("image_encoder.resnet."))
    return _cxr_clip(folder / "r50_m.tar", tensors, 128, {"source": "torchvision", "name": "resnet"})


def cxr_clip_swin(folder: Path) -> Path:
    """`swint_m.tar` of CXR-CLIP: the same with a Swin transformer of two stages."""
    torch.manual_seed(3)
    config = transformers.SwinConfig(
        image_size=64, patch_size=4, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2], window_size=2
    )
    transformers.SwinModel(config, add_pooling_layer=False).save_pretrained(folder / "swin")
    from safetensors.torch import load_file

    tower = {
        f"image_encoder.image_encoder.{name}": v for name, v in load_file(folder / "swin/model.safetensors").items()
    }
    names = {"source": "huggingface", "name": "microsoft/swin-tiny-patch4-window7-224", "model_type": "swin"}
    return _cxr_clip(folder / "swint_m.tar", tower, 64, names)


def _cxr_clip(path: Path, tower: Tensors, channels: int, image: dict[str, str]) -> Path:
    sizes = {"image_projection.projection": channels, "text_projection.projection": WIDTH}
    shapes = {f"{name}.weight": (16, size) for name, size in sizes.items()} | {f"{n}.bias": (16,) for n in sizes}
    tensors = tower | bert_tensors("text_encoder.text_encoder.") | random_like(shapes)
    text = {"source": "huggingface", "name": "emilyalsentzer/Bio_ClinicalBERT", "pooling": "eos"}
    model = {"name": "clip_custom", "temperature": 0.07, "image_encoder": image, "text_encoder": text}
    config = {"model": model, "base": {"image_size": 64, "text_max_length": 32}}
    path.parent.mkdir(parents=True, exist_ok=True)
    saved = {"model": tensors | {"logit_scale": torch.tensor(2.6)}, "optimizer": {"state": {}}, "config": config}
    torch.save({**saved, "scheduler": {"last_epoch": 3}, "epoch": 4, "train_loss": 0.5}, path)
    write_vocabulary(path.parent)
    return path


def timm_vit(folder: Path) -> Path:
    """A folder as timm pushes it: config.json with `architecture` and `pretrained_cfg`, model.safetensors."""
    grey = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "crop_pct": 0.8, "input_size": [3, 32, 32]}
    write_json(
        folder / "config.json", {"architecture": "vit_small_patch8_32", "num_classes": 5, "pretrained_cfg": grey}
    )
    save_file(random_like(vit_shapes() | {"head.weight": (5, WIDTH), "head.bias": (5,)}), folder / "model.safetensors")
    return folder


def torchvision_resnet(folder: Path) -> Path:
    """A bare `resnet50-….pth`: the state dict with its classifier."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = random_like(resnet_shapes() | {"fc.weight": (5, 128), "fc.bias": (5,)})
    torch.save(tensors, folder / "resnet50-0676ba61.pth")
    return folder / "resnet50-0676ba61.pth"


def densenet_shapes() -> dict[str, tuple[int, ...]]:
    """Names of `densenet121-a639ec97.pth`, written before the dots left them; two blocks of two layers, growth 4."""
    shapes: dict[str, tuple[int, ...]] = {"features.conv0.weight": (8, 3, 7, 7), **norm_shapes("features.norm0", 8)}
    channels = 8
    for block in (1, 2):
        for layer in (1, 2):
            name = f"features.denseblock{block}.denselayer{layer}"
            shapes |= {**norm_shapes(f"{name}.norm.1", channels), f"{name}.conv.1.weight": (16, channels, 1, 1)}
            shapes |= {**norm_shapes(f"{name}.norm.2", 16), f"{name}.conv.2.weight": (4, 16, 3, 3)}
            channels += 4
        if block == 1:
            name = "features.transition1"
            shapes |= {**norm_shapes(f"{name}.norm", channels), f"{name}.conv.weight": (channels // 2, channels, 1, 1)}
            channels //= 2
    return shapes | norm_shapes("features.norm5", channels)


def torchvision_densenet(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(random_like(densenet_shapes()), folder / "densenet121-a639ec97.pth")
    return folder / "densenet121-a639ec97.pth"


PUBLISHED: dict[str, Callable[[Path], Path]] = {
    "rad-dino": rad_dino,
    "medsiglip": medsiglip,
    "biomedclip": biomedclip,
    "biovil-t": biovil_t,
    "cxr-clip-resnet": cxr_clip_resnet,
    "cxr-clip-swin": cxr_clip_swin,
    "timm-vit": timm_vit,
    "torchvision-resnet": torchvision_resnet,
}
