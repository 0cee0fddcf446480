"""The trusted caller against simulated truth."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

pytest.importorskip("mappy", reason="the trusted caller needs the extra abscope[bcftools]")

from abscope.errors import FormatError, SampleError, ToolError
from abscope.formats import fasta, fastq_writer
from abscope.formats.simulation_folder import write_reads
from abscope.records import LOW, MIXED, NO_COVERAGE, Called, Sample
from abscope.settings import CallRules
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.mutation import mutated
from abscope.simulate.reads import paired_reads
from abscope.tables import VARIANTS
from abscope.tools import bcftools

RULES = CallRules()


@pytest.fixture(scope="module")
def called(world, tmp_path_factory) -> Called:
    folder = tmp_path_factory.mktemp("scratch")
    return bcftools.call_reads(world.sample, world.reference, rules=RULES, folder=folder)


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("divergence", [0.0005, 0.01])
def test_away_from_indels_and_repeats_every_called_letter_is_true_and_nearly_all_are_called(
    seed, divergence, tmp_path, make_world
):
    world = make_world(tmp_path, seed, divergence=divergence)
    found = bcftools.call_reads(world.sample, world.reference, rules=RULES, folder=tmp_path).calls
    clear = world.unique & ~world.truth.near_indels(10)
    assert (found.bases == world.expected)[clear & found.called].all()
    assert found.called[clear].mean() > 0.99


def test_the_calls_and_the_variants_tell_the_same_story(world, called):
    passed = called.variants.filter(kind="snp", filter="PASS")
    differs = called.calls.called & (called.calls.bases != world.reference.sequence)
    assert passed["position"].to_list() == np.flatnonzero(differs).tolist()
    assert "".join(passed["alt"]).encode() == called.calls.bases[differs].tobytes()
    assert VARIANTS.check(called.variants).equals(called.variants)


def test_a_deletion_is_a_gap_and_an_insertion_is_in_the_variants(world, called):
    passed = called.variants.filter(filter="PASS")
    assert {"snp", "insertion", "deletion"} <= set(passed["kind"])
    for position, ref in passed.filter(kind="deletion").select("position", "ref").iter_rows():
        gone = called.calls.bases[position + 1 : position + len(ref)]
        assert set(gone.tolist()) == {NO_COVERAGE}
    deleted = world.truth.deleted[world.unique[world.truth.deleted]]
    assert (~called.calls.called[deleted]).mean() > 0.85


def test_in_a_repeat_where_no_read_has_a_sure_place_nothing_is_called(called):
    inside = called.calls.bases[5_600:5_900]
    assert set(inside.tolist()) == {LOW}


def test_the_reads_and_the_depth_are_described(world, called):
    stats, depth = called.reads, called.depth
    assert stats.reads == round(40 * len(world.isolate) / 300) * 2
    assert stats.mean_length == 150
    assert stats.mapped == pytest.approx(1, abs=0.01)
    assert stats.duplicates == pytest.approx(0.03, abs=0.02)
    assert stats.insert_median == pytest.approx(350, abs=10)
    assert stats.gc == pytest.approx(0.64, abs=0.02)
    assert 0.85 < stats.q30 < 1
    assert depth.mean == pytest.approx(40 * 0.97, rel=0.05)
    assert depth.windows.mean() == pytest.approx(depth.mean, rel=0.01)


def test_any_number_of_threads_gives_the_same_result(world, called, tmp_path):
    again = bcftools.call_reads(
        world.sample, world.reference, rules=RULES, threads=2, folder=tmp_path
    )
    assert np.array_equal(again.calls.bases, called.calls.bases)
    assert again.variants.equals(called.variants)
    assert again.reads == called.reads


def test_nothing_is_left_behind_nothing_is_printed_and_the_folder_is_not_changed(
    world, tmp_path, capfd
):
    before = Path.cwd()
    bcftools.call_reads(world.sample, world.reference, rules=RULES, folder=tmp_path)
    bcftools.call_assembly(world.sample, world.reference, rules=RULES, folder=tmp_path)
    assert Path.cwd() == before
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_single_reads_are_called_too(world, tmp_path):
    single = Sample("single", world.sample.reads1)
    found = bcftools.call_reads(single, world.reference, rules=CallRules(mincov=5), folder=tmp_path)
    clear = world.unique & ~world.truth.near_indels(10)
    assert (found.calls.bases == world.expected)[clear & found.calls.called].all()
    assert found.calls.called[clear].mean() > 0.95
    assert found.reads.insert_median is None


def test_too_few_reads_are_low_not_called(world, tmp_path):
    write_reads(tmp_path / "1.gz", tmp_path / "2.gz", world.isolate, depth=5)
    few = Sample("few", tmp_path / "1.gz", tmp_path / "2.gz")
    found = bcftools.call_reads(few, world.reference, rules=RULES, folder=tmp_path)
    assert (found.calls.bases == LOW).mean() > 0.9
    assert set(found.variants["filter"]) <= {"low_depth"} | (
        {"PASS"} if found.calls.called.any() else set()
    )


def test_two_strains_in_one_tube_show_as_mixed_positions_not_as_snps(world, tmp_path):
    rng = np.random.default_rng(5)
    other = mutated(world.isolate, 0.002, indel_share=0, rng=rng)
    half = (Source(world.isolate, 0.6), Source(other, 0.4))
    blocks = paired_reads(half, Sequencing(depth=60), rng=rng)
    fastq_writer.write_pair(tmp_path / "1.gz", tmp_path / "2.gz", blocks)
    tube = Sample("tube", tmp_path / "1.gz", tmp_path / "2.gz")
    found = bcftools.call_reads(tube, world.reference, rules=RULES, folder=tmp_path).calls
    differ = world.isolate.letters != other.letters
    ancestor = np.flatnonzero(world.unique & ~world.truth.near_indels(10))
    columns = world.isolate.find(ancestor)
    apart = ancestor[differ[columns]]
    assert len(apart) > 40
    assert (found.bases[apart] == MIXED).mean() > 0.95
    assert (found.bases[np.setdiff1d(ancestor, apart)] == MIXED).mean() < 1e-3


@pytest.mark.parametrize("stricter", [CallRules(mincov=30), CallRules(minfrac=1.0)])
def test_a_stricter_rule_never_calls_more(world, called, stricter, tmp_path):
    found = bcftools.call_reads(world.sample, world.reference, rules=stricter, folder=tmp_path)
    assert not (found.calls.called & ~called.calls.called).any()


def test_an_assembly_says_what_its_genome_says(world, tmp_path):
    found = bcftools.call_assembly(world.sample, world.reference, rules=RULES, folder=tmp_path)
    clear = ~world.truth.near_indels(10)
    assert (found.calls.bases == world.expected)[clear & found.calls.called].all()
    assert found.calls.called[clear & world.unique].mean() > 0.999
    assert found.reads.reads == 2
    assert found.depth.mean == pytest.approx(1, abs=0.02)


def test_contigs_that_lie_on_the_same_place_are_not_called_there(world, tmp_path):
    entries = world.isolate.sequences()
    twice = [*entries, ("copy", entries[0][1][10_000:14_000])]
    path = tmp_path / "twice.fasta"
    fasta.write(path, twice)
    sample = Sample("twice", assembly=path)
    found = bcftools.call_assembly(sample, world.reference, rules=RULES, folder=tmp_path).calls
    assert set(found.bases[10_200:13_800].tolist()) == {LOW}
    assert found.called[14_200:19_000].mean() > 0.99


def test_a_contig_that_is_missing_is_a_gap_and_one_turned_round_is_not(world, tmp_path):
    turned = world.isolate.sequences()[0][1].tobytes().translate(bytes.maketrans(b"ACGT", b"TGCA"))
    path = tmp_path / "part.fasta"
    fasta.write(path, [("turned", np.frombuffer(turned[::-1], dtype=np.uint8))])
    sample = Sample("part", assembly=path)
    found = bcftools.call_assembly(sample, world.reference, rules=RULES, folder=tmp_path)
    plasmid = world.reference.contigs[1]
    assert set(found.calls.bases[plasmid.start : plasmid.end].tolist()) == {NO_COVERAGE}
    clear = ~world.truth.near_indels(10) & found.calls.called
    assert (found.calls.bases == world.expected)[clear].all()
    assert found.variants.filter(pl.col("alt_forward") > 0).is_empty()


def test_without_minimap2s_library_the_remedy_is_named(world, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mappy", None)
    with pytest.raises(ToolError, match="mappy") as caught:
        bcftools.call_reads(world.sample, world.reference, rules=RULES, folder=tmp_path)
    assert 'pip install "abscope[bcftools]"' in caught.value.hint
    assert caught.value.exit_code == 3


def test_reads_cut_short_are_refused_by_name_and_leave_no_scratch(world, tmp_path):
    cut = tmp_path / "cut.fastq.gz"
    whole = world.sample.reads2.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    sample = Sample("cut", world.sample.reads1, cut)
    with pytest.raises(FormatError, match=r"cut\.fastq\.gz"):
        bcftools.call_reads(sample, world.reference, rules=RULES, threads=2, folder=scratch)
    assert list(scratch.iterdir()) == []


def test_a_sample_without_an_assembly_cannot_be_called_as_one(world, tmp_path):
    reads_only = Sample("r", world.sample.reads1, world.sample.reads2)
    with pytest.raises(SampleError, match="no assembly"):
        bcftools.call_assembly(reads_only, world.reference, rules=RULES, folder=tmp_path)


def test_reads_of_something_else_leave_the_reference_uncovered(world, make_world, tmp_path):
    other = make_world(tmp_path, 99, depth=10)
    found = bcftools.call_reads(other.sample, world.reference, rules=RULES, folder=tmp_path)
    assert found.calls.called_fraction == 0
    assert found.variants.is_empty()
    assert found.reads.mapped < 0.01
