"""The values that flow between the rooms, frozen and checked when made.

Positions are 0-based and half-open, on the reference's contigs laid end to end.
Sequences and calls are ASCII letters in `uint8` arrays.
"""

from abscope.records.cases import (
    Findings,
    Investigation,
    LineList,
    Linked,
)
from abscope.records.genomes import (
    Contig,
    Interval,
    Letters,
    Mask,
    Reference,
)
from abscope.records.isolates import (
    LOW,
    MASKED,
    MIXED,
    NO_COVERAGE,
    Block,
    Called,
    Calls,
    Depth,
    Kind,
    Profile,
    ReadStats,
    ReferenceChoice,
    Sample,
    SampleSheet,
)
from abscope.records.populations import (
    Cluster,
    Clusters,
    Comparison,
    Distances,
    Relatedness,
    Tree,
)
from abscope.records.remarks import (
    LeftOut,
    Problem,
)

__all__ = [
    "LOW",
    "MASKED",
    "MIXED",
    "NO_COVERAGE",
    "Block",
    "Called",
    "Calls",
    "Cluster",
    "Clusters",
    "Comparison",
    "Contig",
    "Depth",
    "Distances",
    "Findings",
    "Interval",
    "Investigation",
    "Kind",
    "LeftOut",
    "Letters",
    "LineList",
    "Linked",
    "Mask",
    "Problem",
    "Profile",
    "ReadStats",
    "Reference",
    "ReferenceChoice",
    "Relatedness",
    "Sample",
    "SampleSheet",
    "Tree",
]
