"""Folders of snippy, one an isolate: its letters (.aligned.fa), with the substitutions of its VCF on them.

The VCF says where an isolate differs, and not where it was read at all; the letters beside it say that.
Those of snippy 4 bear the substitutions already, those of snippy 3 do not: the VCF's are laid over
both, so that neither is taken for the reference.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats import core_vcf, fasta
from abscope.records import Calls, Contig, Letters

_BASES = frozenset("ACGT")
_NOT_CALLED = ord("N")


def read(paths: Iterable[Path]) -> dict[str, Calls]:
    """One isolate of each folder, or of each VCF with the .aligned.fa beside it.

    An isolate bears the name of its file, or of its folder where the file is called snps.vcf. Raises
    FormatError, listing every file at fault.
    """
    found: dict[str, Calls] = {}
    problems: list[str] = []
    for path in paths:
        try:
            name, calls = _one(path)
        except FormatError as error:
            problems.append(error.message)
            continue
        if name in found:
            problems.append(f"{path}: a second isolate called {name}")
        found[name] = calls
    if problems:
        raise FormatError.collect(
            "not every isolate could be read", problems,
            hint="each VCF needs the .aligned.fa that snippy writes beside it, and its own name",
        )  # fmt: skip
    return found


def has_letters_beside(path: Path) -> bool:
    """Whether a file is a VCF with snippy's .aligned.fa beside it."""
    return ".vcf" in path.suffixes and _beside(path) is not None


def contigs(path: Path) -> tuple[Contig, ...]:
    """The contigs of a folder's reference where there are several: a mask then has to name them."""
    aligned = _beside(_vcf_of(path))
    found = fasta.read_reference(aligned).contigs if aligned else ()
    return found if len(found) > 1 else ()


def _one(path: Path) -> tuple[str, Calls]:
    vcf = _vcf_of(path)
    aligned = _beside(vcf)
    if aligned is None:
        raise FormatError(
            f"{vcf}: no {_stem(vcf)}.aligned.fa beside it: a VCF alone does not say where an isolate "
            "was read",
            hint="keep snippy's files together",
        )
    genome = fasta.read_reference(aligned)
    letters = _changed(genome.sequence, core_vcf.changes(vcf, genome.contigs))
    reference = "+".join(contig.name for contig in genome.contigs)
    name = vcf.resolve().parent.name if _stem(vcf) == "snps" else _stem(vcf)
    return name, Calls(reference, letters)


def _changed(letters: Letters, changes: dict[int, str]) -> Letters:
    """The letters with the changes, where there is a base to change."""
    changed = letters.copy()
    for site, letter in changes.items():
        if letters[site] != _NOT_CALLED:
            changed[site] = ord(letter) if letter in _BASES else _NOT_CALLED
    return changed


def _vcf_of(path: Path) -> Path:
    if not path.is_dir():
        return path
    plain, zipped = path / "snps.vcf", path / "snps.vcf.gz"
    return zipped if zipped.is_file() and not plain.is_file() else plain


def _stem(vcf: Path) -> str:
    return vcf.name.removesuffix(".gz").removesuffix(".vcf")


def _beside(vcf: Path) -> Path | None:
    candidates: Iterator[Path] = (
        vcf.with_name(f"{_stem(vcf)}.aligned.{ending}") for ending in ("fa", "fa.gz", "fasta")
    )
    return next((one for one in candidates if one.is_file()), None)
