"""DeploymentConfigs of OpenShift (apps.openshift.io/v1): ReplicationControllers under another name."""

from __future__ import annotations

from kubectl_svc.workloads.pod_template import labels_of, of_template, spec_of, with_lasting_selector
from kubectl_svc.workloads.selectors import FLEETING_LABELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload

_REVISION = "deployment"  # of the pods of one ReplicationController, whose name it is (library-go pkg/apps/appsutil)


def read_deployment_config(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A DeploymentConfig: its selector is a plain map; where it has none, the labels of its template select."""
    template = spec_of(manifest).get("template")
    selector = spec_of(manifest).get("selector") or labels_of(template)
    no_selector = "" if selector else "it has neither a selector nor labels in its pod template"
    workload = of_template(manifest, template, selector=selector, no_selector=no_selector)
    return with_lasting_selector(workload, FLEETING_LABELS | {_REVISION})
