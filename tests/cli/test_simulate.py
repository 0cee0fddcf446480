"""abscope simulate lists scenarios, and writes one."""

from typer.testing import CliRunner

from abscope.cli import app
from abscope.errors import UsageError

RUNNER = CliRunner()


def test_without_a_scenario_they_are_listed():
    result = RUNNER.invoke(app, ["simulate"])
    assert result.exit_code == 0
    assert "colorado_arizona\t" in result.stdout


def test_a_scenario_is_written_from_any_genome(tmp_path):
    genome = tmp_path / "mine.fasta"
    genome.write_text(">mine\n" + "ACGTTGCATGCCGATAGGCA" * 1500 + "\n")
    arguments = ["simulate", "small_frozen", "-o", str(tmp_path / "out"), "--ref", str(genome)]
    result = RUNNER.invoke(app, [*arguments, "--depth", "2", "--cpus", "1"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "samples.csv").is_file()
    assert result.stdout == ""


def test_an_unknown_scenario_is_a_usage_error(tmp_path):
    result = RUNNER.invoke(app, ["simulate", "nothing", "-o", str(tmp_path)])
    assert isinstance(result.exception, UsageError)
