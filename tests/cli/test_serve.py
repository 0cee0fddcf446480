"""abscope serve: listens, says where, ends quietly; what it will not serve is explained."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from worlds import abscope

pytest.importorskip("uvicorn", reason="SERVER NOT TESTED: uvicorn is not installed")


@pytest.fixture
def collection(made_world: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "held"
    done = abscope("init", str(folder), "--organism", str(made_world / "organism"))
    assert done.returncode == 0, done.stderr
    return folder


def test_a_fresh_collection_is_served_until_interrupted(collection: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "abscope", "serve", str(collection), "--port", str(port)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert f"held at http://127.0.0.1:{port} (Ctrl-C ends it)" in running.stderr.readline()
        for _ in range(600):
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                    assert answer.status == 200
                break
            except OSError:
                time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
        assert running.stderr.read() == ""


def test_what_cannot_or_must_not_be_served_is_explained(collection: Path, tmp_path: Path) -> None:
    nothing = abscope("serve", str(tmp_path))
    assert nothing.returncode == 2
    assert "neither a collection nor the output folder of a run" in nothing.stderr
    everybody = abscope("serve", str(collection), "--host", "0.0.0.0")
    assert everybody.returncode == 2
    assert "abscope user add" in everybody.stderr
    half = abscope("serve", str(collection), "--certificate", "cert.pem")
    assert "--certificate and --key belong together" in half.stderr
