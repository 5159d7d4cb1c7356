"""EdgeTAM's image backbone, RepViT, with the parameter names of its published checkpoints.

`transformers` takes this network from timm, and timm needs torchvision, which a robot's own build
of torch often lacks; so it is written out here. Names and arithmetic follow timm's `repvit.py`
("legacy", features only); the paper is Wang et al., "RepViT: Revisiting Mobile CNN From ViT
Perspective", CVPR 2024, arXiv:2307.09283.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn


class RepVit(nn.Module):
    """An image to one feature map a stage; the defaults are RepViT-M1's, which EdgeTAM uses."""

    def __init__(
        self, widths: Sequence[int] = (48, 96, 192, 384), depths: Sequence[int] = (2, 2, 14, 2)
    ) -> None:
        """Build stages of `widths` channels and `depths` blocks, with random weights."""
        super().__init__()
        self.stem = nn.Sequential()
        self.stem.add_module("conv1", _ConvNorm(3, widths[0] // 2, 3, stride=2))
        self.stem.add_module("act1", nn.GELU())
        self.stem.add_module("conv2", _ConvNorm(widths[0] // 2, widths[0], 3, stride=2))
        before = [widths[0], *widths]
        for index, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            stage = nn.Sequential()
            first = _Downsample(before[index], width) if index else nn.Identity()
            stage.add_module("downsample", first)
            blocks = [_Block(width, squeeze=place % 2 == 0) for place in range(depth)]
            stage.add_module("blocks", nn.Sequential(*blocks))
            self.add_module(f"stages_{index}", stage)
        self._stages = len(widths)

    def forward(self, pixels: Tensor) -> list[Tensor]:
        """Return the maps of an image (B, 3, H, W): map i is (B, widths[i], H/2^(i+2), W/2^(i+2)).

        H and W are multiples of 2^(stages + 1).
        """
        maps = [self.stem(pixels)]
        for index in range(self._stages):
            maps.append(self.get_submodule(f"stages_{index}")(maps[-1]))
        return maps[1:]


class _ConvNorm(nn.Sequential):
    def __init__(self, inside: int, outside: int, size: int, stride: int = 1, groups: int = 1):
        super().__init__()
        convolution = nn.Conv2d(
            inside, outside, size, stride, (size - 1) // 2, groups=groups, bias=False
        )
        self.add_module("c", convolution)
        self.add_module("bn", nn.BatchNorm2d(outside))


class _TokenMixer(nn.Module):
    """Three parallel ways, a 3x3, a 1x1 and the identity, added."""

    def __init__(self, width: int):
        super().__init__()
        self.conv = _ConvNorm(width, width, 3, groups=width)
        self.conv1 = _ConvNorm(width, width, 1, groups=width)

    def forward(self, x: Tensor) -> Tensor:
        total: Tensor = self.conv(x) + self.conv1(x) + x
        return total


class _Squeeze(nn.Module):
    """Weights every channel by what the whole picture holds."""

    def __init__(self, width: int):
        super().__init__()
        # A quarter of the channels, rounded to a multiple of 8, as timm rounds.
        narrow = max(8, int(width / 4 + 4) // 8 * 8)
        self.fc1 = nn.Conv2d(width, narrow, 1)
        self.fc2 = nn.Conv2d(narrow, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        weights: Tensor = self.fc2(self.fc1(x.mean((2, 3), keepdim=True)).relu()).sigmoid()
        return x * weights


class _ChannelMixer(nn.Sequential):
    def __init__(self, width: int):
        super().__init__()
        self.add_module("conv1", _ConvNorm(width, 2 * width, 1))
        self.add_module("act", nn.GELU())
        self.add_module("conv2", _ConvNorm(2 * width, width, 1))


class _Block(nn.Module):
    def __init__(self, width: int, squeeze: bool):
        super().__init__()
        self.token_mixer = _TokenMixer(width)
        self.se = _Squeeze(width) if squeeze else nn.Identity()
        self.channel_mixer = _ChannelMixer(width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.se(self.token_mixer(x))
        total: Tensor = x + self.channel_mixer(x)
        return total


class _Downsample(nn.Module):
    def __init__(self, inside: int, outside: int):
        super().__init__()
        self.pre_block = _Block(inside, squeeze=False)
        self.spatial_downsample = _ConvNorm(inside, inside, 3, stride=2, groups=inside)
        self.channel_downsample = _ConvNorm(inside, outside, 1)
        self.ffn = _ChannelMixer(outside)

    def forward(self, x: Tensor) -> Tensor:
        x = self.channel_downsample(self.spatial_downsample(self.pre_block(x)))
        total: Tensor = x + self.ffn(x)
        return total
