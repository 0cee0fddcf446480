"""What an isolate is, when it is none of ours, and which reference it is read against."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.identity_genomes import EXPECTED, SPECIES, TYPES, public

from abscope.errors import SampleError
from abscope.formats import fasta
from abscope.isolate.composition import composition
from abscope.isolate.containment import compare, nearly_identical
from abscope.isolate.identity import Expected, choose, identify, require
from abscope.knowledge.typing_limits import IdentityLimits
from abscope.records import Contig, KnownGenome, Letters, Reference
from abscope.simulate import population
from abscope.simulate.ancestor import genome
from abscope.tools import sketches
from sketched import assembly, diverged, known, letters, reads

LENGTH = 200_000
OURS = "Mycobacterium abscessus"
OTHER = "Mycobacterium chelonae"
SMALL = Expected(OURS, IdentityLimits(), (180_000, 230_000))


def reference(name: str, subspecies: str | None = None) -> Reference:
    return Reference(name, (Contig("c", 0, 4),), np.frombuffer(b"ACGT", np.uint8), subspecies)


REFERENCES = (reference("A", "abscessus"), reference("M", "massiliense"))


def test_the_nearest_reference_is_chosen_and_the_reason_gives_the_runner_up() -> None:
    choice = choose({"A": 0.97, "M": 0.995}, REFERENCES, min_ani=0.95)
    assert choice.reference == "M"
    assert choice.ani == (("M", 0.995), ("A", 0.97))
    assert "massiliense" in choice.reason
    assert "97.00%" in choice.reason


def test_another_species_is_refused_with_the_figures() -> None:
    with pytest.raises(SampleError, match=r"86\.5%.*another species"):
        choose({"A": 0.865, "M": 0.86}, REFERENCES, min_ani=0.95)


def test_a_tie_is_settled_by_name_so_that_runs_repeat() -> None:
    assert choose({"M": 0.99, "A": 0.99}, REFERENCES, min_ani=0.95).reference == "A"


@pytest.fixture(scope="module")
def family() -> dict[str, Letters]:
    """Three subspecies: a reference and a strain of each, on 200 kb."""
    rng = np.random.default_rng(1)
    made = population.species(genome(LENGTH), rng)
    for kind in population.SUBSPECIES:
        made = population.strain(made, kind, f"strain_{kind}", rng=rng)
    return {name: one.letters for name, one in made.genomes.items()}


@pytest.fixture(scope="module")
def panel(family: dict[str, Letters]) -> list[KnownGenome]:
    """A genome of each subspecies, and one of another species, 12 % away."""
    own = [
        known(f"SIM_{kind}", family[f"SIM_{kind}"], OURS, kind) for kind in population.SUBSPECIES
    ]
    return [*own, known("chel", _stranger(family), OTHER)]


def _stranger(family: dict[str, Letters]) -> Letters:
    return diverged(family["ancestor"], 0.1, np.random.default_rng(2))


@pytest.mark.parametrize("kind", list(population.SUBSPECIES))
def test_species_and_subspecies_are_found_from_assemblies_and_reads_alike(
    kind: str, family: dict[str, Letters], panel: list[KnownGenome]
) -> None:
    strain = family[f"strain_{kind}"]
    for isolate in (assembly(strain), reads((strain, 1.0), depth=20.0, seed=1)):
        found = identify(isolate, panel, SMALL)
        assert (found.expected, found.species, found.subspecies) == (True, OURS, kind)
        assert found.verdict == found.subspecies_verdict == "confident"
        assert found.foreign == ()
        require(found, SMALL)


def test_another_species_ends_the_typing_with_the_evidence_and_what_to_do(
    family: dict[str, Letters], panel: list[KnownGenome]
) -> None:
    isolate = assembly(diverged(_stranger(family), 0.01, np.random.default_rng(3)))
    named = identify(isolate, panel, SMALL)
    assert (named.expected, named.species) == (False, OTHER)
    unnamed = identify(isolate, panel[:3], SMALL)
    assert (unnamed.expected, unnamed.species) == (False, None)
    with pytest.raises(
        SampleError, match=r"not Mycobacterium abscessus.*8\d\.\d% identical"
    ) as raised:
        require(unnamed, SMALL)
    assert "--organism" in raised.value.hint


def test_a_subspecies_without_a_known_genome_is_not_given_the_name_of_another(
    family: dict[str, Letters], panel: list[KnownGenome]
) -> None:
    found = identify(assembly(family["strain_bolletii"]), panel[:2], SMALL)
    assert found.expected
    assert found.subspecies is None
    assert "its own may be missing" in found.reason


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_a_second_species_among_the_reads_is_named_and_its_share_told(
    share: float, family: dict[str, Letters], panel: list[KnownGenome]
) -> None:
    stranger = diverged(_stranger(family), 0.005, np.random.default_rng(4))
    culture = ((family["strain_abscessus"], 1 - share), (stranger, share))
    found = identify(reads(*culture, depth=20.0, seed=2), panel, SMALL)
    assert (found.expected, found.subspecies) == (True, "abscessus")
    assert [one.species for one in found.foreign] == [OTHER]
    assert 0.5 * share < found.foreign_share <= 1.2 * share
    assert any(OTHER in warning for warning in found.warnings)


def test_contamination_by_what_nobody_knows_is_still_seen(
    family: dict[str, Letters], panel: list[KnownGenome]
) -> None:
    unheard_of = letters(LENGTH // 2, np.random.default_rng(5))
    found = identify(assembly(family["strain_abscessus"], unheard_of), panel, SMALL)
    assert found.expected
    assert [one.species for one in found.foreign] == [None]
    assert found.foreign_share == pytest.approx(1 / 3, abs=0.07)


def test_a_plasmid_shared_with_another_species_is_no_contamination(
    family: dict[str, Letters], panel: list[KnownGenome]
) -> None:
    plasmid = _stranger(family)[41_000:53_000]
    found = identify(assembly(family["strain_abscessus"], plasmid), panel, SMALL)
    assert found.foreign == ()


def test_too_little_sequence_says_nothing_of_the_species(panel: list[KnownGenome]) -> None:
    found = identify(assembly(letters(5_000, np.random.default_rng(6))), panel, SMALL)
    assert (found.expected, found.verdict) == (None, "cannot tell")


def test_two_genomes_of_unlike_composition_in_one_assembly_are_told_apart() -> None:
    rng = np.random.default_rng(7)
    rich, poor = letters(90_000, rng), rng.choice(np.frombuffer(b"ACGT", np.uint8), 30_000)
    found = composition([rich[:50_000], rich[50_000:], poor])
    assert found is not None
    assert found.outlying == pytest.approx(0.25)
    assert found.outlying_gc == pytest.approx(0.5, abs=0.02)
    alone = composition([rich])
    assert alone is not None
    assert alone.outlying_gc is None
    assert composition([rich[:100]]) is None


def test_every_real_genome_of_the_species_is_called_so_and_lies_with_one_subspecies(
    shared_data: Path,
) -> None:
    ours = public(shared_data, "mabscessus")
    types = [
        replace(one.genome, subspecies=TYPES[one.genome.name])
        for one in ours
        if one.genome.name in TYPES
    ]
    found = [(one, identify(one.genome.sketch, types, EXPECTED)) for one in ours]
    assert all(identity.expected and identity.verdict == "confident" for _, identity in found)
    assert all(identity.subspecies_verdict == "confident" for _, identity in found)
    assert not any(identity.foreign for _, identity in found)
    differ = [one for one, identity in found if one.labelled not in (None, identity.subspecies)]
    assert len(differ) == 8  # deposited under names that their identity contradicts


def test_no_real_genome_of_another_species_is_called_ours(shared_data: Path) -> None:
    types = [
        replace(one.genome, subspecies=TYPES[one.genome.name])
        for one in public(shared_data, "mabscessus")
        if one.genome.name in TYPES
    ]
    others = public(shared_data, "other_species")
    assert len(others) == 618
    found = [identify(one.genome.sketch, types, EXPECTED) for one in others]
    assert not any(one.expected for one in found)
    assert all(one.verdict == "confident" for one in found)


def test_real_drafts_the_contaminated_one_is_found_and_the_twins_are_all_but_identical(
    shared_data: Path,
) -> None:
    drafts = {
        path.name.split("_")[2]: [one for _, one in fasta.read(path)]
        for path in sorted((shared_data / "ntm_assemblies").glob("*.gz"))
    }
    atcc = fasta.read(next((shared_data / "mabs_reference").glob("*.fna.gz")))[0][1]
    genome_ = known("ATCC 19977", atcc, SPECIES, "abscessus")
    made = {name: sketches.sketch(contigs) for name, contigs in drafts.items()}
    found = {
        name: identify(sketch, [genome_], EXPECTED, made_of=composition(drafts[name]))
        for name, sketch in made.items()
    }
    assert not any(one.expected for one in found.values())
    assert [name for name, one in found.items() if one.foreign] == ["66"]
    twins = {
        (first, second)
        for first, one in made.items()
        for second, two in made.items()
        if first < second and nearly_identical(compare(one, KnownGenome(second, "s", two)))
    }
    assert twins == {("57", "72"), ("59", "63")}
