"""Checkpoints of detectors as their authors publish them, tiny and with random weights."""

import json

import torch

WORDS = (
    "a", "all", "and", "banana", "black", "block", "blue", "book", "bottle", "bowl", "box",
    "brown", "can", "cat", "cup", "dog", "find", "green", "handle", "lid", "man", "mug",
    "object", "of", "on", "orange", "person", "plate", "purple", "red", "remote", "small",
    "spoon", "table", "the", "thing", "toy", "white", "yellow",
)  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SIZE = 96
_SQUARE = {"height": SIZE, "width": SIZE}
GROUNDING_DINO = {"size": {"shortest_edge": SIZE, "longest_edge": 2 * SIZE}}
OWL = {"size": _SQUARE}
OMDET_TURBO = {  # it normalises grey levels as they are
    "do_rescale": False,
    "image_mean": [123.675, 116.28, 103.53],
    "image_std": [58.395, 57.12, 57.375],
    "resample": 2,
    "size": _SQUARE,
}
"""The image settings that are written beside the weights."""


def grounding_dino(folder, kind="grounding_dino", seed=0):
    """Two levels of everything that the large one has four or six of; BERT's own special ids."""
    from transformers import (
        BertConfig,
        GroundingDinoConfig,
        GroundingDinoForObjectDetection,
        MMGroundingDinoConfig,
        MMGroundingDinoForObjectDetection,
        SwinConfig,
    )

    settings = {
        "backbone_config": SwinConfig(
            embed_dim=12,
            depths=[1, 1, 1, 1],
            num_heads=[1, 1, 2, 2],
            window_size=7,
            out_indices=[2, 3, 4],
        ),
        "text_config": BertConfig(
            vocab_size=1200,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
        ),
        "d_model": 32,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 32,
        "decoder_ffn_dim": 32,
        "num_queries": 30,
    }
    torch.manual_seed(seed)
    if kind == "grounding_dino":
        model = GroundingDinoForObjectDetection(GroundingDinoConfig(**settings))
    else:
        model = MMGroundingDinoForObjectDetection(MMGroundingDinoConfig(**settings))
    _lively(model, seed)
    model.save_pretrained(folder)
    bert_tokenizer(folder).save_pretrained(folder)
    _settings(folder, GROUNDING_DINO)
    return folder


def owl(folder, kind="owlv2", seed=0):
    from transformers import (
        Owlv2Config,
        Owlv2ForObjectDetection,
        OwlViTConfig,
        OwlViTForObjectDetection,
    )

    tokenizer = clip_tokenizer(folder)
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 16,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": 0,
    }
    vision = {
        "hidden_size": 32,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": SIZE,
        "patch_size": 16,
    }
    torch.manual_seed(seed)
    if kind == "owlv2":
        config = Owlv2Config(text_config=text, vision_config=vision, projection_dim=16)
        model = Owlv2ForObjectDetection(config)
    else:
        config = OwlViTConfig(text_config=text, vision_config=vision, projection_dim=16)
        model = OwlViTForObjectDetection(config)
    _lively(model, seed)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _settings(folder, OWL)
    return folder


def bert_tokenizer(folder):
    """Words of one token, and letters for all others; special tokens where BERT has them."""
    from transformers import BertTokenizer

    rows = [f"[unused{row}]" for row in range(1200)]
    rows[0], rows[100], rows[101], rows[102], rows[103] = (
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
    )  # fmt: skip
    rows[1012], rows[1029] = ".", "?"
    others = [*WORDS, *LETTERS[1:], *(f"##{letter}" for letter in LETTERS)]
    rows[1030 : 1030 + len(others)] = others
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(rows) + "\n", "utf-8")
    return BertTokenizer(vocab=str(vocabulary))


def clip_tokenizer(folder):
    """Letters only; the largest id ends a text, as the models take it."""
    from transformers import CLIPTokenizer

    letters = [*LETTERS, *".,!?'-"]
    rows = ["!", *(row for row in letters if row != "!"), *(f"{row}</w>" for row in letters)]
    rows += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {row: number for number, row in enumerate(rows)}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    return CLIPTokenizer(vocab=vocabulary, merges=[], pad_token="!", model_max_length=16)


def _settings(folder, settings):
    (folder / "preprocessor_config.json").write_text(json.dumps(settings), "utf-8")


def _lively(model, seed):
    """Spread the weights, so that scores and boxes depend on the picture and on the words."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1:
                spread = 0.3 if "box" in name else 1.0  # boxes stay near where they start
                weight.normal_(0.0, spread / weight[0].numel() ** 0.5, generator=generator)


def omdet_turbo(folder, seed=0):
    """Written with transformers' own backbone; `as_published` turns it into timm's."""
    from transformers import (
        CLIPTextConfig,
        OmDetTurboConfig,
        OmDetTurboForObjectDetection,
        SwinConfig,
    )

    tokenizer = clip_tokenizer(folder)
    config = OmDetTurboConfig(
        backbone_config=SwinConfig(
            embed_dim=12,
            depths=[1, 1, 2, 1],
            num_heads=[1, 1, 2, 2],
            window_size=3,  # windows fill the features of a picture of SIZE
            image_size=SIZE,
            out_indices=[2, 3, 4],
        ),
        apply_layernorm_after_vision_backbone=False,
        text_config=CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=0,
        ),
        image_size=SIZE,
        text_projection_in_dim=16,
        text_projection_out_dim=16,
        class_embed_dim=16,
        task_encoder_hidden_dim=16,
        encoder_hidden_dim=32,
        vision_features_channels=(32, 32, 32),
        encoder_in_channels=(24, 48, 96),
        encoder_attention_heads=2,
        encoder_dim_feedforward=32,
        decoder_hidden_dim=32,
        decoder_num_heads=2,
        decoder_num_layers=2,
        decoder_dim_feedforward=32,
        num_queries=30,
    )
    torch.manual_seed(seed)
    model = OmDetTurboForObjectDetection(config)
    _lively(model, seed)
    with torch.no_grad():
        model.language_backbone.text_projection.normal_()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _settings(folder, OMDET_TURBO)
    return folder


def as_published(folder):
    """Rewrite an OmDet-Turbo's files as its authors saved them: timm's names, and its settings."""
    from safetensors.torch import load_file, save_file
    from transformers import OmDetTurboForObjectDetection

    own = "vision_backbone.vision_backbone."
    saved = load_file(folder / "model.safetensors").items()
    out = {name: weight for name, weight in saved if not name.startswith(own)}
    backbone = OmDetTurboForObjectDetection.from_pretrained(folder).vision_backbone.vision_backbone
    weights = backbone.state_dict()
    for name, weight in weights.items():
        if name.startswith("hidden_states_norms.stage"):
            stage, kind = name.removeprefix("hidden_states_norms.stage").split(".")
            out[f"vision_backbone.layer_norms.{int(stage) - 2}.{kind}"] = weight
        elif name.startswith("swin.embeddings."):
            name = name.replace("patch_embeddings.projection", "proj")
            out[f"{own}_backbone.patch_embed.{name.removeprefix('swin.embeddings.')}"] = weight
        elif name.startswith("swin.encoder.layers."):
            _, _, _, stage, rest = name.split(".", 4)
            if rest.startswith("downsample"):
                stage = int(stage) + 1
            for old, new in {
                "layernorm_before": "norm1",
                "layernorm_after": "norm2",
                "attention.o_proj": "attn.proj",
                "attention.relative_position_bias.": "attn.",
                "attention.q_proj": "attn.qkv",
            }.items():
                rest = rest.replace(old, new)
            if "attn.qkv" in rest:
                others = (weights[name.replace("q_proj", f"{one}_proj")] for one in "kv")
                weight = torch.cat((weight, *others))
            if "attention." not in rest:  # key and value have gone into qkv
                out[f"{own}_backbone.layers_{stage}.{rest}"] = weight
    save_file(out, folder / "model.safetensors", metadata={"format": "pt"})
    settings = json.loads((folder / "config.json").read_text("utf-8"))
    settings |= {
        "apply_layernorm_after_vision_backbone": True,
        "backbone": "swin_tiny_patch4_window7_224",
        "backbone_config": None,
        "backbone_kwargs": {"always_partition": True, "img_size": SIZE, "out_indices": [1, 2, 3]},
        "use_timm_backbone": True,
    }
    (folder / "config.json").write_text(json.dumps(settings), "utf-8")
    return folder
