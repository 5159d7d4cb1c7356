"""Tiny models with random weights, small enough to be exported in seconds."""

import json

import torch
from tiny_detectors import _lively, bert_tokenizer


def grounding_dino(folder, seed=0):
    """One level of features beside the one it adds itself: half the nodes of the usual tiny one."""
    from transformers import (
        BertConfig,
        GroundingDinoConfig,
        GroundingDinoForObjectDetection,
        SwinConfig,
    )

    backbone = SwinConfig(
        embed_dim=12, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2], window_size=7, out_indices=[4]
    )
    text = BertConfig(
        vocab_size=1200,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    torch.manual_seed(seed)
    model = GroundingDinoForObjectDetection(
        GroundingDinoConfig(
            backbone_config=backbone,
            text_config=text,
            d_model=32,
            encoder_layers=1,
            decoder_layers=2,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=32,
            decoder_ffn_dim=32,
            num_queries=8,
            num_feature_levels=2,
            max_text_len=32,
        )
    )
    _lively(model, seed)
    model.save_pretrained(folder)
    bert_tokenizer(folder).save_pretrained(folder)
    sizes = {"size": {"shortest_edge": 128, "longest_edge": 160}}
    (folder / "preprocessor_config.json").write_text(json.dumps(sizes), "utf-8")
    return folder
