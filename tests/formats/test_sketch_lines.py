"""Panels of known genomes on disk."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError
from abscope.formats import sketch_lines
from abscope.records import KnownGenome, Sketch

GENOMES = (
    KnownGenome("g1", "Species one", Sketch(np.array([3, 2**53], np.uint64), 31, 1000), "sub"),
    KnownGenome("g2", "Species two", Sketch(np.array([7], np.uint64), 21, 200, seed=1)),
)


@pytest.mark.parametrize("name", ["panel.jsonl", "panel.jsonl.gz"])
def test_what_is_written_is_read_back_and_written_alike(name: str, tmp_path: Path) -> None:
    path, again = tmp_path / name, tmp_path / f"again_{name}"
    sketch_lines.write(GENOMES, path)
    found = sketch_lines.read(path)
    for one, two in zip(GENOMES, found, strict=True):
        assert (one.name, one.species, one.subspecies) == (two.name, two.species, two.subspecies)
        assert one.sketch.hashes.tolist() == two.sketch.hashes.tolist()
        assert (one.sketch.ksize, one.sketch.scaled, one.sketch.seed) == (
            two.sketch.ksize,
            two.sketch.scaled,
            two.sketch.seed,
        )
    sketch_lines.write(found, again)
    assert path.read_bytes() == again.read_bytes()


def test_every_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    row = {"name": "g", "species": "s", "ksize": 31, "seed": 42, "max_hash": 2**54, "mins": [1]}
    bad = [row | {"hash": "md5"}, {k: v for k, v in row.items() if k != "mins"}, row | {"ksize": 0}]
    path = tmp_path / "panel.jsonl.gz"
    lines = [json.dumps(row), *map(json.dumps, bad), "{"]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(FormatError) as raised:
        sketch_lines.read(path)
    assert "line 1:" not in raised.value.message
    for line in (2, 3, 4, 5):
        assert f"line {line}:" in raised.value.message


def test_public_sketches_are_read_with_their_own_parameters(shared_data: Path) -> None:
    folder = shared_data / "ntm_sketches"
    ours = sketch_lines.read(folder / "mabscessus_fracminhash.jsonl.gz")
    others = sketch_lines.read(folder / "other_species_fracminhash.jsonl.gz")
    assert (len(ours), len(others)) == (346, 618)
    assert {(one.sketch.ksize, one.sketch.scaled) for one in ours} == {(31, 1000)}
    assert {(one.sketch.ksize, one.sketch.scaled) for one in others} == {(31, 5000)}
