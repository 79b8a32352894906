"""What a server allots beside what a command says, in lists that are one value for an apply."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.ownership.field_managers import FieldManager

_DUAL_STACK = ("PreferDualStack", "RequireDualStack")


def with_allotted(config: Mapping[str, Any], live: Mapping[str, Any], applier: FieldManager) -> Mapping[str, Any]:
    """The Service that is to be applied, with the second address and family that the live one got for its policy.

    Where the policy asks for two and the command names one, saying that one again would be to give up the other, which
    no server takes. A policy stays unless it is the applier's and not said again.
    Source: KEP-563; kubernetes pkg/registry/core/service/storage/alloc.go (`initIPFamilyFields`).
    """
    spec, has = config["spec"], live["spec"]
    left = "" if "f:ipFamilyPolicy" in applier.spec else has.get("ipFamilyPolicy")
    if spec.get("ipFamilyPolicy", left) not in _DUAL_STACK:
        return config
    whole = {
        name: has[name]
        for name in ("clusterIPs", "ipFamilies")
        if name in spec and (has.get(name) or [])[: len(spec[name])] == spec[name]
    }
    return {**config, "spec": {**spec, **whole}}
