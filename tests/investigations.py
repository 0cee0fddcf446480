"""Investigations to render: a realistic one, and every way in which one can be nearly empty."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.cluster.hierarchy import ClusterNode, linkage, to_tree
from scipy.spatial.distance import squareform

from abscope import tables
from abscope.outbreak.exposures import panels
from abscope.outbreak.findings import investigate
from abscope.outbreak.link_settings import UNKNOWN_RATE, LinkSettings
from abscope.outbreak.links import links
from abscope.outbreak.questions import rank_questions
from abscope.outbreak.sampled import sampled_isolates
from abscope.outbreak.sources import panel_weights, rank_sources
from abscope.population.clusters import clusters
from abscope.population.pairs import pairs_table
from abscope.records import (
    Alert,
    Background,
    Comparison,
    Distances,
    Entry,
    Findings,
    Interval,
    Investigation,
    LeftOut,
    LineList,
    Mask,
    Problem,
    Relatedness,
    Tree,
    TypeTables,
)
from abscope.records.situations import Situation
from abscope.reports.types import TYPES
from abscope.tables.followup import CONTACTS

LENGTH = 4_960_000
MASSILIENSE, ABSCESSUS = "CCUG_48898", "ATCC_19977"
OUTBREAK = ("MAB-A", "MAB-B")
LEVELS = (5, 10, 20, 30)


def realistic() -> Investigation:
    """Two outbreak isolates, a third case without one, 22 others on two references, 15 cases."""
    massiliense = (*OUTBREAK, *(f"SRR09{k:02d}M" for k in range(1, 12)))
    abscessus = tuple(f"SRR10{k:02d}A" for k in range(1, 12))
    comparisons = (
        comparison(MASSILIENSE, massiliense, seed=1, close=OUTBREAK, subspecies="massiliense"),
        comparison(ABSCESSUS, abscessus, seed=2, close=abscessus[:3], subspecies="abscessus"),
    )
    ids = massiliense + abscessus
    relatedness = Relatedness(comparisons, clusters(comparisons, LEVELS))
    return Investigation(
        title="Injections abroad, autumn 2022",
        isolates=isolates(comparisons),
        relatedness=relatedness,
        findings=weighed(investigate(line_list(ids), ids, relatedness, level=20), relatedness),
        left_out=(
            LeftOut("SRR2001X", "SRR2001X_R1.fastq.gz: the file ends early", "copy the file again"),
        ),
        manifest=MANIFEST,
        types=types(ids),
    )


STRATUM = "DCC3"


def background() -> Background:
    """500 patients of one clone, of whom hardly two are close."""
    share = np.minimum(1.0, 0.0004 * 1.12 ** np.arange(101))
    lower, upper = share / 3, np.minimum(1.0, share * 3 + 0.002)
    return Background(STRATUM, 500, 124_750, share, lower, upper)


def weighed(found: Findings, relatedness: Relatedness) -> Findings:
    """`found` with every pair judged, and each cluster's sources and questions."""
    names = [name for c in relatedness.comparisons for name in c.ids]
    strata = {name: STRATUM if k < 3 or 13 <= k < 15 else None for k, name in enumerate(names)}
    judged = links(
        pairs_table(relatedness.comparisons, min_comparable=relatedness.min_comparable),
        sampled_isolates(names, found.linelist, strata),
        {STRATUM: background()},
        LinkSettings(clock=UNKNOWN_RATE),
    )
    sources, questions = {}, {}
    level = next(one for one in relatedness.clusters if one.level == found.level)
    for panel in panels(found.linked, level, uncompared=set()):
        weights = panel_weights(panel, found.linelist)
        rng = np.random.default_rng(1)
        sources[panel.cluster] = rank_sources(found.linelist, weights, found_by=[], rng=rng)
        questions[panel.cluster] = rank_questions(found.linelist, weights, found_by=[])
    return replace(found, links=judged, sources=sources, questions=questions)


def situation() -> Situation:
    """A day soon after the last onset: an alert, clinics asked, what happened to clusters."""
    day = date(2023, 4, 25)
    asked = [
        ("Clinic A", date(2023, 1, 9), "email", "none"),
        ("Clinic A", date(2023, 1, 27), "telephone", "none"),
        ("Clinic B", date(2023, 2, 1), "email", "answered"),
        ("Clinic C", date(2023, 3, 15), "email", "none"),
    ]
    contacts = CONTACTS.frame(
        [
            {
                "facility": facility,
                "date": when,
                "about": "lots of stem cells used in October 2022",
                "channel": channel,
                "language": "Spanish",
                "reply": reply,
                "by": "state epidemiologist",
            }
            for facility, when, channel, reply in asked
        ]
    )
    reason = "MAB-A and MAB-B are 3 SNPs apart; both patients were injected in Mexico"
    alert = Alert("close pair", "MAB-B", "high", "two isolates are close", reason, {}, day)
    ledger = (
        ("2022-12-01T08:00:00+00:00", Entry(20, "founded", 1, None, ("SRR1001A", "SRR1002A"))),
        ("2023-03-19T08:00:00+00:00", Entry(20, "joined", 1, None, ("SRR1003A",))),
        ("2023-03-19T08:00:00+00:00", Entry(20, "founded", 2, None, OUTBREAK)),
    )
    return Situation(day, (alert,), contacts, ledger=ledger, backgrounds=(background(),))


VERDICTS = ("resistant", "inducible", "susceptible", "indeterminate", "not assessed")


def types(ids: Sequence[str]) -> TypeTables:
    """The isolates typed: a tube of two strains among them, every verdict, a drug without a rule."""
    rows, drugs = [], []
    for k, name in enumerate(ids):
        row: dict[str, object] = dict.fromkeys(TYPES)
        mixed = k == 3
        row |= {
            "isolate_id": name,
            "subspecies": "massiliense" if k < 13 else "abscessus",
            "clone": "mixed" if mixed else ("DCC3", "none", "novel clone", "cannot tell")[k % 4],
            "clone_confidence": "high" if k % 4 == 0 else None,
            "clone_reason": "12 SNPs at 4,700,000 sites",
            "st": ("33", None, "novel ST")[k % 3],
            "traits": "rough morphotype: expected" if k == 5 else None,
            "mixture": "mixed" if mixed else "pure",
            "mixture_reason": "400 second bases share one frequency, 12% of the reads",
            "minor_share": 0.12 if mixed else None,
            "minor_source": ids[0] if mixed else None,
            "quality": "doubtful" if mixed else "good",
        }
        rows.append(row)
        for drug, verdict in (("macrolides", VERDICTS[k % 5]), ("amikacin", VERDICTS[k % 3])):
            drugs.append({"isolate_id": name, "drug": drug, "mechanism": "x", "verdict": verdict})
        drugs.append(
            {
                "isolate_id": name,
                "drug": "cefoxitin",
                "mechanism": None,
                "verdict": "not assessed",
            }
        )
    return TypeTables(
        tuple(rows),
        tuple(drugs),
        remarks=((ids[3], "mixed: 400 second bases share one frequency"),),
        left_out=(LeftOut("SRR3", "not M. abscessus", "check the culture"),),
        notes=("0 of 5,001 genomes of known clones come from Mexico",),
    )


def comparison(
    reference: str,
    ids: Sequence[str],
    *,
    seed: int,
    close: Sequence[str] = (),
    subspecies: str | None = None,
) -> Comparison:
    """Isolates some thousand SNPs apart, `close` ones a few, with the tree that fits."""
    rng = np.random.default_rng(seed)
    sample = rng.integers(0, 4, (len(ids), 4000))
    snps = (sample[:, None, :] != sample[None, :, :]).sum(axis=2) * 4
    near = [k for k, name in enumerate(ids) if name in close]
    for i in near:
        for j in near:
            snps[i] = snps[j] if i > j else snps[i]
            snps[:, i] = snps[:, j] if i > j else snps[:, i]
    for i in near:
        for j in near:
            snps[i, j] = 0 if i == j else 2 + (i + j) % 7
    reads = rng.integers(40_000, 250_000, len(ids))
    comparable = LENGTH - 150_000 - np.maximum.outer(reads, reads)
    raw = np.where(snps > 100, snps + snps // 4, snps)
    return Comparison(
        reference=reference,
        subspecies=subspecies,
        raw=Distances(tuple(ids), raw, comparable + 140_000),
        masked=Distances(tuple(ids), snps, comparable),
        mask=Mask(
            reference,
            LENGTH,
            (
                Interval(1_000, 61_000, "repeat"),
                Interval(400_000, 470_000, "prophage"),
                Interval(460_000, 480_000, "repeat"),
            ),
        ),
        tree=tree(ids, snps, rng) if len(ids) > 1 else None,
    )


def tree(ids: Sequence[str], snps: NDArray[np.int64], rng: np.random.Generator) -> Tree:
    """An average-linkage tree with invented support."""
    root = to_tree(linkage(squareform(snps), "average"))
    text = newick(root, ids, root.dist, rng)
    return Tree(
        f"{text};", "maximum likelihood, GTR+F+G, IQ-TREE 3.0.1", "midpoint",
        "ultrafast bootstrap, 1000 replicates",
    )  # fmt: skip


def newick(node: ClusterNode, ids: Sequence[str], above: float, rng: np.random.Generator) -> str:
    """One node and all below it."""
    length = (above - node.dist) / 2
    if node.is_leaf():
        name = ids[node.id].replace("'", "''")
        return f"'{name}':{length:.3f}"
    left, right = (newick(child, ids, node.dist, rng) for child in (node.left, node.right))
    support = 100 if node.dist < 50 else int(rng.integers(55, 101))
    return f"({left},{right}){support}:{length:.3f}"


def isolates(comparisons: Sequence[Comparison]) -> pl.DataFrame:
    """tables.ISOLATES, the last of each comparison an assembly, the one before it poor."""
    rows = []
    for c in comparisons:
        for k, name in enumerate(c.ids):
            assembly, poor = k == len(c.ids) - 1, k == len(c.ids) - 2
            rows.append(
                {
                    "isolate_id": name,
                    "kind": "assembly" if assembly else "paired",
                    "reference": c.reference,
                    "subspecies": c.subspecies,
                    "ani": 0.985 + 0.001 * (k % 9),
                    "reads": 61 if assembly else 2_000_000 + 31_000 * k,
                    "bases": 5_010_000 if assembly else 300_000_000,
                    "q30": None if assembly else 0.93,
                    "gc": 0.641,
                    "mapped": None if assembly else 0.97,
                    "duplicates": None if assembly else 0.031,
                    "insert_median": None if assembly else 350,
                    "depth_mean": None if assembly else (11.2 if poor else 58.3 + k),
                    "breadth": 0.71 if poor else 0.96,
                    "called": 0.70 if poor else 0.953,
                    "mixed": 1840 if poor else 12 + k,
                    "snps": 21_000 + 13 * k,
                    "warnings": "mean depth 11 is below 20; 1,840 mixed sites: two strains?"
                    if poor
                    else None,
                }
            )
    return tables.ISOLATES.frame(rows)


def line_list(names: Sequence[str]) -> LineList:
    """Cases A and B with an isolate, C without, twelve others, and what they said."""
    cases, exposures = [], []
    for k in range(15):
        case = "ABC"[k] if k < 3 else f"P{k:02d}"
        start = date(2022, 4 if case == "B" else 10, 3) + timedelta(days=9 * k)
        isolate = names[k] if k < 2 else None if k in {2, 14} else names[k + 6]
        cases.append(
            {
                "case_id": case,
                "isolate_ids": [isolate] if isolate else None,
                "status": "probable" if isolate is None else "confirmed",
                "sex": ("female", "male", "male", None)[k % 4],
                "age": None if k == 7 else 31.0 + 3 * k,
                "residence_country": "United States",
                "residence_state": ("Colorado", "Arizona", "Colorado", None)[k % 4],
                "date_exposure": None if k in (5, 14) else start,
                "date_onset": None if k == 14 else start + timedelta(days=20 + 7 * (k % 5)),
                "date_collection": start + timedelta(days=75) if isolate else None,
                "date_report": start + timedelta(days=55 + k) if k != 14 else None,
                "date_treatment": start + timedelta(days=90) if k % 3 == 0 and k != 14 else None,
                "row": k + 2,
            }
        )
        exposures += answers(case, k)
    frame = tables.CASES.frame(cases)
    problem = Problem("cases.csv, row 9", "age is missing", "ask the clinic")
    return LineList(frame, tables.EXPOSURES.frame(exposures), (problem,))


VALUES = {
    "product": ("stem cells, batch <S-17>", "saline", "lidocaine", "botulinum"),
    "procedure": ("joint injection", "intrathecal injection", "liposuction"),
    "clinic": ("Clinic A", "Clinic B", "Clinic C", "Clinic D", "Clinic E"),
    "country": ("Mexico", "United States"),
}
OUTBREAK_ANSWERS = {  # case: product, procedure, clinic, country
    "A": (0, 1, 0, 0),
    "B": (0, 0, 1, 0),
    "C": (0, 0, 2, 0),
}


def answers(case: str, k: int) -> list[dict[str, object]]:
    """What one case said about every exposure that anybody names: a few questions have no answer."""
    chosen = OUTBREAK_ANSWERS.get(case, (1 + k % 3, k % 3, k % 5, int(k % 4 == 3)))
    return [
        {
            "case_id": case,
            "kind": kind,
            "value": value,
            "answer": "unknown" if (k + 2 * row) % 7 == 6 else "yes" if number == pick else "no",
        }
        for row, ((kind, values), pick) in enumerate(zip(VALUES.items(), chosen, strict=True))
        for number, value in enumerate(values)
        if (k + number) % 11 != 10 or number == pick
    ]


MANIFEST = {
    "schema": 1,
    "versions": {"abscope": "0.1.0", "numpy": "2.3.0"},
    "organism": "Mycobacterium abscessus",
    "parameters": {"mincov": 10, "minfrac": 0.9, "levels": [5, 10, 20, 30]},
    "samples": [{"isolate_id": "MAB-A", "files": [{"file": "a_1.fastq.gz", "sha256": "ab" * 32}]}],
}


def hostile(names: Sequence[str]) -> Investigation:
    """A small investigation in which everybody and everything bears these names."""
    ids = tuple(names)
    one = comparison(names[0] or "r", ids, seed=3, close=ids[:2])
    cases = tables.CASES.frame(
        [{"case_id": name, "isolate_ids": [name], "status": None, "sex": name} for name in ids]
    )
    exposures = [
        {"case_id": name, "kind": "other", "value": names[0], "answer": "yes"} for name in ids
    ]
    relatedness = Relatedness((one,), clusters((one,), (20,)))
    found = investigate(LineList(cases, tables.EXPOSURES.frame(exposures)), ids, relatedness, 20)
    return Investigation(
        title=names[0],
        isolates=isolates([one]),
        relatedness=relatedness,
        findings=replace(found, problems=tuple(Problem(name, name, name) for name in ids)),
        left_out=tuple(LeftOut(name, name, name) for name in ids),
        manifest={names[0]: {names[-1]: list(names)}},
    )


def empty() -> Investigation:
    """Not one isolate profiled, no line list."""
    return Investigation(
        title="Nothing yet",
        isolates=tables.ISOLATES.frame(),
        relatedness=Relatedness((), ()),
        findings=None,
        left_out=(LeftOut("S1", "no reads", ""),),
        manifest={},
    )


def only(names: Sequence[str], *, levels: Sequence[int] = (20,)) -> Investigation:
    """These isolates on one reference, all far apart, without a line list."""
    one = comparison(MASSILIENSE, names, seed=4)
    return replace(
        empty(),
        isolates=isolates([one]),
        relatedness=Relatedness((one,), clusters((one,), levels)),
        left_out=(),
    )
