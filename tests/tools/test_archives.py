"""Each accession is asked for where it lives, and only a whole sequence of that name is taken."""

import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from abscope.errors import DownloadError, UsageError
from abscope.tools import archives
from abscope.tools.archives import Archives, read_answer
from abscope.tools.downloads import Client, Limits
from archive_server import Answer, Clock, serving

LETTERS = b"ACGT" * 500
FASTA = b">AB000001.1 Species one, complete genome\n" + LETTERS + b"\n"
ASSEMBLY = "GCF_000000003.1"
INSIDE = f"ncbi_dataset/data/{ASSEMBLY}/{ASSEMBLY}_ASM3v1_genomic.fna"


def package(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def answer(tmp_path: Path, content: bytes, accession: str = "AB000001.1") -> list[str]:
    path = tmp_path / "answer"
    path.write_bytes(content)
    return [name for name, _ in read_answer(path, accession)]


def test_an_assembly_is_asked_of_ncbi_datasets_and_a_sequence_of_nuccore() -> None:
    [datasets] = Archives(api_key="mine").sources(ASSEMBLY)
    assert datasets.url == (
        "https://api.ncbi.nlm.nih.gov/datasets/v2/genome/accession/GCF_000000003.1/download"
        "?include_annotation_type=GENOME_FASTA"
    )
    assert datasets.headers == {"api-key": "mine"}
    nuccore, ena = Archives(api_key="mine").sources("AB000001.1")
    assert nuccore.url == (
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"
        "?db=nuccore&id=AB000001.1&rettype=fasta&retmode=text&tool=abscope"
    )
    assert nuccore.secret == "&api_key=mine"
    assert ena.url == "https://www.ebi.ac.uk/ena/browser/api/fasta/AB000001.1"


@pytest.mark.parametrize(
    ("accession", "places"),
    [
        ("GCA_000000003.1", ["NCBI Datasets", "ENA"]),
        ("GCF_000000003.1", ["NCBI Datasets"]),
        ("NZ_AP014547.1", ["NCBI nuccore"]),
        ("CU458896.1", ["NCBI nuccore", "ENA"]),
    ],
)
def test_only_what_all_archives_share_is_asked_of_ena(accession: str, places: list[str]) -> None:
    assert [source.archive for source in Archives().sources(accession)] == places


def test_a_key_is_never_shown() -> None:
    shown = repr(Archives(api_key="mine")) + repr(Archives(api_key="mine").sources("AB000001.1"))
    assert "mine" not in shown


@pytest.mark.parametrize(
    ("mirror", "url"),
    [
        ("https://here.example/refs/", "https://here.example/refs/AB000001.1.fna.gz"),
        ("http://here.example/get?a={accession}", "http://here.example/get?a=AB000001.1"),
    ],
)
def test_a_mirror_stands_in_for_every_archive(mirror: str, url: str) -> None:
    assert [source.url for source in Archives(mirror=mirror).sources("AB000001.1")] == [url]


def test_a_mirror_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(UsageError, match="not a web address"):
        Archives(mirror="file:///etc")


@pytest.mark.parametrize(
    ("content", "accession"),
    [
        (FASTA, "AB000001.1"),
        (b"\n" + FASTA, "AB000001"),
        (gzip.compress(FASTA, mtime=0), "AB000001.1"),
        (FASTA.replace(b">AB000001.1", b">ENA|AB000001|AB000001.1"), "AB000001.1"),
        (package({INSIDE: FASTA, "README.md": b"x"}), ASSEMBLY),
        (package({INSIDE: FASTA}), "GCF_000000003"),
        (
            package(
                {
                    INSIDE: FASTA,
                    "md5sum.txt": f"{hashlib.md5(FASTA).hexdigest()}  {INSIDE}\n".encode(),
                }
            ),
            ASSEMBLY,
        ),
    ],
    ids=["plain", "any version", "gzip", "as ENA names it", "package", "unversioned", "checked"],
)
def test_a_sequence_is_read_however_it_is_packed(
    content: bytes, accession: str, tmp_path: Path
) -> None:
    assert answer(tmp_path, content, accession) == ["AB000001.1"]


@pytest.mark.parametrize(
    ("content", "accession", "reason"),
    [
        (b"", "AB000001.1", "empty"),
        (b" \n\n", "AB000001.1", "empty"),
        (b"<!DOCTYPE html><html>busy</html>", "AB000001.1", "web page"),
        (b'{"error":"API rate limit exceeded"}', "AB000001.1", "API rate limit exceeded"),
        (b"Error: F a i l e d", "AB000001.1", "F a i l e d"),
        (FASTA, "AB000002.1", r"holds AB000001\.1, not AB000002\.1"),
        (FASTA, "AB000001.2", r"not AB000001\.2"),
        (FASTA + b"<html>", "AB000001.1", "no whole sequence"),
        (gzip.compress(FASTA, mtime=0)[:-9], "AB000001.1", "damaged"),
        (gzip.compress(FASTA, mtime=0)[:20] + b"rubbish" * 9, "AB000001.1", "damaged"),
        (package({INSIDE: FASTA})[:-30], ASSEMBLY, "damaged"),
        (flipped(package({INSIDE: FASTA}), 30 + len(INSIDE) + 10), ASSEMBLY, "damaged"),
        (package({"README.md": b"x"}), ASSEMBLY, "no genome of"),
        (package({INSIDE: FASTA}), "GCF_000000003.2", "no genome of"),
        (package({INSIDE: FASTA, "md5sum.txt": f"{'0' * 32}  {INSIDE}\n".encode()}), ASSEMBLY,
         "another checksum"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(
    content: bytes, accession: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match=reason):
        answer(tmp_path, content, accession)


@pytest.mark.parametrize("packed", ["gzip", "package"])
def test_what_unpacks_without_end_is_refused(
    packed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST", 100_000)
    bomb = b">x\n" + b"A" * 1_000_000
    content = gzip.compress(bomb, mtime=0) if packed == "gzip" else package({INSIDE: bomb})
    with pytest.raises(DownloadError, match="unpacks to more"):
        answer(tmp_path, content, ASSEMBLY)


def test_a_key_goes_with_the_request_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with serving() as server:
        server.answer("/eutils/efetch.fcgi", Answer(FASTA))
        archive = Archives(eutils=f"{server.url}/eutils", api_key="m&ne")
        source = archive.sources("AB000001.1")[0]
        client = Client(Limits(timeout=5, per_second=1e9), sleep=Clock().sleep)
        [(name, letters)] = archives.fetch(source, "AB000001.1", tmp_path, client)
        assert server.asked[0][0].endswith("&tool=abscope&api_key=m%26ne")
    assert name == "AB000001.1"
    np.testing.assert_array_equal(letters, np.frombuffer(LETTERS, np.uint8))
    assert not [path for path in tmp_path.iterdir() if ".part" in path.suffixes[-1:]]
