"""VCF of other pipelines: many isolates in one file (snippy-core's core.vcf), or the changes of one.

A file of many isolates says what each has at the sites it lists, and nothing of other sites. A file of one
isolate says where it differs, and not where it was read at all (see snippy_folder).
Specification: VCF 4.3 (samtools/hts-specs).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.errors import FormatError
from abscope.formats import fasta
from abscope.records import Calls, Contig

_BASES = frozenset("ACGT")
_APART = 2**40
_PASSED = frozenset(("PASS", ".", ""))
_FINE: tuple[list[str], ...] = ([], ["PASS"], ["."], [""])
_NOT_CALLED, _DISAGREE = "N", "n"


@dataclass(frozen=True, slots=True, eq=False)
class CoreVcf:
    """Calls at the sites a VCF lists.

    sites: int64 (m,), where they lie on the contigs end to end, ascending. contigs: those of the
    header, none where it does not give their lengths: they then lie 2 to the power of 40 apart.
    passed_over: records without use, by reason.
    """

    calls: Mapping[str, Calls]
    sites: NDArray[np.int64]
    contigs: tuple[Contig, ...]
    passed_over: Mapping[str, int]


def read(path: Path) -> CoreVcf:
    """Every isolate's letters at the sites of a VCF with two isolates or more, plain or gzipped.

    Called is a genotype of one base, A, C, G or T, whose own filter (FT) did not fail; another is
    `N`, two bases are `n`. Insertions, deletions and records that failed a filter are passed over.
    Raises FormatError, naming file and line, where it is not such a VCF.
    """
    lines, head, names = _opened(path)
    if len(names) < 2 or len(set(names)) < len(names):
        raise FormatError(
            f"{path.name}: {len(names)} isolates in the file, {len(set(names))} names",
            hint="give a VCF of many isolates, or snippy's folders with snps.vcf and snps.aligned.fa",
        )
    found = _Sites(names, _contigs(lines[:head]))
    _take(found, path, lines, head)
    return found.calls(path)


def changes(path: Path, contigs: tuple[Contig, ...]) -> dict[int, str]:
    """What the one isolate of a VCF has at the sites listed, on `contigs` end to end; letters as `read`.

    Changes of TYPE complex are passed over, as snippy-core does. Raises FormatError as `read` does.
    """
    lines, head, names = _opened(path)
    if len(names) > 1:
        raise FormatError(f"{path}: {len(names)} isolates in the file", hint="one isolate a file")
    found = _Sites(names, contigs)
    _take(found, path, lines, head, but="TYPE=complex")
    return {site: letter for site, [letter] in found.seen.items()}


def _opened(path: Path) -> tuple[list[str], int, tuple[str, ...]]:
    """Lines, the place among them of the heading (the last where there is none), and the isolates' names."""
    lines = fasta.decompressed(path).decode("utf-8", "replace").splitlines()
    if not lines or not lines[0].startswith("##fileformat=VCF"):
        raise FormatError(f"{path.name}: line 1 is not that of a VCF file",
                          hint="give VCF, plain or gzipped")  # fmt: skip
    head = next((n for n, line in enumerate(lines) if line.startswith("#CHROM")), len(lines) - 1)
    return lines, head, tuple(lines[head].split("\t")[9:])


def _take(
    found: "_Sites", path: Path, lines: Sequence[str], head: int, *, but: str | None = None
) -> None:
    """Every record that does not hold the word `but`."""
    for number, line in enumerate(lines[head + 1 :], head + 2):
        if not line.strip() or (but is not None and but in line):
            continue
        try:
            found.take(line.split("\t"))
        except (ValueError, IndexError, KeyError) as error:
            raise FormatError(f"{path.name}: line {number}: not a VCF record ({error})",
                              hint="check that the file is complete") from error  # fmt: skip


class _Sites:
    """The letters of every site, while a file is read."""

    def __init__(self, names: tuple[str, ...], contigs: tuple[Contig, ...]) -> None:
        self.names, self.contigs = names, contigs
        self.ends = {contig.name: (contig.start, contig.end) for contig in contigs}
        self.starts: dict[str, int] = {}
        self.seen: dict[int, list[str]] = {}
        self.reasons: Counter[str] = Counter()

    def take(self, fields: list[str]) -> None:
        """Keep what a record says, letter by letter, or count why not."""
        if len(fields) < 9:
            raise ValueError(f"{len(fields)} columns, and none of genotypes")
        chrom, position, _, ref, alt, _, verdict, _, keys = fields[:9]
        genotypes = fields[9:]
        if len(genotypes) != len(self.names):
            raise ValueError(f"{len(genotypes)} genotypes of {len(self.names)} isolates")
        alleles = (ref.upper(), *alt.upper().split(","))
        if verdict not in _PASSED:
            self.reasons["failed a filter"] += 1
        elif not set(alleles[0]) <= _BASES or not any(map(len(ref).__eq__, map(len, alleles[1:]))):
            self.reasons["insertion, deletion or symbol"] += 1
        else:
            chosen = _Genotypes(alleles, keys.split(":")).of(genotypes)
            for place, letter in enumerate(alleles[0]):
                site = self._site(chrom, int(position) - 1 + place)
                self._merge(site, letter, [_letter(one, place) for one in chosen])

    def _site(self, chrom: str, position: int) -> int:
        if not self.contigs:
            return self.starts.setdefault(chrom, len(self.starts) * _APART) + position
        if chrom not in self.ends:
            raise ValueError(f"no contig {chrom}, but {', '.join(self.ends)}")
        start, end = self.ends[chrom]
        if not 0 <= position < end - start:
            raise ValueError(f"position {position + 1} of {chrom}, which has {end - start}")
        return start + position

    def _merge(self, site: int, ref: str, here: list[str]) -> None:
        """A site listed twice: whoever has another base than the reference's in one of them has it."""
        before = self.seen.get(site)
        if before is not None:
            here = [_of_two(a, b, ref) for a, b in zip(before, here, strict=True)]
        self.seen[site] = here

    def calls(self, path: Path) -> CoreVcf:
        """Everything that was kept. Raises FormatError where it is nothing."""
        if not self.seen:
            raise FormatError(f"{path.name}: not one site with single bases",
                              hint="give a VCF of single-nucleotide variants")  # fmt: skip
        sites = np.array(sorted(self.seen), np.int64)
        text = "".join("".join(self.seen[site]) for site in sites.tolist())
        letters = np.frombuffer(text.encode(), np.uint8).reshape(len(sites), len(self.names)).T
        calls = {
            name: Calls(path.name, np.ascontiguousarray(row))
            for name, row in zip(self.names, letters, strict=True)
        }
        return CoreVcf(calls, sites, self.contigs, dict(self.reasons))


def _contigs(header: Iterable[str]) -> tuple[Contig, ...]:
    """Contigs end to end; none where one has no length."""
    found, end = list[Contig](), 0
    for line in header:
        if line.startswith("##contig="):
            name = re.search(r"[<,]ID=([^,>]+)", line)
            length = re.search(r"[<,]length=(\d+)", line)
            if name is None or length is None:
                return ()
            found.append(Contig(name[1], end, end + int(length[1])))
            end = found[-1].end
    return tuple(found)


class _Genotypes:
    """What the genotypes of one record mean; each text is looked at once."""

    def __init__(self, alleles: tuple[str, ...], keys: list[str]) -> None:
        if "GT" not in keys:
            raise ValueError("no genotypes, GT")
        self.alleles = alleles
        self.genotype = keys.index("GT")
        self.filter = keys.index("FT") if "FT" in keys else None
        self.known: dict[str, str | None] = {}

    def of(self, genotypes: Iterable[str]) -> list[str | None]:
        """The allele of every isolate; None where it has none, `n` where it has two."""
        return [self._one(text.split(":")) for text in genotypes]

    def _one(self, values: list[str]) -> str | None:
        if self.filter is not None and values[self.filter : self.filter + 1] not in _FINE:
            return None
        text = values[self.genotype]
        if text not in self.known:
            self.known[text] = self._allele(text)
        return self.known[text]

    def _allele(self, text: str) -> str | None:
        numbers = set(re.split(r"[/|]", text))
        if "." in numbers or not text:
            return None
        if len(numbers) > 1:
            return _DISAGREE
        allele = self.alleles[int(numbers.pop())]
        return allele if len(allele) == len(self.alleles[0]) else None


def _letter(allele: str | None, place: int) -> str:
    if allele is None or allele == _DISAGREE:
        return allele or _NOT_CALLED
    return allele[place] if allele[place] in _BASES else _NOT_CALLED


def _of_two(one: str, other: str, ref: str) -> str:
    if other in {one, ref, _NOT_CALLED}:
        return one if one != _NOT_CALLED else other
    return other if one in {ref, _NOT_CALLED} else _DISAGREE
