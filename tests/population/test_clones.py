"""Which clone an isolate belongs to, and that it is rather said of none than of a wrong one."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import DataError
from abscope.knowledge.rows import Clone
from abscope.knowledge.typing_limits import CloneLimits
from abscope.population.clone_evidence import ClonePanel, Typed, bounds, by_markers
from abscope.population.clones import clone_of
from abscope.population.compare import compared
from abscope.population.novel_clones import with_novel_clones
from abscope.records import Calls, Contig, Interval, MarkerCount, Markers, Mask, Reference
from abscope.simulate import population
from abscope.simulate.ancestor import genome
from abscope.simulate.genomes import projected
from abscope.simulate.pedigree import Clock
from abscope.simulate.population import Clone as Circulating
from benchmarks import clone_markers

LENGTH = 200_000
# Members differ by as many SNPs as on a whole genome, strains by a twenty-fifth as many.
LIMITS = CloneLimits(same=160, other=320)
MASK = Mask("REF", LENGTH)


@dataclass(frozen=True)
class World:
    """Calls of all on one reference: members of clones A and B, of N that nobody lists, sporadic strains."""

    calls: dict[str, Calls]

    def of(self, start: str) -> list[str]:
        return [name for name in self.calls if name.startswith(start)]

    @property
    def panel(self) -> ClonePanel:
        clones = (listed("A", "5"), listed("B", "9"))
        return ClonePanel(clones, {"A": self.calls["A0"], "B": self.calls["B0"]})

    def called(self, name: str, panel: ClonePanel | None = None, **known: object):
        typed = Typed(self.calls[name], **known)  # type: ignore[arg-type]
        return clone_of(typed, panel or self.panel, MASK, limits=LIMITS)


def listed(
    name: str, *types: str, part_of: str | None = None, kind: str | None = "abscessus"
) -> Clone:
    return Clone(name, part_of, kind, None, None, types, (), (), None, None, "made up for tests")


@pytest.fixture(scope="module", params=[1, 2, 3])
def world(request: pytest.FixtureRequest) -> World:
    rng = np.random.default_rng(request.param)
    family = population.species(genome(LENGTH), rng)
    for clone, members in (("A", 5), ("B", 4), ("N", 3)):
        plan = Circulating(clone, "abscessus", members)
        names = [f"{clone}{number}" for number in range(members)]
        family = population.circulating(family, plan, Clock(imports=0.0), names=names, rng=rng)
    for number in range(4):
        family = population.strain(family, "abscessus", f"S{number}", rng=rng)
    base = family.genomes["SIM_abscessus"]
    chosen = [n for n in family.genomes if n[0] in "ABNS" and n[1:].isdigit()]
    padded = {name: projected(family.genomes[name], base)[:LENGTH] for name in chosen}
    return World(
        {
            name: Calls("REF", np.pad(one, (0, LENGTH - len(one)), constant_values=ord("-")))
            for name, one in padded.items()
        }
    )


def markers_of(world: World, spared: str = "") -> Markers:
    """Sites that all members of A or of B but `spared` carry, and no sporadic strain and no N."""
    rows = []
    rest = np.stack([world.calls[n].bases for n in (*world.of("S"), *world.of("N"))])
    for index, clone in enumerate("AB"):
        own = np.stack([world.calls[n].bases for n in world.of(clone) if n != spared])
        other = np.stack([world.calls[n].bases for n in world.of("BA"[index])])
        same = (own == own[0]).all(axis=0) & np.isin(own[0], list(b"ACGT"))
        sites = np.flatnonzero(same & (rest != own[0]).all(axis=0) & (other != own[0]).all(axis=0))
        rows += [(index, int(site), int(own[0][site])) for site in sites]
    group, position, letter = (np.array(column) for column in zip(*rows, strict=True))
    return Markers("REF", ("A", "B"), group, position, letter.astype(np.uint8), "simulated")


def test_members_are_given_their_clone_by_snps_and_strangers_none(world: World) -> None:
    for name in (*world.of("A"), *world.of("B")):
        found = world.called(name)
        assert (found.outcome, found.clone) == ("clone", name[0])
        assert found.distances[0].comparable > 0.8 * LENGTH
    for name in (*world.of("S"), *world.of("N")):
        found = world.called(name)
        assert (found.outcome, found.clone) == ("none", None)


def test_markers_learned_without_a_strain_still_name_its_clone(world: World) -> None:
    limits = replace(LIMITS, spread=0.1)
    for name in (*world.of("A"), *world.of("B"), *world.of("S"), *world.of("N")):
        panel = ClonePanel(world.panel.clones, markers=markers_of(world, spared=name))
        found = clone_of(Typed(world.calls[name]), panel, MASK, limits=limits)
        assert (found.clone or found.outcome) == (name[0] if name[0] in "AB" else "none")


def test_snps_and_markers_together_give_high_confidence_and_identity_alone_low(
    world: World,
) -> None:
    both = replace(world.panel, markers=markers_of(world))
    assert world.called("A1", both).confidence == "high"
    neither = ClonePanel(world.panel.clones)
    found = world.called("A1", neither, ani={"A": 0.9996, "B": 0.993})
    assert (found.clone, found.confidence) == ("A", "low")
    assert world.called("S1", neither, ani={"A": 0.9931, "B": 0.9929}).outcome == "none"
    assert world.called("S1", neither, ani={"A": 0.998, "B": 0.9929}).outcome == "cannot tell"


def test_none_is_said_only_where_every_listed_clone_was_examined(world: World) -> None:
    panel = replace(world.panel, clones=(*world.panel.clones, listed("C")))
    found = world.called("S0", panel)
    assert (found.outcome, found.not_examined) == ("cannot tell", ("C",))
    elsewhere = replace(world.panel, clones=(*world.panel.clones, listed("C", kind="massiliense")))
    assert world.called("S0", elsewhere, subspecies="abscessus").outcome == "none"


def test_a_sequence_type_alone_makes_nobody_a_member(world: World) -> None:
    found = world.called("S0", sequence_type="9")
    assert found.outcome == "none"
    assert any("ST9" in warning and "no proof" in warning for warning in found.warnings)
    odd = world.called("A1", sequence_type="9")
    assert odd.clone == "A"
    assert any("unusual" in warning for warning in odd.warnings)
    assert world.called("A1", sequence_type="5").warnings == ()


def test_two_clones_in_one_tube_are_called_mixed_and_both_are_named(world: World) -> None:
    one, two = world.calls["A1"].bases.copy(), world.calls["B1"].bases
    one[(one != two) & np.isin(two, list(b"ACGT")) & np.isin(one, list(b"ACGT"))] = ord("n")
    panel = replace(world.panel, markers=markers_of(world))
    found = clone_of(Typed(Calls("REF", one)), panel, MASK, limits=LIMITS)
    assert (found.outcome, found.clone) == ("mixed", None)
    assert "A and B would fit" in found.reason


def test_a_genome_hardly_read_is_given_no_clone_and_not_called_none_either(world: World) -> None:
    for name in ("A1", "S1"):
        bases = world.calls[name].bases.copy()
        bases[LENGTH // 20 :] = ord("-")
        found = clone_of(Typed(Calls("REF", bases)), world.panel, MASK, limits=LIMITS)
        assert found.outcome == "cannot tell"


def test_evidence_that_contradicts_itself_is_said_so(world: World) -> None:
    swapped = replace(markers_of(world), groups=("B", "A"))
    found = world.called("A1", replace(world.panel, markers=swapped))
    assert found.outcome == "cannot tell"
    assert "contradict" in found.reason


def test_a_branch_is_named_before_its_stem_and_dismissed_with_it(world: World) -> None:
    clones = (listed("S"), listed("A", part_of="S"), listed("B", part_of="S"))
    panel = replace(world.panel, clones=clones)
    assert world.called("A1", panel).clone == "A"
    assert world.called("S0", panel).outcome == "none"
    assert world.called("S0", panel).not_examined == ()


def test_what_is_masked_counts_neither_for_nor_against_a_clone(world: World) -> None:
    hidden = Mask("REF", LENGTH, (Interval(0, LENGTH // 4, "test"),))
    bases = world.calls["A1"].bases.copy()
    bases[: LENGTH // 4] = ord("A")
    found = clone_of(Typed(Calls("REF", bases)), world.panel, hidden, limits=LIMITS)
    assert found.clone == "A"


def test_calls_on_another_reference_are_refused(world: World) -> None:
    stranger = Typed(Calls("OTHER", world.calls["A1"].bases))
    with pytest.raises(DataError, match="OTHER"):
        clone_of(stranger, world.panel, MASK, limits=LIMITS)


def test_a_group_of_strains_of_no_listed_clone_is_a_novel_one(world: World) -> None:
    reference = Reference("REF", (Contig("c", 0, LENGTH),), np.full(LENGTH, ord("A"), np.uint8))
    comparison = compared(reference, world.calls, MASK)
    before = {name: world.called(name) for name in world.calls}
    after = with_novel_clones(before, [comparison], limits=LIMITS)
    assert {n for n, one in after.items() if one.outcome == "novel clone"} == set(world.of("N"))
    assert all(after[name].group == tuple(sorted(world.of("N"))) for name in world.of("N"))
    assert all(after[name] == before[name] for name in (*world.of("A"), *world.of("S")))
    one_person = dict.fromkeys(world.of("N"), "patient 1")
    same = with_novel_clones(before, [comparison], limits=LIMITS, patients=one_person)
    assert not any(one.outcome == "novel clone" for one in same.values())


@given(st.integers(1, 500), st.data())
def test_bounds_of_a_share_enclose_it_and_narrow_with_more_sites(
    read: int, data: st.DataObject
) -> None:
    carried = data.draw(st.integers(0, read))
    low, high = bounds(carried, read)
    assert -1e-9 <= low <= carried / read + 1e-9
    assert carried / read - 1e-9 <= high <= 1 + 1e-9
    wider = bounds(carried * 10, read * 10)
    assert wider[0] >= low - 1e-9
    assert wider[1] <= high + 1e-9


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 50))
def test_markers_say_nothing_from_few_sites_or_from_one_place(
    carried: int, other: int, stretches: int
) -> None:
    count = MarkerCount("A", carried, other, 0, 0, stretches, 50)
    said = by_markers([count], limits=CloneLimits())
    if carried + other < 30 or stretches < 20:
        assert said == {}
    elif said["A"] == "same":
        assert carried / (carried + other) >= 0.95


@pytest.mark.parametrize("subspecies", ["ABS", "MAS"])
def test_real_strains_are_given_their_lineage_or_none(subspecies: str, shared_data: Path) -> None:
    real = clone_markers.strains(shared_data, subspecies)
    true = clone_markers.corrected(real, clone_markers.second_opinion(shared_data))
    whole = [clone_markers.call(real, i, real.markers) for i in range(len(true))]
    counts = clone_markers.score(true, whole)
    assert counts["wrong"] == counts["wrong clone"] == 0
    assert counts["clone given to a strain of none"] == 0
    assert counts["right"] >= (79 if subspecies == "ABS" else 36)
    known = clone_markers.part(real, 0.05, 1)
    thin = [clone_markers.call(real, i, real.markers, known) for i in range(0, len(true), 3)]
    assert clone_markers.score(true[::3], thin)["wrong"] == 0
