"""The Service that words of a command line come to, as the checks get to see it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kubectl_svc.argv import read
from kubectl_svc.checks.judge import find_doubts, find_refusals
from kubectl_svc.checks.model import Subject
from kubectl_svc.cli.override import Overrider
from kubectl_svc.derive import derive_service
from kubectl_svc.flags import COMMANDS
from kubectl_svc.go_service import as_service
from kubectl_svc.request import read_request
from kubectl_svc.service_options import ServiceOptions
from kubectl_svc.workloads.model import NO_WORKLOAD
from kubectl_svc.workloads.objects import read_object
from tests.deriving import workload_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.checks.judge import Finding
    from kubectl_svc.workloads.model import Workload

_OBJECTS = Path(__file__).parent / "objects"
_LONG_TEXT = "$(cat long.txt)"  # more than all annotations may have


def words_of(example: str) -> list[str]:
    """The words of an example of the table; its files are those of this folder."""
    words = [word.replace(_LONG_TEXT, "x" * 262144) for word in shlex.split(example)]
    return [str(_OBJECTS / word) if word.endswith(".yaml") else word for word in words]


def subject_of(example: str) -> Subject:
    """What the example comes to, offline."""
    line = read(words_of(example), COMMANDS)
    request = read_request(line, {})
    workload = _workload(request.source.filenames[0]) if request.source else NO_WORKLOAD
    derived: Mapping[str, Any] = as_service(derive_service(workload, request.service))
    service = Overrider(request.overrides, {}).apply(derived) if request.overrides.fragment else derived
    return Subject(service=service, derived=derived, workload=workload, options=request.service, flags=request.flags)


def bare_subject(service: Mapping[str, Any]) -> Subject:
    """A Service that nobody's words made."""
    return Subject(service=service, derived=service, workload=NO_WORKLOAD, options=ServiceOptions(), flags={})


def found_in(subject: Subject) -> list[Finding]:
    """What every server refuses; where that is nothing, all that the other checks find."""
    return find_refusals(subject) or find_doubts(subject)


def _workload(path: str) -> Workload:
    manifest = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    return workload_of(read_object(manifest["apiVersion"], manifest["kind"], manifest))
