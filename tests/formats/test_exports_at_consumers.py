"""Each export opened by the program it is for, in a Python of its own (docs/exports.md: its packages)."""

import os
import subprocess
from pathlib import Path

import pytest

from abscope.cli.export_session import Asked, write_export
from paper_runs import evidence, isolate, typed
from published_runs import published

# What each consumer does with an export; it fails where it does not understand it.
_SCRIPTS = {
    "auspice": "import sys, augur; sys.exit(augur.run(['validate', 'export-v2', sys.argv[1]]))",
    "fhir": "import sys; from fhir.resources.bundle import Bundle; "
    "b = Bundle.model_validate_json(open(sys.argv[1], 'rb').read()); print(len(b.entry))",
    "graphml": "import sys, networkx as nx; g = nx.read_graphml(sys.argv[1]); "
    "assert g.nodes['product:stem cells']['posterior'] == 0.6; "
    "assert g.edges['isolate:iso_a', 'isolate:iso_b']['snps'] == 2",
    "hamronization": "import csv, sys; from hAMRonization.hAMRonizedResult import hAMRonizedResult; "
    "rows = list(csv.DictReader(open(sys.argv[1]), delimiter='\\t')); "
    "[hAMRonizedResult(**row) for row in rows]; assert rows",
    "multiqc": "import shutil, sys, tempfile; import multiqc; "
    "d = tempfile.mkdtemp(); shutil.copy(sys.argv[1], d + '/abscope_mqc.json'); "
    "multiqc.parse_logs(d); found = multiqc.list_samples(); shutil.rmtree(d); "
    "assert 'iso_a' in found, found",
    "ro-crate": "import os, shutil, sys; from rocrate.rocrate import ROCrate; "
    "shutil.move(sys.argv[1], sys.argv[2] + '/ro-crate-metadata.json'); c = ROCrate(sys.argv[2]); "
    "assert c.dereference('isolates.tsv')['sha256']",
    "grapetree": "import sys; from grapetree.module.MSTrees import backend; "
    "print(backend(profile=sys.argv[1] + '/profile.tsv', method='distance'))",
    "snp-table": "import sys, openpyxl; b = openpyxl.load_workbook(sys.argv[1]); "
    "assert b['REF']['A3'].value == 'iso_a'",
    "nextstrain": "import sys; from augur.io import read_metadata; from augur.dates import "
    "get_numerical_dates as d; m = read_metadata(sys.argv[1]); "
    "dates = d(m, fmt='%Y-%m-%d'); assert dates['iso_a'][0] > 2022.8, dates",
}


@pytest.fixture(scope="module")
def consumers() -> str:
    """A Python in which the consumers are installed."""
    python = os.environ.get("ABSCOPE_CONSUMERS")
    if not python:
        pytest.skip(
            "EXPORTS NOT OPENED BY THEIR CONSUMERS: set ABSCOPE_CONSUMERS to a Python that has the "
            "packages of docs/exports.md"
        )
    return python


@pytest.mark.parametrize("name", sorted(_SCRIPTS))
def test_the_consumer_opens_it(name: str, consumers: str, tmp_path: Path) -> None:
    folder, out = published(tmp_path / "out"), tmp_path / "export.xlsx"
    typed(folder, [isolate("iso_a", evidence({("rrl", 2270): "G"}))])
    write_export(Asked(name, folder, out), [], None)
    done = subprocess.run(
        [consumers, "-c", _SCRIPTS[name], str(out), str(folder)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
