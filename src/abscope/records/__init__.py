"""The values that flow between the rooms, frozen and checked when made.

Positions are 0-based and half-open, on the reference's contigs laid end to end.
Sequences and calls are ASCII letters in `uint8` arrays.
"""

from abscope.records.backgrounds import (
    Background,
)
from abscope.records.cases import (
    Findings,
    Investigation,
    LineList,
    Linked,
    Twins,
)
from abscope.records.clones import (
    CloneCall,
    CloneDistance,
    CloneOutcome,
    PanelCoverage,
)
from abscope.records.datings import (
    DatedNode,
    Dating,
    Estimate,
    TemporalSignal,
)
from abscope.records.genomes import (
    Contig,
    Interval,
    Letters,
    Mask,
    Reference,
)
from abscope.records.identities import (
    Candidate,
    Certainty,
    Foreign,
    Identity,
    MarkerCheck,
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
from abscope.records.markers import (
    MarkerCount,
    Markers,
)
from abscope.records.mixtures import (
    MinorSites,
    MinorSource,
    MinorStrain,
    Mixture,
    MixtureVerdict,
)
from abscope.records.populations import (
    Cluster,
    Clusters,
    Comparison,
    Distances,
    Relatedness,
    Tree,
)
from abscope.records.recombinations import (
    Recombination,
    RecombinationBlock,
)
from abscope.records.remarks import (
    LeftOut,
    Problem,
)
from abscope.records.sketches import (
    KnownGenome,
    Sketch,
)

__all__ = [
    "LOW",
    "MASKED",
    "MIXED",
    "NO_COVERAGE",
    "Background",
    "Block",
    "Called",
    "Calls",
    "Candidate",
    "Certainty",
    "CloneCall",
    "CloneDistance",
    "CloneOutcome",
    "Cluster",
    "Clusters",
    "Comparison",
    "Contig",
    "DatedNode",
    "Dating",
    "Depth",
    "Distances",
    "Estimate",
    "Findings",
    "Foreign",
    "Identity",
    "Interval",
    "Investigation",
    "Kind",
    "KnownGenome",
    "LeftOut",
    "Letters",
    "LineList",
    "Linked",
    "MarkerCheck",
    "MarkerCount",
    "Markers",
    "Mask",
    "MinorSites",
    "MinorSource",
    "MinorStrain",
    "Mixture",
    "MixtureVerdict",
    "PanelCoverage",
    "Problem",
    "Profile",
    "ReadStats",
    "Recombination",
    "RecombinationBlock",
    "Reference",
    "ReferenceChoice",
    "Relatedness",
    "Sample",
    "SampleSheet",
    "Sketch",
    "TemporalSignal",
    "Tree",
    "Twins",
]
