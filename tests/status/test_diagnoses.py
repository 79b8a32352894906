"""Every diagnosis on a set-up that was built on the real server: the right cause first, and no wrong one beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kubectl_svc import reachability
from tests.status import broken, setups

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control_plane.cluster import Cluster
    from tests.status.cases import Case
    from tests.status.setups import Place, Seen

# kubectl gets these from a kubelet, and virtctl is none of ours.
_NEED_A_KUBELET = re.compile(r"kubectl logs |virtctl ")
_TRIED: set[str] = set()
"""The commands that were run, without names: one of each form is enough."""
_CHANGE = re.compile(r"kubectl (delete|patch|scale|set) |kubectl svc (create|expose) |echo ")


@pytest.mark.parametrize("case", [pytest.param(each, id=each.name) for each in broken.TABLE.cases])
def test_broken(case: Case, request: pytest.FixtureRequest, place_in: Callable[[Cluster, str], Place]) -> None:
    """These codes and no others, what the first message names, and commands that work."""
    cluster = request.getfixturevalue("cluster" if case.is_alone else "stage")
    place = place_in(cluster, case.name[:50])
    service = case.build(place)
    check(case, place, service)


def check(case: Case, place: Place, service: str) -> None:
    """What the program says of the Service is what the case expects."""
    seen = place.status(service)
    assert seen.codes == list(case.codes), seen.document["diagnoses"]
    assert seen.notes == ""
    assert (seen.document["reachable"], seen.exit_code) == (case.is_reached, 0 if case.is_reached else 1)
    message = seen.document["diagnoses"][0]["message"]
    for words in case.says:
        meant = words.replace("NAMESPACE", place.namespace).replace("NAME", place.label)
        assert meant in message
    assert not [words for words in case.never if words in str(seen.document["diagnoses"])]
    _try_what_only_reads(place, seen)
    if case.mends:
        first = seen.document["diagnoses"][0]["commands"][0]
        done = place.type_in(first)
        assert done.returncode == 0, (first, done.stderr)
        mended = setups.eventually(lambda: place.status(service), lambda now: case.codes[0] not in now.codes)
        assert case.codes[0] not in mended.codes


def _try_what_only_reads(place: Place, seen: Seen) -> None:
    assert all(each["commands"] for each in seen.document["diagnoses"])
    for line in seen.commands:
        assert f" -n {place.namespace}" in line or re.search(r" nodes?\b| -A$| -n |^kubectl svc providers", line), line
        if _NEED_A_KUBELET.match(line) or _CHANGE.match(line):
            continue
        form = re.sub(rf"{place.namespace}|{place.label}[\w.-]*", "X", line)
        if form in _TRIED:
            continue
        _TRIED.add(form)
        done = place.type_in(line.replace(" --watch", ""))
        assert done.returncode == 0, (line, done.stderr)


def test_an_address_instead_of_a_name(stage: Cluster, place_in: Callable[[Cluster, str], Place]) -> None:
    """What is to be typed makes a Service that leads there."""
    place = place_in(stage, "address")
    name = broken.alias(place, "192.0.2.1")
    for line in place.status(name).commands:
        done = place.type_in(line)
        assert done.returncode == 0, (line, done.stderr)
    seen = place.status(name)
    assert (seen.codes, seen.document["reachable"]) == ([], True)


def test_all_at_once(stage: Cluster, place_in: Callable[[Cluster, str], Place]) -> None:
    """In the table of a namespace the cause of what is broken is the same as alone: there whole lists are asked for."""
    for case in (each for each in broken.TABLE.cases if not each.is_alone and not each.mends):
        if case.name in _AGAIN:
            case.build(place_in(stage, f"all-{case.name[:40]}"))
    place = place_in(stage, "all")
    causes = {each["name"]: [one["code"] for one in each["diagnoses"]] for each in place.statuses()}
    known = {case.name[:50]: case for case in broken.TABLE.cases if not case.is_alone and not case.mends}
    known |= {f"all-{name}"[:50]: case for name, case in known.items() if name in _AGAIN}
    seen = {name: codes for name, codes in causes.items() if name in known and not known[name].is_reached}
    assert seen.keys() >= {f"all-{name}" for name in _AGAIN}
    assert seen == {name: list(known[name].codes) for name in seen}


_AGAIN = (
    "terminating-only",
    "image",
    "readiness-probe",
    "named-port-absent",
    "no-selector",
    "no-controller",
    "headless",
)
_NOT_HERE = {
    "MachineNotRunning": "test_machines.py", "MasqueradePortNotListed": "test_machines.py",
    "NoNodeReady": "test_nodes.py", "LoadBalancerPending": "test_rights.py", "NoReadyEndpoint": "test_rights.py",
}  # fmt: skip


def test_every_code() -> None:
    """None that a rule gives is without a set-up."""
    folder = Path(str(reachability.__file__)).parent / "rules"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    # A code is the only word of this form in quotes, but for the words of Kubernetes that the rules look for.
    given = {word for line in re.findall(r"\bcode=(.*)", text) for word in re.findall(r'"([A-Z]\w+)"', line)}
    given |= {"NodePortClash", "ClusterIPClash"}  # by a variable
    tested = {code for case in broken.TABLE.cases for code in case.codes} | set(_NOT_HERE)
    assert tested == given
    for code, name in _NOT_HERE.items():
        assert f'"{code}"' in (Path(__file__).parent / name).read_text(encoding="utf-8")
