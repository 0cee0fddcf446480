"""Sentences: computed from the data, with denominators."""

from dataclasses import replace

import polars as pl

import investigations
from abscope.records import Clusters, Investigation
from abscope.reports.panels import panels
from abscope.reports.roster import roster
from abscope.reports.summary import Summary, summary


def told(investigation: Investigation) -> Summary:
    return summary(investigation, roster(investigation))


def test_the_outbreak_pair_comes_first_with_its_distance_sites_and_nearest_neighbour() -> None:
    investigation = investigations.realistic()
    comparison = investigation.relatedness.comparisons[0]
    apart, sites = comparison.masked.snps[0, 1], comparison.masked.comparable[0, 1]
    nearest = comparison.masked.snps[:2, 2:].min()
    story = told(investigation).stories[0]
    assert story.distance.startswith(
        f"Isolates MAB-A and MAB-B (cases A and B) are {apart} SNPs apart over {sites:,} sites"
    )
    assert story.distance.endswith(f"is {nearest:,} SNPs away.")


def test_the_case_without_an_isolate_is_told_with_what_it_shares() -> None:
    points = " ".join(told(investigations.realistic()).stories[0].points)
    assert "Case C has no isolate to compare (no isolate is named)" in points
    assert "product “stem cells, batch <S-17>”" in points


def test_what_is_shared_is_given_with_answers_on_both_sides() -> None:
    investigation = investigations.realistic()
    shared = investigation.findings.shared
    row = shared.filter(shared["value"] == "stem cells, batch <S-17>").row(0, named=True)
    assert (
        f"Product “stem cells, batch <S-17>”: {row['members_exposed']} of {row['members_known']} "
        f"cases of the cluster with an answer, against {row['others_exposed']} of "
        f"{row['others_known']} comparison cases."
    ) in told(investigation).stories[0].points


def test_limits_are_stated_wherever_a_cluster_is_claimed() -> None:
    limits = " ".join(told(investigations.realistic()).limits)
    assert "proves neither a common source nor who infected whom" in limits
    assert "case definition" in limits
    assert not told(investigations.empty()).limits


def test_without_clusters_the_nearest_pair_is_told() -> None:
    investigation = investigations.only(["x", "y", "z"])
    masked = investigation.relatedness.comparisons[0].masked
    nearest = min(int(masked.snps[i, j]) for i in range(3) for j in range(i))
    assert f"is {nearest:,} SNPs apart" in str(told(investigation).nothing)


def test_a_pair_with_too_few_sites_is_never_the_nearest() -> None:
    investigation = investigations.only(["x", "y"])
    relatedness = replace(
        investigation.relatedness, clusters=(Clusters(20, (), unresolved=(("x", "y"),)),)
    )
    nothing = told(replace(investigation, relatedness=relatedness)).nothing
    assert nothing == (
        "No two isolates share a reference and enough sites, so there is no distance to report."
    )


def test_the_facts_count_everybody() -> None:
    facts = {noun: number for number, noun in told(investigations.realistic()).facts}
    assert facts == {
        "isolates read": 24,
        "left out": 1,
        "clusters at 20 SNPs or fewer": 2,
        "cases": 15,
        "cases without an isolate": 2,
    }


def test_without_findings_the_tightest_level_with_a_cluster_is_told() -> None:
    investigation = replace(investigations.realistic(), findings=None)
    assert told(investigation).level == 5
    assert len(told(investigation).stories) == 2


def test_what_needs_attention_is_said_once() -> None:
    items = panels(investigations.realistic())["attention"]
    assert isinstance(items, tuple)
    assert len(items) == len(set(items))
    assert [item.sort for item in items][:2] == ["left out", "line list"]
    assert {item.where for item in items if item.sort == "isolate"} == {
        "SRR0902M",
        "SRR0910M",
        "SRR1010A",
    }


def test_a_case_without_an_isolate_is_told_under_the_cluster_it_shares_most_with() -> None:
    investigation = investigations.realistic()
    compatible = investigation.findings.compatible.filter(pl.col("case_id") == "C")
    assert len(compatible) == 2
    best = compatible.sort("weight")["cluster"][-1]
    telling = [
        story.cluster.name
        for story in told(investigation).stories
        if any(point.startswith("Case C ") for point in story.points)
    ]
    assert telling == [best]
