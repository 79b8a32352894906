"""What we make of a kubeconfig, against `kubectl config view --minify --raw` and the official Python client."""

from __future__ import annotations

import base64
import json
import os
import subprocess

import hypothesis
import pytest
import yaml
from hypothesis import strategies as st

from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.errors import SvcError
from kubectl_svc.request import ClusterFlags
from tests.access.kubeconfig_suite import REACHES, READS, Case, prepare
from tests.differential.programs import run_kubectl, run_svc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from kubectl_svc.access.connection import Connection
    from tests.control_plane.build import Programs

# Flags that `kubectl config view` takes part in; what the others do is compared by requests in test_kubeconfig.py.
_VIEWED_FLAGS = ("kubeconfig", "context")
_VIEWED = [
    case
    for case in READS + REACHES
    if case.view and case.flags == ClusterFlags(**{name: getattr(case.flags, name) for name in _VIEWED_FLAGS})
]


def _laid_out(case: Case, folder: Path) -> tuple[ClusterFlags, dict[str, str]]:
    (folder / "ca.crt").write_text("authority")
    (folder / "client.pem").write_text("client")
    words = {name: base64.b64encode(name.encode()).decode() for name in ("CA_DATA", "CLIENT_DATA")}
    return prepare(case, folder, {**words, "SERVER": "https://127.0.0.1:1", "HOME_FOLDER": str(folder)})


def _ask_nobody(field: str, hidden: bool) -> str:
    del field, hidden
    return ""


def _view(programs: Programs, flags: ClusterFlags, environ: Mapping[str, str]) -> dict[str, Any] | None:
    """kubectl's reading, certificates as content in place of paths; None where it refuses the kubeconfig."""
    words = [f"--{name}={getattr(flags, name)}" for name in _VIEWED_FLAGS if getattr(flags, name)]
    done = subprocess.run(
        [programs.kubectl, "config", "view", "--minify", "--raw", "--flatten", "--merge=true", "-o", "json", *words],
        env={**os.environ, **environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        return None
    shown = json.loads(done.stdout)
    (context,) = shown["contexts"]
    return {
        "cluster": shown["clusters"][0]["cluster"] if shown["clusters"] else {},
        "user": shown["users"][0]["user"] if shown["users"] else {},
        "namespace": context["context"].get("namespace", "default"),
    }


def _as_used(view: dict[str, Any], case: Case, folder: Path) -> dict[str, Any]:
    """What kubectl makes of its reading before it connects."""
    cluster, user = view["cluster"], view["user"]
    extensions = {entry["name"]: entry["extension"] for entry in cluster.pop("extensions", ())}
    user.pop("extensions", None)
    if user.get("tokenFile"):
        user["tokenFile"] = os.path.normpath(folder / case.user_folder / user["tokenFile"])
    if user.get("tokenFile") and not user.get("token"):
        with open(user["tokenFile"], encoding="utf-8") as file:
            user["token"] = file.read()
    if "exec" in user:
        plugin = user["exec"]
        plugin["config"] = extensions.get("client.authentication.k8s.io/exec")
        if "/" in plugin["command"] and not os.path.isabs(plugin["command"]):
            plugin["command"] = os.path.normpath(folder / case.user_folder / plugin["command"])
    if not case.exec_runs:
        del user["exec"]
    pruned: dict[str, Any] = _pruned(view)
    return pruned


_NOTHING: tuple[Any, ...] = ("", [], {}, None, False)


def _pruned(value: Any) -> Any:
    """Without fields that say nothing."""
    if isinstance(value, dict):
        pruned = {key: _pruned(item) for key, item in value.items()}
        return {key: item for key, item in pruned.items() if item not in _NOTHING}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _reading(config: Kubeconfig) -> dict[str, Any]:
    """Our connection, as a kubeconfig would say it."""
    connection = config.connection(_ask_nobody)
    cluster = {
        "server": connection.server,
        "tls-server-name": connection.server_name,
        "insecure-skip-tls-verify": connection.insecure,
        "certificate-authority-data": _base64(
            _content(connection.certificate_authority, connection.certificate_authority_data)
        ),
        "proxy-url": connection.proxy_url,
        "disable-compression": connection.disable_compression,
    }
    pruned: dict[str, Any] = _pruned({"cluster": cluster, "user": _user(connection), "namespace": config.namespace()})
    return pruned


def _user(connection: Connection) -> dict[str, Any]:
    return {
        "client-certificate-data": _base64(_content(connection.client_certificate, connection.client_certificate_data)),
        "client-key-data": _base64(_content(connection.client_key, connection.client_key_data)),
        "token": connection.token,
        "tokenFile": connection.token_file,
        "username": connection.username,
        "password": connection.password,
        "as": connection.as_user,
        "as-uid": connection.as_uid,
        "as-groups": list(connection.as_groups),
        "as-user-extra": {key: list(values) for key, values in connection.as_user_extra.items()},
        "exec": _exec(connection),
        "auth-provider": connection.auth_provider
        and {"name": connection.auth_provider.name, "config": dict(connection.auth_provider.config) or None},
    }


def _exec(connection: Connection) -> dict[str, Any] | None:
    plugin = connection.exec
    if plugin is None:
        return None
    return {
        "apiVersion": plugin.api_version,
        "command": plugin.command,
        "args": list(plugin.args),
        "env": [{"name": name, "value": value} for name, value in plugin.env],
        "installHint": plugin.install_hint,
        "provideClusterInfo": plugin.provide_cluster_info,
        "interactiveMode": plugin.interactive_mode,
        "config": plugin.config,
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("case", _VIEWED, ids=lambda case: case.id)
def test_same_reading_as_config_view(case: Case, tmp_path: Path, programs: Programs) -> None:
    """We connect with what `kubectl config view` shows of the chosen context."""
    flags, environ = _laid_out(case, tmp_path)
    ours = _reading(Kubeconfig(flags, environ, environ.get("HOME", "")))
    view = _view(programs, flags, environ)

    assert view is not None
    assert ours == _as_used(view, case, tmp_path)


@pytest.mark.parametrize("case", _VIEWED, ids=lambda case: case.id)
def test_same_reading_as_official_client(case: Case, tmp_path: Path) -> None:
    """The official Python client sees the same server, CA, certificate and token, unless the case says why not."""
    flags, environ = _laid_out(case, tmp_path)
    ours = Kubeconfig(flags, environ, environ.get("HOME", "")).connection(_ask_nobody)

    theirs = _official(flags, environ)
    if case.official:
        assert theirs != _comparable(ours)
    else:
        assert theirs == _comparable(ours)


def _official(flags: ClusterFlags, environ: Mapping[str, str]) -> dict[str, Any] | str:
    from kubernetes import client, config

    theirs = client.Configuration()
    path = flags.kubeconfig or environ["KUBECONFIG"] or f"{environ['HOME']}/.kube/config"
    try:
        config.load_kube_config(path, flags.context or None, client_configuration=theirs, persist_config=False)
    except Exception as error:  # noqa: BLE001 - any failure is a difference, whose reason the case gives
        return str(error)
    return {
        "server": theirs.host,
        "insecure": not theirs.verify_ssl,
        "server name": theirs.tls_server_name or "",
        "authority": _content(theirs.ssl_ca_cert),
        "token": theirs.api_key.get("authorization", "").removeprefix("Bearer ").strip(),
        "certificate": _content(theirs.cert_file),
        "key": _content(theirs.key_file),
    }


def _comparable(ours: Connection) -> dict[str, Any]:
    return {
        "server": ours.server,
        "insecure": ours.insecure,
        "server name": ours.server_name,
        "authority": _content(ours.certificate_authority, ours.certificate_authority_data),
        "token": ours.token.strip(),
        "certificate": _content(ours.client_certificate, ours.client_certificate_data),
        "key": _content(ours.client_key, ours.client_key_data),
    }


def _content(path: str | None, data: bytes = b"") -> bytes:
    if data or not path:
        return data
    with open(path, "rb") as file:
        return file.read()


_WORDS = st.sampled_from(
    ["a", "b", "y", "yes", "0x1", "1e3", "1_0", "2001-01-01", "~", "", "x: #y", "é", "- a", "<<"]
) | st.text(max_size=4)
_NAMES = st.sampled_from(["a", "on", "é: x"])
_VERSIONS = st.sampled_from(["v1", "v1beta1", "v1alpha1", "v2"]).map("client.authentication.k8s.io/{}".format)


def _some(required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = {name.replace("_", "-"): strategy for name, strategy in optional.items()}
    return st.fixed_dictionaries(required, optional=named)


def _named(field: str, entry: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = st.fixed_dictionaries({"name": _NAMES, field: entry})
    return st.lists(named, min_size=1, max_size=3, unique_by=lambda item: item["name"]) | st.none()


_CLUSTER = _some(
    {"server": st.sampled_from(["https://127.0.0.1:1", "https://127.0.0.1:1/p?q"])},
    tls_server_name=_WORDS,
    insecure_skip_tls_verify=st.booleans(),
    certificate_authority=st.sampled_from(["ca", "./ca", "", "nope"]),
    certificate_authority_data=st.sampled_from(["", "Y2E=", "Y2E"]),
    disable_compression=st.booleans(),
    extensions=st.lists(
        st.fixed_dictionaries({"name": st.just("client.authentication.k8s.io/exec"), "extension": _WORDS}), max_size=1
    ),
)
_IMPERSONATION: dict[str, st.SearchStrategy[Any]] = {
    "as": _WORDS,
    "as_groups": st.lists(_WORDS, max_size=2),
    "as_user_extra": st.dictionaries(_WORDS, st.lists(_WORDS, max_size=2) | st.none(), max_size=2),
}
_USER = (
    _some({}, token=_WORDS, tokenFile=st.just("t"), **_IMPERSONATION)
    | _some({"username": _WORDS}, password=_WORDS)
    | _some({"client-certificate-data": st.just("Y2VydA==")}, client_key_data=st.just("a2V5"), client_key=st.just("t"))
    | st.fixed_dictionaries(
        {
            "exec": _some(
                {"apiVersion": _VERSIONS, "command": st.sampled_from(["svc-login", "./login", "../x/login", ""])},
                args=st.lists(_WORDS | st.none(), max_size=2),
                env=st.lists(st.fixed_dictionaries({"name": _WORDS, "value": _WORDS}), max_size=2),
                installHint=st.sampled_from(["", "get it"]),
                provideClusterInfo=st.booleans(),
                interactiveMode=st.sampled_from(["Never", "IfAvailable", "Sometimes", ""]),
            )
        }
    )
)
_FILE = _some(
    {},
    clusters=_named("cluster", _CLUSTER),
    users=_named("user", _USER),
    contexts=_named(
        "context", st.fixed_dictionaries({"cluster": _NAMES, "user": _NAMES}, optional={"namespace": _WORDS})
    ),
    current_context=_NAMES,
)
# yaml.dump leaves words plain that go-yaml takes for something else: both must then refuse them alike.
_WRITERS = st.sampled_from(
    [
        yaml.safe_dump,
        lambda file: yaml.safe_dump(file, default_flow_style=True, allow_unicode=True, width=40),
        lambda file: json.dumps(file, ensure_ascii=False),
        lambda file: json.dumps(file, indent=2),
    ]
)


@hypothesis.given(
    written=st.lists(st.tuples(_FILE, _WRITERS), min_size=1, max_size=3), context=st.sampled_from(["", "a", "on"])
)
@hypothesis.settings(max_examples=40)
def test_generated_kubeconfigs(
    written: list[tuple[dict[str, Any], Any]],
    context: str,
    programs: Programs,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Merged files are read as `kubectl config view` reads them; where one refuses, both commands say the same."""
    folder = tmp_path_factory.mktemp("generated")
    for name in ("ca", "t"):
        (folder / name).write_text(name)
    for number, (file, write) in enumerate(written):
        (folder / str(number)).write_text(write(file), encoding="utf-8")
    environ = {"KUBECONFIG": os.pathsep.join(str(folder / str(number)) for number in range(len(written)))}
    flags = ClusterFlags(context=context)
    view = _view(programs, flags, environ)
    try:
        ours: dict[str, Any] | None = _reading(Kubeconfig(flags, environ, ""))
    except SvcError:
        ours = None

    if ours is not None and view is not None:
        assert ours == _as_used(view, Case(id="generated"), folder)
    else:
        words = ["deployment", "x", *([f"--context={context}"] if context else [])]
        assert run_svc(words, environ, folder) == run_kubectl(programs.kubectl, words, environ, folder)
