"""The fields that are read of custom resources, in the words of `go_types`, as their authors' Go types have them.

Only what a Service is derived from. Where authors gave several structs one name, the group's first word stands before
it. Source: kubevirt.io/api core/v1 (portRanges: since 1.9, kubevirt/enhancements 168) and pool/v1beta1, openshift/api
apps/v1, argo-rollouts and openkruise API types.
"""

from __future__ import annotations

STRUCTS = {
    "VirtualMachine": "metadata:ObjectMeta spec:VirtualMachineSpec",
    "VirtualMachineStatus": "printableStatus:string",
    "VirtualMachineSpec": "template:VirtualMachineInstanceTemplateSpec?",
    "VirtualMachineInstanceTemplateSpec": "metadata:ObjectMeta spec:VirtualMachineInstanceSpec",
    "VirtualMachineInstance": "metadata:ObjectMeta spec:VirtualMachineInstanceSpec",
    "VirtualMachineInstanceSpec": "domain:DomainSpec networks:[]Network hostname:string",
    "DomainSpec": "devices:Devices",
    "Devices": "interfaces:[]Interface autoattachPodInterface:bool?",
    "Interface": "name:string masquerade:raw? ports:[]kubevirt.Port portRanges:[]kubevirt.PortRange",
    "kubevirt.Port": "name:string protocol:string port:int32",
    "kubevirt.PortRange": "protocol:string start:int32 end:int32",
    "Network": "name:string pod:raw?",
    "VirtualMachineInstanceReplicaSet": "metadata:ObjectMeta spec:VirtualMachineInstanceReplicaSetSpec",
    "VirtualMachineInstanceReplicaSetSpec": "selector:LabelSelector? template:VirtualMachineInstanceTemplateSpec?",
    "VirtualMachinePool": "metadata:ObjectMeta spec:VirtualMachinePoolSpec",
    "VirtualMachinePoolSpec": "selector:LabelSelector? virtualMachineTemplate:VirtualMachineTemplateSpec?",
    "VirtualMachineTemplateSpec": "metadata:ObjectMeta spec:VirtualMachineSpec",
    "KubeVirt": "metadata:ObjectMeta status:KubeVirtStatus",
    "KubeVirtStatus": "observedKubeVirtVersion:string",
    "DeploymentConfig": "metadata:ObjectMeta spec:DeploymentConfigSpec",
    "DeploymentConfigSpec": "replicas:int32? selector:{map[string]string}string template:PodTemplateSpec?",
    "Rollout": "metadata:ObjectMeta spec:RolloutSpec",
    "RolloutSpec": "replicas:int32? selector:LabelSelector? template:PodTemplateSpec workloadRef:ObjectRef?",
    "ObjectRef": "apiVersion:string kind:string name:string",
    "CloneSet": "metadata:ObjectMeta spec:CloneSetSpec",
    "CloneSetSpec": "replicas:int32? selector:LabelSelector? template:PodTemplateSpec",
    "kruise.StatefulSet": "metadata:ObjectMeta spec:kruise.StatefulSetSpec",
    "kruise.StatefulSetSpec": (
        "replicas:int32? selector:LabelSelector? template:PodTemplateSpec serviceName:string "
        "ordinals:StatefulSetOrdinals? reserveOrdinals:[]intstr"
    ),
    "kruise.DaemonSet": "metadata:ObjectMeta spec:kruise.DaemonSetSpec",
    "kruise.DaemonSetSpec": "selector:LabelSelector? template:PodTemplateSpec",
    "knative.Service": "metadata:ObjectMeta",
}
