"""All pairs on a graphics processor: the counts of `bitplanes`, as matrix products of ones and zeros.

Two isolates have as many bases in common as the product of their rows, base by base, has ones. A product
of 2,048 positions at most is exact in single precision (2**24).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from abscope.errors import ToolError
from abscope.population.bitplanes import Strip
from abscope.population.packing import Words

if TYPE_CHECKING:
    from torch import Tensor

_BLOCK = 512  # isolates a strip: unpacking everybody is then little beside the product
_OCTETS = 256  # bytes of a plane multiplied at once: 2,048 positions


def strips(
    planes: Words, *, isolates: int, once: bool = False, device: str = "cuda"
) -> Iterator[Strip]:
    """Differing and comparable positions of every pair, 512 isolates at a time, in order.

    once: leave out the pairs with an isolate of an earlier strip. planes: as packing.pack makes them.
    device: as PyTorch names it. Raises ToolError where PyTorch or the device is missing.
    """
    held = _sent(planes[:isolates], device)
    for start in range(0, isolates, _BLOCK):
        stop, after = min(start + _BLOCK, isolates), start if once else 0
        snps, comparable = _counted(held, slice(start, stop), after)
        yield Strip(start, stop, after, snps.cpu().numpy(), comparable.cpu().numpy())


def _sent(planes: Words, device: str) -> "Tensor":
    try:
        import torch
    except ModuleNotFoundError as error:
        hint = "pip install 'abscope[gpu]', or leave --device out"
        raise ToolError(f"--device {device} needs PyTorch", hint=hint) from error
    octets = torch.from_numpy(np.ascontiguousarray(planes).view(np.uint8))
    try:
        return octets.to(device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise ToolError(
            f"--device {device}: {reason}", hint="as PyTorch names it: cuda, cuda:1, mps, cpu"
        ) from error


def _counted(held: "Tensor", rows: slice, after: int) -> tuple["Tensor", "Tensor"]:
    """SNPs and comparable positions of some isolates against those from `after` on, int32."""
    import torch

    shape = (rows.stop - rows.start, len(held) - after)
    snps = torch.zeros(shape, dtype=torch.int32, device=held.device)
    comparable = snps.clone()
    for at in range(0, held.shape[2], _OCTETS):
        ones = _ones(held[after:, :, at : at + _OCTETS])
        own = ones[:, rows.start - after : rows.stop - after]
        products = (own @ ones.transpose(1, 2)).to(snps.dtype)
        comparable += products[4]
        snps += products[4] - products[:4].sum(0, dtype=snps.dtype)
    return snps, comparable


def _ones(octets: "Tensor") -> "Tensor":
    """Ones where an isolate has one of the four bases, and where it has any: (5, n, positions)."""
    import torch

    bits = octets.unsqueeze(3) >> torch.arange(8, dtype=torch.uint8, device=octets.device) & 1
    first, second, called = bits.flatten(2).bool().unbind(1)
    bases = [called & one & two for one in (first, ~first) for two in (second, ~second)]
    return torch.stack([*bases, called]).float()
