"""What a credential plugin may print: kubectl and we take the same, and refuse the same in the same words."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access.plugins import (
    V1,
    V1BETA1,
    both,
    certificate_fields,
    credential,
    exec_user,
    printing,
    unreachable_kubeconfig,
    write_plugin,
)
from tests.access.servers import Authority
from tests.go_values import fields_of, values_of
from tests.svc import svc
from tests.trust.watch import TOKEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tests.control_plane.build import Programs

_AUTHORITY = Authority()
_PAIR = certificate_fields(_AUTHORITY.issue("jane"))
_CERTIFICATE, _KEY = _PAIR["clientCertificateData"], _PAIR["clientKeyData"]
_OTHER_KEY = certificate_fields(_AUTHORITY.issue("jane"))["clientKeyData"]


def _with_cluster(cluster: Any) -> str:
    """What a plugin prints that says this of the cluster."""
    return json.dumps({**json.loads(credential(token=TOKEN)), "spec": {"cluster": cluster}})


PRINTED = {
    "nothing": "",
    "space": " \n",
    "text": "Please log in",
    "null": "null",
    "list": "[]",
    "brace": "{",
    "cut": f'{{"apiVersion": "{V1}", "status": {{"token": "{TOKEN}"',
    "comma": '{"a": 1,}',
    "two documents": credential(token=TOKEN) + credential(token=TOKEN),
    "not a number": '{"a": NaN}',
    "empty object": "{}",
    "another kind": '{"apiVersion": "v1", "kind": "Pod"}',
    "another kind of the group": f'{{"apiVersion": "{V1}", "kind": "Pod"}}',
    "no kind": f'{{"apiVersion": "{V1}", "status": {{"token": "{TOKEN}"}}}}',
    "no version": f'{{"kind": "ExecCredential", "status": {{"token": "{TOKEN}"}}}}',
    "number as version": '{"apiVersion": 3}',
    "strange version": '{"apiVersion": "a/b/c", "kind": "ExecCredential"}',
    "v1alpha1": credential("client.authentication.k8s.io/v1alpha1", token=TOKEN),
    "v1beta1": credential(V1BETA1, token=TOKEN),
    "no status": f'{{"apiVersion": "{V1}", "kind": "ExecCredential"}}',
    "null status": f'{{"apiVersion": "{V1}", "kind": "ExecCredential", "status": null}}',
    "list as status": f'{{"apiVersion": "{V1}", "kind": "ExecCredential", "status": []}}',
    "text as spec": f'{{"apiVersion": "{V1}", "kind": "ExecCredential", "spec": "x"}}',
    "text as interactive": f'{{"apiVersion": "{V1}", "kind": "ExecCredential", "spec": {{"interactive": "x"}}}}',
    "text as cluster": _with_cluster("x"),
    "number as server": _with_cluster({"server": 17}),
    "text as CA": _with_cluster({"certificate-authority-data": "no base64"}),
    "numbers as CA": _with_cluster({"certificate-authority-data": [65, 256]}),
    "bytes as CA": _with_cluster({"certificate-authority-data": [65, 255], "config": [1]}),
    "names in capitals": f'{{"APIVERSION": "{V1}", "Kind": "ExecCredential", "status": {{"token": "{TOKEN}"}}}}',
    "status in capitals": f'{{"apiVersion": "{V1}", "kind": "ExecCredential", "STATUS": {{"token": "{TOKEN}"}}}}',
    "empty status": credential(),
    "empty token": credential(token=""),
    "number as token": credential(token=17),
    "null token": credential(token=None),
    "token": credential(token=TOKEN),
    "unknown fields": credential(token=TOKEN, more={"a": 1}),
    "token in YAML": f"apiVersion: {V1}\nkind: ExecCredential\nstatus:\n  token: {TOKEN}\n",
    "list as status in YAML": f"apiVersion: {V1}\nkind: ExecCredential\nstatus:\n- token: {TOKEN}\n",
    "broken YAML": "a: b: c",
    "wrong tag in YAML": f"apiVersion: {V1}\nkind: ExecCredential\nstatus: {{token: !!int {TOKEN}}}\n",
    "certificate alone": credential(clientCertificateData=_CERTIFICATE),
    "key alone": credential(clientKeyData=_KEY),
    "token and key": credential(token=TOKEN, clientKeyData=_KEY),
    "certificate": credential(clientCertificateData=_CERTIFICATE, clientKeyData=_KEY),
    "certificate and token": credential(token=TOKEN, clientCertificateData=_CERTIFICATE, clientKeyData=_KEY),
    "another's key": credential(clientCertificateData=_CERTIFICATE, clientKeyData=_OTHER_KEY),
    "no PEM": credential(clientCertificateData="x", clientKeyData="y"),
    "no PEM key": credential(clientCertificateData=_CERTIFICATE, clientKeyData="y"),
    "future": credential(token=TOKEN, expirationTimestamp="2999-01-31T12:00:00.5+02:00"),
    "null expiry": credential(token=TOKEN, expirationTimestamp=None),
    "number as expiry": credential(token=TOKEN, expirationTimestamp=17),
    "empty expiry": credential(token=TOKEN, expirationTimestamp=""),
    "no time": credential(token=TOKEN, expirationTimestamp="soon"),
    "no day": credential(token=TOKEN, expirationTimestamp="2026-02-30T12:00:00Z"),
}
# Where kubectl's sentence repeats what came, or names Go's types, ours is shorter.
_OWN_WORDS = {"another's key", "wrong tag in YAML"}


@pytest.mark.parametrize("name", PRINTED)
def test_output_is_read_the_same(name: str, programs: Programs, tmp_path: Path) -> None:
    """What kubectl takes, we take, and what it refuses, we refuse, in its words; no secret is repeated."""
    user = exec_user(write_plugin(tmp_path), env=[{"name": "OUT", "value": PRINTED[name]}])
    theirs, ours = both(programs.kubectl, unreachable_kubeconfig(tmp_path, user), tmp_path)

    assert ours.code == theirs.code == 1
    assert ours.runs == 1
    if name in _OWN_WORDS:
        cut = len("Unable to connect to the server: getting credentials: failed")
        assert [line[:cut] for line in ours.errors] == [line[:cut] for line in theirs.errors]
    else:
        assert ours.errors == theirs.errors


@st.composite
def _documents(draw: st.DrawFn) -> dict[str, Any]:
    fields = fields_of("ExecCredential")
    name = draw(st.sampled_from(sorted(fields)))
    status = {"status": {"token": TOKEN}}
    return {"apiVersion": V1, "kind": "ExecCredential", **status, name: draw(values_of(fields[name]))}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(document=_documents())
def test_a_wrong_type_is_refused_in_the_same_words(
    document: dict[str, Any], programs: Programs, tmp_path: Path
) -> None:
    """Wherever it stands; what is right is used."""
    user = exec_user(write_plugin(tmp_path), env=[{"name": "OUT", "value": json.dumps(document)}])
    theirs, ours = both(programs.kubectl, unreachable_kubeconfig(tmp_path, user), tmp_path)

    assert (ours.code, ours.errors) == (theirs.code, theirs.errors)


def test_unstoppable_nesting_is_one_sentence(tmp_path: Path) -> None:
    """A document nested beyond measure is refused, not a crash."""
    plugin = printing(tmp_path, '{"a":' * 20000)
    done = svc("expose", "deploy", "web", kubeconfig=unreachable_kubeconfig(tmp_path, exec_user(plugin)))

    assert done.stderr.startswith("Unable to connect to the server: getting credentials: decoding stdout: ")
    assert done.stderr.count("\n") == 1
