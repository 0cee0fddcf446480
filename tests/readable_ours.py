"""Files that abscope itself writes and reads again, or that its organism folders hold, small and whole."""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from abscope import organism
from abscope.collection import backup
from abscope.formats import (
    bundle,
    isolate_details,
    run_folder,
    signing,
    type_tables,
)
from abscope.knowledge import case_definitions, folder, watch_rules
from abscope.knowledge.schema import TABLES
from abscope.tools import channels
from published_runs import published
from readable import Readable
from shared import bundle as shared_bundle

BUILT_IN = organism.read("mycobacterium_abscessus").folder
KEY = Ed25519PrivateKey.from_private_bytes(b"0" * 32).private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)
TYPES = b"""\
isolate_id\tsubspecies\tclone\tst\tmacrolides\tamikacin\tdate\tplate
a\tabscessus\tDCC1\tST 5\tresistant\tsusceptible\t2022-05\tp1
"""
RESISTANCE = b"isolate_id\tdrug\tverdict\na\tamikacin\tresistant\nb\tamikacin\tsusceptible\n"
CHANNELS = b"""\
[[channels]]
name = "log"
kind = "file"
path = "alerts.jsonl"
[[channels]]
name = "mail"
kind = "email"
to = ["epi@example.org"]
sender = "abscope@example.org"
server = "smtp.example.org"
at_least = "medium"
jurisdictions = ["CO"]
[[channels]]
name = "hook"
kind = "webhook"
url = "https://example.org/alerts"
secret_variable = "ABSCOPE_HOOK_SECRET"
send = ["reason"]
"""


def _signer() -> str:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "key"
        path.write_bytes(KEY)
        return signing.fingerprint(signing.public_of(path))


def _bundled() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "key"
        path.write_bytes(KEY)
        return bundle.encode(shared_bundle(), path)


def _signed_anew(path: Path) -> object:
    """Read what a sender with a damaged program would sign: the signature holds, the rest may not."""
    key = path.with_name("key")
    body = path.read_bytes() if path.is_file() else b""
    public, signature = signing.sign(key, bundle.MAGIC + signing.public_of(key) + body)
    path.write_bytes(bundle.MAGIC + public + signature + body)
    return bundle.read(path, signer=_SIGNER)


def _archive() -> bytes:
    content = b'{"layout": 1}\n'
    sums = {"charter.json": hashlib.sha256(content).hexdigest()}
    about = json.dumps({"layout": 1, "sha256": sums}).encode()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, held in (("charter.json", content), (backup.CHECKSUMS, about)):
            one = tarfile.TarInfo(name)
            one.size = len(held)
            archive.addfile(one, io.BytesIO(held))
    return out.getvalue()


def _run() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        made = published(Path(name) / "run")
        return {path.name: path.read_bytes() for path in made.iterdir() if path.is_file()}


def _tables() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in BUILT_IN.iterdir() if path.is_file()}


def _inside(
    home: str, held: dict[str, bytes], name: str, read: Callable[[Path], object]
) -> Readable:
    """One of the files of a folder that is read as a whole."""
    beside = {f"{home}/{other}": content for other, content in held.items()}
    needed = name in ("manifest.json", "isolates.tsv")
    return Readable(
        f"{home}, {name}", f"{home}/{name}", held[name], lambda p: read(p.parent), beside, needed
    )


_SIGNER, _BUNDLE, _RUN, _HELD = _signer(), _bundled(), _run(), _tables()
_BODY = _BUNDLE[len(bundle.MAGIC) + 32 + 64 :]
_DEFINITION = next(iter(case_definitions.available(BUILT_IN).values())).read_bytes()

OURS = (
    Readable("bundle", "b.bundle", _BUNDLE, partial(bundle.read, signer=_SIGNER)),
    Readable("bundle, signed as it is", "c.bundle", _BODY, _signed_anew, {"key": KEY}),
    Readable("private key", "own.key", KEY, signing.public_of),
    Readable("details of isolates", "types.tsv", TYPES,
             lambda p: isolate_details.read_details([p], precision="month")),
    _inside("types", {"types.tsv": TYPES, "resistance.tsv": RESISTANCE}, "types.tsv", type_tables.read),
    _inside("types", {"types.tsv": TYPES, "resistance.tsv": RESISTANCE}, "resistance.tsv", type_tables.read),
    *(_inside("run", _RUN, name, run_folder.read)
      for name in ("manifest.json", "isolates.tsv", "pairs.tsv", "cases.tsv", "types.tsv", "sources.json")),
    Readable("case definition", "oregon.toml", _DEFINITION, case_definitions.read),
    Readable("rules of a watch", "watch.toml", _HELD["watch.toml"], watch_rules.read),
    Readable("channels of a watch", "channels.toml", CHANNELS, channels.read),
    Readable("backup", "held.tar", _archive(), backup.check),
    *(_inside("organism", _HELD, name, folder.read) for name in TABLES if name in _HELD),
)  # fmt: skip
