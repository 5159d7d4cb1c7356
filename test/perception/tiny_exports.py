"""Tiny models with random weights, small enough to be exported in seconds."""

import json

import torch
from tiny_detectors import _lively, bert_tokenizer


def grounding_dino(folder, seed=0):
    """One level of features and two stages: a third of the nodes that the usual tiny one has."""
    from transformers import (
        BertConfig,
        GroundingDinoConfig,
        GroundingDinoForObjectDetection,
        SwinConfig,
    )

    backbone = SwinConfig(
        embed_dim=12, depths=[1, 1], num_heads=[1, 1], window_size=4, out_indices=[2]
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
            num_feature_levels=1,
            max_text_len=32,
        )
    )
    _lively(model, seed)
    model.save_pretrained(folder)
    bert_tokenizer(folder).save_pretrained(folder)
    sizes = {"size": {"shortest_edge": 64, "longest_edge": 80}}
    (folder / "preprocessor_config.json").write_text(json.dumps(sizes), "utf-8")
    return folder
