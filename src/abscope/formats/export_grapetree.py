"""GrapeTree: a profile (TSV whose first line starts with #), metadata with a column ID, and the tree.

https://github.com/achtman-lab/GrapeTree. The profile is of SNPs: one column a variable site, its letter as
a number, 0 where an isolate has none; GrapeTree's default for missing data.
"""

from abscope.formats.export_tree import chosen
from abscope.formats.isolate_facts import facts, frame, known_columns
from abscope.formats.snp_sites import SnpSites
from abscope.records import Published
from abscope.records.cells import safe_cell
from abscope.tables import written

_NUMBER = {"A": "1", "C": "2", "G": "3", "T": "4"}


def files(run: Published, sites: SnpSites) -> dict[str, bytes]:
    """profile.tsv, metadata.tsv and, where there is one, tree.nwk of one reference."""
    names = set(sites.ids)
    rows = [
        {"ID": fact.pop("isolate_id"), **fact} for fact in facts(run) if fact["isolate_id"] in names
    ]
    table = frame(rows).select(known_columns(rows))
    made = {"profile.tsv": _profile(sites), "metadata.tsv": written.tsv(table)}
    if sites.reference in run.trees:
        newick = run.trees[chosen(run, sites.reference)]
        made["tree.nwk"] = f"{newick}\n".encode()
    return made


def _profile(sites: SnpSites) -> bytes:
    lines = ["\t".join(("#Strain", *sites.labels))]
    for name, letters in zip(sites.ids, sites.letters, strict=True):
        numbers = (_NUMBER.get(letter, "0") for letter in letters.tobytes().decode())
        lines.append("\t".join((safe_cell(name), *numbers)))
    return ("\n".join(lines) + "\n").encode()
