"""Every export of a small run: what it says, and what it keeps to itself."""

import base64
import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from abscope.cli.export_session import EXPORTS, Asked
from abscope.errors import FormatError, UsageError
from abscope.formats import (
    export_arborview,
    export_auspice,
    export_biosample,
    export_foodchain,
    export_graphml,
    export_hamronization,
    export_microbetrace,
    export_microreact,
    export_multiqc,
    export_nextstrain,
    export_pha4ge,
    export_reportree,
    export_rocrate,
    export_sra,
    line_list,
    run_folder,
)
from abscope.formats.answered_sheet import Sheet
from abscope.formats.isolate_facts import facts
from abscope.formats.withheld import without_identifiers
from abscope.population import newick
from abscope.records import Published
from paper_runs import evidence, isolate, typed
from published_runs import FORMULA, published

DAY = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return published(tmp_path / "out")


@pytest.fixture
def run(folder: Path) -> Published:
    return run_folder.read(folder)


@pytest.fixture
def shared(run: Published) -> Published:
    return without_identifiers(run)


def texts(name: str, run: Published, folder: Path) -> str:
    """All that an export writes, as one text."""
    asked = Asked(name, folder, Path("out"), reference="REF", day=DAY)
    made = EXPORTS[name](run, asked)
    if isinstance(made, Sheet):
        made = made.content
    parts = [made] if isinstance(made, bytes) else list(made.values())
    return "\n".join(part.decode("utf-8", "replace") for part in parts)


def rows(content: bytes, separator: str = "\t") -> list[dict[str, str]]:
    head, *lines = [line.split(separator) for line in content.decode().rstrip("\n").split("\n")]
    return [dict(zip(head, line, strict=True)) for line in lines]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_nobody_can_be_told_by_an_export(name: str, shared: Published, folder: Path) -> None:
    text = texts(name, shared, folder)
    if name == "microreact":
        blobs = [one["blob"].split(",")[1] for one in json.loads(text)["files"].values()]
        text += "\n".join(base64.b64decode(blob).decode() for blob in blobs)
    told = ("MRN-77", "MRN-79", "Dr Luna", "D-17", "1988-05-06", "2022-11-15", "2022-10-11")
    assert not [word for word in told if word in text]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_same_run_gives_the_same_bytes(name: str, shared: Published, folder: Path) -> None:
    assert texts(name, shared, folder) == texts(
        name, without_identifiers(run_folder.read(folder)), folder
    )


@pytest.mark.parametrize("name", ["microbetrace", "nextstrain", "reportree", "biosample"])
def test_no_cell_is_run_as_a_formula(name: str, folder: Path) -> None:
    table = (folder / "cases.tsv").read_text().replace("Colorado", FORMULA)
    (folder / "cases.tsv").write_text(table)
    text = texts(name, without_identifiers(run_folder.read(folder)), folder)
    assert FORMULA in text
    cells = text.replace(",", "\t").replace("\n", "\t").split("\t")
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_folder_that_is_no_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"manifest\.json"):
        run_folder.read(tmp_path)


def test_identifiers_are_exported_when_asked_for(run: Published) -> None:
    [sheet] = [
        row for row in rows(export_biosample.encode(run, {}).content) if row["strain"] == "iso_a"
    ]
    assert (sheet["host_subject_id"], sheet["*collection_date"]) == ("MRN-77", "2022-11-15")


def test_nextstrain_writes_unknown_parts_of_a_date_as_xx(shared: Published) -> None:
    found = {row["strain"]: row for row in rows(export_nextstrain.encode(shared))}
    assert found["iso_a"]["date"] == "2022-11-XX"
    assert found["iso_d"]["date"] == "XXXX-XX-XX"
    assert (found["iso_a"]["cluster_5"], found["iso_a"]["division"]) == ("c5-01", "Colorado")


def test_auspice_adds_lengths_up_from_the_root_and_names_every_node_once(shared: Published) -> None:
    data = json.loads(export_auspice.encode(shared, reference="REF", day=DAY))
    names, tips, waiting = [], {}, [data["tree"]]
    while waiting:
        node = waiting.pop()
        names.append(node["name"])
        waiting += node.get("children", [])
        if "children" not in node:
            tips[node["name"]] = node["node_attrs"]
    assert len(names) == len(set(names)) == 5
    assert {name: one["div"] for name, one in tips.items()} == {
        "iso_a": 2.5,
        "iso_b": 2.5,
        "iso_d": 2,
    }
    assert tips["iso_a"]["clone"] == {"value": "DCC3"}
    assert "clone" in {one["key"] for one in data["meta"]["colorings"]}
    assert data["tree"]["children"][0]["branch_attrs"]["labels"]["support"] == "98"


def test_a_tree_is_chosen_where_there_are_several(run: Published, folder: Path) -> None:
    (folder / "tree.OTHER.nwk").write_text("(iso_e:1,iso_f:1);\n")
    several = run_folder.read(folder)
    with pytest.raises(UsageError, match="2 references") as caught:
        export_auspice.encode(several, reference=None, day=DAY)
    assert "OTHER, REF" in caught.value.hint
    assert export_auspice.encode(run, reference=None, day=DAY)


def test_microbetrace_keeps_cases_without_an_isolate_and_pairs_that_were_compared(
    shared: Published,
) -> None:
    made = export_microbetrace.files(shared)
    nodes = {row["id"]: row for row in rows(made["nodes.csv"], ",")}
    assert set(nodes) == {"iso_a", "iso_b", "iso_d", "iso_e", "case-003"}
    assert nodes["case-003"]["sequenced"] == "no"
    assert made["links.csv"].decode() == (
        "source,target,distance,comparable,link,probability\n"
        "iso_a,iso_b,2,38,linked,0.97\n"
        "iso_a,iso_d,1,37,,\n"
    )


def test_reportree_names_whoever_is_alone_a_singleton(shared: Published) -> None:
    made = export_reportree.files(shared)
    assert made["partitions.tsv"].decode() == (
        "sequence\tsingle-1x1.0\tsingle-5x1.0\n"
        "iso_a\tsingleton_1\tc5-01\n"
        "iso_b\tsingleton_2\tc5-01\n"
        "iso_d\tsingleton_3\tsingleton_1\n"
        "iso_e\tsingleton_4\tsingleton_2\n"
    )
    assert not [name for name in rows(made["metadata.tsv"])[0] if " " in name]


def test_arborview_has_a_row_for_every_tip_and_none_besides(shared: Published) -> None:
    made = export_arborview.files(shared, reference=None)
    tips = newick.parse(made["tree.nwk"].decode()).leaves
    found = rows(made["metadata.tsv"])
    assert [row["sample_id"] for row in found] == ["iso_a", "iso_b", "iso_d"]
    assert set(tips) == {row["sample_id"] for row in found}
    assert next(iter(found[0])) == "sample_id"


def test_microreact_carries_its_files_inside(shared: Published) -> None:
    project = json.loads(export_microreact.encode(shared))
    files = project["files"]
    for part in ("datasets", "tables", "trees", "networks"):
        assert {one["file"] for one in project[part].values()} <= set(files)
    assert project["trees"]
    kind, blob = files["data-file-1"]["blob"].split(",")
    table = base64.b64decode(blob)
    assert kind == "data:text/csv;base64"
    assert len(table) == files["data-file-1"]["size"]
    fields = {one["field"] for one in project["tables"]["table-1"]["columns"]}
    assert fields == set(table.decode().split("\n")[0].split(","))
    assert {"id", "year", "month"} <= fields
    network = base64.b64decode(files["network-file-1"]["blob"].split(",")[1]).decode()
    assert '"iso_a" -- "iso_b" [label="2"]' in network


def test_graphml_joins_isolates_cases_and_what_cases_were_exposed_to(shared: Published) -> None:
    graph = ElementTree.fromstring(export_graphml.encode(shared))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = {one.get("id") for one in graph.iter(f"{space}node")}
    edges = {(one.get("source"), one.get("target")) for one in graph.iter(f"{space}edge")}
    assert {"isolate:iso_a", "case:case-003", "lot:L-1", "supplier:Cell Labs"} <= nodes
    assert {("isolate:iso_a", "case:case-001"), ("case:case-002", "lot:L-1")} <= edges
    assert ("case:case-003", "clinic:Clinica Norte") not in edges  # it said no
    assert all(end in nodes for edge in edges for end in edge)


def test_foodchain_never_invents_what_was_in_common(shared: Published) -> None:
    data = json.loads(export_foodchain.encode(shared))["data"]
    stations = {one["ID"]: one for one in map(_record, data["stations"]["data"])}
    deliveries = {one["ID"]: one for one in map(_record, data["deliveries"]["data"])}
    for one in deliveries.values():
        assert one["from"] in stations
        assert one["to"] in stations
    for one in map(_record, data["deliveryRelations"]["data"]):
        assert deliveries[one["from"]]["to"] == deliveries[one["to"]]["from"]
    # C had two products and one supplier: which product it sent is not told; nor is the place
    sent = {one["from"] for one in deliveries.values() if one["to"] == "P:case-003"}
    assert sent == {"C:not recorded, case-003"}
    assert not [one for one in deliveries.values() if one["to"] in sent]
    assert len([one for one in deliveries.values() if one["from"] == "S:Cell Labs"]) == 2


def test_any_name_makes_a_file_that_can_be_read(folder: Path) -> None:
    odd = 'a"b\\c <&> \x01\u2028 ünï'
    for path in (folder / "exposures.tsv", folder / "sources.json"):
        path.write_text(path.read_text().replace("stem cells", "STEM"))
    table = pl.read_csv(folder / "exposures.tsv", separator="\t", infer_schema=False)
    table.with_columns(pl.col("value").replace("STEM", odd)).write_csv(
        folder / "exposures.tsv", separator="\t"
    )
    run = without_identifiers(run_folder.read(folder))
    labels = {one.text for one in ElementTree.fromstring(export_graphml.encode(run)).iter()}
    assert odd.replace("\x01", "") in labels
    names = {row["Name"] for row in _table(export_foodchain.encode(run), "deliveries")}
    assert odd in names


def _table(content: bytes, name: str) -> list[dict[str, str]]:
    return [_record(row) for row in json.loads(content)["data"][name]["data"]]


def _record(row: list[dict[str, str]]) -> dict[str, str]:
    return {cell["id"]: cell["value"] for cell in row}


def test_hamronization_holds_only_columns_its_reader_knows(run: Published) -> None:
    [row] = rows(export_hamronization.encode(run))
    assert row["gene_symbol"] == "rrl"
    assert "variant_frequency" not in row


def test_what_typing_publishes_is_what_exports_read(folder: Path) -> None:
    typed(folder, [isolate("iso_a", evidence({("rrl", 2270): "G"}))])
    run = run_folder.read(folder)
    [fact] = [fact for fact in facts(run) if fact["isolate_id"] == "iso_a"]
    assert (fact["macrolides"], fact["clone"], fact["quality"]) == ("resistant", "none", "good")
    found = rows(export_hamronization.encode(run))
    assert ("rrl", "n.2270A>G") in {(r["gene_symbol"], r["nucleotide_mutation"]) for r in found}


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        (
            "biosample",
            "*sample_name *organism strain *collected_by *collection_date *geo_loc_name *host "
            "*host_disease *isolation_source *lat_lon",
        ),
        (
            "sra",
            "sample_name library_ID title library_strategy library_source library_selection "
            "library_layout platform instrument_model design_description filetype filename filename2",
        ),
    ],
)
def test_a_sheet_opens_with_the_columns_its_archive_asks_for(
    name: str, headings: str, shared: Published, folder: Path
) -> None:
    head = texts(name, shared, folder).split("\n")[0].split("\t")
    assert head[: len(headings.split())] == headings.split()


def test_pha4ge_has_all_columns_its_schema_requires(shared: Published) -> None:
    required = (
        "specimen collector sample ID",
        "sample collected by",
        "sequenced by",
        "sequence submitted by",
        "sample collection date",
        "sample collection date precision",
        "geo_loc_name (country)",
        "geo_loc_name (state/province/territory)",
        "organism",
        "isolate",
        "purpose of sampling",
        "purpose of sampling details",
        "host (scientific name)",
        "purpose of sequencing",
        "purpose of sequencing details",
        "sequencing instrument",
        "raw sequence data processing method",
        "dehosting method",
        "bioinformatics protocol",
    )
    for row in rows(export_pha4ge.encode(shared, {}).content):
        assert all(row[name] for name in required)


def test_biosample_says_country_and_state_and_leaves_care_out(
    shared: Published, folder: Path
) -> None:
    found = {row["strain"]: row for row in rows(export_biosample.encode(shared, {}).content)}
    assert found["iso_a"]["*geo_loc_name"] == "USA: Colorado"
    assert found["iso_a"]["*collection_date"] == "2022-11"
    assert found["iso_a"]["*organism"] == "Mycobacterium abscessus subsp. massiliense"
    assert found["iso_d"]["*host"] == "missing"
    assert "host_age" not in found["iso_a"]
    text = texts("biosample", shared, folder)
    assert not [word for word in ("Clinica", "stem cell", "Cell Labs") if word in text]


def test_answers_fill_a_sheet_and_unknown_columns_are_refused(shared: Published) -> None:
    made = export_sra.encode(shared, {"platform": "ILLUMINA"})
    found = {row["sample_name"]: row for row in rows(made.content)}
    assert set(found) == {"iso_a", "iso_b", "iso_e"}
    assert found["iso_a"]["filename2"] == "a_2.fastq.gz"
    assert {row["platform"] for row in found.values()} == {"ILLUMINA"}
    assert made.unfilled == ("instrument_model", "design_description", "filename")
    assert export_sra.without_reads(shared) == ("iso_d",)
    with pytest.raises(UsageError, match="plattform"):
        export_sra.encode(shared, {"plattform": "ILLUMINA"})


def test_pha4ge_says_how_precise_a_date_is(shared: Published, run: Published) -> None:
    known, hidden = (
        {r["isolate"]: r for r in rows(export_pha4ge.encode(one, {}).content)}
        for one in (run, shared)
    )
    precision = "sample collection date precision"
    assert (known["iso_a"][precision], hidden["iso_a"][precision]) == ("day", "month")
    assert (known["iso_b"]["host age bin"], hidden["iso_b"]["host age bin"]) == (
        "90 - 99",
        "Restricted Access",
    )


def test_multiqc_leaves_out_what_is_not_known(shared: Published) -> None:
    data = json.loads(export_multiqc.encode(shared))["data"]
    assert data["iso_a"]["q30"] == 93.0
    assert "q30" not in data["iso_d"]


def test_a_crate_names_every_file_with_its_checksum(shared: Published, folder: Path) -> None:
    crate = json.loads(export_rocrate.encode(shared, folder, day=DAY))
    graph = {one["@id"]: one for one in crate["@graph"]}
    listed = {one["@id"] for one in graph["./"]["hasPart"]}
    assert listed == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    }
    assert len(graph["isolates.tsv"]["sha256"]) == 64
    assert "conditionsOfAccess" in graph["cases.tsv"]
    assert "conditionsOfAccess" not in graph["pairs.tsv"]


def test_a_fhir_bundle_is_read_back_as_the_same_cases(run: Published, tmp_path: Path) -> None:
    made = EXPORTS["fhir"](run, Asked("fhir", tmp_path, tmp_path))
    assert isinstance(made, bytes)
    (tmp_path / "bundle.json").write_bytes(made)
    found = line_list.read(tmp_path / "bundle.json", today=DAY)
    columns = ["case_id", "sex", "residence_state", "date_onset", "date_exposure"]
    back = found.cases.select(columns).with_columns(pl.col("^date_.*$").cast(pl.String))
    assert back.sort("case_id").rows() == run.cases.select(columns).sort("case_id").rows()
    had = {(c, k, v) for c, k, v, a in found.exposures.iter_rows() if a == "yes"}
    assert {
        ("A", "product", "stem cells"),
        ("A", "lot", "L-1"),
        ("B", "clinic", "Clinica Sur"),
    } <= had
    assert ("C", "product", "saline") in had
    assert ("B", "donor", "D-17") in had
    assert {value for _, kind, value in had if kind == "lot"} == {"L-1"}
