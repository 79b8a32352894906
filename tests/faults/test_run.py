"""Hundreds of objects through a gateway on a bad day: what is said of each, and what is there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.value import Value
from tests.control_plane.kubeconfig import write_kubeconfig
from tests.faults.gateway import FAULTS, bad_day, gateway, gone_from
from tests.many.manifests import deployment, documents
from tests.svc import svc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.control_plane.cluster import Cluster
    from tests.faults.gateway import Ask, Passed

    Expose = Callable[..., "_Run"]

_SHARE = 0.15  # of the requests get a fault
_SEED = 4
_NAMED = re.compile(r'"(web-\d+)"')
_UNKNOWN = re.compile(r'whether the Service "(web-\d+)" was (?:created|changed) is not known')


class _Run(Value):
    """What a run says, which Services are there after it with the pods that they select, and what the gateway saw."""

    code: int
    out: list[str]
    err: list[str]
    there: dict[str, dict[str, str]]
    passed: list[Passed]

    @property
    def failed(self) -> set[str]:
        """The names that are said to have failed, those included of which nothing is known."""
        return set(_NAMED.findall("\n".join(line for line in self.err if not line.startswith("hint: "))))

    @property
    def unknown(self) -> set[str]:
        """The names of which nothing is said to be known."""
        return set(_UNKNOWN.findall("\n".join(self.err)))

    def is_true_of(self, names: Sequence[str]) -> None:
        """Each of them is there or has failed, and never both, unless it is not known."""
        assert self.there.keys() | self.failed == set(names)
        assert self.there.keys() & self.failed <= self.unknown <= self.failed
        assert self.there == {name: {"app": name} for name in self.there}
        assert [line.partition(" ")[0] for line in self.out] == [
            f"service/{name}" for name in names if name in self.there and name not in self.unknown
        ]
        assert self.code == (1 if self.failed else 0)
        assert "Traceback" not in "\n".join(self.err)
        if self.failed:
            assert self.err[-1].startswith(f"error: {len(self.failed)} of {len(names)} failed; {len(self.out)} ")


@pytest.fixture
def expose(cluster: Cluster, tmp_path: Path) -> Expose:
    """Exposes Deployments of these names, out of one file, through a gateway with these faults."""
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", {"server": "http://127.0.0.1:1"}, {}, cluster.namespace)
    file = tmp_path / "deployments.yaml"

    def run(names: Sequence[str], fault: Callable[[Ask], str], *flags: str) -> _Run:
        file.write_text(documents(map(deployment, names)))
        with gateway(cluster, fault) as way:
            done = svc("expose", "-f", str(file), "-s", way.url, *flags, kubeconfig=kubeconfig)
        services = json.loads(cluster.kubectl("get", "services", "-o", "json").stdout)["items"]
        return _Run(
            code=done.returncode,
            out=done.stdout.splitlines(),
            err=done.stderr.splitlines(),
            there={service["metadata"]["name"]: service["spec"]["selector"] for service in services},
            passed=way.passed,
        )

    return run


def _names(count: int) -> list[str]:
    return [f"web-{number:03}" for number in range(count)]


def test_create(expose: Expose) -> None:
    """What was lost on the way back is found, what was not carried out is done, and nothing is done twice."""
    names = _names(500)
    run = expose(names, bad_day(_SEED, _SHARE))
    run.is_true_of(names)
    assert {line.partition(" ")[2] for line in run.out} == {"exposed"}
    assert {passed.fault for passed in run.passed} == {"", *FAULTS}
    created = [passed.ask.name for passed in run.passed if passed.ask.method == "POST" and passed.status]
    assert sorted(created) == sorted(run.there)
    assert len(run.failed) < 50  # with one request in seven spoilt, that many fail which are not looked after


def test_apply(expose: Expose) -> None:
    """The second time, on a better day, all of it comes out right."""
    names = _names(100)
    bad = expose(names, bad_day(_SEED, _SHARE), "--apply")
    bad.is_true_of(names)
    assert {line.partition(" ")[2] for line in bad.out} == {"created"}
    assert bad.failed
    good = expose(names, bad_day(_SEED, 0), "--apply")
    good.is_true_of(names)
    assert (good.code, good.err) == (0, [])
    assert good.out == [f"service/{name} {'unchanged' if name in bad.there else 'created'}" for name in names]


@pytest.mark.parametrize("lost", [0, 30])
def test_server_gone(lost: int, expose: Expose) -> None:
    """The run ends, and names all that is missing; of what may have been carried out nothing is said to be known."""
    names = _names(500)
    run = expose(names, gone_from(200, lost))
    run.is_true_of(names)
    assert len(run.out) == 200
    assert (len(run.there) > 200) == (lost > 0)
