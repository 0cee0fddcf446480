"""Thresholds of identity and clones are data, and nonsense among them is refused."""

from pathlib import Path

import pytest

from abscope.errors import OrganismError
from abscope.knowledge.typing_limits import CloneLimits, IdentityLimits, read
from abscope.organism import BUILT_IN


def folder(where: Path, more: str = "", min_ani: float = 0.95) -> Path:
    text = f"[species]\nmin_ani = {min_ani}\n{more}"
    (where / "organism.toml").write_text(text, encoding="utf-8")
    return where


@pytest.mark.parametrize(
    "path", sorted(BUILT_IN.glob("*/organism.toml")), ids=lambda p: p.parent.name
)
def test_every_built_in_organism_has_sound_limits(path: Path) -> None:
    identity, clones = read(path.parent)
    assert identity.species < identity.subspecies
    assert clones.same < clones.other


def test_an_organism_that_says_nothing_has_the_defaults_and_its_own_species_limit(
    tmp_path: Path,
) -> None:
    identity, clones = read(folder(tmp_path, min_ani=0.93))
    assert identity == IdentityLimits(species=0.93)
    assert clones == CloneLimits()


def test_its_own_thresholds_count_where_it_names_their_source(tmp_path: Path) -> None:
    said = '[clones]\nsame = 100\nother = 300\nsource = "a paper"\n'
    assert read(folder(tmp_path, said))[1] == CloneLimits(same=100, other=300)
    with pytest.raises(OrganismError, match=r"\[clones\]: source"):
        read(folder(tmp_path, "[clones]\nsame = 100\n"))


@pytest.mark.parametrize(
    "said", ["same = 2000", "carried = 0.5", "sites = 0", "carried = 1.5", "unheard_of = 3"]
)
def test_thresholds_that_contradict_one_another_are_refused(said: str, tmp_path: Path) -> None:
    with pytest.raises(OrganismError, match=r"\[clones\]"):
        read(folder(tmp_path, f'[clones]\n{said}\nsource = "a paper"\n'))
    with pytest.raises(OrganismError, match=r"\[identity\]"):
        read(folder(tmp_path, '[identity]\nsubspecies = 0.9\nsource = "a paper"\n'))
