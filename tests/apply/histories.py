"""Services with a past, each told as the commands that made it so, and what comes of one more command of ours.

The README's table is made of these rows.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import Any

MANIFESTS = {
    "theirs.yaml": {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "labels": {"team": "shop"}, "annotations": {"example.com/note": "theirs"}},
        "spec": {
            "selector": {"app": "web"},
            "ports": [{"name": "web", "port": 80, "targetPort": 8080}],
            "sessionAffinity": "ClientIP",
        },
    },
    "chart.yaml": {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "web",
            "labels": {"app.kubernetes.io/managed-by": "Helm"},
            "annotations": {"meta.helm.sh/release-name": "shop"},
        },
        "spec": {"type": "NodePort", "selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]},
    },
}
"""Files that commands name."""


@dataclass(frozen=True)
class Outcome:
    """What came of a command: the word of its message, or the fields that were refused, each with its owner."""

    done: str = ""
    conflicts: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    """The server's own words, where no owner stands in the way."""
    warning: str = ""
    """A part of it."""
    leaves: dict[str, Any] = field(default_factory=dict)
    """What then stands at some paths of the Service; None: nothing."""
    note: str = ""
    """What the README says of it besides."""


@dataclass(frozen=True)
class History:
    """A past of the Service `web`, one more command, and what it does: by itself and with --force-conflicts."""

    told: str
    past: list[str]
    command: str
    apply: Outcome
    forced: Outcome
    diff: int
    """The exit code of --diff."""
    owners: dict[str, str]
    """After the forced apply: of each manager, with its operation, some of the fields that are its."""


def _json(operation: dict[str, Any]) -> str:
    """A JSON patch of one operation, in a shell's quotes."""
    return shlex.quote(json.dumps([operation]))


_OURS = "kubectl svc expose deployment web"
_PATCH = "kubectl patch service web"
_STATUS = (
    "kubectl patch service web --subresource=status --field-manager=cloud-controller-manager --type=merge "
    '-p \'{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}\''
)
_CONTROLLERS_NOTE = (
    "kubectl patch service web --field-manager=cloud-controller-manager --type=merge "
    '-p \'{"metadata":{"annotations":{"example.com/lb-id":"lb-1"},"finalizers":["example.com/lb"]}}\''
)
_PORT_80 = '[port=80,protocol="TCP"]'
_KUBECTL_EXPOSE = '"kubectl-expose" using v1'
_BOTH = {"spec.ports.0.protocol": "TCP", "spec.ports.1.protocol": "UDP", "spec.ports.1.port": 53, "spec.ports.2": None}

HISTORIES = [
    History(
        told="`kubectl svc expose`, and the same command",
        past=[_OURS],
        command=_OURS,
        apply=Outcome("configured", leaves={"spec.ports.0.port": 80}, note="taken over, nothing else changes"),
        forced=Outcome("configured"),
        diff=0,
        owners={"kubectl-svc Apply": "spec.ports metadata.labels.app"},
    ),
    History(
        told="`kubectl svc expose`, and another port",
        past=[_OURS],
        command=f"{_OURS} --port 81:80",
        apply=Outcome(
            "configured", leaves={"spec.ports.0.port": 81, "spec.ports.1": None}, note="the old port is gone"
        ),
        forced=Outcome("configured", leaves={"spec.ports.0.port": 81, "spec.ports.1": None}),
        diff=1,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply`, and the same command",
        past=[f"{_OURS} --apply"],
        command=_OURS,
        apply=Outcome("unchanged"),
        forced=Outcome("unchanged"),
        diff=0,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply` with labels, annotations and affinity, then without them",
        past=[f"{_OURS} --apply -l app=web,tier=front --annotation a=b --session-affinity-timeout 10m"],
        command=_OURS,
        apply=Outcome(
            "configured",
            leaves={
                "metadata.labels": {"app": "web"},
                "metadata.annotations": None,
                "spec.sessionAffinity": "None",
                "spec.sessionAffinityConfig": None,
            },
            note="all of it is dropped",
        ),
        forced=Outcome("configured", leaves={"metadata.annotations": None}),
        diff=1,
        owners={"kubectl-svc Apply": "metadata.labels.app"},
    ),
    History(
        told="`--apply`, then `kubectl annotate` and `kubectl label` of something else",
        past=[f"{_OURS} --apply", "kubectl annotate service web a=b", "kubectl label service web tier=front"],
        command=_OURS,
        apply=Outcome("unchanged", leaves={"metadata.annotations": {"a": "b"}}, note="both stay"),
        forced=Outcome("unchanged", leaves={"metadata.annotations": {"a": "b"}}),
        diff=0,
        owners={"kubectl-annotate Update": "metadata.annotations.a", "kubectl-label Update": "metadata.labels.tier"},
    ),
    History(
        told="`--apply`, then `kubectl label --overwrite` of the same label",
        past=[f"{_OURS} --apply", "kubectl label service web app=other --overwrite"],
        command=_OURS,
        apply=Outcome(conflicts={".metadata.labels.app": '"kubectl-label" using v1'}),
        forced=Outcome("configured", leaves={"metadata.labels": {"app": "web"}}, note="the label is ours again"),
        diff=2,
        owners={"kubectl-svc Apply": "metadata.labels.app"},
    ),
    History(
        told="`--apply` with a type, then `kubectl patch` of the type",
        past=[f"{_OURS} --apply --type ClusterIP", 'kubectl patch service web -p \'{"spec":{"type":"NodePort"}}\''],
        command=f"{_OURS} --type ClusterIP",
        apply=Outcome(conflicts={".spec.type": '"kubectl-patch" using v1'}),
        forced=Outcome(
            "configured",
            leaves={"spec.type": "ClusterIP", "spec.ports.0.nodePort": None},
            note="the type is ours again",
        ),
        diff=2,
        owners={"kubectl-svc Apply": "spec.type"},
    ),
    History(
        told="`--apply` without a type, then `kubectl patch` of the type",
        past=[f"{_OURS} --apply", 'kubectl patch service web -p \'{"spec":{"type":"NodePort"}}\''],
        command=_OURS,
        apply=Outcome("unchanged", leaves={"spec.type": "NodePort"}, note="the type stays"),
        forced=Outcome("unchanged", leaves={"spec.type": "NodePort"}),
        diff=0,
        owners={"kubectl-patch Update": "spec.type"},
    ),
    History(
        told="`kubectl expose`, and the same command",
        past=["kubectl expose deployment web"],
        command=_OURS,
        apply=Outcome("configured", note="owned by both"),
        forced=Outcome("configured", note="owned by us alone"),
        diff=0,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`kubectl expose`, and another port",
        past=["kubectl expose deployment web"],
        command=f"{_OURS} --port 81 --target-port 80",
        apply=Outcome(conflicts={f".spec.ports{_PORT_80}": _KUBECTL_EXPOSE}),
        forced=Outcome(
            "configured", leaves={"spec.ports.0.port": 81, "spec.ports.1": None}, note="the old port is gone"
        ),
        diff=2,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`kubectl expose`, and another type, target and selector",
        past=["kubectl expose deployment web"],
        command=f"{_OURS} --type NodePort --port 80 --target-port 8080 --selector app=web,tier=front",
        apply=Outcome(
            conflicts={
                ".spec.type": _KUBECTL_EXPOSE,
                f".spec.ports{_PORT_80}.targetPort": _KUBECTL_EXPOSE,
                ".spec.selector": _KUBECTL_EXPOSE,
            }
        ),
        forced=Outcome("configured", leaves={"spec.type": "NodePort", "spec.selector.tier": "front"}),
        diff=2,
        owners={"kubectl-svc Apply": "spec.type spec.selector"},
    ),
    History(
        told="`kubectl create -f` with a named port, and one more",
        past=["kubectl create -f theirs.yaml"],
        command=f"{_OURS} --port more=81:80",
        apply=Outcome(
            "configured",
            warning='Service "web" keeps port 80/TCP, which "kubectl-create" owns since ',
            leaves={"spec.ports.0.name": "web", "spec.ports.1.name": "more", "spec.sessionAffinity": "ClientIP"},
            note="their port and affinity stay, with a `Warning:`",
        ),
        forced=Outcome(
            "configured",
            leaves={
                "spec.ports.0.name": "more",
                "spec.ports.1": None,
                "spec.sessionAffinity": "None",
                "metadata.labels": {"app": "web", "team": "shop"},
                "metadata.annotations": {"example.com/note": "theirs"},
            },
            note="their spec is gone, their labels and annotations stay",
        ),
        diff=1,
        owners={"kubectl-create Update": "metadata.labels.team", "kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`kubectl apply`, and another target",
        past=["kubectl apply -f theirs.yaml"],
        command=f"{_OURS} --port web=80:80",
        apply=Outcome(conflicts={f".spec.ports{_PORT_80}.targetPort": '"kubectl-client-side-apply" using v1'}),
        forced=Outcome(
            "configured",
            leaves={"spec.ports.0.targetPort": 80, "metadata.labels.team": "shop"},
            note="their labels and annotations stay",
        ),
        diff=2,
        owners={
            "kubectl-client-side-apply Update": (
                "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration metadata.labels.team"
            ),
        },
    ),
    History(
        told="`kubectl apply --server-side`, and another target",
        past=["kubectl apply --server-side -f theirs.yaml"],
        command=f"{_OURS} --port web=80:80",
        apply=Outcome(conflicts={f".spec.ports{_PORT_80}.targetPort": '"kubectl"'}),
        forced=Outcome(
            "configured",
            leaves={"spec.ports.0.targetPort": 80, "metadata.labels.team": "shop"},
            note="their labels and annotations stay",
        ),
        diff=2,
        owners={"kubectl Apply": "metadata.annotations.example.com/note metadata.labels.team"},
    ),
    History(
        told="Helm, and another port and type",
        past=["kubectl create -f chart.yaml --field-manager=helm"],
        command=f"{_OURS} --port http=8080:80 --type ClusterIP",
        apply=Outcome(conflicts={".spec.type": '"helm" using v1'}),
        forced=Outcome(
            "configured",
            leaves={
                "spec.ports.0.port": 8080,
                "spec.ports.1": None,
                "spec.type": "ClusterIP",
                "metadata.annotations": {"meta.helm.sh/release-name": "shop"},
                "metadata.labels": {"app": "web", "app.kubernetes.io/managed-by": "Helm"},
            },
            note="their labels and annotations stay",
        ),
        diff=2,
        owners={"helm Update": "metadata.labels.app.kubernetes.io/managed-by", "kubectl-svc Apply": "spec.type"},
    ),
    History(
        told="Helm 4, which applies server-side, and another port of the same name",
        past=["kubectl apply --server-side -f chart.yaml --field-manager=helm"],
        command=f"{_OURS} --port http=8080:80",
        apply=Outcome(conflicts={f".spec.ports{_PORT_80}": '"helm"'}),
        forced=Outcome("configured", leaves={"spec.ports.0.port": 8080, "spec.ports.1": None}),
        diff=2,
        owners={"helm Apply": "metadata.annotations.meta.helm.sh/release-name"},
    ),
    History(
        told="`--apply` of a load balancer, then its controller's status, annotation and finalizer",
        past=[f"{_OURS} --apply --type LoadBalancer", _STATUS, _CONTROLLERS_NOTE],
        command=f"{_OURS} --type LoadBalancer --port 81:80",
        apply=Outcome(
            "configured",
            leaves={
                "spec.ports.0.port": 81,
                "status.loadBalancer.ingress.0.ip": "192.0.2.1",
                "metadata.annotations": {"example.com/lb-id": "lb-1"},
                "metadata.finalizers": ["example.com/lb"],
            },
            note="the controller's all stays",
        ),
        forced=Outcome("configured", leaves={"status.loadBalancer.ingress.0.ip": "192.0.2.1"}),
        diff=1,
        owners={"cloud-controller-manager Update": "metadata.annotations.example.com/lb-id"},
    ),
    History(
        told="nobody known (`managedFields` were cleared), and another port",
        past=[
            "kubectl expose deployment web",
            f"{_PATCH} --type=json -p " + _json({"op": "replace", "path": "/metadata/managedFields", "value": [{}]}),
        ],
        command=f"{_OURS} --port 81:80",
        apply=Outcome(conflicts={f".spec.ports{_PORT_80}": '"before-first-apply" using v1'}),
        forced=Outcome("configured", leaves={"spec.ports.0.port": 81, "spec.ports.1": None}),
        diff=2,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply` of 53/TCP, and of 53/TCP and 53/UDP",
        past=[f"{_OURS} --apply --port dns=53:53/tcp"],
        command=f"{_OURS} --port dns=53:53/tcp,dns-udp=53:53/udp",
        apply=Outcome("configured", leaves=_BOTH, note="both ports are there"),
        forced=Outcome("configured", leaves=_BOTH),
        diff=1,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply` of 53/TCP and 53/UDP, and of 53/UDP",
        past=[f"{_OURS} --apply --port dns=53:53/tcp,dns-udp=53:53/udp"],
        command=f"{_OURS} --port dns-udp=53:53/udp",
        apply=Outcome("configured", leaves={"spec.ports.0.protocol": "UDP", "spec.ports.1": None}),
        forced=Outcome("configured", leaves={"spec.ports.0.protocol": "UDP", "spec.ports.1": None}),
        diff=1,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply` with a fixed node port, and another name of the port without it",
        past=[f"{_OURS} --apply --port a=80:80:30077"],
        command=f"{_OURS} --type NodePort --port b=80:80",
        apply=Outcome("configured", leaves={"spec.ports.0.name": "b"}),
        forced=Outcome("configured", leaves={"spec.ports.0.name": "b"}),
        diff=1,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply`, then `kubectl patch` of a second port",
        past=[
            f"{_OURS} --apply --port web=80:80",
            f"{_PATCH} --type=json -p "
            + _json({"op": "add", "path": "/spec/ports/-", "value": {"name": "x", "port": 81}}),
        ],
        command=f"{_OURS} --port web=80:80",
        apply=Outcome(
            "unchanged",
            warning='Service "web" keeps port 81/TCP, which "kubectl-patch" owns since ',
            leaves={"spec.ports.1.name": "x"},
            note="their port stays, with a `Warning:`",
        ),
        forced=Outcome(
            "configured", leaves={"spec.ports.0.name": "web", "spec.ports.1": None}, note="their port is gone"
        ),
        diff=0,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply`, and headless",
        past=[f"{_OURS} --apply"],
        command=f"{_OURS} --headless",
        apply=Outcome(refused='spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set'),
        forced=Outcome(refused='spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set'),
        diff=2,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply` of a headless Service, and without `--headless`",
        past=[f"{_OURS} --apply --headless"],
        command=_OURS,
        apply=Outcome(
            "configured",
            warning='Service "web" stays headless: to give it a cluster IP, delete it and run',
            note="it stays headless, with a `Warning:`",
        ),
        forced=Outcome("configured", leaves={"spec.clusterIP": "None"}),
        diff=0,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply` of an external name, and of the workload",
        past=["kubectl svc create web --apply --external-name db.example.com"],
        command=_OURS,
        apply=Outcome(
            "configured",
            leaves={"spec.type": "ClusterIP", "spec.externalName": None, "spec.selector": {"app": "web"}},
        ),
        forced=Outcome("configured", leaves={"spec.type": "ClusterIP"}),
        diff=1,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
    History(
        told="`--apply --field-manager ci`, and another port under our own name",
        past=[f"{_OURS} --apply --field-manager ci"],
        command=f"{_OURS} --port 81:80",
        apply=Outcome(conflicts={f".spec.ports{_PORT_80}": '"ci"'}),
        forced=Outcome("configured", leaves={"spec.ports.0.port": 81, "spec.ports.1": None}),
        diff=2,
        owners={"kubectl-svc Apply": "spec.ports"},
    ),
]
