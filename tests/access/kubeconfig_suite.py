"""Kubeconfigs of every kind as data, and how each is laid out in a folder; the tests say who judges them."""

from __future__ import annotations

import json
import os

from kubectl_svc.request import ClusterFlags
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# How the official client differs, more than once.
_BASIC = "it writes user and password where the token stands"
_PYYAML = "it reads YAML 1.1 as PyYAML does"

TYPED = "typed"  # a token or password on the command line


class Case(Value):
    """Files of a folder, and how kubectl is run in it. `config` is the file that is read when nothing else is said.

    Words in capitals stand for what only the test knows: addresses, certificates.
    """

    id: str
    config: str | bytes = ""
    flags: ClusterFlags = ClusterFlags()
    environ: Mapping[str, str] = {}
    files: Mapping[str, str | bytes] = {}
    links: Mapping[str, str] = {}  # name to target
    forbidden: str = ""  # the file or folder that nobody may read
    expected: str = ""  # where kubectl's answer is deliberately not ours
    view: bool = True  # whether `kubectl config view --minify` has all that a connection is made of
    official: str = ""  # why the official Python client reads it otherwise
    user_folder: str = ""  # where the paths of the chosen user count from
    exec_runs: bool = True  # a plugin that is there is run


def base(user: str = "{token: sesame}", cluster: str = "certificate-authority: ca.crt", context: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Config\ncurrent-context: c\n"
        f"clusters:\n- name: a\n  cluster: {{server: SERVER, {cluster}}}\n"
        f"users:\n- name: u\n  user: {user}\n"
        f"contexts:\n- name: c\n  context: {{cluster: a, user: u{context}}}\n"
    )


_SECOND = (
    "current-context: c\ncontexts:\n- name: c\n  context: {cluster: wrong, user: wrong}\n"
    "- name: d\n  context: {cluster: a, user: v}\n"
    "users:\n- name: u\n  user: {as: never, username: never, password: never}\n- name: v\n  user: {token: second}\n"
)

REACHES = [
    Case(id="token", config=base()),
    Case(id="token-file", config=base("{tokenFile: token}"), files={"token": " from-file\n"}),
    Case(id="token-file-beats-token", config=base("{token: x, tokenFile: token}"), files={"token": "from-file"}),
    Case(id="missing-token-file-and-a-token", config=base("{token: t, tokenFile: nope}")),
    Case(id="basic", official=_BASIC, config=base('{username: jane, password: "pa:ss wörd"}')),
    Case(id="username", config=base("{username: jane}")),
    Case(id="certificate-files", config=base("{client-certificate: client.pem, client-key: client.pem}")),
    Case(
        id="certificate-data",
        config=base("{client-certificate-data: CLIENT_DATA, client-key-data: CLIENT_DATA}"),
    ),
    Case(id="certificate-mixed", config=base("{client-certificate-data: CLIENT_DATA, client-key: client.pem}")),
    Case(id="certificate-and-token", config=base(
        "{token: t, client-certificate: client.pem, client-key: client.pem}")),
    Case(id="ca-data", config=base(cluster="certificate-authority-data: CA_DATA")),
    Case(id="insecure", config=base(cluster="insecure-skip-tls-verify: true")),
    Case(id="insecure-yes-is-a-bool", config=base(cluster="insecure-skip-tls-verify: yes")),
    Case(id="server-name", config=base(cluster="certificate-authority: ca.crt, tls-server-name: api.example.com")),
    Case(
        id="impersonation",
        config=base("{token: t, as: jane, as-uid: 7f, as-groups: [g1, g2], as-user-extra: {A/b%: [x, z], c: ['y']}}"),
    ),
    Case(
        id="impersonation-flags",
        config=base("{token: t, as: jane, as-groups: [g1]}"),
        flags=ClusterFlags(
            as_user="joe", as_uid="u", as_groups=("g3", "g4"), as_user_extra=("k=v=w", "k=2", "dropped", "ключ=ü")
        ),
    ),
    Case(id="token-flag", config=base("{}"), flags=ClusterFlags(token=TYPED)),
    Case(id="token-flag-beats-exec", config=base(
        "{exec: {command: never, apiVersion: client.authentication.k8s.io/v1beta1}}"),
         flags=ClusterFlags(token=TYPED)),
    Case(id="token-file-beats-token-flag", config=base("{tokenFile: token}"), files={"token": "from-file"},
         flags=ClusterFlags(token=TYPED)),
    Case(id="password-flag-joins-username", config=base("{username: jane, password: x}"),
         flags=ClusterFlags(password=TYPED)),
    Case(id="certificate-flags-beat-files", config=base("{client-certificate: nope, client-key: nope}"),
         flags=ClusterFlags(client_certificate="client.pem", client_key="client.pem")),
    Case(id="key-flag-joins-certificate", config=base("{client-certificate: client.pem, client-key-data: aGk=}"),
         flags=ClusterFlags(client_key="client.pem")),
    Case(id="impersonation-flags-join",
         config=base("{token: t, as: jane, as-uid: '1', as-user-extra: {a: [x], b: [z]}}"),
         flags=ClusterFlags(as_groups=("g",), as_user_extra=("b=typed", "c=typed"))),
    Case(id="impersonation-flag-keeps-groups", config=base("{token: t, as: jane, as-groups: [g]}"),
         flags=ClusterFlags(as_user="joe")),
    Case(id="ca-flag-beats-file", config=base(cluster="certificate-authority: nope"),
         flags=ClusterFlags(certificate_authority="ca.crt")),
    Case(id="cluster-and-user-flags-beat-context-flag",
         config=base() + "- name: d\n  context: {cluster: x, user: x}\n",
         flags=ClusterFlags(context="d", cluster="a", user="u")),
    Case(id="server-flag-beats-cluster-flag", config=base().replace("SERVER", "https://127.0.0.1:1"),
         flags=ClusterFlags(cluster="a", server="SERVER")),
    Case(id="server-and-name-flags", config=base(cluster="certificate-authority: ca.crt, tls-server-name: wrong"),
         flags=ClusterFlags(server="SERVER", tls_server_name="api.example.com")),
    Case(id="server-flag-drops-exec-of-plain-http", config=base(
        "{exec: {command: never, apiVersion: client.authentication.k8s.io/v1beta1}}"),
         flags=ClusterFlags(server="PLAIN")),
    Case(id="certificate-beats-exec", exec_runs=False, config=base(
        "{client-certificate: client.pem, client-key: client.pem, "
        "exec: {command: never, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}}")),
    Case(id="user-flags", config=base("{}"), flags=ClusterFlags(username="jane", password=TYPED)),
    Case(
        id="certificate-flags-beat-data",
        config=base("{client-certificate-data: aGk=, client-key-data: aGk=}"),
        flags=ClusterFlags(client_certificate="client.pem", client_key="client.pem"),
    ),
    Case(
        id="ca-flag-beats-insecure-and-data",
        config=base(cluster="insecure-skip-tls-verify: true, certificate-authority-data: aGk="),
        flags=ClusterFlags(certificate_authority="ca.crt"),
    ),
    Case(id="insecure-flag-beats-ca", config=base(cluster="certificate-authority-data: aGk="),
         flags=ClusterFlags(insecure_skip_tls_verify=True)),
    Case(
        id="server-flag-drops-server-name",
        config=base(cluster="certificate-authority: ca.crt, tls-server-name: wrong.example.com").replace(
            "SERVER", "https://127.0.0.1:1"
        ),
        flags=ClusterFlags(server="SERVER"),
    ),
    Case(
        id="server-name-flag",
        config=base(cluster="certificate-authority: ca.crt, tls-server-name: wrong.example.com"),
        flags=ClusterFlags(tls_server_name="api.example.com"),
    ),
    Case(id="context-flag", config=base() + "- name: d\n  context: {cluster: a, user: v}\n", files={"b": _SECOND},
         environ={"KUBECONFIG": "config:b"}, flags=ClusterFlags(context="d")),
    Case(id="user-flag", config=base(), files={"b": _SECOND}, environ={"KUBECONFIG": "config:b"},
         flags=ClusterFlags(user="v")),
    Case(id="cluster-flag", config=base().replace("cluster: a,", "cluster: none,"), flags=ClusterFlags(cluster="a")),
    Case(id="list-first-wins", config=base(), files={"b": _SECOND},
         environ={"KUBECONFIG": ":missing:config:b:config:"}),
    Case(id="list-first-current-context-wins", config=base(), flags=ClusterFlags(cluster="a"),
         files={"b": _SECOND.replace("context: c\n", "context: d\n")}, environ={"KUBECONFIG": "b:config"}),
    Case(id="explicit-path-beats-list", config=base(), files={"b": "users: 3"}, environ={"KUBECONFIG": "b"},
         flags=ClusterFlags(kubeconfig="config")),
    Case(
        id="paths-of-its-own-folder",
        user_folder="sub",
        files={"sub/k": base("{tokenFile: ../sub/./t}", cluster="certificate-authority: ../ca.crt"), "sub/t": "near"},
        flags=ClusterFlags(kubeconfig="sub/k"),
    ),
    Case(
        id="json",
        official="it takes no tab before a token",
        config=json.dumps(
            {
                "clusters": [{"name": "a", "cluster": {"server": "SERVER", "insecure-skip-tls-verify": True}}],
                "users": [{"name": "u", "user": {"token": "json"}}],
                "contexts": [{"name": "c", "context": {"cluster": "a", "user": "u"}}],
                "current-context": "c",
            },
            indent="\t",
        ),
    ),
    Case(id="unknown-fields", config=base("{token: t, tokne: 3}") + "more: [1]\n"),
    Case(id="anchors", config=base("&u {token: t}") + "other: *u\n"),
    Case(id="second-document-ignored", official="it refuses a second document", config=base() + "---\nclusters: 3\n"),
    Case(id="duplicate-key-last-wins", config=base("{token: one, token: two}")),
    Case(id="crlf", config=base().replace("\n", "\r\n")),
    Case(id="bom", config="\ufeff" + base()),
    Case(id="name-is-a-date", config=base().replace(": u", ": 2001-01-01")),
    Case(id="plain-http-drops-credentials", view=False, config=base(
        "{token: t, as: jane}", cluster="tls-server-name: x").replace("SERVER", "PLAIN")),
    Case(id="host-and-port-is-plain-http", flags=ClusterFlags(server="HOSTPORT", token=TYPED)),
    Case(id="userinfo-in-the-url", flags=ClusterFlags(server="USERINFO")),
    Case(id="default-server", view=False, environ={"KUBERNETES_MASTER": "PLAIN"}),
    Case(id="cluster-without-server", view=False, config=base().replace("server: SERVER, ", ""),
         environ={"KUBERNETES_MASTER": "SERVER"}),
    Case(id="request-timeout", config=base(), flags=ClusterFlags(request_timeout="20")),
    Case(id="request-timeout-of-zeros", config=base(), flags=ClusterFlags(request_timeout="00")),
]  # fmt: skip

_PLUGIN = "exec: {command: svc-login, apiVersion: client.authentication.k8s.io/v1beta1"
_FULL_PLUGIN = r"""
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: svc-login
      args: [get-token, --cluster, "my cluster", "", null]
      env:
      - {name: PROFILE, value: "yes"}
      - {name: EMPTY}
      installHint: "Get it: \u00a0é\u2028!"
      provideClusterInfo: true
      interactiveMode: Never
"""
_SAYS_MORE = "extensions: [{name: other, extension: {a: 1}}, {name: client.authentication.k8s.io/exec, extension: %s}]"
_PROVIDER = "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://idp', client-id: me, id-token: a.b.c}}"

_NAMES = (
    "clusters:\n- name: {0}\n  cluster: {{server: 'https://h'}}\nusers:\n- name: {0}\n  user: {{token: t}}\n"
    "contexts:\n- name: {0}\n  context: {{cluster: {0}, user: {0}}}\ncurrent-context: {0}\n"
)


def _exec(rest: str = "") -> str:
    return base(f"{{{_PLUGIN}{rest}}}}}")


def _huge(count: int) -> str:
    contexts = (f"- context: {{cluster: a, namespace: n{n}, user: u}}\n  name: c{n}\n" for n in range(count))
    return base().replace("current-context: c", f"current-context: c{count - 1}") + "".join(contexts)


READS = [
    # Lists of files.
    Case(id="spread-over-three-files", environ={"KUBECONFIG": "a:b:c"}, files={
        "a": "current-context: c\ncontexts:\n- {name: c, context: {cluster: k, user: u, namespace: ns}}\n",
        "b": "clusters:\n- {name: k, cluster: {server: 'https://b'}}\n",
        "c": "users:\n- {name: u, user: {token: t}}\n"}),
    Case(id="first-entry-wins-whole",
         environ={"KUBECONFIG": "config:b"}, config=base("{as: jane, token: t}"), files={"b":
         "clusters:\n- {name: a, cluster: {server: 'https://b', proxy-url: 'http://p', tls-server-name: b}}\n"
         "users:\n- {name: u, user: {token: b, tokenFile: b, as-uid: '7', username: b}}\n"
         "contexts:\n- {name: c, context: {cluster: b, user: b, namespace: b}}\n"}),
    Case(id="current-context-of-the-last", environ={"KUBECONFIG": "config:b"}, files={"b": "current-context: c\n"},
         config=base().replace("current-context: c\n", "")),
    Case(id="empty-current-context-is-none", environ={"KUBECONFIG": "a:config"}, config=base(),
         files={"a": "current-context: ''\n"}),
    Case(id="empty-files-in-the-list", official="it refuses an empty file",
         environ={"KUBECONFIG": "a:b:config:d"}, config=base(),
         files={"a": "", "b": "# nothing\n", "d": "---\n"}),
    Case(id="holes-and-repetitions-in-the-list", environ={"KUBECONFIG": "::nope:config:nope:config:"}, config=base()),
    Case(id="null-entry-hides-nothing", official="it refuses null entries",
         environ={"KUBECONFIG": "a:config"}, config=base(),
         files={"a": "users:\n- null\nclusters: []\ncontexts:\n- {name: x, context: null}\n"}),
    Case(id="entry-without-content-wins", environ={"KUBECONFIG": "a:config"}, config=base(),
         official="it refuses an entry without content",
         files={"a": "users:\n- name: u\nclusters:\n- {name: a, cluster: {server: 'https://a'}}\n"}),
    Case(id="default-file", environ={"HOME": "HOME_FOLDER"}, files={".kube/config": base(
        cluster="certificate-authority: ../ca.crt")}),
    # Paths.
    Case(id="each-file-has-its-own-folder", user_folder="y",
         official="paths of the user count from the folder of the cluster's file",
         environ={"KUBECONFIG": "config:x/k:y/u"},
         config="contexts:\n- {name: c, context: {cluster: k, user: u}}\ncurrent-context: c\n",
         files={"x/k": "clusters:\n- {name: k, cluster: {server: 'https://h', certificate-authority: pki/../ca}}\n",
                "x/ca": "CA", "y/t": "token", "y/c": "certificate", "ca.key": "key",
                "y/u": "users:\n- {name: u, user: {tokenFile: t, client-certificate: ./c, client-key: ../ca.key}}\n"}),
    Case(id="link-to-a-kubeconfig", user_folder="links", environ={"KUBECONFIG": "links/k"},
         links={"links/k": "../real/k"},
         files={"real/k": base("{tokenFile: t}"), "real/t": "real", "links/t": "beside the link",
                "links/ca.crt": "ca"}),
    Case(id="explicit-in-a-folder", user_folder="x", flags=ClusterFlags(kubeconfig="x/k"),
         environ={"KUBECONFIG": "nope"},
         files={"x/k": base("{tokenFile: t}"), "x/t": "t", "x/ca.crt": "ca"}),
    Case(id="folder-with-slashes", user_folder="x", environ={"KUBECONFIG": ".//x/.././x//k"},
         files={"x/k": base("{tokenFile: ././/t}"), "x/t": "t", "x/ca.crt": "ca"}),
    Case(id="absolute-path", official="it takes regular files only",
         config=base(cluster="certificate-authority: /etc/../dev/null")),
    Case(id="windows-paths", config=base(
        r"{tokenFile: C:\Users\me\token, client-certificate: .\keys\c.pem, client-key: '\\server\share\k'}",
        r"certificate-authority: 'C:\Users\me\ca.crt'"),
        files={r"C:\Users\me\token": "t", r".\keys\c.pem": "c", r"\\server\share\k": "k", r"C:\Users\me\ca.crt": "ca"}),
    Case(id="odd-file-names", config=base("{tokenFile: 'my tökén #1', client-certificate: '~/c', client-key: $HOME}"),
         files={"my tökén #1": "t", "~/c": "c", "$HOME": "k"}),
    # Who we are.
    Case(id="token-file-with-spaces", config=base("{tokenFile: t}"), files={"t": "\n a b \n"}),
    Case(id="token-file-and-empty-token", official="an empty token beats the file",
         config=base("{token: '', tokenFile: t}"), files={"t": "t"}),
    Case(id="token-null", config=base("{token: null, username: jane}"), official="it refuses a null"),
    Case(id="password-empty", config=base("{username: jane, password: ''}"), official=_BASIC),
    Case(id="odd-tokens-in-quotes", config=base("{token: '0x1'}")),
    Case(id="token-of-many-characters", config=base('{token: "a\\tb\\u00e9\\U0001F600: #{}"}')),
    Case(id="token-plain-but-odd", config=base("{token: a-b.c_d/e+f==%&*!@x}")),
    Case(id="token-looks-like-a-float", config=base("{token: 1.2.3}")),
    Case(id="token-looks-like-a-number", config=base("{token: 0x1g}")),
    Case(id="token-is-a-date", config=base("{token: 2001-01-01}")),
    Case(id="token-is-a-time", config=base("{token: 2001-12-14t21:59:43.10-05:00}"), official=_PYYAML),
    Case(id="token-is-sexagesimal", config=base("{token: 12:30:45}"), official=_PYYAML),
    Case(id="token-of-a-megabyte", config=base("{token: " + "x" * 1_000_000 + "}")),
    Case(id="data-in-a-block", config=base("\n      client-certificate-data: |\n        Y2Vy\n        dA==\n"
                                           "      client-key-data: >-\n        a2V5\n\n        a2V5\n")),
    Case(id="certificates-and-impersonation", config=base(
        "{client-certificate-data: Yw==, client-key-data: aw==, as: jane, as-groups: [a, null, '']}")),
    Case(id="impersonation-in-full", config=base(
        "{token: t, as: 'system:admin', as-uid: 0-0, as-groups: ['system:masters'], "
        "as-user-extra: {scopes: [a, 'b c'], 'x/Y': null, z: [null]}}")),
    # Plugins.
    Case(id="exec-in-full", config=base(_FULL_PLUGIN, _SAYS_MORE % "{a: [1, 2.5, x]}")),
    Case(id="exec-default-mode", config=_exec()),
    Case(id="exec-mode-always", config=_exec(", interactiveMode: Always")),
    Case(id="exec-nulls", config=_exec(", args: null, env: null, interactiveMode: ''")),
    Case(id="exec-relative-command", user_folder="x", environ={"KUBECONFIG": "x/k"}, files={
        "x/k": _exec().replace("svc-login", "./bin/login"), "x/ca.crt": "ca"}),
    Case(id="exec-command-above", user_folder="x", environ={"KUBECONFIG": "x/k"}, files={
        "x/k": _exec().replace("svc-login", "../login"), "x/ca.crt": "ca"}),
    Case(id="exec-command-in-a-folder", config=_exec().replace("svc-login", "bin/login")),
    Case(id="exec-absolute-command", config=_exec().replace("svc-login", "/nope/../opt/nope/svc-login")),
    Case(id="exec-windows-command", config=_exec().replace("svc-login", r"bin\login.exe")),
    Case(id="exec-and-impersonation", config=base(f"{{{_PLUGIN}}}, as: jane}}")),
    Case(id="exec-and-token", exec_runs=False, config=base(f"{{token: t, {_PLUGIN}}}}}")),
    Case(id="exec-and-token-file", exec_runs=False, config=base(f"{{tokenFile: t, {_PLUGIN}}}}}"), files={"t": ""}),
    Case(id="exec-and-username", exec_runs=False, config=base(f"{{username: j, {_PLUGIN}}}}}")),
    Case(id="exec-and-password", config=base(f"{{password: p, {_PLUGIN}}}}}")),
    Case(id="exec-and-certificate", exec_runs=False, config=base(
        f"{{client-certificate-data: Yw==, client-key-data: aw==, {_PLUGIN}}}}}")),
    Case(id="exec-extension-text", config=base(f"{{{_PLUGIN}}}}}", _SAYS_MORE % "audience")),
    Case(id="exec-extension-null", config=base(f"{{{_PLUGIN}}}}}", _SAYS_MORE % "null")),
    Case(id="auth-provider", config=base(f"{{{_PROVIDER}}}")),
    Case(id="auth-provider-without-config", official="it fails where a provider has no config",
         config=base("{auth-provider: {name: oidc, config: null}}")),
    Case(id="auth-provider-and-token", config=base(f"{{token: t, {_PROVIDER}}}")),
    # Servers.
    Case(id="proxy", config=base(cluster="proxy-url: 'http://jane:pw@proxy:3128/x?y'")),
    Case(id="proxy-socks", config=base(cluster="proxy-url: SOCKS5://proxy, disable-compression: true")),
    Case(id="proxy-and-server-name", config=base(cluster="proxy-url: 'https://proxy', tls-server-name: h")),
    Case(id="bools-of-yaml", config=base(cluster="insecure-skip-tls-verify: ON, disable-compression: No")),
    Case(id="server-with-a-path", config=base().replace("SERVER", "https://h:8443/k8s/clusters/c-1")),
    Case(id="extensions-everywhere", config=base(
        "{token: t, extensions: [{name: x, extension: {a: b}}]}", "extensions: [{name: x}, {name: x, extension: 1}]",
        ", extensions: [{name: x, extension: null}]")
        + "extensions:\n- {name: x, extension: [1]}\npreferences: {extensions: [{name: p, extension: z}]}\n"),
    # Names and namespaces.
    Case(id="namespace", config=base(context=", namespace: team-a")),
    Case(id="namespace-null", config=base(context=", namespace: null")),
    Case(id="namespace-odd", config=base(context=", namespace: 'Not a name'")),
    Case(id="name-of-everything", config=_NAMES.format('"a/b: c #d\\té\\U0001F600"')),
    Case(id="name-like-an-arn", config=_NAMES.format("arn:aws:eks:eu-west-1:0123:cluster/x")),
    Case(id="name-yes-in-quotes", config=_NAMES.format("'yes'")),
    Case(id="name-number-in-quotes", config=_NAMES.format('"0x1"')),
    Case(id="name-with-at-sign", config=_NAMES.format("kubernetes-admin@kubernetes")),
    Case(id="name-almost-a-number", config=_NAMES.format("1e")),
    Case(id="names-differ-in-case", config=_NAMES.format("x").replace(
        "users:", "- name: X\n  cluster: {server: 'https://H'}\nusers:")),
    Case(id="context-flag-in-a-list", config=base(), environ={"KUBECONFIG": "config:b"},
         flags=ClusterFlags(context="d"),
         files={"b": "contexts:\n- {name: d, context: {cluster: a, user: u, namespace: d}}\n"}),
    Case(id="context-flag-alone", config=base().replace("current-context: c\n", ""), flags=ClusterFlags(context="c")),
    # Spellings of YAML and JSON.
    Case(id="merge-key", config="base: &b {server: 'https://base', tls-server-name: b}\n" + base().replace(
        "{server: SERVER, ", "{<<: *b, tls-server-name: own, ")),
    # Nothing twice: of two that say the same, PyYAML took the first one before 6.0.4, and takes the last one since.
    Case(id="merge-keys", config="x: &x {token: x, as: x}\nz: &z {as-uid: z}\n" + base(
        "{<<: [*x, *z]}")),
    Case(id="alias-for-a-section", config="x: &x [{name: u, user: {token: t}}]\n" + base().replace(
        "users:\n- name: u\n  user: {token: sesame}\n", "users: *x\n")),
    Case(id="directives-and-document-end", config="%YAML 1.1\n---\n" + base() + "...\n"),
    Case(id="tags", config=base("{token: !!str 123}")),
    Case(id="explicit-keys", config="? current-context\n: c\n" + base().replace("current-context: c\n", "")),
    Case(id="comments", config="# a\n" + base().replace("kind: Config", "kind: Config # b") + "# c"),
    Case(id="no-version-no-kind", config=base().replace("apiVersion: v1\nkind: Config\n", "")),
    Case(id="kind-empty", config=base().replace("kind: Config", "kind: ''")),
    Case(id="key-in-another-case", config=base("{token: t, Token: other, AS: jane}")),
    Case(id="utf-16", official="it reads files as UTF-8",
         config=base().replace("SERVER", "https://h").encode("utf-16")),
    Case(id="old-mac-line-ends", config=base().replace("\n", "\r")),
    Case(id="json-of-many-characters", config=json.dumps({
        "clusters": [{"name": "\U0001f600\\\"/", "cluster": {"server": "https://h"}}],
        "users": [{"name": "é\u2028", "user": {"token": "\u0085"}}],
        "contexts": [{"name": "c", "context": {"cluster": "\U0001f600\\\"/", "user": "é\u2028"}}],
        "current-context": "c"}, ensure_ascii=False)),
    Case(id="thousands-of-contexts", config=_huge(3000)),
]  # fmt: skip

EXEC = "{exec: {command: x, apiVersion: client.authentication.k8s.io/v1%s}}"
REFUSED = [
    Case(id="nothing"),
    Case(id="empty-file", config="\n"),
    Case(id="only-a-comment", config="# nothing\n"),
    Case(id="null-sections", config="clusters: null\nusers:\n- null\n"),
    Case(id="missing-explicit", flags=ClusterFlags(kubeconfig="nope")),
    Case(id="missing-listed", environ={"KUBECONFIG": "nope:neither"}),
    Case(id="folder", flags=ClusterFlags(kubeconfig=".")),
    Case(id="below-a-file", config="a: b", flags=ClusterFlags(kubeconfig="config/x")),
    Case(id="several-bad-files", config="[]", files={"b": "{"}, environ={"KUBECONFIG": "config:b"}),
    Case(id="bad-file-listed-twice", config="[]", files={"b": "{"}, environ={"KUBECONFIG": "config:b:config"}),
    Case(id="wrong-kind", config="kind: Pod"),
    Case(id="wrong-version", config="apiVersion: v2"),
    Case(id="version-number", config="apiVersion: 1"),
    Case(id="kind-list", config="kind: []"),
    Case(id="list", config="[]"),
    Case(id="text", config="hello"),
    Case(id="html", config="<html></html>"),
    Case(id="cut-off-flow", config="{"),
    Case(id="bad-json", config='{"clusters": [}'),
    Case(id="tab", config="a:\n\t- b\n"),
    Case(id="colon", config="a: b: c\n"),
    Case(id="colon-later", config=base("{token: a: b}")),
    Case(id="bad-indent", config="a:\n  - b\n c: d\n"),
    Case(id="unclosed-list", config="a:\n  b: [1, 2\nc: d\n"),
    Case(id="unclosed-quote", config='a: "x\nb: c\n'),
    Case(id="control-character", config="a: \x01\n"),
    Case(id="at-sign", config="@x"),
    Case(id="clusters-object", config="clusters: {}"),
    Case(id="clusters-text", config="clusters: abc"),
    Case(id="name-number", config="clusters:\n- name: 1\n"),
    Case(id="server-number", config="clusters:\n- name: a\n  cluster: {server: 12}\n"),
    Case(id="username-y-is-a-bool", config="users:\n- name: u\n  user: {username: y}\n"),
    Case(id="token-number", config="users:\n- name: u\n  user: {token: 1_000}\n"),
    Case(id="token-octal", config="users:\n- name: u\n  user: {token: 0o17}\n"),
    Case(id="token-float", config="users:\n- name: u\n  user: {token: 1e3}\n"),
    Case(id="first-error-in-key-order", config="users:\n- name: u\n  user: {token: 1}\nclusters: abc\n"),
    Case(id="bool-text", config='clusters:\n- name: a\n  cluster: {insecure-skip-tls-verify: "true"}\n'),
    Case(id="data-number", config="clusters:\n- name: a\n  cluster: {certificate-authority-data: 1}\n"),
    Case(id="groups-number", config="users:\n- name: u\n  user: {as-groups: [1]}\n"),
    Case(id="extra-text", config="users:\n- name: u\n  user: {as-user-extra: {a: b}}\n"),
    Case(id="exec-env", config="users:\n- name: u\n  user: {exec: {env: {}}}\n"),
    Case(id="auth-provider-number", config="users:\n- name: u\n  user: {auth-provider: {config: {a: 1}}}\n"),
    Case(id="preferences", config="preferences: {colors: 3}"),
    Case(id="current-context-list", config="current-context: [1]"),
    Case(id="duplicate-name", config="users:\n- {name: u, user: {token: sesame}}\n- {name: u}\n",
         expected='error: error loading config file "PATH": error converting *[]NamedAuthInfo into '
                  '*map[string]*api.AuthInfo: duplicate name "u" in list'),
    Case(id="duplicate-extension", config=base(cluster="extensions: [{name: e, extension: 1}, {name: e}]"),
         expected='error: error loading config file "PATH": error converting *[]NamedExtension into '
                  '*map[string]runtime.Object: duplicate name "e" in list'),
    Case(id="duplicate-extension-of-preferences",
         config="preferences: {extensions: [{name: e, extension: 1}, {name: e}]}",
         expected='error: error loading config file "PATH": error converting *[]NamedExtension into '
                  '*map[string]runtime.Object: duplicate name "e" in list'),
    Case(id="extension-after-an-empty-one", config=base(cluster="extensions: [{name: e}, {name: e}]\n    server: 0")),
    Case(id="yaml-1.2", config=f"%YAML 1.2\n---\n{base()}"),
    Case(id="current-context-unknown", config="current-context: abc"),
    Case(id="context-flag-unknown", config=base(), flags=ClusterFlags(context="nope", namespace="x")),
    Case(id="user-flag-unknown", config=base(), flags=ClusterFlags(user="nope", context="nope")),
    Case(id="cluster-flag-unknown", config=base(), flags=ClusterFlags(cluster="nope")),
    Case(id="cluster-flag-after-context", config=base(), flags=ClusterFlags(cluster="nope", context="n", user="u")),
    Case(id="ca-missing", config=base(cluster="certificate-authority: nope")),
    Case(id="ca-twice", config=base(cluster="certificate-authority: nope, certificate-authority-data: CA_DATA")),
    Case(id="ca-no-pem", config=base(cluster="certificate-authority-data: aGk=")),
    Case(id="ca-and-insecure", config=base(
        cluster="certificate-authority-data: CA_DATA, insecure-skip-tls-verify: true")),
    Case(id="ca-flag-and-insecure-flag", config=base(),
         flags=ClusterFlags(certificate_authority="ca.crt", insecure_skip_tls_verify=True)),
    Case(id="certificate-without-key", config=base("{client-certificate: nope}")),
    Case(id="certificate-and-more", config=base("{client-certificate: nope, client-key: no, as-uid: r}")),
    Case(id="certificate-twice", config=base(
        "{client-certificate: nope, client-key: no, client-certificate-data: aGk=, client-key-data: aGk=}")),
    Case(id="certificate-no-pem", config=base("{client-certificate-data: aGk=, client-key-data: aGk=}")),
    Case(id="key-no-pem", config=base("{client-certificate-data: CLIENT_DATA, client-key-data: aGk=}")),
    Case(id="key-of-another", config=base("{client-certificate-data: CLIENT_DATA, client-key-data: OTHER_DATA}")),
    Case(id="token-and-password", config=base("{token: t, username: jane}")),
    Case(id="token-and-password-without-username", config=base("{token: t, password: p}")),
    Case(id="group-without-user", config=base(), flags=ClusterFlags(as_groups=("g",))),
    Case(id="token-file-missing", config=base("{tokenFile: nope}")),
    Case(id="exec-empty", config=base("{exec: {env: [{value: x}]}}")),
    Case(id="exec-no-mode", config=base(EXEC % "")),
    Case(id="exec-bad-mode", config=base("{exec: {command: x, apiVersion: v, interactiveMode: Sometimes}}")),
    Case(id="exec-and-provider", config=base("{auth-provider: {name: x}, exec: {command: x, apiVersion: v}}")),
    Case(id="proxy-scheme", config=base(cluster='proxy-url: "ftp://x"')),
    Case(id="proxy-no-scheme", config=base(cluster="proxy-url: x")),
    Case(id="proxy-host-and-port", config=base(cluster='proxy-url: "127.0.0.1:3128"')),
    Case(id="proxy-name-and-port", config=base(cluster='proxy-url: "proxy:3128"')),
    Case(id="proxy-bad-port", config=base(cluster='proxy-url: "http://proxy:31x"')),
    Case(id="proxy-bad-escape", config=base(cluster='proxy-url: "http://proxy/%zz"')),
    Case(id="proxy-control-character", config=base(cluster='proxy-url: "http://pro\\txy"')),
    Case(id="proxy-only-colon", config=base(cluster='proxy-url: ":x"')),
    Case(id="proxy-space", config=base(cluster='proxy-url: "http://a b"')),
    Case(id="proxy-with-a-password", config=base(cluster='proxy-url: "ftp://jane:hidden@proxy"'),
         expected="error: invalid 'proxy-url' \"ftp://jane:xxxxx@proxy\" for cluster \"a\": "
                  'unsupported scheme "ftp", must be http, https, or socks5'),
    Case(id="not-utf-8", config=base().encode() + b"x: \xff\n"),
    Case(id="nul", config=base().encode() + b"x: \0\n"),
    Case(id="utf-16-cut-off", config=base().encode("utf-16")[:-1]),
    Case(id="json-surrogates", config=json.dumps({"current-context": "\U0001f600"})),
    Case(id="link-to-itself", environ={"KUBECONFIG": "loop"}, links={"loop": "loop"}),
    Case(id="link-to-nothing", environ={"KUBECONFIG": "dead"}, links={"dead": "nope"}),
    Case(id="name-too-long", environ={"KUBECONFIG": "x" * 300}),
    Case(id="folder-in-the-list", environ={"KUBECONFIG": "config:sub"}, config=base(), files={"sub/x": ""}),
    Case(id="bad-file-behind-a-good-one", environ={"KUBECONFIG": "config:b"}, config=base(), files={"b": "users: 1"}),
    Case(id="null-name-twice", config="users:\n- null\n- {}\n", expected=
         'error: error loading config file "PATH": error converting *[]NamedAuthInfo into '
         '*map[string]*api.AuthInfo: duplicate name "" in list'),
    Case(id="ca-missing-elsewhere", environ={"KUBECONFIG": "x/k"},
         files={"x/k": base(cluster="certificate-authority: ../y/./ca")}),
    Case(id="ca-missing-windows", config=base(cluster=r"certificate-authority: 'C:\pki\ca.crt'")),
    Case(id="ca-folder", config=base(cluster="certificate-authority: sub"), files={"sub/x": ""}),
    Case(id="certificate-folder", config=base("{client-certificate: sub, client-key: sub}"), files={"sub/x": ""}),
    Case(id="token-file-folder", config=base("{tokenFile: sub}"), files={"sub/x": ""}),
    Case(id="certificate-below-a-file", config=base("{client-certificate: config/x, client-key: config/y}")),
    Case(id="password-without-username", config=base("{password: p}")),
    Case(id="key-without-certificate", config=base("{client-key: nope}")),
    Case(id="exec-old-version", config=base("{exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}}")),
    Case(id="exec-old-version-and-token", config=base(
        "{token: t, exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}}")),
    Case(id="exec-unknown-version", config=base("{exec: {command: x, apiVersion: v1, interactiveMode: Never}}"),
         flags=ClusterFlags(username="jane", password=TYPED)),
    Case(id="dangling-user", config=base().replace("user: u}", "user: nobody}")),
    Case(id="dangling-cluster", config=base().replace("cluster: a,", "cluster: none,").replace("SERVER", "https://h")),
    Case(id="timeout", config=base(), flags=ClusterFlags(request_timeout="x")),
    Case(id="timeout-unit", config=base(), flags=ClusterFlags(request_timeout="1x")),
    Case(id="server-path-only", flags=ClusterFlags(server="foo/bar")),
    Case(id="server-open-bracket", flags=ClusterFlags(server="http://[::1")),
    Case(id="server-bad-port", flags=ClusterFlags(server="https://h:abc")),
    Case(id="server-no-host", flags=ClusterFlags(server="http://")),
    Case(id="server-scheme", flags=ClusterFlags(server="ftp://127.0.0.1")),
    Case(id="refused", config=base().replace("SERVER", "https://CLOSED")),
    Case(id="refused-plain", flags=ClusterFlags(server="http://CLOSED/prefix?query")),
    Case(id="refused-ipv6", flags=ClusterFlags(server="http://[::1]:CLOSED6")),
    Case(id="no-identity", config=base("{}")),
    Case(id="no-identity-empty-token-file", config=base("{tokenFile: empty}"), files={"empty": ""}),
]  # fmt: skip

UNREADABLE = [
    Case(id="listed", config=base(), forbidden="config"),
    Case(id="explicit", config=base(), forbidden="config", flags=ClusterFlags(kubeconfig="config")),
    Case(id="second-of-the-list", config=base(), forbidden="b", files={"b": base()},
         environ={"KUBECONFIG": "config:b"}),
    Case(id="default-file", forbidden=".kube/config", environ={"HOME": "HOME_FOLDER"},
         files={".kube/config": base()}),
    Case(id="listed-in-a-folder", forbidden="sub", files={"sub/k": base()}, environ={"KUBECONFIG": "sub/k"}),
    Case(id="explicit-in-a-folder", forbidden="sub", files={"sub/k": base()}, flags=ClusterFlags(kubeconfig="sub/k")),
    Case(id="default-folder", forbidden=".kube", environ={"HOME": "HOME_FOLDER"}, files={".kube/config": base()}),
    Case(id="authority", config=base(), forbidden="ca.crt"),
    Case(id="authority-flag", config=base(cluster="insecure-skip-tls-verify: true"), forbidden="ca.crt",
         flags=ClusterFlags(certificate_authority="ca.crt")),
    Case(id="token-file", config=base("{tokenFile: t}"), forbidden="t", files={"t": "t"}),
    Case(id="token-file-in-a-folder", config=base("{tokenFile: sub/t}"), forbidden="sub", files={"sub/t": "t"}),
    Case(id="certificate", config=base("{client-certificate: client.pem, client-key: client.pem}"),
         forbidden="client.pem"),
    Case(id="key", config=base("{client-certificate: client.pem, client-key: k}"), forbidden="k", files={"k": "k"}),
    Case(id="key-flag", config=base("{client-certificate: client.pem, client-key: nope}"), forbidden="k",
         files={"k": "k"}, flags=ClusterFlags(client_key="k")),
    Case(id="plugin", forbidden="login", files={"login": "#!/bin/sh\n"},
         config=base("{exec: {command: ./login, apiVersion: client.authentication.k8s.io/v1beta1}}")),
]  # fmt: skip


def prepare(case: Case, folder: Path, words: Mapping[str, str]) -> tuple[ClusterFlags, dict[str, str]]:
    """Writes the files of the case, with `words` in place of those in capitals; flags and environment for them."""
    for name, target in case.links.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(target)
    for name, content in {**case.files, **({"config": case.config} if case.config else {})}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        data = content if isinstance(content, bytes) else _filled(content, words).encode()
        (folder / name).write_bytes(data)
    if case.forbidden:
        (folder / case.forbidden).chmod(0)
    listed = case.environ.get("KUBECONFIG", str(folder / "config") if case.config else "")
    environ = {
        **{name: _filled(value, words) for name, value in case.environ.items()},
        "KUBECONFIG": os.pathsep.join(name and str(folder / name) for name in listed.split(":")) if listed else "",
    }
    flags: ClusterFlags = case.flags.but(server=_filled(case.flags.server, words))
    for field in ("kubeconfig", "certificate_authority", "client_certificate", "client_key"):
        if getattr(flags, field):
            flags = flags.but(**{field: os.path.join(folder, getattr(flags, field))})
    return flags, environ


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
