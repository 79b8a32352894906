"""Somebody else is at the Service between our look at it and our requests: the real server, and others on time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

import pytest

from kubectl_svc.access.cluster import Cluster
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.cli.apply import Applier
from kubectl_svc.errors import ConflictError, StatusError
from kubectl_svc.go_service import as_service
from kubectl_svc.request import ClusterFlags, SendingOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kubectl_svc.output.made import Made
    from tests.apply.conftest import Shell

_OURS = "kubectl svc create web --port"


class _Meddled:
    """The API server; before some of the requests, counted from 1, somebody does something, or before every one."""

    def __init__(self, cluster: Cluster, meddle: dict[int, Callable[[], object]]) -> None:
        self._cluster = cluster
        self._meddle = meddle
        self.requests = 0

    def quietly(self) -> _Meddled:
        """The same."""
        return self

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def call(*words: Any) -> Any:
            self.requests += 1
            self._meddle.get(self.requests, self._meddle.get(0, lambda: None))()
            return getattr(self._cluster, verb)(*words)

        return call


class Racer:
    """Applies the Service `web` with one port through a meddled cluster."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._cluster = cluster
        self._namespace = namespace

    def apply(
        self, port: int, meddle: dict[int, Callable[[], object]] | None = None, *, force: bool = False
    ) -> tuple[Made, int]:
        """What was made, in how many requests; see `_Meddled`."""
        sending = SendingOptions(how="apply", field_manager="kubectl-svc", force_conflicts=force)
        meddled = _Meddled(self._cluster, meddle or {})
        applier = Applier(sending, cast("Cluster", meddled))
        ports = [{"port": port, "protocol": "TCP", "targetPort": port}]
        service = as_service({"metadata": {"name": "web"}, "spec": {"ports": ports}})
        return applier.send(service, self._namespace), meddled.requests


@pytest.fixture
def racer(shell: Shell) -> Iterator[Racer]:
    """On a connection of its own."""
    connection = Kubeconfig(ClusterFlags(kubeconfig=shell.stage.kubeconfig), os.environ, "").connection()
    transport = Transport(connection)
    yield Racer(Cluster(transport, pytest.fail), shell.stage.namespace)
    transport.close()


def _ports(shell: Shell) -> list[int]:
    return [port["port"] for port in shell.live()["spec"]["ports"]]


def test_undisturbed(shell: Shell, racer: Racer) -> None:
    """So many requests each takes."""
    assert (racer.apply(80)[0].done, racer.apply(80)[0].done, racer.apply(81)[0].done) == (
        "created",
        "unchanged",
        "configured",
    )
    assert [racer.apply(port)[1] for port in (81, 82)] == [2, 2]
    shell.forget()
    shell.must(f"{_OURS} 80")
    assert racer.apply(81)[1] == 5


def test_made_by_another_apply_in_the_meantime(shell: Shell, racer: Racer) -> None:
    """The second look finds it, and nothing is said to have been created."""
    made, requests = racer.apply(80, {2: lambda: shell.must(f"{_OURS} 80 --apply")})
    assert (made.done, requests) == ("unchanged", 4)


def test_created_by_ourselves_in_the_meantime(shell: Shell, racer: Racer) -> None:
    """It is taken over: no port of the creation stays beside."""
    made, _ = racer.apply(81, {2: lambda: shell.must(f"{_OURS} 80")})
    assert (made.done, _ports(shell)) == ("configured", [81])


def test_made_by_others_in_the_meantime(shell: Shell, racer: Racer) -> None:
    """They own it."""
    with pytest.raises(ConflictError, match="kubectl-expose"):
        racer.apply(81, {2: lambda: shell.must("kubectl expose deployment web")})
    assert _ports(shell) == [80]


def test_changed_in_the_meantime(shell: Shell, racer: Racer) -> None:
    """The change of somebody else stays, ours comes on top."""
    racer.apply(80)
    made, requests = racer.apply(81, {2: lambda: shell.must("kubectl annotate service web a=b")})
    assert (made.done, requests, _ports(shell)) == ("configured", 4, [81])
    assert shell.live()["metadata"]["annotations"] == {"a": "b"}


@pytest.mark.parametrize(
    ("force", "request_number"), [(False, 2), (False, 3), (False, 4), (False, 5), (True, 2), (True, 3), (True, 4)]
)
def test_changed_during_a_takeover(shell: Shell, racer: Racer, request_number: int, force: bool) -> None:
    """Looked at anew."""
    shell.must(f"{_OURS} 80")
    made, _ = racer.apply(81, {request_number: lambda: shell.must("kubectl annotate service web a=b")}, force=force)
    assert (made.done, _ports(shell)) == ("configured", [81])
    assert shell.live()["metadata"]["annotations"] == {"a": "b"}


@pytest.mark.parametrize(
    ("past", "request_number"), [(f"{_OURS} 80 --apply", 2), *((f"{_OURS} 80", number) for number in (2, 3, 4, 5))]
)
def test_deleted_in_the_meantime(shell: Shell, racer: Racer, past: str, request_number: int) -> None:
    """Made anew, and said so."""
    shell.must(past)
    old = shell.live()["metadata"]["uid"]
    made, _ = racer.apply(81, {request_number: lambda: shell.must("kubectl delete service web")})
    assert (made.done, _ports(shell)) == ("created", [81])
    assert shell.live()["metadata"]["uid"] != old


def test_replaced_in_the_meantime(shell: Shell, racer: Racer) -> None:
    """Another Service of the same name is somebody else's."""
    racer.apply(80)

    def replace() -> None:
        shell.must("kubectl delete service web && kubectl expose deployment web")

    with pytest.raises(ConflictError, match="kubectl-expose"):
        racer.apply(81, {2: replace})


def test_others_never_rest(shell: Shell, racer: Racer) -> None:
    """After ten looks the server has the last word, and nothing of ours is there."""
    racer.apply(80)
    with pytest.raises(StatusError, match="the object has been modified") as raised:
        racer.apply(81, {0: lambda: shell.must("kubectl annotate service web now=$(date +%N) --overwrite")})
    assert raised.value.reason == "Conflict"
    assert _ports(shell) == [80]
