"""The fields that are read of custom resources, in the words of `go_types`, as their authors' Go types have them.

Only what a Service is derived from. Where authors gave several structs one name, the group's first word stands before
it. Source: openshift/api apps/v1, argo-rollouts and openkruise API types.
"""

from __future__ import annotations

STRUCTS = {
    "DeploymentConfig": "metadata:ObjectMeta spec:DeploymentConfigSpec",
    "DeploymentConfigSpec": "selector:{map[string]string}string template:PodTemplateSpec?",
    "Rollout": "metadata:ObjectMeta spec:RolloutSpec",
    "RolloutSpec": "selector:LabelSelector? template:PodTemplateSpec workloadRef:ObjectRef?",
    "ObjectRef": "apiVersion:string kind:string name:string",
    "CloneSet": "metadata:ObjectMeta spec:CloneSetSpec",
    "CloneSetSpec": "selector:LabelSelector? template:PodTemplateSpec",
    "kruise.StatefulSet": "metadata:ObjectMeta spec:kruise.StatefulSetSpec",
    "kruise.StatefulSetSpec": (
        "replicas:int32? selector:LabelSelector? template:PodTemplateSpec serviceName:string "
        "ordinals:StatefulSetOrdinals? reserveOrdinals:[]intstr"
    ),
    "knative.Service": "metadata:ObjectMeta",
}
