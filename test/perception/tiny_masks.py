"""Checkpoints of models that give masks, as their authors publish them, tiny and random."""

import json

import torch
from tiny_detectors import clip_tokenizer

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
SIDE = 64
DECODER = {"hidden_size": 16, "mlp_dim": 32, "num_attention_heads": 2, "iou_head_hidden_dim": 16}
PROMPTS = {"hidden_size": 16, "image_size": SIDE, "patch_size": 16, "mask_input_channels": 4}
MEMORY = {
    "image_size": SIDE,
    "memory_attention_hidden_size": 16,
    "memory_attention_num_layers": 1,
    "memory_attention_rope_feat_sizes": [4, 4],
    "memory_encoder_hidden_size": 16,
    "memory_encoder_output_channels": 8,
    "mask_downsampler_embed_dim": 16,
    "memory_fuser_num_layers": 1,
    "memory_fuser_embed_dim": 16,
    "memory_fuser_intermediate_dim": 16,
}
NECK = {"backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]], "fpn_hidden_size": 16}


def sam(folder, seed=0):
    from transformers import SamConfig, SamModel

    config = SamConfig(
        vision_config={
            "hidden_size": 32,
            "output_channels": 16,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": SIDE,
            "patch_size": 8,
            "window_size": 4,
            "global_attn_indexes": [1],
            "num_pos_feats": 8,
            "mlp_dim": 32,
        },
        prompt_encoder_config={**PROMPTS, "patch_size": 8},
        mask_decoder_config=DECODER,
    )
    sides = {"height": SIDE, "width": SIDE}
    return _saved(SamModel, config, folder, seed, size={"longest_edge": SIDE}, pad_size=sides)


def sam2(folder, seed=0):
    """For videos, as it is published; its global attention must not come first in a stage."""
    from transformers import Sam2VideoConfig, Sam2VideoModel

    backbone = {
        "model_type": "sam2_hiera_det_model",
        "hidden_size": 8,
        "num_attention_heads": 1,
        "image_size": [SIDE, SIDE],
        "blocks_per_stage": [1, 1, 2, 1],
        "embed_dim_per_stage": [8, 16, 32, 64],
        "num_attention_heads_per_stage": [1, 1, 2, 4],
        "window_size_per_stage": [4, 2, 2, 1],
        "global_attention_blocks": [3],
        "window_positional_embedding_background_size": [2, 2],
    }
    config = Sam2VideoConfig(
        vision_config={
            "backbone_config": backbone,
            "backbone_channel_list": [64, 32, 16, 8],
            **NECK,
        },
        prompt_encoder_config=PROMPTS,
        mask_decoder_config=DECODER,
        **MEMORY,
        memory_attention_feed_forward_hidden_size=16,
    )
    return _saved(Sam2VideoModel, config, folder, seed, size={"height": SIDE, "width": SIDE})


def edgetam(folder, seed=0):
    """For videos and on timm's network, as it is published."""
    from transformers import EdgeTamVideoConfig, EdgeTamVideoModel

    from grounding_ros.perception.segmenters.edgetam import edgetam_config

    said = {
        "model_type": "edgetam_video",
        "vision_config": {
            "model_type": "edgetam_vision_model",
            "backbone_config": {
                "model_type": "timm_wrapper",
                "architecture": "timm/repvit_m1.dist_in1k",
                "model_args": {
                    "in_chans": 3,
                    "features_only": True,
                    "out_indices": [0, 1, 2, 3],
                    "embed_dim": [8, 8, 16, 16],
                    "depth": [1, 1, 2, 1],
                },
            },
            "backbone_channel_list": [16, 16, 8, 8],
            **NECK,
        },
        "prompt_encoder_config": PROMPTS,
        "mask_decoder_config": DECODER,
    }
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(said), "utf-8")
    config = EdgeTamVideoConfig(
        vision_config=edgetam_config(folder).vision_config,
        prompt_encoder_config=PROMPTS,
        mask_decoder_config=DECODER,
        **MEMORY,
        memory_attention_mlp_hidden_size=16,
        perceiver_resampler_num_latents=4,
        perceiver_resampler_num_latents_2d=4,
        perceiver_resampler_hidden_size=8,
        perceiver_resampler_mlp_intermediate_size=16,
        perceiver_resampler_attention_head_dim=8,
        perceiver_resampler_num_layers=1,
    )
    _saved(EdgeTamVideoModel, config, folder, seed, size={"height": SIDE, "width": SIDE})
    file = folder / "config.json"
    saved = json.loads(file.read_text("utf-8"))
    saved["vision_config"]["backbone_config"] = said["vision_config"]["backbone_config"]
    file.write_text(json.dumps(saved), "utf-8")
    return folder


def sam3(folder, seed=0):
    """The detector of a model for videos, as it is published; the tracker's weights are skipped."""
    from safetensors.torch import load_file, save_file
    from transformers import Sam3Config, Sam3Model, Sam3VideoConfig

    layers = {
        "hidden_size": 16, "num_layers": 1, "num_attention_heads": 2, "intermediate_size": 32,
    }  # fmt: skip
    config = Sam3Config(
        vision_config={
            "backbone_config": {
                "model_type": "sam3_vit_model",
                "hidden_size": 16,
                "intermediate_size": 32,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "image_size": 56,
                "patch_size": 14,
                "window_size": 2,
                "global_attn_indexes": [1],
                "pretrain_image_size": 28,
            },
            **NECK,
        },
        text_config={"model_type": "clip_text_model", **_clip_text(folder, 32)},
        geometry_encoder_config=layers,
        detr_encoder_config=layers,
        detr_decoder_config={**layers, "num_queries": 12},
        mask_decoder_config={"hidden_size": 16, "num_attention_heads": 2},
    )
    half = [0.5, 0.5, 0.5]
    size = {"height": 56, "width": 56}
    _saved(Sam3Model, config, folder, seed, size=size, image_mean=half, image_std=half)
    Sam3VideoConfig(detector_config=config).save_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    weights = {f"detector_model.{name}": weight for name, weight in weights.items()}
    weights["tracker_model.no_memory_embedding"] = torch.zeros(1, 1, 16)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def clipseg(folder, seed=0):
    from transformers import CLIPSegConfig, CLIPSegForImageSegmentation

    config = CLIPSegConfig(
        text_config=_clip_text(folder, 77),
        vision_config={
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 3,
            "num_attention_heads": 2,
            "image_size": SIDE,
            "patch_size": 16,
        },
        projection_dim=16,
        extract_layers=[0, 1, 2],
        reduce_dim=8,
        decoder_num_attention_heads=2,
        decoder_intermediate_size=16,
    )
    return _saved(CLIPSegForImageSegmentation, config, folder, seed, size=96)


def _clip_text(folder, length):
    tokenizer = clip_tokenizer(folder)
    tokenizer.save_pretrained(folder)
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "intermediate_size": 32,
        "projection_dim": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": length,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def _saved(architecture, config, folder, seed, **picture):
    torch.manual_seed(seed)
    model = architecture(config).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:  # so that masks depend on the picture and on the prompt
                spread = 0.8 / weight[0].numel() ** 0.5
                weight.normal_(0.0, spread, generator=generator)
    model.save_pretrained(folder)
    said = {"image_mean": MEAN, "image_std": STD, "resample": 2, **picture}
    (folder / "preprocessor_config.json").write_text(json.dumps(said), "utf-8")
    return folder
