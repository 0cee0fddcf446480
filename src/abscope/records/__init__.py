"""The values that flow between the rooms, frozen and checked when made.

Positions are 0-based and half-open, on the reference's contigs laid end to end.
Sequences and calls are ASCII letters in `uint8` arrays.
"""

from abscope.records.alerts import (
    SEVERITIES,
    Alert,
    Nearby,
    Picture,
    Seen,
    WatchedName,
    WatchRule,
)
from abscope.records.backgrounds import (
    Background,
    BackgroundPanel,
    BackgroundSurvey,
    SampledIsolate,
    stratum_of,
)
from abscope.records.cases import (
    Description,
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
from abscope.records.ledgers import (
    Change,
    Entry,
)
from abscope.records.links import (
    HYPOTHESES,
    ChanceMatches,
    Days,
    Hypothesis,
    Link,
    Links,
    LinkVerdict,
    PatientVerdict,
    Sampled,
    Star,
    StarVerdict,
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
from abscope.records.published import Published
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
from abscope.records.types import TypeTables

__all__ = [
    "HYPOTHESES",
    "LOW",
    "MASKED",
    "MIXED",
    "NO_COVERAGE",
    "SEVERITIES",
    "Alert",
    "Background",
    "BackgroundPanel",
    "BackgroundSurvey",
    "Block",
    "Called",
    "Calls",
    "Candidate",
    "Certainty",
    "ChanceMatches",
    "Change",
    "CloneCall",
    "CloneDistance",
    "CloneOutcome",
    "Cluster",
    "Clusters",
    "Comparison",
    "Contig",
    "DatedNode",
    "Dating",
    "Days",
    "Depth",
    "Description",
    "Distances",
    "Entry",
    "Estimate",
    "Findings",
    "Foreign",
    "Hypothesis",
    "Identity",
    "Interval",
    "Investigation",
    "Kind",
    "KnownGenome",
    "LeftOut",
    "Letters",
    "LineList",
    "Link",
    "LinkVerdict",
    "Linked",
    "Links",
    "MarkerCheck",
    "MarkerCount",
    "Markers",
    "Mask",
    "MinorSites",
    "MinorSource",
    "MinorStrain",
    "Mixture",
    "MixtureVerdict",
    "Nearby",
    "PanelCoverage",
    "PatientVerdict",
    "Picture",
    "Problem",
    "Profile",
    "Published",
    "ReadStats",
    "Recombination",
    "RecombinationBlock",
    "Reference",
    "ReferenceChoice",
    "Relatedness",
    "Sample",
    "SampleSheet",
    "Sampled",
    "SampledIsolate",
    "Seen",
    "Sketch",
    "Star",
    "StarVerdict",
    "TemporalSignal",
    "Tree",
    "Twins",
    "TypeTables",
    "WatchRule",
    "WatchedName",
    "stratum_of",
]
