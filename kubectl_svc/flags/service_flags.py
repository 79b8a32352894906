"""What a Service can be told to say, and how it is printed and sent: the flags of `expose`, and of `create`.

Those that kubectl expose has keep its names, shorthands, types and defaults (kubectl pkg/cmd/expose, pkg/cmd/cmd.go).
"""

from __future__ import annotations

from kubectl_svc.flags.load_balancer_flags import LB_FLAGS
from kubectl_svc.flags.model import (
    ADDRESSES,
    KUBECTL,
    MANY,
    METADATA,
    PORTS,
    SENDING,
    TRAFFIC,
    WAIT_TIMEOUT,
    Flag,
    switch,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
TRANSPORTS = ("TCP", "UDP", "SCTP")
PORT_GRAMMAR = "[NAME=]PORT[:[TARGET][:NODEPORT]][/PROTOCOL]"
"""What --port takes beside what kubectl's takes (`port_words`)."""
TRANSPORT_OF = {
    "tcp": "TCP", "udp": "UDP", "sctp": "SCTP",
    "http": "TCP", "https": "TCP", "http2": "TCP", "grpc": "TCP", "ws": "TCP", "wss": "TCP",
}  # fmt: skip
"""PROTOCOL, in lower case, and what it makes of a ServicePort's `protocol`."""
SESSION_AFFINITIES = ("None", "ClientIP")
TEMPLATE_FORMATS = (
    "go-template", "go-template-file", "template", "templatefile", "jsonpath", "jsonpath-as-json", "jsonpath-file",
)  # fmt: skip

_TRAFFIC_POLICIES = ("Cluster", "Local")

EXPOSE_FLAGS = (
    Flag(
        name="name", group=KUBECTL, metavar="NAME",
        help="Name of the Service. Left out, the name of the exposed object, cut at 63 characters.",
    ),
    Flag(
        name="type", group=KUBECTL, metavar="TYPE", values=SERVICE_TYPES,
        help="How the Service is published. Left out, the server makes it ClusterIP.",
    ),
    Flag(
        name="port", type="strings", group=KUBECTL, metavar="PORT",
        help="Port of the Service, or several with commas; may be repeated, each one counts. "
        "Left out, the ports of the exposed object are taken. For longer forms see above.",
    ),
    Flag(
        name="target-port", group=KUBECTL, metavar="PORT",
        help="Port of the pods, a number or the name of a container port. Left out, the same number as "
        "the Service's port, even where the containers declare another.",
    ),
    Flag(
        name="protocol", group=KUBECTL, metavar="PROTOCOL", values=TRANSPORTS,
        help="Protocol of the ports that name none. Left out, what is declared for the port, or in longer forms for "
        "the target, otherwise TCP. For http, grpc and the like see --app-protocol.",
    ),
    Flag(
        name="selector", group=KUBECTL, metavar="KEY=VALUE,...",
        help="Labels of the pods that the Service reaches; equality only, the last --selector counts. "
        "Left out, the selector of the exposed object.",
    ),
    Flag(
        name="labels", shorthand="l", group=KUBECTL, metavar="KEY=VALUE,...",
        help="Labels of the Service itself, instead of those of the exposed object; the last -l counts.",
    ),
    Flag(
        name="cluster-ip", type="strings", group=KUBECTL, metavar="IP", usual=("None",),
        help="IP address inside the cluster, or None for a headless Service; may be repeated, each one counts. "
        "Left out, the cluster assigns one.",
    ),
    Flag(
        name="external-ip", type="strings", group=KUBECTL, metavar="IP",
        help="Further IP address on which nodes accept traffic for the Service, routed there by something other than "
        "Kubernetes; may be repeated, each one counts.",
    ),
    Flag(
        name="load-balancer-ip", group=KUBECTL, metavar="IP",
        help="IP address to ask of the load balancer; not every provider heeds it.",
    ),
    Flag(
        name="session-affinity", group=KUBECTL, metavar="AFFINITY", values=SESSION_AFFINITIES,
        help="ClientIP sends a client to the same pod each time.",
    ),
    Flag(
        name="overrides", group=KUBECTL, metavar="JSON",
        help="Changes to make to the finished Service; --override-type says how they are read.",
    ),
    Flag(
        name="override-type", default="merge", group=KUBECTL, metavar="TYPE", values=("json", "merge", "strategic"),
        help="Kind of patch that --overrides is: a JSON patch (RFC 6902), a JSON merge patch (RFC 7386) or a strategic "
        "merge patch, for which kubectl must be on PATH.",
    ),
    Flag(
        name="filename", shorthand="f", type="stringSlice", group=KUBECTL, metavar="FILE",
        help="File, folder or http(s) URL with the objects to expose, - for stdin; may be repeated, commas separate "
        "several.",
    ),
    Flag(
        name="kustomize", shorthand="k", group=KUBECTL, metavar="DIR",
        help="Folder with a kustomization that makes the objects to expose, for which kubectl must be on PATH; not "
        "together with -f or -R.",
    ),
    switch("recursive", KUBECTL, "Read the folders of -f with all folders below them.").but(shorthand="R"),
    Flag(
        name="output", shorthand="o", group=KUBECTL, metavar="FORMAT",
        values=("json", "yaml", "kyaml", "name", *TEMPLATE_FORMATS),
        help="Print the Service in this format; it is made all the same, unless --dry-run says otherwise.",
    ),
    Flag(
        name="template", group=KUBECTL, metavar="TEMPLATE",
        help="Template, or path of a template file, for the template formats of -o.",
    ),
    switch(
        "allow-missing-template-keys", KUBECTL,
        "Let a template name fields and map keys that are not there; for Go templates and jsonpath.", default="true",
    ),
    switch("show-managed-fields", KUBECTL, "Print metadata.managedFields too, in JSON and YAML."),
    Flag(
        name="record", type="bool", default="false", bare="true", group=KUBECTL,
        help="Keep this command line in the annotation kubernetes.io/change-cause.",
        deprecated="--record will be removed in the future",
    ),
    switch("all", MANY, "Expose all objects of the types that are named, or all that the files hold."),
    Flag(
        name="workload-selector", group=MANY, metavar="SELECTOR",
        help="Expose the objects of the types that are named, or of the files, that have these labels: equality, sets "
        "and existence, as kubectl get -l reads them.",
    ),
    switch(
        "all-namespaces", MANY,
        "With --all or --workload-selector: the objects of all namespaces, each Service beside its own.",
    ).but(shorthand="A"),
    Flag(
        name="concurrency", type="int32", default="8", group=MANY, metavar="N",
        help="How many objects are worked on at the same time, each over a connection of its own.",
    ),
    Flag(
        name="node-port", type="int32", group=PORTS, metavar="PORT",
        help="Port on every node, of a Service with a single port; several take theirs as the third part of --port. "
        "Implies --type NodePort where no type is given.",
    ),
    Flag(
        name="app-protocol", type="stringArray", group=PORTS, metavar="[PORT=]VALUE",
        usual=("http", "https", "grpc", "kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss"),
        help="Application protocol, such as http, https, grpc or kubernetes.io/h2c: of the port with this number or "
        "NAME, else of every port that names none itself; may be repeated, commas separate several.",
    ),
    Flag(
        name="port-naming", group=PORTS, metavar="NAMING", values=("kubectl", "descriptive", "container"),
        help="How ports are named that have no NAME=: as kubectl does it (none for a single port, else port-1, "
        "port-2), PROTOCOL-PORT-TARGET, or as the containers declare them. Left out, kubectl for plain numbers, "
        "descriptive for longer forms of --port.",
    ),
    Flag(
        name="container", type="stringArray", group=PORTS, metavar="NAME",
        help="Take only the ports of these containers, or of init containers that keep running (native sidecars); may "
        "be repeated, commas separate several. Left out, those of all containers, but of no sidecar.",
    ),
    switch(
        "headless", ADDRESSES,
        "No cluster IP: DNS answers with the pods' own addresses. Needs no port; for a StatefulSet the name is its "
        "serviceName where --name is left out.",
    ),
    switch(
        "per-replica", ADDRESSES,
        "One Service for each pod of a StatefulSet, with the pod's name, or the --name with its ordinal.",
    ),
    Flag(
        name="external-name", group=ADDRESSES, metavar="HOST",
        help="Host that the Service's name stands for in DNS, instead of any pods. Implies --type ExternalName where "
        "no type is given, and then only ports that are typed are kept.",
    ),
    Flag(
        name="ip-family", type="stringArray", group=ADDRESSES, metavar="FAMILY", values=("IPv4", "IPv6"),
        field="ipFamilies",
        help="Family of the Service's addresses, that of the cluster IP first; may be repeated, commas separate "
        "several. Two mean --ip-family-policy PreferDualStack where that is left out.",
    ),
    Flag(
        name="ip-family-policy", group=ADDRESSES, metavar="POLICY", field="ipFamilyPolicy",
        values=("SingleStack", "PreferDualStack", "RequireDualStack"),
        help="Whether the Service has addresses of one family or of both.",
    ),
    Flag(
        name="load-balancer-class", group=ADDRESSES, metavar="CLASS", field="loadBalancerClass",
        help="Load balancer implementation that shall serve a LoadBalancer Service, such as example.com/internal. "
        "Left out, the cluster's own.",
    ),
    Flag(
        name="load-balancer-source-ranges", type="stringArray", group=ADDRESSES, metavar="CIDR",
        field="loadBalancerSourceRanges",
        help="Addresses of clients that the load balancer of a LoadBalancer Service lets in; may be repeated, commas "
        "separate several. Left out, all.",
    ),
    switch(
        "allocate-load-balancer-node-ports", ADDRESSES,
        "Whether a LoadBalancer Service gets node ports; =false where the load balancer does without.",
        default="true", field="allocateLoadBalancerNodePorts",
    ),
    *LB_FLAGS,
    Flag(
        name="session-affinity-timeout", group=TRAFFIC, metavar="TIME", usual=("10m", "1h", "3h"),
        help="How long a client stays with its pod, from 1s to 24h: 90s, 10m, 1h30m, or a plain number of seconds. "
        "Implies --session-affinity ClientIP.",
    ),
    Flag(
        name="external-traffic-policy", group=TRAFFIC, metavar="POLICY", values=_TRAFFIC_POLICIES,
        field="externalTrafficPolicy",
        help="Where a node sends traffic from outside the cluster, to a NodePort or LoadBalancer: to pods on every "
        "node, or only to its own, which keeps the client's address.",
    ),
    Flag(
        name="internal-traffic-policy", group=TRAFFIC, metavar="POLICY", values=_TRAFFIC_POLICIES,
        field="internalTrafficPolicy",
        help="Where a node sends traffic from inside the cluster: to pods on every node, or only to its own.",
    ),
    Flag(
        name="traffic-distribution", group=TRAFFIC, metavar="PREFERENCE", field="trafficDistribution",
        values=("PreferSameZone", "PreferSameNode", "PreferClose"),
        help="Which pods are preferred while there are any; without effect where a policy is Local. PreferClose is the "
        "old name of PreferSameZone, which older clusters know alone.",
    ),
    switch(
        "publish-not-ready-addresses", TRAFFIC,
        "Let DNS and the Service reach pods before they are ready; for peers of a StatefulSet that must find each "
        "other to become ready.", field="publishNotReadyAddresses",
    ),
    Flag(
        name="health-check-node-port", type="int32", group=TRAFFIC, metavar="PORT", field="healthCheckNodePort",
        help="Node port on which a load balancer asks whether a node has pods, where its external traffic policy is "
        "Local. Left out, the cluster assigns one.",
    ),
    Flag(
        name="selector-key", type="stringArray", group=METADATA, metavar="KEY",
        help="Select by this label of the pod template instead of the workload's selector; may be repeated, commas "
        "separate several.",
    ),
    Flag(
        name="selector-from", group=METADATA, metavar="PLATFORM", values=("acp",),
        help="Select by the labels that a platform gives its workloads' pods: acp (Alauda Container Platform) is "
        "project.cpaas.io/name and service.cpaas.io/name.",
    ),
    Flag(
        name="annotation", type="stringArray", group=METADATA, metavar="KEY=VALUE",
        help="Annotation of the Service; may be repeated. The value is taken as it is, commas included.",
    ),
    switch(
        "owner", METADATA,
        "Make the workload the Service's owner, so that the Service goes when the workload is deleted. With -f, the "
        "cluster is asked for the workload.",
    ),
    Flag(
        name="dry-run", default="none", bare="unchanged", group=SENDING, metavar="MODE",
        values=("none", "client", "server"),
        help="client prints what would be sent and sends nothing; server lets the server check it and store nothing. "
        "Bare --dry-run means client.",
    ),
    Flag(
        name="field-manager", default="kubectl-svc", group=SENDING, metavar="NAME",
        help="Name under which the Service's fields are owned.",
    ),
    switch(
        "apply", SENDING,
        "Create the Service, or update the one that there is to what this command says (server-side apply). What the "
        "last --apply said and this one does not is dropped, what others own stays.",
    ),
    switch(
        "force-conflicts", SENDING,
        "With --apply or --diff: take the fields that others own and this command sets differently, and the rest of "
        "the spec of whoever wrote the Service's ports, selector, external name or cluster IP, such as its type.",
    ),
    switch(
        "diff", SENDING,
        "Change nothing, and show what --apply would change, as a unified diff, or by the program in "
        "KUBECTL_EXTERNAL_DIFF; exits with 0 if that is nothing, 1 if it is something, 2 after an error.",
    ),
    switch(
        "wait", SENDING,
        "Wait until the Service is reached: something is ready behind every port, and a load balancer has an address. "
        "Then show how, or after --timeout why not.",
    ),
    WAIT_TIMEOUT.but(group=SENDING),
    switch(
        "save-config", SENDING,
        "Keep the Service as it is sent in an annotation of its own, for a later kubectl apply.",
    ),
)  # fmt: skip

_NO_WORKLOAD = "there is no workload behind it to take that from"
_NO_OBJECT = "it is not made from an object; expose makes one from objects"
_FOR_CREATE: Mapping[str, Mapping[str, Any]] = {
    "name": {"refused": "the argument NAME says it"},
    "filename": {"refused": _NO_OBJECT},
    "kustomize": {"refused": _NO_OBJECT},
    "recursive": {"refused": _NO_OBJECT},
    "all": {"refused": _NO_OBJECT},
    "workload-selector": {"refused": _NO_OBJECT},
    "all-namespaces": {"refused": _NO_OBJECT},
    "concurrency": {"refused": "it makes one Service"},
    "container": {"refused": _NO_WORKLOAD},
    "selector-key": {"refused": f"{_NO_WORKLOAD}; --selector says the labels themselves"},
    "selector-from": {"refused": f"{_NO_WORKLOAD}; --selector says the labels themselves"},
    "owner": {"refused": "there is no workload behind it that could own it"},
    "per-replica": {"refused": "there is no StatefulSet behind it"},
    "port": {
        "help": "Port of the Service, or several with commas; may be repeated, each one counts. For longer forms "
        "see above.",
    },
    "protocol": {"help": "Protocol of the ports that name none. Left out, TCP."},
    "selector": {
        "help": "Labels of the pods that the Service reaches; equality only, the last --selector counts. "
        "Left out, none: its EndpointSlices are yours to make.",
    },
    "labels": {"help": "Labels of the Service itself, for those of pods see --selector; the last -l counts."},
    "port-naming": {
        "values": ("kubectl", "descriptive"),
        "help": "How ports are named that have no NAME=: as kubectl does it (none for a single port, else port-1, "
        "port-2), or PROTOCOL-PORT-TARGET. Left out, kubectl for plain numbers, descriptive for longer forms of "
        "--port.",
    },
    "headless": {"help": "No cluster IP: DNS answers with the pods' own addresses. Needs no port."},
}

CREATE_FLAGS = tuple(flag.but(**_FOR_CREATE[flag.name]) if flag.name in _FOR_CREATE else flag for flag in EXPOSE_FLAGS)
