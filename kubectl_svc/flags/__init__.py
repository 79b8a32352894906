"""Every command and every flag, declared once: the reader of argv, the help and the Typer app are made from this."""

from __future__ import annotations

from kubectl_svc.flags.cluster_flags import CLUSTER_FLAGS
from kubectl_svc.flags.model import HELP, KUBECTL, WAIT_TIMEOUT, Command, Flag, switch
from kubectl_svc.flags.service_flags import CREATE_FLAGS, EXPOSE_FLAGS, PORT_GRAMMAR, TRANSPORT_OF

ROOT = Command(
    name="",
    usage="COMMAND [flags]",
    short="kubectl expose that finishes the job: from a workload to a reachable Service.",
    examples=(
        (
            "From a Deployment to a Service on a port of every node",
            "kubectl svc expose deployment my-app --type NodePort",
        ),
        ("A name inside the cluster for a host outside", "kubectl svc create my-db --external-name db.example.com"),
        ("All that a Service can be told", "kubectl svc expose --help"),
    ),
    flags=(*CLUSTER_FLAGS, HELP),
)

_PORT_FORMS = (
    ("Forms of --port", PORT_GRAMMAR),
    ("80", "port 80 to port 80 of the pods; TARGET left out is the --target-port, else PORT"),
    ("80:8080", "to port 8080 of the pods"),
    ("80:http", "to the container port that is called http"),
    ("80:8080:30080", "on port 30080 of every node too (0: one that the cluster picks)"),
    ("80:8080/grpc", f"PROTOCOL is one of {', '.join(TRANSPORT_OF)}; what is spoken over TCP sets appProtocol too"),
    ("web=80:8080", "called web; without NAME= a longer form is called tcp-80-8080, a plain number as kubectl does it"),
)

EXPOSABLE_TYPES = (
    "pod", "service", "replicationcontroller", "deployment", "replicaset", "statefulset", "daemonset", "job", "cronjob",
)  # fmt: skip
"""What TAB offers as TYPE: `workloads.kinds` by their singular names, without loading how each is read."""
EXPOSE = Command(
    name="expose",
    usage="(-f FILE | -k DIR | TYPE NAME... | TYPE/NAME... | TYPE,... --all) [flags]",
    short="Make a Service for a workload.",
    long="TYPE is pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs), "
    "statefulset (sts), daemonset (ds), job, cronjob (cj), a virtual machine (vm, vmi, vmirs, vmpool), Rollout, "
    "DeploymentConfig or CloneSet, or any custom resource that has a pod template or a scale subresource. The Service "
    "takes over the workload's selector, labels and ports as far as flags do not say otherwise. What `kubectl expose` "
    "accepts is accepted, with the same result.",
    examples=(
        ("Publish a Deployment on a port of every node", "kubectl svc expose deployment my-app --type NodePort"),
        ("Serve on port 80 what listens on 8080", "kubectl svc expose deployment my-app --port 80:8080"),
        (
            "TCP and UDP on one port, and on one node port",
            "kubectl svc expose deployment dns --port 53::30053/tcp,53::30053/udp",
        ),
        (
            "Two ports with protocols, one on a fixed node port",
            "kubectl svc expose deployment my-app --port 80:8080:30080/http,443:8443/https",
        ),
        (
            "A load balancer that keeps the clients' addresses",
            "kubectl svc expose deployment my-app --type LoadBalancer --external-traffic-policy Local",
        ),
        (
            "An internal load balancer of AWS that reaches the pods directly",
            "kubectl svc expose deployment my-app --lb aws --lb-scheme internal --lb-target ip",
        ),
        ("The governing Service of a StatefulSet", "kubectl svc expose statefulset db --headless"),
        ("A Service for each of its pods", "kubectl svc expose statefulset db --per-replica --port 5432"),
        ("SSH to a virtual machine", "kubectl svc expose vm testvm --port 22 --type NodePort --name testvm-ssh"),
        ("Create or update, as often as you like", "kubectl svc expose deployment my-app --type NodePort --apply"),
        ("Show what that would change", "kubectl svc expose deployment my-app --type NodePort --diff"),
        (
            "All Deployments and StatefulSets with a label",
            "kubectl svc expose deploy,sts --workload-selector tier=web",
        ),
        ("Print a manifest, without a cluster", "kubectl svc expose -f deploy.yaml --dry-run=client -o yaml"),
    ),
    forms=_PORT_FORMS,
    flags=(*EXPOSE_FLAGS, *CLUSTER_FLAGS, HELP),
)  # fmt: skip

CREATE = Command(
    name="create",
    usage="NAME [flags]",
    arguments=1,
    short="Make a Service from flags alone.",
    long="It stands for a host outside (--external-name), selects pods by their labels (--selector), or has no "
    "selector, and then EndpointSlices that you make yourself. --type and --port say what `kubectl create service` "
    "says with its TYPE and --tcp; no label or selector is made up.",
    examples=(
        ("A name inside the cluster for a host outside", "kubectl svc create my-db --external-name db.example.com"),
        ("Pods by their labels", "kubectl svc create web --selector app=nginx --port 80:8080/http"),
        ("Without a selector", "kubectl svc create legacy --port 5432"),
        ("Headless", "kubectl svc create peers --selector app=db --headless"),
        (
            "Print a manifest, without a cluster",
            "kubectl svc create web --selector app=nginx --port 80 --dry-run=client -o yaml",
        ),
    ),
    forms=_PORT_FORMS,
    flags=(*CREATE_FLAGS, *CLUSTER_FLAGS, HELP),
)  # fmt: skip

VERSION = Command(
    name="version",
    usage="[-o json|yaml] [flags]",
    short="Print the version of kubectl-svc.",
    arguments=0,
    flags=(
        Flag(
            name="output", shorthand="o", group=KUBECTL, metavar="FORMAT", values=("json", "yaml"),
            help="Print it in this format instead of as a line.",
        ),
        *CLUSTER_FLAGS,
        HELP,
    ),
)  # fmt: skip

PROVIDERS = Command(
    name="providers",
    usage="[PROVIDER...] [-o json|yaml|wide] [flags]",
    short="List the load balancers that --lb knows.",
    long="Without a PROVIDER: which portable --lb flags each of them can do. With one: its settings for --lb-set, with "
    "their values, and what the portable flags set. Of the remarks, creation means that a setting only works, or is "
    "only safe, when the load balancer is made; unverified, that no primary source confirms it. Data files in the "
    "folder KUBECTL_SVC_PROVIDERS add providers or replace ours.",
    examples=(
        ("Which provider can do what", "kubectl svc providers"),
        ("The settings of MetalLB", "kubectl svc providers metallb"),
        ("All that is known of one, for a script", "kubectl svc providers aws -o json"),
    ),
    flags=(
        Flag(
            name="output", shorthand="o", group=KUBECTL, metavar="FORMAT", values=("json", "yaml", "wide"),
            help="Print it in this format, or with more columns.",
        ),
        *CLUSTER_FLAGS,
        HELP,
    ),
)  # fmt: skip

COMPLETION = Command(
    name="completion",
    usage="bash|zsh|fish|powershell",
    short="Print what teaches a shell TAB for kubectl-svc.",
    long="Behind `kubectl svc`, TAB needs nothing of it: kubectl's own completion asks kubectl_complete-svc, which is "
    "installed beside kubectl-svc. The script is for `kubectl-svc` typed as one word.",
    examples=(
        ("bash, for this shell; put the line into ~/.bashrc for every one", "source <(kubectl svc completion bash)"),
        ("zsh, behind compinit; the same in ~/.zshrc", "source <(kubectl svc completion zsh)"),
        ("fish", "kubectl svc completion fish | source"),
        ("PowerShell", "kubectl svc completion powershell | Out-String | Invoke-Expression"),
    ),
    words=("bash", "zsh", "fish", "powershell"),
    flags=(*CLUSTER_FLAGS, HELP),
)
STATUS = Command(
    name="status",
    usage="[NAME... | TYPE/NAME... | -l SELECTOR] [-A] [--wait] [-o json|yaml|wide] [flags]",
    short="Show whether Services are reached, or why not.",
    long="NAME is a Service; TYPE/NAME may be a workload, and means the Services that select its pods. Without "
    "either, all Services of the namespace are listed. Exits with 0 if all of them are reached, else with 1. "
    "What is wrong is broken, a warning, or possible where no API tells; each comes with the next command to type.",
    examples=(
        ("Is it reached, and if not, why not", "kubectl svc status my-app"),
        ("The Services of a Deployment", "kubectl svc status deployment/my-app"),
        ("Wait until it is", "kubectl svc status my-app --wait --timeout 5m"),
        ("All Services of all namespaces", "kubectl svc status -A"),
        ("For a script", "kubectl svc status my-app -o json"),
    ),
    flags=(
        Flag(
            name="selector", shorthand="l", group=KUBECTL, metavar="SELECTOR",
            help="Only Services with these labels of their own, as kubectl get -l reads them.",
        ),
        switch("all-namespaces", KUBECTL, "The Services of all namespaces.").but(shorthand="A"),
        Flag(
            name="output", shorthand="o", group=KUBECTL, metavar="FORMAT", values=("json", "yaml", "wide"),
            help="Print it in this format, or as a table with more columns.",
        ),
        switch(
            "wait", KUBECTL,
            "Wait until all of them are reached: something is ready behind every port, and a load balancer has an "
            "address.",
        ),
        WAIT_TIMEOUT.but(group=KUBECTL),
        *CLUSTER_FLAGS,
        HELP,
    ),
)  # fmt: skip

HELP_COMMAND = Command(
    name="help",
    usage="[COMMAND]",
    short="Show the help of a command.",
    flags=(*CLUSTER_FLAGS, HELP),
)

COMMANDS = (ROOT, EXPOSE, CREATE, STATUS, PROVIDERS, COMPLETION, VERSION, HELP_COMMAND)
"""All commands, the program itself first; `help` is cobra's own and last."""
