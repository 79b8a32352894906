"""`--overrides`: the last change to a Service before it is recorded, printed or sent.

Source: kubectl pkg/cmd/util/override_options.go and helpers.go (`Merge`, `JSONPatch`, `StrategicMerge`); what comes
out is decoded as apimachinery's `UniversalDecoder` does.
"""

from __future__ import annotations

import os

from kubectl_svc.errors import SvcError
from kubectl_svc.go_documents import TOO_DEEP, read_json
from kubectl_svc.go_documents.typed import read_type_meta, unknown_kind
from kubectl_svc.go_service import as_service
from kubectl_svc.json_patch import apply_patch
from kubectl_svc.kubectl import Kubectl
from kubectl_svc.output.go_json import encode_compact
from kubectl_svc.overrides import merge, strategic_patch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.request import OverrideOptions

_NO_KIND = "Object 'Kind' is missing in '"


class Overrider:
    """The fragment of `--overrides`, ready to change one Service after the other."""

    def __init__(self, options: OverrideOptions, environ: Mapping[str, str]) -> None:
        self._fragment = options.fragment
        self._type = options.type or "merge"
        self._environ = environ

    def apply(self, service: Mapping[str, Any]) -> dict[str, Any]:
        """The Service changed, as `go_service.as_service` gives it; the one that came stays as it is.

        Raises SvcError in kubectl's words for a type of override that there is not, a fragment that cannot be applied,
        and a result that kubectl cannot read; in ours for a result that is no Service.
        """
        try:
            return _decode(self._changed(as_service(service)))
        except RecursionError:
            raise SvcError(f"--overrides is {TOO_DEEP}") from None
        except ValueError as error:
            raise SvcError(str(error)) from None

    def _changed(self, document: dict[str, Any]) -> Any:
        if self._type == "merge":
            return merge(document, self._fragment)
        if self._type == "json":
            return apply_patch(document, self._fragment)
        if self._type == "strategic":
            return self._strategically_merged(document, strategic_patch(self._fragment))
        raise ValueError(f"invalid override type: {self._type}")

    def _strategically_merged(self, document: Mapping[str, Any], patch: str) -> Any:
        """The document as kubectl merges it, without a cluster or a kubeconfig."""
        kubectl = Kubectl(self._environ, "strategic overrides are applied")
        words = ("patch", "--local", "-f", "-", "--type=strategic", "-p", patch)
        whole = ("-o", "json", "--show-managed-fields", "--kubeconfig", os.devnull)
        outcome = kubectl.run(*words, *whole, stdin=encode_compact(document).encode())
        if not outcome.failure:
            return read_json(outcome.output.decode())
        # kubectl patch wants a kind of what it merged, which it repeats; what is wrong with the kind, _decode says.
        before, found, merged = str(outcome.failure).partition(_NO_KIND)
        if before or not found:
            raise outcome.failure
        return read_json(merged.removesuffix("'"))


def _decode(document: Any) -> dict[str, Any]:
    api_version, kind = read_type_meta(document, lambda: encode_compact(document).removesuffix("\n"))
    unknown = unknown_kind(api_version, kind)
    if unknown:
        raise ValueError(unknown)
    if (api_version, kind) != ("v1", "Service"):
        raise ValueError(f"--overrides makes a {kind} of {api_version}, and this command makes Services only")
    # The group of `/v1` is empty, as that of `v1` is.
    return {**as_service(document), "kind": kind, "apiVersion": api_version}
