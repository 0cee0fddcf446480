"""What people send: a sample sheet that means harm, a line list of nonsense."""

import csv
import os
import random
from datetime import date
from pathlib import Path

from abscope.formats import line_list, sample_sheet
from worlds import World

NAMES = (
    "../../../tmp/evil", "/etc/cron.d/x", "a;rm -rf ~", "=cmd|' /C calc'!A0", "$(id)", "-rf", ".",
    "<script>alert(1)</script>", "x" * 5000, "\N{RIGHT-TO-LEFT OVERRIDE}abc", "a\tb",
)  # fmt: skip
PATHS = (
    "zero.fna",
    "/dev/null",
    "pipe.fna",
    "folder.fna",
    "loop.fna",
    "http://localhost:1/x.fna",
    "~nobody/x",
)
JUNK = (
    "", "unknown", "none", "-1", "99999999", "31/02/2022", "0000-00-00", "2022-10-03", "=1+1", "\a", "a;b;;",
    "<script>alert(1)</script>", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LATIN SMALL LETTER E WITH ACUTE}" * 50,
    "'; DROP TABLE isolates;--", "iso_b", "NaN", "1e999", "yes", "12/13/14",
)  # fmt: skip
HEADS = (
    "case_id",
    "isolate_id",
    "status",
    "sex",
    "age",
    "date_exposure",
    "date_onset",
    "clinic",
    "product",
)


def test_a_hostile_sheet_leaves_its_rows_out_and_uses_the_others(small: World) -> None:
    folder = small.folder
    os.mkfifo(folder / "pipe.fna")
    (folder / "zero.fna").symlink_to("/dev/zero")
    (folder / "folder.fna").mkdir()
    (folder / "loop.fna").symlink_to("loop.fna")
    rows = [[name, "", "", f"reads/iso_{'abde'[n % 4]}.fna"] for n, name in enumerate(NAMES)]
    rows += [[f"path{n}", "", "", path] for n, path in enumerate(PATHS)]
    (folder / "good.fna").write_bytes((folder / "reads" / "iso_a.fna").read_bytes())
    with (folder / "hostile.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([["sample", "fastq_1", "fastq_2", "assembly"], *rows])
        writer.writerow(["good", "", "", "good.fna"])
    found = sample_sheet.read(folder / "hostile.csv")
    assert [sample.name for sample in found.samples] == ["good"]
    assert len(found.left_out) == len(rows)
    assert all("hostile.csv, row" in one.reason and one.hint for one in found.left_out)


def test_a_line_list_of_nonsense_keeps_every_row_and_remarks_on_it(tmp_path: Path) -> None:
    draw = random.Random(1)
    path = tmp_path / "junk.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS)
        for number in range(10_000):
            named = draw.choice(JUNK) if draw.random() < 0.5 else f"c{number}"
            writer.writerow([named, *(draw.choice(JUNK) for _ in HEADS[1:])])
    found = line_list.read(path, today=date(2023, 1, 1))
    assert 9_990 <= found.cases.height <= 10_000  # a row of blanks is no row
    assert found.cases["case_id"].n_unique() == found.cases.height
    assert found.problems
    assert len(found.twins) < 10 * found.cases.height
