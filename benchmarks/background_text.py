"""What docs/validation/background.md says around its tables."""

HEAD = """\
# Background

    python -m benchmarks.background DATA docs/validation docs/images/background.svg

How close isolates are of patients not known to have anything to do with each other, on real isolates.

**A fixed rule means another thing in every clone.** Twenty SNPs or less lie between 1 % of unlinked pairs in
DCC1, 3 % in DCC3, 12 % in DCC5, 13 % in eDCC11, 38 % in DCC4 and two thirds in eDCC15 and eDCC20; and the
same rule misses more than half of the pairs of one patient in DCC3: patients of several strains, most likely.
Small clones leave much open: the intervals say how much.

Line list of {isolates} isolates of {patients} patients (chrisruis/DCC_clade_emergence 0d0a9ec; Ruis, Nat
Microbiol 2021, 10.1038/s41564-021-00963-3). Sequences are published as recombination-filtered variable sites
by clone, there and for more clones in zhuchendi0520/MABC_eDCCs 6ad4d10. Many sequences bear a laboratory's
lane number instead of an accession, and cannot be joined to their patient: the tables rest on {joined}
isolates of {people} patients. Clones are named as in those files; `Abscessus14` and the like are FastBAPS
clusters, which hold several clones or none, and share isolates with the eDCCs. Of each clone one alignment
is used, so that filters are not mixed.

One isolate a patient, the earliest. The list names no household or outbreak, so links nobody recorded are in
the background; centres where transmission was found are among them. The shares lean to chance for that
reason, never to a link.

![Share of pairs by SNPs, unlinked patients and one patient](../images/background.svg)
"""

TABLES = (
    """## What a fixed rule does, by clone

Share of pairs of different patients that a rule of so many SNPs would call close: its false-positive rate.
The curve is smoothed, and never zero; the 95 % interval is by bootstrap of patients, and never ends below
about 3/n of n patients, which is what none among n leaves open.
""",
    """## What the rule finds of isolates of one patient

Pairs of isolates, taken as they come: a patient with many isolates counts often.
""",
    """## Does closeness speak of place?

Different patients, one isolate each: of one centre, and of two countries. Patients of one centre are close
more often, as links nobody recorded would make them, or a centre that sends in outbreaks; yet far from all
close pairs are of one place.
""",
    """## Whom the backgrounds speak for
""",
    """## All published genomes, repeats and outbreaks included

Every two genomes of an alignment, several of one patient or outbreak among them: no background. Shown beside
figures of an earlier, random draw of pairs from the same files, which they confirm.
""",
)

TREE = """
## A tree of 89 patients in the United States

One isolate of each of 89 patients with cystic fibrosis (caladov/DR_mutations_MAB 6620b85; {tips} tips with
the reference), path lengths in SNPs. {gap} pairs lie between 250 and 1,000: clones are cleanly apart. Of
{p250} pairs within clones {p20} are 20 SNPs or less apart, {p30} are 30 or less, {p38} are 38 or less, and
{p50} are 50 or less. The state is known here of {known} of the patients: {near} of their pairs at 38 SNPs or
less are of one state, and {far} of those at 39 to 100. Being close says next to nothing of where a patient
lives.
"""
