"""A graphics processor counts what the kernels count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import ToolError
from abscope.population import bitplanes, packing, tensors
from genealogies import alignments, calls_of

torch = pytest.importorskip(
    "torch", reason="PAIRS ON A GRAPHICS PROCESSOR NOT TESTED: PyTorch is not installed"
)
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def same(planes: packing.Words, isolates: int, *, once: bool, device: str) -> None:
    """Every pair is in the same place of both, strips being of other sizes."""
    tables = []
    for strips in (
        bitplanes.strips(planes, isolates=isolates, once=once),
        tensors.strips(planes, isolates=isolates, once=once, device=device),
    ):
        table = np.full((2, isolates, isolates), -1)
        for strip in strips:
            table[0, strip.start : strip.stop, strip.after :] = strip.snps
            table[1, strip.start : strip.stop, strip.after :] = strip.comparable
        tables.append(table)
    pairs = np.triu_indices(isolates) if once else np.indices((isolates, isolates))
    assert (tables[0][:, *pairs] == tables[1][:, *pairs]).all()


@pytest.mark.parametrize("device", DEVICES)
@given(rows=alignments(), once=st.booleans())
def test_every_pair_is_counted_as_the_kernels_count_it(
    device: str, rows: dict[str, str], once: bool
) -> None:
    planes = packing.pack(
        calls_of(rows).values(), isolates=len(rows), length=len(next(iter(rows.values())))
    )
    same(planes, len(rows), once=once, device=device)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("isolates", "length"), [(3, 2_048), (65, 2_049), (600, 5_000)])
def test_pairs_are_the_same_where_strips_and_stretches_meet(
    device: str, isolates: int, length: int
) -> None:
    rng = np.random.default_rng(isolates)
    letters = rng.choice(np.frombuffer(b"ACGTN", np.uint8), (isolates, length))
    planes = np.zeros((isolates + isolates % 2, 3, packing.words_for(length)), np.uint64)
    for row, one in zip(planes, letters, strict=False):
        packing.pack_letters(one, row, packing.AS_WRITTEN)
    same(planes, isolates, once=True, device=device)


def test_a_device_that_is_not_there_is_named() -> None:
    planes = np.zeros((2, 3, 8), np.uint64)
    with pytest.raises(ToolError, match="--device cuda:77"):
        list(tensors.strips(planes, isolates=2, device="cuda:77"))
