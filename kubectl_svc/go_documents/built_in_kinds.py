"""The kinds that kubectl knows besides those that can be exposed, and which of them a server still has.

From the scheme of kubectl 1.36.4 (`k8s.io/kubectl/pkg/scheme`) and the discovery of kube-apiserver 1.36.4. A kind with
a `+` has a list kind too. `List` itself and the kinds of exposable objects are `go_documents.typed`'s.
"""

from __future__ import annotations

_SERVED = {
    "admissionregistration.k8s.io/v1": (
        "MutatingAdmissionPolicy+ MutatingAdmissionPolicyBinding+ MutatingWebhookConfiguration+ "
        "ValidatingAdmissionPolicy+ ValidatingAdmissionPolicyBinding+ ValidatingWebhookConfiguration+"
    ),
    "apps/v1": "ControllerRevision+ DaemonSet+ Deployment+ ReplicaSet+ StatefulSet+",
    "authentication.k8s.io/v1": "SelfSubjectReview TokenReview",
    "authorization.k8s.io/v1": (
        "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview"
    ),
    "autoscaling/v1": "HorizontalPodAutoscaler+",
    "autoscaling/v2": "HorizontalPodAutoscaler+",
    "batch/v1": "CronJob+ Job+",
    "certificates.k8s.io/v1": "CertificateSigningRequest+",
    "coordination.k8s.io/v1": "Lease+",
    "discovery.k8s.io/v1": "EndpointSlice+",
    "events.k8s.io/v1": "Event+",
    "flowcontrol.apiserver.k8s.io/v1": "FlowSchema+ PriorityLevelConfiguration+",
    "networking.k8s.io/v1": "IPAddress+ Ingress+ IngressClass+ NetworkPolicy+ ServiceCIDR+",
    "node.k8s.io/v1": "RuntimeClass+",
    "policy/v1": "PodDisruptionBudget+",
    "rbac.authorization.k8s.io/v1": "ClusterRole+ ClusterRoleBinding+ Role+ RoleBinding+",
    "resource.k8s.io/v1": "DeviceClass+ ResourceClaim+ ResourceClaimTemplate+ ResourceSlice+",
    "scheduling.k8s.io/v1": "PriorityClass+",
    "storage.k8s.io/v1": (
        "CSIDriver+ CSINode+ CSIStorageCapacity+ StorageClass+ VolumeAttachment+ VolumeAttributesClass+"
    ),
    "v1": (
        "Binding ComponentStatus+ ConfigMap+ Endpoints+ Event+ LimitRange+ Namespace+ Node+ PersistentVolume+ "
        "PersistentVolumeClaim+ Pod+ PodTemplate+ ReplicationController+ ResourceQuota+ Secret+ Service+ "
        "ServiceAccount+"
    ),
}
_NOT_SERVED = {
    "admissionregistration.k8s.io/v1alpha1": (
        "MutatingAdmissionPolicy+ MutatingAdmissionPolicyBinding+ ValidatingAdmissionPolicy+ "
        "ValidatingAdmissionPolicyBinding+"
    ),
    "admissionregistration.k8s.io/v1beta1": (
        "MutatingAdmissionPolicy+ MutatingAdmissionPolicyBinding+ MutatingWebhookConfiguration+ "
        "ValidatingAdmissionPolicy+ ValidatingAdmissionPolicyBinding+ ValidatingWebhookConfiguration+"
    ),
    "apps/v1beta1": "ControllerRevision+ Deployment+ DeploymentRollback Scale StatefulSet+",
    "apps/v1beta2": "ControllerRevision+ DaemonSet+ Deployment+ ReplicaSet+ Scale StatefulSet+",
    "authentication.k8s.io/v1": "TokenRequest",
    "authentication.k8s.io/v1alpha1": "SelfSubjectReview",
    "authentication.k8s.io/v1beta1": "SelfSubjectReview TokenReview",
    "authorization.k8s.io/v1beta1": (
        "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview"
    ),
    "autoscaling/v1": "Scale",
    "batch/v1beta1": "CronJob+",
    "certificates.k8s.io/v1alpha1": "ClusterTrustBundle+",
    "certificates.k8s.io/v1beta1": "CertificateSigningRequest+ ClusterTrustBundle+ PodCertificateRequest+",
    "coordination.k8s.io/v1alpha2": "LeaseCandidate+",
    "coordination.k8s.io/v1beta1": "Lease+ LeaseCandidate+",
    "discovery.k8s.io/v1beta1": "EndpointSlice+",
    "events.k8s.io/v1beta1": "Event+",
    "extensions/v1beta1": "DaemonSet+ Deployment+ DeploymentRollback Ingress+ NetworkPolicy+ ReplicaSet+ Scale",
    "flowcontrol.apiserver.k8s.io/v1beta1": "FlowSchema+ PriorityLevelConfiguration+",
    "flowcontrol.apiserver.k8s.io/v1beta2": "FlowSchema+ PriorityLevelConfiguration+",
    "flowcontrol.apiserver.k8s.io/v1beta3": "FlowSchema+ PriorityLevelConfiguration+",
    "internal.apiserver.k8s.io/v1alpha1": "StorageVersion+",
    "networking.k8s.io/v1beta1": "IPAddress+ Ingress+ IngressClass+ ServiceCIDR+",
    "node.k8s.io/v1alpha1": "RuntimeClass+",
    "node.k8s.io/v1beta1": "RuntimeClass+",
    "policy/v1": "Eviction",
    "policy/v1beta1": "Eviction PodDisruptionBudget+",
    "rbac.authorization.k8s.io/v1alpha1": "ClusterRole+ ClusterRoleBinding+ Role+ RoleBinding+",
    "rbac.authorization.k8s.io/v1beta1": "ClusterRole+ ClusterRoleBinding+ Role+ RoleBinding+",
    "resource.k8s.io/v1alpha3": "DeviceTaintRule+ ResourcePoolStatusRequest+",
    "resource.k8s.io/v1beta1": "DeviceClass+ ResourceClaim+ ResourceClaimTemplate+ ResourceSlice+",
    "resource.k8s.io/v1beta2": "DeviceClass+ DeviceTaintRule+ ResourceClaim+ ResourceClaimTemplate+ ResourceSlice+",
    "scheduling.k8s.io/v1alpha2": "PodGroup+ Workload+",
    "scheduling.k8s.io/v1beta1": "PriorityClass+",
    "storage.k8s.io/v1alpha1": "CSIStorageCapacity+ VolumeAttachment+ VolumeAttributesClass+",
    "storage.k8s.io/v1beta1": (
        "CSIDriver+ CSINode+ CSIStorageCapacity+ StorageClass+ VolumeAttachment+ VolumeAttributesClass+"
    ),
    "storagemigration.k8s.io/v1beta1": "StorageVersionMigration+",
    "v1": (
        "APIGroup+ APIResourceList APIVersions NodeProxyOptions PodAttachOptions PodExecOptions PodLogOptions "
        "PodPortForwardOptions PodProxyOptions PodStatusResult RangeAllocation SerializedReference "
        "ServiceProxyOptions Status"
    ),
}
# Registered in every group and version, and resources in none.
_OPTIONS = "CreateOptions DeleteOptions GetOptions ListOptions PatchOptions UpdateOptions WatchEvent"


def is_registered(api_version: str, kind: str) -> bool:
    """Whether kubectl knows the kind in that group and version."""
    if is_served(api_version, kind):
        return True
    known = _NOT_SERVED.get(api_version, "").split()
    return _among(known, kind) or (kind in _OPTIONS.split() and (api_version in _SERVED or api_version in _NOT_SERVED))


def is_served(api_version: str, kind: str) -> bool:
    """Whether a server has the kind in that group and version."""
    return _among(_SERVED.get(api_version, "").split(), kind)


def is_foreign(api_version: str) -> bool:
    """Whether the group is another project's: one with a dot, as those of custom resources have, and none of kubectl's.

    What has a group of kubectl's is a misspelt kind or version.
    """
    group, slash, _ = api_version.partition("/")
    known = {known.partition("/")[0] for known in (*_SERVED, *_NOT_SERVED)}
    return bool(slash) and "." in group and group not in known


def has_items(kind: str) -> bool:
    """Whether a registered kind is the list of another."""
    return kind.endswith("List") and kind not in ("APIGroupList", "APIResourceList")


def _among(known: list[str], kind: str) -> bool:
    return kind in known or f"{kind.removesuffix('List')}+" in known
