"""A TCP relay before an API server, whose connections a test can cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Relay:
    """Passes bytes on, connection by connection."""

    def __init__(self, server: str) -> None:
        """`server` is the API server's URL."""
        target = urlsplit(server)
        self._target = (target.hostname or "", target.port or 443)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._flows = threading.Event()
        self._flows.set()
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def has(self, count: int) -> bool:
        """Whether there are so many connections."""
        return len(self._pairs) == count

    def hold(self) -> None:
        """Passes nothing on any more, and says nothing of it: as a server that hangs."""
        self._flows.clear()

    def cut(self) -> None:
        """Ends all connections, both ways at once; new ones are taken."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for side in pair:
                with contextlib.suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends all connections, and takes no more."""
        self._flows.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
                self._pairs.append((near, far))
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(source, sink, self._flows), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket, flows: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(1 << 16):
            flows.wait()
            sink.sendall(part)
    for side in (source, sink):
        with contextlib.suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
    source.close()


@contextlib.contextmanager
def relayed(kubeconfig: str, folder: Path) -> Iterator[tuple[Relay, str]]:
    """A relay before the server of that kubeconfig, and the path of a kubeconfig that leads through it."""
    with open(kubeconfig, encoding="utf-8") as file:
        content = yaml.safe_load(file)
    cluster = content["clusters"][0]["cluster"]
    relay = Relay(cluster["server"])
    host = urlsplit(cluster["server"]).hostname
    content["clusters"][0]["cluster"] = {**cluster, "server": relay.url, "tls-server-name": host}
    path = folder / "relayed.kubeconfig"
    path.write_text(yaml.safe_dump(content, width=1 << 20))
    try:
        yield relay, str(path)
    finally:
        relay.close()
