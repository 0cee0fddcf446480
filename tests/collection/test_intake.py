"""References come in from archives that fail in every way, and from files of any name."""

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from abscope.collection import intake
from abscope.collection.installed import Receipt
from abscope.collection.inventory import verify
from abscope.collection.references import chosen, find
from abscope.errors import DownloadError, FormatError, OrganismError
from abscope.formats import fasta
from abscope.tools.archives import Archives
from abscope.tools.downloads import Client, Limits
from archive_server import Answer, Clock, Server, serving
from shelves import FIRST, Shelf, letters, text

DAY = date(2026, 11, 22)
GOOD = text("AB000001.1", 1)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def get(shelf: Shelf, server: Server, name: str, *, mirror: bool = True) -> Receipt:
    archive = (
        Archives(mirror=f"{server.url}/m")
        if mirror
        else Archives(
            datasets=f"{server.url}/datasets",
            eutils=f"{server.url}/eutils",
            ena=f"{server.url}/ena",
        )
    )
    clock = Clock()
    limits = Limits(timeout=0.3, per_second=1e9, most_bytes=1_000_000)
    client = Client(limits, sleep=clock.sleep, now=clock.now)
    [one] = chosen(shelf.organism, [name], everything=False)
    return intake.get(one, shelf.organism, archive=archive, client=client, day=DAY)


def test_a_reference_is_fetched_checked_and_installed(shelf: Shelf, server: Server) -> None:
    server.answer("/m/AB000001.1.fna.gz", Answer(gzip.compress(GOOD)))
    receipt = get(shelf, server, "STRAIN_1")
    assert receipt.sha256 == FIRST.digest
    assert receipt.source == f"{server.url}/m/AB000001.1.fna.gz"
    assert receipt.day == "2026-11-22"
    assert all(wrong == [] for wrong in verify(shelf.organism).values())
    assert shelf.leftovers == []


FAILURES = {
    "not found": (Answer(status=404), "HTTP 404"),
    "forbidden": (Answer(status=403), "HTTP 403"),
    "too many": (Answer(status=429, headers={"Retry-After": "9999"}), "asks to wait"),
    "broken server": (Answer(status=500), "HTTP 500"),
    "hangs up": (Answer(drop=True), "connection"),
    "cut short": (Answer(GOOD, cut=3000), "closed after 3000 of"),
    "silent": (Answer(silent=True), "no answer in time"),
    "empty": (Answer(b""), "empty"),
    "a page": (Answer(b"<html>Sign in to the hospital network</html>"), "web page"),
    "a message": (Answer(b"Resource temporarily unavailable"), "temporarily unavailable"),
    "another": (Answer(text("AB000009.1", 1)), "holds AB000009.1"),
    "another strain": (Answer(text("AB000001.1", 2)), "another checksum"),
    "shorter": (Answer(text("AB000001.1", 1, 5500)), "holds 5500 bases, expected 6000"),
    "damaged gzip": (Answer(gzip.compress(GOOD)[:-200]), "damaged"),
    "loop": (Answer(status=302, headers={"Location": "/m/AB000001.1.fna.gz"}), "loop"),
    "huge": (Answer(b"A" * 1_000_001), "larger than 1 MB"),
    "cut without length": (Answer(GOOD[:-2000], length=False), "expected 6000"),
}


@pytest.mark.parametrize("how", FAILURES)
def test_every_failure_is_clear_leaves_nothing_half_written_and_passes(
    how: str, shelf: Shelf, server: Server
) -> None:
    answer, reason = FAILURES[how]
    server.answer("/m/AB000001.1.fna.gz", answer)
    with pytest.raises(DownloadError, match=reason) as caught:
        get(shelf, server, "STRAIN_1")
    assert "STRAIN_1 (AB000001.1): mirror:" in caught.value.message
    assert caught.value.hint
    assert shelf.names == []
    assert find(shelf.organism.references[0]) is None
    server.answer("/m/AB000001.1.fna.gz", Answer(GOOD))
    assert get(shelf, server, "STRAIN_1").sha256 == FIRST.digest
    assert shelf.leftovers == []


def test_a_failed_fetch_leaves_what_is_installed_alone(shelf: Shelf, server: Server) -> None:
    server.answer("/m/AB000001.1.fna.gz", Answer(GOOD), Answer(text("AB000001.1", 2)))
    get(shelf, server, "STRAIN_1")
    with pytest.raises(DownloadError):
        get(shelf, server, "STRAIN_1")
    assert all(wrong == [] for wrong in verify(shelf.organism).values())


def test_where_no_length_is_known_a_fragment_is_refused_by_the_size_of_genomes(
    shelf: Shelf, server: Server
) -> None:
    path = "/m/NZ_AB000002.1.fna.gz"
    server.answer(path, Answer(text("NZ_AB000002.1", 2)[:3000], length=False))
    with pytest.raises(DownloadError, match="genomes of Small species have 5000 to 8000"):
        get(shelf, server, "STRAIN_2")
    server.answer(path, Answer(text("NZ_AB000002.1", 2)))
    assert get(shelf, server, "STRAIN_2").length == 6000


def test_the_second_archive_is_asked_when_the_first_fails(shelf: Shelf, server: Server) -> None:
    server.answer("/eutils/efetch.fcgi", Answer(b"<html>maintenance</html>"))
    server.answer("/ena/fasta/AB000001.1", Answer(GOOD.replace(b">", b">ENA|AB000001|")))
    receipt = get(shelf, server, "STRAIN_1", mirror=False)
    assert receipt.source == f"{server.url}/ena/fasta/AB000001.1"
    assert receipt.sha256 == FIRST.digest


def test_when_all_archives_fail_each_is_quoted(shelf: Shelf, server: Server) -> None:
    server.answer("/eutils/efetch.fcgi", Answer(b"<html>maintenance</html>"))
    with pytest.raises(DownloadError, match=r"NCBI nuccore: .*web page.*; ENA: HTTP 404"):
        get(shelf, server, "STRAIN_1", mirror=False)


def add(shelf: Shelf, path: Path, known_as: str | None = None) -> Receipt:
    one = chosen(shelf.organism, [known_as], everything=False)[0] if known_as else None
    return intake.add(path, shelf.organism, known_as=one, day=DAY)


@pytest.mark.parametrize(
    ("file", "content", "accession"),
    [
        ("x.fa", text("AB000001.1", 1), "AB000001.1"),
        ("x.fa", text("ENA|AB000001|AB000001.1", 1), "AB000001.1"),
        ("x.fna.gz", gzip.compress(text("NZ_AB000002.1", 2)), "NZ_AB000002.1"),
        ("GCF_000000003.1_ASM3v1_genomic.fna", text("NZ_CP3.1", 3), "GCF_000000003.1"),
        ("genome.txt", text("chromosome", 1), "AB000001.1"),
    ],
    ids=["accession", "accession as ENA writes it", "gzipped", "accession of file", "checksum"],
)
def test_a_file_is_recognised(file: str, content: bytes, accession: str, shelf: Shelf) -> None:
    receipt = add(shelf, shelf.file(file, content))
    assert receipt.accession == accession
    assert receipt.source == f"file {file}"
    assert all(wrong == [] for wrong in verify(shelf.organism).values())


def test_a_file_is_recognised_by_its_length_and_name_together(shelf: Shelf) -> None:
    toml = shelf.folder / "organism.toml"
    toml.write_text(toml.read_text().replace('"NZ_AB000002.1"', '"NZ_AB000002.1"\nlength = 6000'))
    assert add(shelf, shelf.file("strain-2.fa", text("x", 2))).accession == "NZ_AB000002.1"
    with pytest.raises(OrganismError, match="none of the references"):
        add(shelf, shelf.file("strain-2.fa", text("x", 2, 5999)))
    with pytest.raises(OrganismError, match="none of the references"):
        add(shelf, shelf.file("other.fa", text("x", 2)))


def test_a_file_nobody_recognises_can_be_named(shelf: Shelf) -> None:
    path = shelf.file("mine.fa", text("contig", 2))
    with pytest.raises(OrganismError, match="none of the references") as caught:
        add(shelf, path)
    assert "--as NAME" in caught.value.hint
    assert add(shelf, path, "STRAIN_2").contigs == ("NZ_AB000002.1",)


@pytest.mark.parametrize(
    ("content", "known_as", "error", "reason"),
    [
        (text("AB000001.1", 2), None, OrganismError, "another checksum"),
        (text("AB000001.1", 1, 700), None, OrganismError, "700 bases, expected 6000"),
        (text("x", 2, 700), "STRAIN_2", OrganismError, "700 bases; genomes of"),
        (text("x", 2) + text("y", 1), "STRAIN_1", FormatError, "no sequence named AB000001.1"),
        (b"@read\nACGT\n+\nFFFF\n", None, FormatError, "FASTQ"),
        (b"", None, FormatError, "empty"),
    ],
)
def test_a_file_that_is_something_else_is_refused(
    content: bytes, known_as: str | None, error: type[Exception], reason: str, shelf: Shelf
) -> None:
    with pytest.raises(error, match=reason) as caught:
        add(shelf, shelf.file("x.fa", content), known_as)
    assert "x.fa" in str(caught.value)
    assert shelf.names == []
    assert shelf.leftovers == []


def test_the_real_type_strain_is_recognised_and_its_plasmid_kept(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from abscope import organism

    monkeypatch.setenv("ABSCOPE_REFERENCES", str(tmp_path))
    species = organism.read()
    real = shared_data / "mabs_reference" / "GCA_000069185.1_ATCC19977.fna.gz"
    receipt = intake.add(real, species, day=DAY)
    assert (receipt.accession, receipt.length) == ("CU458896.1", 5_067_172)
    path = find(species.references[0])
    assert path is not None
    assert [name for name, _ in fasta.read(path)] == ["CU458896.1", "CU458745.1"]


def test_genomes_of_other_species_are_not_taken_for_references(
    shared_data: Path, shelf: Shelf
) -> None:
    from abscope import organism

    for path in intake.fasta_files(shared_data / "ntm_reference_panel"):
        assert not intake.is_reference(path, organism.read())


def test_a_sequence_is_the_same_whether_fetched_or_added(shelf: Shelf, server: Server) -> None:
    server.answer("/m/AB000001.1.fna.gz", Answer(GOOD))
    fetched = get(shelf, server, "STRAIN_1")
    added = add(shelf, shelf.file("chr.fa", b">chromosome\r\n" + letters(1).tobytes() + b"\r\n"))
    assert fetched.file_sha256 == added.file_sha256
