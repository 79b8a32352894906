"""A running CoreDNS with the kubernetes plugin, and what a client of it is told."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from tests.control_plane.kubeconfig import write_kubeconfig
from tests.control_plane.processes import PortTakenError, Server, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dns.rdata import Rdata

    from tests.control_plane.kubeconfig import ApiServer

_HOST = "127.0.0.1"
_ZONE = "cluster.local"
_START_SECONDS = 60  # two are enough; a busy machine may need more
_ANSWER_SECONDS = 30  # for what the API server says to arrive
_QUERY_SECONDS = 5
_POLL_SECONDS = 0.05
_ATTEMPTS = 3
_COREFILE = """\
{zone}:{port} {{
  bind {host}
  errors
  kubernetes {{
    kubeconfig coredns.kubeconfig
  }}
}}
"""


class ClusterDns:
    """The DNS of a cluster, asked for names as they stand before `cluster.local`."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, name: str, kind: str) -> list[str]:
        """The records of the answer, `KIND VALUE` in order; of SRV port and host; `NXDOMAIN` where no such name is."""
        question = dns.message.make_query(f"{name}.{_ZONE}.", kind)
        reply = dns.query.udp(question, _HOST, timeout=_QUERY_SECONDS, port=self._port)
        if reply.rcode() != dns.rcode.NOERROR:
            return [dns.rcode.to_text(reply.rcode())]
        return sorted(_as_text(record) for records in reply.answer for record in records)

    def answer(self, name: str, kind: str, expected: list[str]) -> list[str]:
        """The same, when it has become what is expected, or at the end of a patient while what it is then."""
        deadline = time.monotonic() + _ANSWER_SECONDS
        while (found := self.ask(name, kind)) != expected and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        return found

    def is_ready(self) -> bool:
        """Whether it knows the API server's own Service."""
        try:
            return self.ask("kubernetes.default.svc", "A")[0].startswith("A ")
        except (OSError, dns.exception.DNSException, IndexError):
            return False


@contextlib.contextmanager
def serve(program: str, server: ApiServer, folder: Path) -> Iterator[ClusterDns]:
    """CoreDNS for the cluster of that API server, for as long as the context is open."""
    write_kubeconfig(folder / "coredns.kubeconfig", server.cluster, server.admin)
    for attempt in range(1, _ATTEMPTS + 1):
        (port,) = free_ports(1)
        (folder / "Corefile").write_text(_COREFILE.format(zone=_ZONE, port=port, host=_HOST), encoding="utf-8")
        process = Server("coredns", [program, "-conf", "Corefile"], folder)
        cluster_dns = ClusterDns(port)
        try:
            process.wait_until(cluster_dns.is_ready, _START_SECONDS)
            yield cluster_dns
        except PortTakenError:
            if attempt == _ATTEMPTS:
                raise
        else:
            return
        finally:
            process.stop()


def _as_text(record: Rdata) -> str:
    words = record.to_text()
    if record.rdtype == dns.rdatatype.SRV:
        _priority, _weight, port, target = words.split()
        words = f"{port} {target}"
    return f"{dns.rdatatype.to_text(record.rdtype)} {words}"
