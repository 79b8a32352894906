"""Jobs and CronJobs (batch/v1): pods that run to an end, and the labels that tell one Job's from another's.

A Job's own selector is a uid that the server makes up, new for each Job of the same name.
"""

from __future__ import annotations

from kubectl_svc.workloads.model import unnamed
from kubectl_svc.workloads.pod_template import (
    labels_of,
    of_template,
    read_pod_set,
    replaceable,
    spec_of,
)
from kubectl_svc.workloads.selectors import lasting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload

_JOB_NAME = "batch.kubernetes.io/job-name"
_OLD_JOB_NAME = "job-name"  # what servers before 1.27 set alone


def read_job(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A Job: its pods are known by its name, unless it brings a selector of its own (`manualSelector`)."""
    spec = spec_of(manifest)
    if spec.get("manualSelector"):
        return replaceable(read_pod_set(manifest, lookup), manifest)
    workload = of_template(manifest, spec.get("template"), selector={})
    if not workload.name:
        return workload.but(no_selector=f"{unnamed(manifest)} has no name yet, which its pods are known by")
    labels = labels_of(spec.get("template"))
    key = _OLD_JOB_NAME if _OLD_JOB_NAME in labels and _JOB_NAME not in labels else _JOB_NAME
    workload = replaceable(workload.but(selector={key: workload.name}), manifest)
    return workload.but(selector_ends=workload.controller is not None)  # the next run has another name


def read_cron_job(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A CronJob: each run's Job has another name, so only labels of the template's own select the pods of all."""
    template = spec_of(spec_of(manifest).get("jobTemplate") or {}).get("template")
    selector = lasting(labels_of(template))
    workload = of_template(manifest, template, selector=selector)
    no_selector = (
        f"the pods of {workload} have no labels of their own, and each run has another name: add some to "
        "spec.jobTemplate.spec.template.metadata.labels, or say --selector"
    )
    return workload.but(no_selector="" if selector else no_selector)
