"""A collection of two states: four isolates, three of them close, a line list, users."""

from datetime import date
from pathlib import Path

import numpy as np

import served
from abscope import surveillance
from abscope.collection import case_imports, users
from abscope.collection.access import Viewer
from abscope.collection.database import writing
from abscope.collection.history import Stamp
from abscope.formats import fasta
from abscope.formats.line_list import Beside
from abscope.records import Sample
from abscope.settings import Settings

STAMP = Stamp("2026-11-22T12:00:00+00:00", "tests")
BO = Viewer("bo", "viewer", ("AZ",))
SNPS = {"az_1": (10,), "az_2": (10, 500), "co_1": (10, 500, 900), "co_2": range(1000, 5000, 4)}
CASES = """\
case_id,isolate_id,residence_country,residence_state,date_exposure,date_onset,clinic,product
Ann,az_1,United States,Arizona,2025-11-03,2026-01-01,North,cells
Bob,az_2,United States,Arizona,2025-12-01,2026-02-01,South,cells
Cid,co_1,United States,Colorado,2026-01-12,2026-03-01,Hidden clinic,cells
Dee,,United States,Colorado,2026-01-15,2026-03-20,East,cells
Eve,co_2,United States,Texas,2026-01-20,2026-02-20,West,saline
"""


def made(organism: Path, folder: Path) -> Path:
    """The collection's folder."""
    [(name, letters)] = list(fasta.read(organism / "references" / "REF.fna.gz"))
    collection = served.found(organism, folder / "states")
    with surveillance.open_desk(collection) as desk:
        for isolate, changed in SNPS.items():
            own = np.array(letters)
            for at in changed:
                own[at] = ord("A") if own[at] != ord("A") else ord("C")
            path = folder / f"{isolate}.fna"
            fasta.write(path, [(name, own)])
            sample, whose = Sample(isolate, assembly=path), isolate[:2].upper()
            settings = Settings(cpus=1)
            surveillance.add(desk, [sample], settings=settings, stamp=STAMP, jurisdiction=whose)
        with writing(desk.collection.engine) as connection:
            for viewer in (served.ADMIN, served.AZ, BO):
                users.add(connection, viewer)
    sheet = folder / "cases.csv"
    sheet.write_text(CASES)
    case_imports.keep(collection, sheet, Beside(), today=date(2026, 11, 22))
    return collection
