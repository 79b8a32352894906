"""kubectl's global flags, which every command takes: which cluster, as whom, and how to talk to it.

Names, shorthands, types and defaults are kubectl's (cli-runtime pkg/genericclioptions/config_flags.go, component-base
logs).
"""

from __future__ import annotations

from kubectl_svc.flags.model import CLUSTER, Flag, switch

_NO_EFFECT = "Accepted, as kubectl takes it, without effect."

CLUSTER_FLAGS = (
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
    switch(
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
        name="request-timeout", default="0", group=CLUSTER, metavar="TIME", usual=("5s", "30s", "1m"),
        help="How long one request may take, such as 1s, 2m or 3h; 0 sets no limit.",
    ),
    switch("disable-compression", CLUSTER, "Ask the server not to compress its answers."),
    Flag(
        name="cache-dir", group=CLUSTER, metavar="DIR",
        help="kubectl's cache folder. Left out, $KUBECACHEDIR or ~/.kube/cache.",
    ),
    switch("match-server-version", CLUSTER, "Require a server of the client's version."),
    switch("warnings-as-errors", CLUSTER, "Fail when the server sent a warning."),
    Flag(
        name="v", shorthand="v", type="int32", default="0", group=CLUSTER, metavar="LEVEL", usual=tuple("0123456789"),
        help="How much to log.",
    ),
    Flag(name="kuberc", group=CLUSTER, metavar="FILE", help=_NO_EFFECT),
    Flag(name="profile", default="none", group=CLUSTER, metavar="NAME", help=_NO_EFFECT),
    Flag(name="profile-output", default="profile.pprof", group=CLUSTER, metavar="FILE", help=_NO_EFFECT),
    Flag(name="vmodule", type="modules", group=CLUSTER, metavar="PATTERN=LEVEL,...", help=_NO_EFFECT),
    Flag(
        name="log-flush-frequency", type="duration", default="5s", group=CLUSTER, metavar="TIME", help=_NO_EFFECT,
    ),
)  # fmt: skip
