"""Whether a Service's selector means the pods that the workload makes. Pure."""

from __future__ import annotations

from kubectl_svc.workloads.selectors import FLEETING_LABELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.checks.model import Subject
    from kubectl_svc.workloads.model import Workload

_OF_CONTROLLERS = FLEETING_LABELS | {"job-name", "deployment", "deploymentconfig"}
_CONTROLLERS = ("kubernetes.io", "k8s.io")  # what the domains of labels end in that Kubernetes itself gives pods


def foreign_labels(subject: Subject) -> dict[str, str]:
    """The labels of the Service's selector that the pod template does not have; none where there is no template.

    Those that a controller gives the pods it makes are left out.
    """
    workload = subject.workload
    labels = workload.template_labels
    if labels is None or workload.keeps_ports or subject.workload.ordinal is not None:
        return {}
    return {
        key: value
        for key, value in (subject.spec.get("selector") or {}).items()
        if labels.get(key) != value and (key in labels or not _may_be_added(key, workload))
    }


def _may_be_added(key: str, workload: Workload) -> bool:
    """Whether a controller may give pods the label."""
    domain = key.partition("/")[0]
    is_custom = "." in workload.api_version.partition("/")[0]  # whose controllers have labels of any domain
    is_of_kubernetes = domain.endswith(_CONTROLLERS) and domain != "app.kubernetes.io"
    return key in _OF_CONTROLLERS or ("." in domain and (is_custom or is_of_kubernetes))
