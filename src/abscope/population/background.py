"""How close isolates of unlinked patients are, stratum by stratum: what a link has to be held against.

A distance means one thing within a dominant circulating clone and another outside it (Bryant, Science
2016;354:751; Ruis, Nat Microbiol 2021, 10.1038/s41564-021-00963-3), so every clone has its own background,
and the strains of no clone have one by subspecies. Links nobody knows of are in it: it errs on the side
of chance.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from abscope.population.lower_tail import Apart, counted, interval, pairs_apart, smoothed
from abscope.population.pair_snps import PairSnps
from abscope.population.unlinked import Links, unlinked
from abscope.records import Background, BackgroundPanel, BackgroundSurvey, SampledIsolate

LIMIT = 100


def backgrounds(
    snps: PairSnps,
    isolates: Iterable[SampledIsolate],
    *,
    rng: np.random.Generator,
    links: Links = (),
    limit: int = LIMIT,
) -> BackgroundSurvey:
    """The background of every stratum, by the unlinked patients among `isolates`.

    links: pairs of patients known to be linked; of each set one patient is kept. limit: the largest
    distance asked about, SNPs. Strata come in the order of their names, and a stratum's result depends
    on its own isolates alone.
    """
    chosen = unlinked(isolates, links=links, known=frozenset(snps.ids))
    seed = int(rng.integers(2**63))
    found = [
        (name, members, pairs_apart(snps.of(tuple(one.isolate_id for one in members))))
        for name, members in chosen.strata.items()
    ]
    return BackgroundSurvey(
        tuple(
            background(name, apart, limit=limit, rng=np.random.default_rng(seed))
            for name, _, apart in found
        ),
        tuple(_panel(name, members, apart, limit) for name, members, apart in found),
        chosen.left_out,
    )


def background(
    stratum: str, apart: Apart, *, rng: np.random.Generator, limit: int = LIMIT
) -> Background:
    """One stratum's background from the distances of its unlinked patients."""
    share = smoothed(apart, limit)
    low, high = interval(apart, share, rng)
    return Background(stratum, apart.patients, len(apart.snps), share, low, high)


def _panel(
    stratum: str, members: Sequence[SampledIsolate], apart: Apart, limit: int
) -> BackgroundPanel:
    told = len(apart.snps)
    countries = Counter(one.country for one in members if one.country)
    years = Counter(one.year for one in members if one.year is not None)
    return BackgroundPanel(
        stratum,
        len(members),
        untold=len(members) * (len(members) - 1) // 2 - told,
        closest=int(apart.snps.min()) if told else None,
        median=float(np.median(apart.snps)) if told else None,
        farthest=int(apart.snps.max()) if told else None,
        within=counted(apart, limit),
        countries=tuple(sorted(countries.items(), key=lambda item: (-item[1], item[0]))),
        years=tuple(sorted(years.items())),
    )
