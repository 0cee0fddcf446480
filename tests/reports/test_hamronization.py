"""Our hAMRonization table is one that the hAMRonization package itself takes."""

import csv
import dataclasses
import io

import pytest

from abscope.reports.hamronization import MANDATORY, OPTIONAL
from abscope.reports.types import tsv

package = pytest.importorskip(
    "hAMRonization.hAMRonizedResult",
    reason="HAMRONIZATION NOT TESTED AGAINST ITS PACKAGE: hAMRonization is not installed",
)


def test_the_package_knows_our_columns_and_takes_a_row() -> None:
    fields = {field.name for field in dataclasses.fields(package.hAMRonizedResult)}
    assert {*MANDATORY, *OPTIONAL} <= fields
    row = dict.fromkeys((*MANDATORY, *OPTIONAL)) | dict.fromkeys(MANDATORY, "x")
    row |= {"genetic_variation_type": "nucleotide_variant_detected", "coverage_depth": 41}
    [read] = csv.DictReader(
        io.StringIO(tsv((*MANDATORY, *OPTIONAL), [row]).decode()), delimiter="\t"
    )
    given = {name: value or None for name, value in read.items()}
    assert package.hAMRonizedResult(**given).coverage_depth == 41
