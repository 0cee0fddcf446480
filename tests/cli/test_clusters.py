"""abscope clusters on a small alignment: addresses, tables, figure."""

import json
from pathlib import Path

import pytest

from worlds import abscope

ROWS = {
    "a": "AAAAAAAAAAAAAAAAAAAA", "b": "CAAAAAAAAAAAAAAAAAAA", "c": "CCCAAAAAAAAAAAAAAAAA",
    "d": "GGGGGGGGGGGGGGGGGGGG", "e": "GGGGGGGGGGNNNNNNNNNN", "f": "NNNNNNNNNNNNNNNNAAAA",
}  # fmt: skip


@pytest.fixture
def alignment(tmp_path: Path) -> Path:
    path = tmp_path / "core.aln"
    path.write_text("".join(f">{name}\n{row}\n" for name, row in ROWS.items()))
    return path


def tsv(path: Path) -> list[dict[str, str]]:
    head, *lines = (line.split("\t") for line in path.read_text().splitlines())
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_addresses_are_printed_loosest_level_first(alignment: Path) -> None:
    done = abscope("clusters", str(alignment), "--snps", "2", "--snps", "10", "--snps", "1")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["isolate_id", "snp_address", "t10", "t2", "t1"]
    address = {line[0]: line[1] for line in lines[1:]}
    assert address == {
        "a": "1.1.1", "b": "1.1.1", "c": "1.1.3", "d": "1.2.2", "e": "1.2.2", "f": "2.3.4",
    }  # fmt: skip
    assert "5 pairs with too few sites" in done.stderr
    assert "2 of 5 clusters are chains" in done.stderr


def test_tables_and_a_figure_are_written(alignment: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = abscope("clusters", str(alignment), "--snps", "2", "--outdir", str(out), "--quiet")
    assert done.returncode == 0, done.stderr
    [chain, pair] = tsv(out / "clusters.tsv")
    assert (chain["members"], chain["holds_from"], chain["holds_to"]) == ("a b c", "2", "9")
    assert (chain["widest"], chain["complete_linkage"]) == ("3", "disagrees")
    assert (pair["members"], pair["complete_linkage"]) == ("d e", "agrees")
    assert [row["snps_from"] for row in tsv(out / "stability.tsv")] == ["0", "1", "2", "10"]
    assert len(tsv(out / "unresolved.tsv")) == 5
    assert len(tsv(out / "addresses.tsv")) == 6
    assert "http" not in (out / "stability.html").read_text()[:200]
    assert "stability" in (out / "stability.html").read_text()


def test_everything_is_json_for_programs(alignment: Path) -> None:
    found = json.loads(abscope("clusters", str(alignment), "--json").stdout)
    assert set(found) == {"addresses", "clusters", "stability", "unresolved"}
    assert found["addresses"][0]["snp_address"].count(".") == 6


def test_a_level_below_nothing_is_refused(alignment: Path) -> None:
    done = abscope("clusters", str(alignment), "--snps", "-1")
    assert done.returncode == 2


def test_without_a_cluster_tables_keep_their_headings(alignment: Path, tmp_path: Path) -> None:
    alignment.write_text(">a\nAAAA\n>b\nCCCC\n")
    done = abscope("clusters", str(alignment), "--snps", "1", "--outdir", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "clusters.tsv").read_text().startswith("level\tcluster\tisolates\t")
