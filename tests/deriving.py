"""Manifests and flags as the program reads them, for tests of what is derived; runs nothing and asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubectl_svc.argv import read
from kubectl_svc.flags import COMMANDS
from kubectl_svc.service_options import read_service_options
from kubectl_svc.workloads.kinds import kind_of
from kubectl_svc.workloads.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.service_options import ServiceOptions
    from kubectl_svc.workloads.model import Workload


def workload_of(manifest: Mapping[str, Any]) -> Workload:
    """The workload of a manifest whose kind can be exposed."""
    row = kind_of(manifest["apiVersion"], manifest["kind"])
    assert row
    return row.read(manifest, Lookup())


def options_of(*flags: str) -> ServiceOptions:
    """What these flags of `expose` say. Raises SvcError as the program does."""
    return read_service_options(read(["expose", "deployment", "web", *flags], COMMANDS))
