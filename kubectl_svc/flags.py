"""Every command and every flag, declared once: the reader of argv, the help and the Typer app are made from this.

kubectl's flags keep kubectl's names, shorthands, types and defaults (kubectl pkg/cmd/expose and pkg/cmd/cmd.go,
cli-runtime pkg/genericclioptions, component-base logs).
"""

from __future__ import annotations

from kubectl_svc.value import Value

PROGRAM = "kubectl svc"

PORTS = "Ports"
SERVICE = "Service"
METADATA = "Metadata"
SOURCE = "Source"
OUTPUT = "Output"
SENDING = "Sending"
CLUSTER = "Cluster (global)"
OTHER = "Other"

GROUPS = (PORTS, SERVICE, METADATA, SOURCE, OUTPUT, SENDING, CLUSTER, OTHER)
"""Titles of the groups of flags, in the order in which help shows them."""


class Flag(Value):
    """One flag, in pflag's terms.

    Types: "string" (the last one counts), "strings" (a string that counts every time), "stringArray" (the same, and
    kubectl's own), "stringSlice" (each value a CSV record), "bool", "level" (klog's -v), "modules" (klog's --vmodule),
    "duration" (as Go's flag package reads it).
    """

    name: str
    shorthand: str = ""
    type: str = "string"
    default: str = ""
    """As text; empty for a list without values."""
    bare: str = ""
    """What the flag means without a value (pflag's NoOptDefVal); empty when it needs one."""
    metavar: str = ""
    values: tuple[str, ...] = ()
    """The words that the flag is meant for; for help, never a check."""
    help: str
    group: str
    deprecated: str = ""
    """What pflag says when the flag is used; such a flag is left out of help."""
    classified: bool = False
    """The value is a secret: never recorded, never shown."""

    @property
    def repeats(self) -> bool:
        """Whether each occurrence adds to the value; otherwise the last one counts."""
        return self.type in ("strings", "stringArray", "stringSlice")


class Command(Value):
    """One command. `flags` are all that it takes, the global ones and --help included."""

    name: str
    """The word that is typed; empty for the program itself."""
    usage: str
    """What follows the command's name."""
    short: str
    long: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    """Pairs: what it does, the command line."""
    takes_args: bool = True
    flags: tuple[Flag, ...]

    @property
    def path(self) -> str:
        """The command as it is typed, for example `kubectl svc expose`."""
        return f"{PROGRAM} {self.name}".rstrip()


def _switch(name: str, group: str, text: str, *, shorthand: str = "", default: str = "false") -> Flag:
    return Flag(name=name, shorthand=shorthand, type="bool", default=default, bare="true", group=group, help=text)


HELP = _switch("help", OTHER, "Show this help.", shorthand="h")

SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
PROTOCOLS = ("TCP", "UDP", "SCTP")
SESSION_AFFINITIES = ("None", "ClientIP")
TEMPLATE_FORMATS = (
    "go-template", "go-template-file", "template", "templatefile", "jsonpath", "jsonpath-as-json", "jsonpath-file",
)  # fmt: skip

_NO_EFFECT = "Accepted, as kubectl takes it, without effect."

_EXPOSE = (
    Flag(
        name="port", type="strings", group=PORTS, metavar="PORT",
        help="Port of the Service, or several with commas; may be repeated, each one counts. "
        "Left out, the ports of the exposed object are taken.",
    ),
    Flag(
        name="target-port", group=PORTS, metavar="PORT",
        help="Port of the pods, a number or the name of a container port. Left out, the same as the Service's port.",
    ),
    Flag(
        name="protocol", group=PORTS, metavar="PROTOCOL", values=PROTOCOLS,
        help="Protocol of the ports. Left out, what the exposed object declares, otherwise TCP.",
    ),
    Flag(
        name="name", group=SERVICE, metavar="NAME",
        help="Name of the Service. Left out, the name of the exposed object, cut at 63 characters.",
    ),
    Flag(
        name="type", group=SERVICE, metavar="TYPE", values=SERVICE_TYPES,
        help="How the Service is published. Left out, the server makes it ClusterIP.",
    ),
    Flag(
        name="selector", group=SERVICE, metavar="KEY=VALUE,...",
        help="Labels of the pods that the Service reaches; equality only, the last --selector counts. "
        "Left out, the selector of the exposed object.",
    ),
    Flag(
        name="cluster-ip", type="strings", group=SERVICE, metavar="IP",
        help="IP address inside the cluster, or None for a headless Service; may be repeated, each one counts. "
        "Left out, the cluster assigns one.",
    ),
    Flag(
        name="external-ip", type="strings", group=SERVICE, metavar="IP",
        help="Further IP address on which nodes accept traffic for the Service, routed there by something other than "
        "Kubernetes; may be repeated, each one counts.",
    ),
    Flag(
        name="load-balancer-ip", group=SERVICE, metavar="IP",
        help="IP address to ask of the load balancer; not every provider heeds it.",
    ),
    Flag(
        name="session-affinity", group=SERVICE, metavar="AFFINITY", values=SESSION_AFFINITIES,
        help="ClientIP sends a client to the same pod each time.",
    ),
    Flag(
        name="overrides", group=SERVICE, metavar="JSON",
        help="Changes to make to the finished Service; --override-type says how they are read.",
    ),
    Flag(
        name="override-type", default="merge", group=SERVICE, metavar="TYPE", values=("json", "merge", "strategic"),
        help="Kind of patch that --overrides is: a JSON patch (RFC 6902), a JSON merge patch (RFC 7386) or a strategic "
        "merge patch, for which kubectl must be on PATH.",
    ),
    Flag(
        name="labels", shorthand="l", group=METADATA, metavar="KEY=VALUE,...",
        help="Labels to set on the Service; the last -l counts. Left out, the labels of the exposed object.",
    ),
    _switch(
        "save-config", METADATA,
        "Keep the Service as it is sent in an annotation of its own, for a later kubectl apply.",
    ),
    Flag(
        name="record", type="bool", default="false", bare="true", group=METADATA,
        help="Keep this command line in the annotation kubernetes.io/change-cause.",
        deprecated="--record will be removed in the future",
    ),
    Flag(
        name="filename", shorthand="f", type="stringSlice", group=SOURCE, metavar="FILE",
        help="File, folder or http(s) URL with the objects to expose, - for stdin; may be repeated, commas separate "
        "several.",
    ),
    Flag(
        name="kustomize", shorthand="k", group=SOURCE, metavar="DIR",
        help="Folder with a kustomization that makes the objects to expose, for which kubectl must be on PATH; not "
        "together with -f or -R.",
    ),
    _switch("recursive", SOURCE, "Read the folders of -f with all folders below them.", shorthand="R"),
    Flag(
        name="output", shorthand="o", group=OUTPUT, metavar="FORMAT",
        values=("json", "yaml", "kyaml", "name", *TEMPLATE_FORMATS),
        help="Print the Service in this format.",
    ),
    Flag(
        name="template", group=OUTPUT, metavar="TEMPLATE",
        help="Template, or path of a template file, for the template formats of -o.",
    ),
    _switch(
        "allow-missing-template-keys", OUTPUT,
        "Let a template name fields and map keys that are not there; for Go templates and jsonpath.", default="true",
    ),
    _switch("show-managed-fields", OUTPUT, "Print metadata.managedFields too, in JSON and YAML."),
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
)  # fmt: skip

_GLOBAL = (
    Flag(
        name="kubeconfig", group=CLUSTER, metavar="FILE",
        help="Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config.",
    ),
    Flag(name="context", group=CLUSTER, metavar="NAME", help="Context of the kubeconfig to use."),
    Flag(name="cluster", group=CLUSTER, metavar="NAME", help="Cluster of the kubeconfig to use."),
    Flag(name="user", group=CLUSTER, metavar="NAME", help="User of the kubeconfig to use."),
    Flag(name="namespace", shorthand="n", group=CLUSTER, metavar="NAME", help="Namespace to work in."),
    Flag(name="server", shorthand="s", group=CLUSTER, metavar="URL", help="Address of the API server."),
    Flag(name="token", group=CLUSTER, metavar="TOKEN", classified=True, help="Bearer token to authenticate with."),
    Flag(name="username", group=CLUSTER, metavar="NAME", help="User name for basic authentication."),
    Flag(
        name="password", group=CLUSTER, metavar="PASSWORD", classified=True,
        help="Password for basic authentication.",
    ),
    Flag(name="client-certificate", group=CLUSTER, metavar="FILE", help="Client certificate for TLS."),
    Flag(name="client-key", group=CLUSTER, metavar="FILE", help="Key of the client certificate."),
    Flag(
        name="certificate-authority", group=CLUSTER, metavar="FILE",
        help="Certificate of the authority that must vouch for the server's.",
    ),
    _switch(
        "insecure-skip-tls-verify", CLUSTER,
        "Do not check the server's certificate, which leaves the connection open to tampering.",
    ),
    Flag(
        name="tls-server-name", group=CLUSTER, metavar="NAME",
        help="Name that the server's certificate must carry. Left out, the host of the server's address.",
    ),
    Flag(name="as", group=CLUSTER, metavar="NAME", help="User or service account to impersonate."),
    Flag(
        name="as-group", type="stringArray", group=CLUSTER, metavar="GROUP",
        help="Group to impersonate; may be repeated.",
    ),
    Flag(name="as-uid", group=CLUSTER, metavar="UID", help="UID to impersonate."),
    Flag(
        name="as-user-extra", type="stringArray", group=CLUSTER, metavar="KEY=VALUE",
        help="Extra attribute of the impersonated user; may be repeated, for one key too.",
    ),
    Flag(
        name="request-timeout", default="0", group=CLUSTER, metavar="TIME",
        help="How long one request may take, such as 1s, 2m or 3h; 0 sets no limit.",
    ),
    _switch("disable-compression", CLUSTER, "Ask the server not to compress its answers."),
    Flag(
        name="cache-dir", group=CLUSTER, metavar="DIR",
        help="kubectl's cache folder. Left out, $KUBECACHEDIR or ~/.kube/cache.",
    ),
    _switch("match-server-version", CLUSTER, "Require a server of the client's version."),
    _switch("warnings-as-errors", CLUSTER, "Fail when the server sent a warning."),
    Flag(name="v", shorthand="v", type="level", default="0", group=CLUSTER, metavar="LEVEL", help="How much to log."),
    Flag(name="kuberc", group=CLUSTER, metavar="FILE", help=_NO_EFFECT),
    Flag(name="profile", default="none", group=CLUSTER, metavar="NAME", help=_NO_EFFECT),
    Flag(name="profile-output", default="profile.pprof", group=CLUSTER, metavar="FILE", help=_NO_EFFECT),
    Flag(name="vmodule", type="modules", group=CLUSTER, metavar="PATTERN=LEVEL,...", help=_NO_EFFECT),
    Flag(
        name="log-flush-frequency", type="duration", default="5s", group=CLUSTER, metavar="TIME", help=_NO_EFFECT,
    ),
)  # fmt: skip

ROOT = Command(
    name="",
    usage="COMMAND [flags]",
    short="kubectl expose that finishes the job: from a workload to a reachable Service.",
    flags=(*_GLOBAL, HELP),
)

EXPOSE = Command(
    name="expose",
    usage="(-f FILE | -k DIR | TYPE NAME... | TYPE/NAME...) [flags]",
    short="Make a Service for a workload.",
    long="TYPE is pod (po), service (svc), replicationcontroller (rc), deployment (deploy) or replicaset (rs). The "
    "Service takes over the workload's selector, labels and ports as far as flags do not say otherwise. What "
    "`kubectl expose` accepts is accepted, with the same result.",
    examples=(
        ("Publish a Deployment on a port of every node", "kubectl svc expose deployment my-app --type NodePort"),
        ("Serve on port 80 what listens on 8080", "kubectl svc expose deployment my-app --port 80 --target-port 8080"),
        ("Two ports and a name of its own", "kubectl svc expose pod my-pod --port 80 --port 443 --name web"),
        ("Print a manifest, without a cluster", "kubectl svc expose -f deploy.yaml --dry-run=client -o yaml"),
    ),
    flags=(*_EXPOSE, *_GLOBAL, HELP),
)  # fmt: skip

VERSION = Command(
    name="version",
    usage="[-o json|yaml] [flags]",
    short="Print the version of kubectl-svc.",
    takes_args=False,
    flags=(
        Flag(
            name="output", shorthand="o", group=OUTPUT, metavar="FORMAT", values=("json", "yaml"),
            help="Print it in this format instead of as a line.",
        ),
        *_GLOBAL,
        HELP,
    ),
)  # fmt: skip

HELP_COMMAND = Command(
    name="help",
    usage="[COMMAND]",
    short="Show the help of a command.",
    flags=(*_GLOBAL, HELP),
)

COMMANDS = (ROOT, EXPOSE, VERSION, HELP_COMMAND)
"""All commands, the program itself first; `help` is cobra's own and last."""
