"""Subspecies by marker SNPs, as a check on what identity says."""

from pathlib import Path

import numpy as np
import pytest

from abscope.formats import fasta, markers
from abscope.isolate.subspecies import by_identity, by_markers, disagreement
from abscope.knowledge.typing_limits import IdentityLimits
from abscope.records import Calls, Candidate, Contig, Markers, Reference
from abscope.simulate import population
from abscope.simulate.ancestor import genome
from abscope.simulate.genomes import projected

KINDS = ("abscessus", "bolletii", "massiliense")


def candidate(kind: str | None, ani: float, error: float = 0.0005) -> Candidate:
    return Candidate(f"g_{kind}_{ani}", "s", kind, ani, error, None, 0.5, 0.5)


@pytest.fixture(scope="module")
def world() -> tuple[dict[str, Calls], Markers]:
    """Strains of three subspecies called against one genome, and 50 sites that mark each subspecies."""
    rng = np.random.default_rng(1)
    family = population.species(genome(150_000), rng)
    for kind in population.SUBSPECIES:
        for number in range(3):
            family = population.strain(family, kind, f"{kind}_{number}", rng=rng)
    base = family.genomes["SIM_abscessus"]
    calls = {
        name: Calls("REF", projected(one, base))
        for name, one in family.genomes.items()
        if name.split("_")[0] in KINDS
    }
    rows = []
    for index, kind in enumerate(KINDS):
        own = np.stack([calls[f"{kind}_{n}"].bases for n in (0, 1)])
        rest = np.stack([calls[f"{k}_{n}"].bases for k in KINDS if k != kind for n in (0, 1)])
        sites = np.flatnonzero(
            (own[0] == own[1]) & (rest != own[0]).all(axis=0) & calls[kind].called
        )
        rows += [(index, int(site), int(own[0][site])) for site in rng.permutation(sites)[:50]]
    group, position, letter = (np.array(column) for column in zip(*rows, strict=True))
    made = Markers("REF", KINDS, group, position, letter.astype(np.uint8), "simulated")
    return calls, made


@pytest.mark.parametrize("kind", KINDS)
def test_markers_name_the_subspecies_of_a_strain_they_were_not_made_from(
    kind: str, world: tuple[dict[str, Calls], Markers]
) -> None:
    calls, made = world
    check = by_markers(calls[f"{kind}_2"], made)
    assert (check.subspecies, check.verdict) == (kind, "confident")


def test_a_culture_of_two_subspecies_is_given_neither_name(
    world: tuple[dict[str, Calls], Markers],
) -> None:
    calls, made = world
    one, two = calls["abscessus_2"].bases.copy(), calls["massiliense_2"].bases
    one[one != two] = ord("n")
    assert by_markers(Calls("REF", one), made).subspecies is None


def test_where_markers_could_not_be_read_nothing_is_said(
    world: tuple[dict[str, Calls], Markers],
) -> None:
    calls, made = world
    empty = np.full_like(calls["abscessus_2"].bases, ord("-"))
    check = by_markers(Calls("REF", empty), made)
    assert (check.subspecies, check.verdict) == (None, "cannot tell")
    assert "too few" in check.reason


def test_markers_of_another_reference_are_refused(world: tuple[dict[str, Calls], Markers]) -> None:
    calls, made = world
    with pytest.raises(ValueError, match="markers lie on REF"):
        by_markers(Calls("OTHER", calls["abscessus_2"].bases), made)


def test_a_disagreement_between_identity_and_markers_becomes_a_warning(
    world: tuple[dict[str, Calls], Markers],
) -> None:
    calls, made = world
    check = by_markers(calls["bolletii_2"], made)
    assert "bolletii" in (disagreement("abscessus", check) or "")
    assert disagreement("bolletii", check) is None
    assert disagreement(None, check) is None


def test_a_subspecies_needs_98_percent_and_a_lead_beyond_the_noise() -> None:
    limits = IdentityLimits()
    assert by_identity([candidate("a", 0.99), candidate("m", 0.975)], limits=limits)[:2] == (
        "a",
        "confident",
    )
    assert by_identity([candidate("a", 0.979), candidate("m", 0.975)], limits=limits)[0] is None
    near = [candidate("a", 0.986, 1e-4), candidate("m", 0.983, 1e-4)]
    assert by_identity(near, limits=limits)[:2] == ("a", "low")
    noisy = [candidate("a", 0.99, 0.004), candidate("m", 0.982, 0.004)]
    assert by_identity(noisy, limits=limits)[:2] == (None, "cannot tell")
    assert by_identity([candidate(None, 0.99)], limits=limits)[0] is None


def test_the_real_barcode_finds_all_markers_of_its_subspecies_on_atcc_19977(
    shared_data: Path,
) -> None:
    path = next((shared_data / "mabs_reference").glob("*.fna.gz"))
    name, letters = fasta.read(path)[0]
    atcc = Reference("ATCC_19977", (Contig(name, 0, len(letters)),), letters, "abscessus")
    barcode = markers.read(shared_data / "mabs_resistance" / "ntm-db" / "barcode.bed", atcc)
    assert barcode.groups == KINDS
    check = by_markers(Calls("ATCC_19977", letters), barcode)
    assert check.subspecies == "abscessus"
    assert check.shares == (("abscessus", 150, 150), ("bolletii", 0, 150), ("massiliense", 0, 150))
    for kind in ("bolletii", "massiliense"):
        bases = letters.copy()
        atcc_own = barcode.position[barcode.of("abscessus")]
        bases[atcc_own] = np.where(bases[atcc_own] == ord("A"), ord("C"), ord("A"))
        mine = barcode.of(kind)
        bases[barcode.position[mine]] = barcode.letter[mine]
        assert by_markers(Calls("ATCC_19977", bases), barcode).subspecies == kind
