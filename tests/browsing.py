"""What tests in a browser do on either life of the page: the report that was sent, the live dashboard."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_WALK = """(names) => {
  const tree = document.querySelector("#tree-1 .scroll");
  const press = (key) => tree.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const { tips, parents } = JSON.parse(document.getElementById('tree-1-data').textContent);
  const of = new Map(tips.map((tip) => [tip[1], tip[0]]));
  const way = (at) => { const path = []; for (; at > 0; at = parents[at]) path.unshift(at); return path; };
  const ways = names.map((name) => way(of.get(name)));
  tree.focus();
  for (let k = 0; ways.every((one) => k < one.length && one[k] === ways[0][k]); k += 1) {
    const at = ways[0][k];
    const siblings = parents.flatMap((up, j) => (up === parents[at] ? [j] : []));
    press('ArrowRight');
    for (let j = 0; j < siblings.indexOf(at); j += 1) press('ArrowDown');
  }
}"""


def choose_clade(page: "Page", *names: str) -> None:
    """By keyboard: from the first tree's whole to the smallest clade that holds these isolates."""
    page.evaluate(_WALK, list(names))
    page.keyboard.press("Enter")


def about(page: "Page", selector: str) -> set[str]:
    """Whom the elements of a selector are about, by their tokens."""
    found = page.eval_on_selector_all(
        selector, "all => all.map(e => e.dataset.of ?? e.dataset.token)"
    )
    return {token for tokens in found for token in tokens.split()}


def complaints_of(page: "Page", address: str = "file:") -> list[str]:
    """What the page will tell its console, or ask of anybody but `address`."""
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}"))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    own = (address, "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else complaints.append(r.url))
    return complaints


@contextmanager
def listening(make_app: Any) -> Iterator[str]:
    """The address of a server in a thread, on a port of its own. make_app: of the port."""
    import uvicorn

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = uvicorn.Config(make_app(port), port=port, log_level="error", ws="none")
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)
