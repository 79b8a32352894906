"""The Go structs that kubectl 1.36 decodes into: of what can be exposed and what is around it, kubeconfigs and plugins.

Printed by tests/tools/gotypes, which walks the real types; read by go_structs.

Each field of a struct, in the struct's order, is NAME:TYPE and its marks. Before the name of an embedded struct's field
stand that struct's own name and a dot.

TYPE  string int32 int64 bool, intstr (IntOrString), time (metav1.Time), bytes, raw (JSON that is not looked into),
      =NAME (a string type), []ITEM, {NAME}VALUE (a map with strings for keys), or a struct
?     a pointer: zero is not the same as none
!     Go writes it even when it is empty

clientauthentication.Cluster is the Cluster of an ExecCredential; Go has that name for a kubeconfig's as well.
"""

from __future__ import annotations

STRUCTS = {
    "AWSElasticBlockStoreVolumeSource": "volumeID:string! fsType:string partition:int32 readOnly:bool",
    "Affinity": "nodeAffinity:NodeAffinity? podAffinity:PodAffinity? podAntiAffinity:PodAntiAffinity?",
    "AppArmorProfile": "type:=v1.AppArmorProfileType! localhostProfile:string?",
    "AttachedVolume": "name:=v1.UniqueVolumeName! devicePath:string!",
    "AuthInfo": (
        "client-certificate:string client-certificate-data:bytes client-key:string client-key-data:bytes token:string "
        "tokenFile:string as:string as-uid:string as-groups:[]string as-user-extra:{map[string][]string}[]string "
        "username:string password:string auth-provider:AuthProviderConfig? exec:ExecConfig? "
        "extensions:[]NamedExtension"
    ),
    "AuthProviderConfig": "name:string! config:{map[string]string}string!",
    "AzureDiskVolumeSource": (
        "diskName:string! diskURI:string! cachingMode:=v1.AzureDataDiskCachingMode? fsType:string? readOnly:bool? "
        "kind:=v1.AzureDataDiskKind?"
    ),
    "AzureFileVolumeSource": "secretName:string! shareName:string! readOnly:bool",
    "CSIVolumeSource": (
        "driver:string! readOnly:bool? fsType:string? volumeAttributes:{map[string]string}string "
        "nodePublishSecretRef:LocalObjectReference?"
    ),
    "Capabilities": "add:[]=v1.Capability drop:[]=v1.Capability",
    "CephFSVolumeSource": (
        "monitors:[]string! path:string user:string secretFile:string secretRef:LocalObjectReference? readOnly:bool"
    ),
    "CinderVolumeSource": "volumeID:string! fsType:string readOnly:bool secretRef:LocalObjectReference?",
    "ClientIPConfig": "timeoutSeconds:int32?",
    "Cluster": (
        "server:string! tls-server-name:string insecure-skip-tls-verify:bool certificate-authority:string "
        "certificate-authority-data:bytes proxy-url:string disable-compression:bool extensions:[]NamedExtension"
    ),
    "ClusterTrustBundleProjection": (
        "name:string? signerName:string? labelSelector:LabelSelector? optional:bool? path:string!"
    ),
    "Condition": (
        "type:string! status:=v1.ConditionStatus! observedGeneration:int64 lastTransitionTime:time! reason:string! "
        "message:string!"
    ),
    "Config": (
        "kind:string apiVersion:string preferences:Preferences clusters:[]NamedCluster! users:[]NamedAuthInfo! "
        "contexts:[]NamedContext! current-context:string! extensions:[]NamedExtension"
    ),
    "ConfigMapEnvSource": "LocalObjectReference.name:string optional:bool?",
    "ConfigMapKeySelector": "LocalObjectReference.name:string key:string! optional:bool?",
    "ConfigMapNodeConfigSource": (
        "namespace:string! name:string! uid:=types.UID resourceVersion:string kubeletConfigKey:string!"
    ),
    "ConfigMapProjection": "LocalObjectReference.name:string items:[]KeyToPath optional:bool?",
    "ConfigMapVolumeSource": "LocalObjectReference.name:string items:[]KeyToPath defaultMode:int32? optional:bool?",
    "Container": (
        "name:string! image:string command:[]string args:[]string workingDir:string ports:[]ContainerPort "
        "envFrom:[]EnvFromSource env:[]EnvVar resources:ResourceRequirements! resizePolicy:[]ContainerResizePolicy "
        "restartPolicy:=v1.ContainerRestartPolicy? restartPolicyRules:[]ContainerRestartRule "
        "volumeMounts:[]VolumeMount volumeDevices:[]VolumeDevice livenessProbe:Probe? readinessProbe:Probe? "
        "startupProbe:Probe? lifecycle:Lifecycle? terminationMessagePath:string "
        "terminationMessagePolicy:=v1.TerminationMessagePolicy imagePullPolicy:=v1.PullPolicy "
        "securityContext:SecurityContext? stdin:bool stdinOnce:bool tty:bool"
    ),
    "ContainerExtendedResourceRequest": "containerName:string! resourceName:string! requestName:string!",
    "ContainerImage": "names:[]string! sizeBytes:int64",
    "ContainerPort": "name:string hostPort:int32 containerPort:int32! protocol:=v1.Protocol hostIP:string",
    "ContainerResizePolicy": "resourceName:=v1.ResourceName! restartPolicy:=v1.ResourceResizeRestartPolicy!",
    "ContainerRestartRule": "action:=v1.ContainerRestartRuleAction exitCodes:ContainerRestartRuleOnExitCodes?",
    "ContainerRestartRuleOnExitCodes": "operator:=v1.ContainerRestartRuleOnExitCodesOperator values:[]int32",
    "ContainerState": (
        "waiting:ContainerStateWaiting? running:ContainerStateRunning? terminated:ContainerStateTerminated?"
    ),
    "ContainerStateRunning": "startedAt:time!",
    "ContainerStateTerminated": (
        "exitCode:int32! signal:int32 reason:string message:string startedAt:time! finishedAt:time! containerID:string"
    ),
    "ContainerStateWaiting": "reason:string message:string",
    "ContainerStatus": (
        "name:string! state:ContainerState! lastState:ContainerState! ready:bool! restartCount:int32! image:string! "
        "imageID:string! containerID:string started:bool? allocatedResources:{v1.ResourceList}raw "
        "resources:ResourceRequirements? volumeMounts:[]VolumeMountStatus user:ContainerUser? "
        "allocatedResourcesStatus:[]ResourceStatus stopSignal:=v1.Signal?"
    ),
    "ContainerUser": "linux:LinuxContainerUser?",
    "Context": "cluster:string! user:string! namespace:string extensions:[]NamedExtension",
    "CronJob": "metadata:ObjectMeta! spec:CronJobSpec! status:CronJobStatus!",
    "CronJobSpec": (
        "schedule:string! timeZone:string? startingDeadlineSeconds:int64? concurrencyPolicy:=v1.ConcurrencyPolicy "
        "suspend:bool? jobTemplate:JobTemplateSpec! successfulJobsHistoryLimit:int32? failedJobsHistoryLimit:int32?"
    ),
    "CronJobStatus": "active:[]ObjectReference lastScheduleTime:time? lastSuccessfulTime:time?",
    "DaemonEndpoint": "Port:int32!",
    "DaemonSet": "metadata:ObjectMeta! spec:DaemonSetSpec! status:DaemonSetStatus!",
    "DaemonSetCondition": (
        "type:=v1.DaemonSetConditionType! status:=v1.ConditionStatus! lastTransitionTime:time! reason:string "
        "message:string"
    ),
    "DaemonSetSpec": (
        "selector:LabelSelector?! template:PodTemplateSpec! updateStrategy:DaemonSetUpdateStrategy! "
        "minReadySeconds:int32 revisionHistoryLimit:int32?"
    ),
    "DaemonSetStatus": (
        "currentNumberScheduled:int32! numberMisscheduled:int32! desiredNumberScheduled:int32! numberReady:int32! "
        "observedGeneration:int64 updatedNumberScheduled:int32 numberAvailable:int32 numberUnavailable:int32 "
        "collisionCount:int32? conditions:[]DaemonSetCondition"
    ),
    "DaemonSetUpdateStrategy": "type:=v1.DaemonSetUpdateStrategyType rollingUpdate:RollingUpdateDaemonSet?",
    "Deployment": "metadata:ObjectMeta! spec:DeploymentSpec! status:DeploymentStatus!",
    "DeploymentCondition": (
        "type:=v1.DeploymentConditionType! status:=v1.ConditionStatus! lastUpdateTime:time! lastTransitionTime:time! "
        "reason:string message:string"
    ),
    "DeploymentSpec": (
        "replicas:int32? selector:LabelSelector?! template:PodTemplateSpec! strategy:DeploymentStrategy! "
        "minReadySeconds:int32 revisionHistoryLimit:int32? paused:bool progressDeadlineSeconds:int32?"
    ),
    "DeploymentStatus": (
        "observedGeneration:int64 replicas:int32 updatedReplicas:int32 readyReplicas:int32 availableReplicas:int32 "
        "unavailableReplicas:int32 terminatingReplicas:int32? conditions:[]DeploymentCondition collisionCount:int32?"
    ),
    "DeploymentStrategy": "type:=v1.DeploymentStrategyType rollingUpdate:RollingUpdateDeployment?",
    "DownwardAPIProjection": "items:[]DownwardAPIVolumeFile",
    "DownwardAPIVolumeFile": (
        "path:string! fieldRef:ObjectFieldSelector? resourceFieldRef:ResourceFieldSelector? mode:int32?"
    ),
    "DownwardAPIVolumeSource": "items:[]DownwardAPIVolumeFile defaultMode:int32?",
    "EmptyDirVolumeSource": "medium:=v1.StorageMedium sizeLimit:raw?",
    "Endpoint": (
        "addresses:[]string! conditions:EndpointConditions! hostname:string? targetRef:ObjectReference? "
        "deprecatedTopology:{map[string]string}string nodeName:string? zone:string? hints:EndpointHints?"
    ),
    "EndpointConditions": "ready:bool? serving:bool? terminating:bool?",
    "EndpointHints": "forZones:[]ForZone forNodes:[]ForNode",
    "EndpointPort": "name:string? protocol:=v1.Protocol? port:int32? appProtocol:string?",
    "EndpointSlice": "metadata:ObjectMeta! addressType:=v1.AddressType! endpoints:[]Endpoint! ports:[]EndpointPort!",
    "EnvFromSource": "prefix:string configMapRef:ConfigMapEnvSource? secretRef:SecretEnvSource?",
    "EnvVar": "name:string! value:string valueFrom:EnvVarSource?",
    "EnvVarSource": (
        "fieldRef:ObjectFieldSelector? resourceFieldRef:ResourceFieldSelector? configMapKeyRef:ConfigMapKeySelector? "
        "secretKeyRef:SecretKeySelector? fileKeyRef:FileKeySelector?"
    ),
    "EphemeralContainer": (
        "EphemeralContainerCommon.name:string! EphemeralContainerCommon.image:string "
        "EphemeralContainerCommon.command:[]string EphemeralContainerCommon.args:[]string "
        "EphemeralContainerCommon.workingDir:string EphemeralContainerCommon.ports:[]ContainerPort "
        "EphemeralContainerCommon.envFrom:[]EnvFromSource EphemeralContainerCommon.env:[]EnvVar "
        "EphemeralContainerCommon.resources:ResourceRequirements! "
        "EphemeralContainerCommon.resizePolicy:[]ContainerResizePolicy "
        "EphemeralContainerCommon.restartPolicy:=v1.ContainerRestartPolicy? "
        "EphemeralContainerCommon.restartPolicyRules:[]ContainerRestartRule "
        "EphemeralContainerCommon.volumeMounts:[]VolumeMount EphemeralContainerCommon.volumeDevices:[]VolumeDevice "
        "EphemeralContainerCommon.livenessProbe:Probe? EphemeralContainerCommon.readinessProbe:Probe? "
        "EphemeralContainerCommon.startupProbe:Probe? EphemeralContainerCommon.lifecycle:Lifecycle? "
        "EphemeralContainerCommon.terminationMessagePath:string "
        "EphemeralContainerCommon.terminationMessagePolicy:=v1.TerminationMessagePolicy "
        "EphemeralContainerCommon.imagePullPolicy:=v1.PullPolicy "
        "EphemeralContainerCommon.securityContext:SecurityContext? EphemeralContainerCommon.stdin:bool "
        "EphemeralContainerCommon.stdinOnce:bool EphemeralContainerCommon.tty:bool targetContainerName:string"
    ),
    "EphemeralVolumeSource": "volumeClaimTemplate:PersistentVolumeClaimTemplate?",
    "Event": (
        "metadata:ObjectMeta! involvedObject:ObjectReference! reason:string message:string source:EventSource! "
        "firstTimestamp:time! lastTimestamp:time! count:int32 type:string eventTime:time! series:EventSeries? "
        "action:string related:ObjectReference? reportingComponent:string! reportingInstance:string!"
    ),
    "EventSeries": "count:int32 lastObservedTime:time!",
    "EventSource": "component:string host:string",
    "ExecAction": "command:[]string",
    "ExecConfig": (
        "command:string! args:[]string! env:[]ExecEnvVar! apiVersion:string installHint:string "
        "provideClusterInfo:bool! interactiveMode:=v1.ExecInteractiveMode"
    ),
    "ExecCredential": "spec:ExecCredentialSpec! status:ExecCredentialStatus?",
    "ExecCredentialSpec": "cluster:clientauthentication.Cluster? interactive:bool!",
    "ExecCredentialStatus": "expirationTimestamp:time? token:string clientCertificateData:string clientKeyData:string",
    "ExecEnvVar": "name:string! value:string!",
    "FCVolumeSource": "targetWWNs:[]string lun:int32? fsType:string readOnly:bool wwids:[]string",
    "FileKeySelector": "volumeName:string! path:string! key:string! optional:bool?",
    "FlexVolumeSource": (
        "driver:string! fsType:string secretRef:LocalObjectReference? readOnly:bool options:{map[string]string}string"
    ),
    "FlockerVolumeSource": "datasetName:string datasetUUID:string",
    "ForNode": "name:string!",
    "ForZone": "name:string!",
    "GCEPersistentDiskVolumeSource": "pdName:string! fsType:string partition:int32 readOnly:bool",
    "GRPCAction": "port:int32! service:string?!",
    "GitRepoVolumeSource": "repository:string! revision:string directory:string",
    "GlusterfsVolumeSource": "endpoints:string! path:string! readOnly:bool",
    "HTTPGetAction": "path:string port:intstr! host:string scheme:=v1.URIScheme httpHeaders:[]HTTPHeader",
    "HTTPHeader": "name:string! value:string!",
    "HostAlias": "ip:string! hostnames:[]string",
    "HostIP": "ip:string!",
    "HostPathVolumeSource": "path:string! type:=v1.HostPathType?",
    "IPBlock": "cidr:string! except:[]string",
    "ISCSIVolumeSource": (
        "targetPortal:string! iqn:string! lun:int32! iscsiInterface:string fsType:string readOnly:bool "
        "portals:[]string chapAuthDiscovery:bool chapAuthSession:bool secretRef:LocalObjectReference? "
        "initiatorName:string?"
    ),
    "ImageVolumeSource": "reference:string pullPolicy:=v1.PullPolicy",
    "ImageVolumeStatus": "imageRef:string",
    "Job": "metadata:ObjectMeta! spec:JobSpec! status:JobStatus!",
    "JobCondition": (
        "type:=v1.JobConditionType! status:=v1.ConditionStatus! lastProbeTime:time! lastTransitionTime:time! "
        "reason:string message:string"
    ),
    "JobSpec": (
        "parallelism:int32? completions:int32? activeDeadlineSeconds:int64? podFailurePolicy:PodFailurePolicy? "
        "successPolicy:SuccessPolicy? backoffLimit:int32? backoffLimitPerIndex:int32? maxFailedIndexes:int32? "
        "selector:LabelSelector? manualSelector:bool? template:PodTemplateSpec! ttlSecondsAfterFinished:int32? "
        "completionMode:=v1.CompletionMode? suspend:bool? podReplacementPolicy:=v1.PodReplacementPolicy? "
        "managedBy:string?"
    ),
    "JobStatus": (
        "conditions:[]JobCondition startTime:time? completionTime:time? active:int32 succeeded:int32 failed:int32 "
        "terminating:int32? completedIndexes:string failedIndexes:string? "
        "uncountedTerminatedPods:UncountedTerminatedPods? ready:int32?"
    ),
    "JobTemplateSpec": "metadata:ObjectMeta! spec:JobSpec!",
    "KeyToPath": "key:string! path:string! mode:int32?",
    "LabelSelector": "matchLabels:{map[string]string}string matchExpressions:[]LabelSelectorRequirement",
    "LabelSelectorRequirement": "key:string! operator:=v1.LabelSelectorOperator! values:[]string",
    "Lifecycle": "postStart:LifecycleHandler? preStop:LifecycleHandler? stopSignal:=v1.Signal?",
    "LifecycleHandler": "exec:ExecAction? httpGet:HTTPGetAction? tcpSocket:TCPSocketAction? sleep:SleepAction?",
    "LinuxContainerUser": "uid:int64! gid:int64! supplementalGroups:[]int64",
    "ListMeta": "selfLink:string resourceVersion:string continue:string remainingItemCount:int64? shardInfo:ShardInfo?",
    "LoadBalancerIngress": "ip:string hostname:string ipMode:=v1.LoadBalancerIPMode? ports:[]PortStatus",
    "LoadBalancerStatus": "ingress:[]LoadBalancerIngress",
    "LocalObjectReference": "name:string",
    "ManagedFieldsEntry": (
        "manager:string operation:=v1.ManagedFieldsOperationType apiVersion:string time:time? fieldsType:string "
        "fieldsV1:raw? subresource:string"
    ),
    "ModifyVolumeStatus": "targetVolumeAttributesClassName:string status:=v1.PersistentVolumeClaimModifyVolumeStatus!",
    "NFSVolumeSource": "server:string! path:string! readOnly:bool",
    "NamedAuthInfo": "name:string! user:AuthInfo!",
    "NamedCluster": "name:string! cluster:Cluster!",
    "NamedContext": "name:string! context:Context!",
    "NamedExtension": "name:string! extension:raw!",
    "NetworkPolicy": "metadata:ObjectMeta! spec:NetworkPolicySpec!",
    "NetworkPolicyEgressRule": "ports:[]NetworkPolicyPort to:[]NetworkPolicyPeer",
    "NetworkPolicyIngressRule": "ports:[]NetworkPolicyPort from:[]NetworkPolicyPeer",
    "NetworkPolicyPeer": "podSelector:LabelSelector? namespaceSelector:LabelSelector? ipBlock:IPBlock?",
    "NetworkPolicyPort": "protocol:=v1.Protocol? port:intstr? endPort:int32?",
    "NetworkPolicySpec": (
        "podSelector:LabelSelector! ingress:[]NetworkPolicyIngressRule egress:[]NetworkPolicyEgressRule "
        "policyTypes:[]=v1.PolicyType"
    ),
    "Node": "metadata:ObjectMeta! spec:NodeSpec! status:NodeStatus!",
    "NodeAddress": "type:=v1.NodeAddressType! address:string!",
    "NodeAffinity": (
        "requiredDuringSchedulingIgnoredDuringExecution:NodeSelector? "
        "preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm"
    ),
    "NodeAllocatableResourceClaimStatus": (
        "resourceClaimName:string! containers:[]string resources:{map[v1.ResourceName]resource.Quantity}raw!"
    ),
    "NodeCondition": (
        "type:=v1.NodeConditionType! status:=v1.ConditionStatus! lastHeartbeatTime:time! lastTransitionTime:time! "
        "reason:string message:string"
    ),
    "NodeConfigSource": "configMap:ConfigMapNodeConfigSource?",
    "NodeConfigStatus": (
        "assigned:NodeConfigSource? active:NodeConfigSource? lastKnownGood:NodeConfigSource? error:string"
    ),
    "NodeDaemonEndpoints": "kubeletEndpoint:DaemonEndpoint!",
    "NodeFeatures": "supplementalGroupsPolicy:bool?",
    "NodeRuntimeHandler": "name:string! features:NodeRuntimeHandlerFeatures?",
    "NodeRuntimeHandlerFeatures": "recursiveReadOnlyMounts:bool? userNamespaces:bool?",
    "NodeSelector": "nodeSelectorTerms:[]NodeSelectorTerm!",
    "NodeSelectorRequirement": "key:string! operator:=v1.NodeSelectorOperator! values:[]string",
    "NodeSelectorTerm": "matchExpressions:[]NodeSelectorRequirement matchFields:[]NodeSelectorRequirement",
    "NodeSpec": (
        "podCIDR:string podCIDRs:[]string providerID:string unschedulable:bool taints:[]Taint "
        "configSource:NodeConfigSource? externalID:string"
    ),
    "NodeStatus": (
        "capacity:{v1.ResourceList}raw allocatable:{v1.ResourceList}raw phase:=v1.NodePhase conditions:[]NodeCondition "
        "addresses:[]NodeAddress daemonEndpoints:NodeDaemonEndpoints! nodeInfo:NodeSystemInfo! images:[]ContainerImage "
        "volumesInUse:[]=v1.UniqueVolumeName volumesAttached:[]AttachedVolume config:NodeConfigStatus? "
        "runtimeHandlers:[]NodeRuntimeHandler features:NodeFeatures? declaredFeatures:[]string"
    ),
    "NodeSwapStatus": "capacity:int64?",
    "NodeSystemInfo": (
        "machineID:string! systemUUID:string! bootID:string! kernelVersion:string! osImage:string! "
        "containerRuntimeVersion:string! kubeletVersion:string! kubeProxyVersion:string! operatingSystem:string! "
        "architecture:string! swap:NodeSwapStatus?"
    ),
    "ObjectFieldSelector": "apiVersion:string fieldPath:string!",
    "ObjectMeta": (
        "name:string generateName:string namespace:string selfLink:string uid:=types.UID resourceVersion:string "
        "generation:int64 creationTimestamp:time deletionTimestamp:time? deletionGracePeriodSeconds:int64? "
        "labels:{map[string]string}string annotations:{map[string]string}string ownerReferences:[]OwnerReference "
        "finalizers:[]string managedFields:[]ManagedFieldsEntry"
    ),
    "ObjectReference": (
        "kind:string namespace:string name:string uid:=types.UID apiVersion:string resourceVersion:string "
        "fieldPath:string"
    ),
    "OwnerReference": (
        "apiVersion:string! kind:string! name:string! uid:=types.UID! controller:bool? blockOwnerDeletion:bool?"
    ),
    "PersistentVolumeClaim": "metadata:ObjectMeta! spec:PersistentVolumeClaimSpec! status:PersistentVolumeClaimStatus!",
    "PersistentVolumeClaimCondition": (
        "type:=v1.PersistentVolumeClaimConditionType! status:=v1.ConditionStatus! lastProbeTime:time! "
        "lastTransitionTime:time! reason:string message:string"
    ),
    "PersistentVolumeClaimSpec": (
        "accessModes:[]=v1.PersistentVolumeAccessMode selector:LabelSelector? resources:VolumeResourceRequirements! "
        "volumeName:string storageClassName:string? volumeMode:=v1.PersistentVolumeMode? "
        "dataSource:TypedLocalObjectReference? dataSourceRef:TypedObjectReference? volumeAttributesClassName:string?"
    ),
    "PersistentVolumeClaimStatus": (
        "phase:=v1.PersistentVolumeClaimPhase accessModes:[]=v1.PersistentVolumeAccessMode "
        "capacity:{v1.ResourceList}raw conditions:[]PersistentVolumeClaimCondition "
        "allocatedResources:{v1.ResourceList}raw "
        "allocatedResourceStatuses:{map[v1.ResourceName]v1.ClaimResourceStatus}=v1.ClaimResourceStatus "
        "currentVolumeAttributesClassName:string? modifyVolumeStatus:ModifyVolumeStatus?"
    ),
    "PersistentVolumeClaimTemplate": "metadata:ObjectMeta! spec:PersistentVolumeClaimSpec!",
    "PersistentVolumeClaimVolumeSource": "claimName:string! readOnly:bool",
    "PhotonPersistentDiskVolumeSource": "pdID:string! fsType:string",
    "Pod": "metadata:ObjectMeta! spec:PodSpec! status:PodStatus!",
    "PodAffinity": (
        "requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm "
        "preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm"
    ),
    "PodAffinityTerm": (
        "labelSelector:LabelSelector? namespaces:[]string topologyKey:string! namespaceSelector:LabelSelector? "
        "matchLabelKeys:[]string mismatchLabelKeys:[]string"
    ),
    "PodAntiAffinity": (
        "requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm "
        "preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm"
    ),
    "PodCertificateProjection": (
        "signerName:string keyType:string maxExpirationSeconds:int32? credentialBundlePath:string keyPath:string "
        "certificateChainPath:string userAnnotations:{map[string]string}string"
    ),
    "PodCondition": (
        "type:=v1.PodConditionType! observedGeneration:int64 status:=v1.ConditionStatus! lastProbeTime:time! "
        "lastTransitionTime:time! reason:string message:string"
    ),
    "PodDNSConfig": "nameservers:[]string searches:[]string options:[]PodDNSConfigOption",
    "PodDNSConfigOption": "name:string value:string?",
    "PodExtendedResourceClaimStatus": "requestMappings:[]ContainerExtendedResourceRequest! resourceClaimName:string!",
    "PodFailurePolicy": "rules:[]PodFailurePolicyRule!",
    "PodFailurePolicyOnExitCodesRequirement": (
        "containerName:string? operator:=v1.PodFailurePolicyOnExitCodesOperator! values:[]int32!"
    ),
    "PodFailurePolicyOnPodConditionsPattern": "type:=v1.PodConditionType! status:=v1.ConditionStatus!",
    "PodFailurePolicyRule": (
        "action:=v1.PodFailurePolicyAction! onExitCodes:PodFailurePolicyOnExitCodesRequirement? "
        "onPodConditions:[]PodFailurePolicyOnPodConditionsPattern"
    ),
    "PodIP": "ip:string!",
    "PodOS": "name:=v1.OSName!",
    "PodReadinessGate": "conditionType:=v1.PodConditionType!",
    "PodResourceClaim": "name:string! resourceClaimName:string? resourceClaimTemplateName:string?",
    "PodResourceClaimStatus": "name:string! resourceClaimName:string?",
    "PodSchedulingGate": "name:string!",
    "PodSchedulingGroup": "podGroupName:string?",
    "PodSecurityContext": (
        "seLinuxOptions:SELinuxOptions? windowsOptions:WindowsSecurityContextOptions? runAsUser:int64? "
        "runAsGroup:int64? runAsNonRoot:bool? supplementalGroups:[]int64 "
        "supplementalGroupsPolicy:=v1.SupplementalGroupsPolicy? fsGroup:int64? sysctls:[]Sysctl "
        "fsGroupChangePolicy:=v1.PodFSGroupChangePolicy? seccompProfile:SeccompProfile? "
        "appArmorProfile:AppArmorProfile? seLinuxChangePolicy:=v1.PodSELinuxChangePolicy?"
    ),
    "PodSpec": (
        "volumes:[]Volume initContainers:[]Container containers:[]Container! ephemeralContainers:[]EphemeralContainer "
        "restartPolicy:=v1.RestartPolicy terminationGracePeriodSeconds:int64? activeDeadlineSeconds:int64? "
        "dnsPolicy:=v1.DNSPolicy nodeSelector:{map[string]string}string serviceAccountName:string "
        "serviceAccount:string automountServiceAccountToken:bool? nodeName:string hostNetwork:bool hostPID:bool "
        "hostIPC:bool shareProcessNamespace:bool? securityContext:PodSecurityContext? "
        "imagePullSecrets:[]LocalObjectReference hostname:string subdomain:string affinity:Affinity? "
        "schedulerName:string tolerations:[]Toleration hostAliases:[]HostAlias priorityClassName:string "
        "priority:int32? dnsConfig:PodDNSConfig? readinessGates:[]PodReadinessGate runtimeClassName:string? "
        "enableServiceLinks:bool? preemptionPolicy:=v1.PreemptionPolicy? overhead:{v1.ResourceList}raw "
        "topologySpreadConstraints:[]TopologySpreadConstraint setHostnameAsFQDN:bool? os:PodOS? hostUsers:bool? "
        "schedulingGates:[]PodSchedulingGate resourceClaims:[]PodResourceClaim resources:ResourceRequirements? "
        "hostnameOverride:string? schedulingGroup:PodSchedulingGroup?"
    ),
    "PodStatus": (
        "observedGeneration:int64 phase:=v1.PodPhase conditions:[]PodCondition message:string reason:string "
        "nominatedNodeName:string hostIP:string hostIPs:[]HostIP podIP:string podIPs:[]PodIP startTime:time? "
        "initContainerStatuses:[]ContainerStatus containerStatuses:[]ContainerStatus qosClass:=v1.PodQOSClass "
        "ephemeralContainerStatuses:[]ContainerStatus resize:=v1.PodResizeStatus "
        "resourceClaimStatuses:[]PodResourceClaimStatus extendedResourceClaimStatus:PodExtendedResourceClaimStatus? "
        "allocatedResources:{v1.ResourceList}raw resources:ResourceRequirements? "
        "nodeAllocatableResourceClaimStatuses:[]NodeAllocatableResourceClaimStatus"
    ),
    "PodTemplate": "metadata:ObjectMeta! template:PodTemplateSpec!",
    "PodTemplateSpec": "metadata:ObjectMeta! spec:PodSpec!",
    "PortStatus": "port:int32! protocol:=v1.Protocol! error:string?",
    "PortworxVolumeSource": "volumeID:string! fsType:string readOnly:bool",
    "Preferences": "colors:bool extensions:[]NamedExtension",
    "PreferredSchedulingTerm": "weight:int32! preference:NodeSelectorTerm!",
    "Probe": (
        "ProbeHandler.exec:ExecAction? ProbeHandler.httpGet:HTTPGetAction? ProbeHandler.tcpSocket:TCPSocketAction? "
        "ProbeHandler.grpc:GRPCAction? initialDelaySeconds:int32 timeoutSeconds:int32 periodSeconds:int32 "
        "successThreshold:int32 failureThreshold:int32 terminationGracePeriodSeconds:int64?"
    ),
    "ProjectedVolumeSource": "sources:[]VolumeProjection! defaultMode:int32?",
    "QuobyteVolumeSource": "registry:string! volume:string! readOnly:bool user:string group:string tenant:string",
    "RBDVolumeSource": (
        "monitors:[]string! image:string! fsType:string pool:string user:string keyring:string "
        "secretRef:LocalObjectReference? readOnly:bool"
    ),
    "ReplicaSet": "metadata:ObjectMeta! spec:ReplicaSetSpec! status:ReplicaSetStatus!",
    "ReplicaSetCondition": (
        "type:=v1.ReplicaSetConditionType! status:=v1.ConditionStatus! lastTransitionTime:time! reason:string "
        "message:string"
    ),
    "ReplicaSetSpec": "replicas:int32? minReadySeconds:int32 selector:LabelSelector?! template:PodTemplateSpec!",
    "ReplicaSetStatus": (
        "replicas:int32! fullyLabeledReplicas:int32 readyReplicas:int32 availableReplicas:int32 "
        "terminatingReplicas:int32? observedGeneration:int64 conditions:[]ReplicaSetCondition"
    ),
    "ReplicationController": "metadata:ObjectMeta! spec:ReplicationControllerSpec! status:ReplicationControllerStatus!",
    "ReplicationControllerCondition": (
        "type:=v1.ReplicationControllerConditionType! status:=v1.ConditionStatus! lastTransitionTime:time! "
        "reason:string message:string"
    ),
    "ReplicationControllerSpec": (
        "replicas:int32? minReadySeconds:int32 selector:{map[string]string}string template:PodTemplateSpec?"
    ),
    "ReplicationControllerStatus": (
        "replicas:int32! fullyLabeledReplicas:int32 readyReplicas:int32 availableReplicas:int32 "
        "observedGeneration:int64 conditions:[]ReplicationControllerCondition"
    ),
    "ResourceClaim": "name:string! request:string",
    "ResourceFieldSelector": "containerName:string resource:string! divisor:raw!",
    "ResourceHealth": "resourceID:=v1.ResourceID! health:=v1.ResourceHealthStatus message:string?",
    "ResourceRequirements": "limits:{v1.ResourceList}raw requests:{v1.ResourceList}raw claims:[]ResourceClaim",
    "ResourceStatus": "name:=v1.ResourceName! resources:[]ResourceHealth",
    "RollingUpdateDaemonSet": "maxUnavailable:intstr? maxSurge:intstr?",
    "RollingUpdateDeployment": "maxUnavailable:intstr? maxSurge:intstr?",
    "RollingUpdateStatefulSetStrategy": "partition:int32? maxUnavailable:intstr?",
    "SELinuxOptions": "user:string role:string type:string level:string",
    "Scale": "metadata:ObjectMeta! spec:ScaleSpec! status:ScaleStatus!",
    "ScaleIOVolumeSource": (
        "gateway:string! system:string! secretRef:LocalObjectReference?! sslEnabled:bool protectionDomain:string "
        "storagePool:string storageMode:string volumeName:string fsType:string readOnly:bool"
    ),
    "ScaleSpec": "replicas:int32",
    "ScaleStatus": "replicas:int32! selector:string",
    "SeccompProfile": "type:=v1.SeccompProfileType! localhostProfile:string?",
    "SecretEnvSource": "LocalObjectReference.name:string optional:bool?",
    "SecretKeySelector": "LocalObjectReference.name:string key:string! optional:bool?",
    "SecretProjection": "LocalObjectReference.name:string items:[]KeyToPath optional:bool?",
    "SecretVolumeSource": "secretName:string items:[]KeyToPath defaultMode:int32? optional:bool?",
    "SecurityContext": (
        "capabilities:Capabilities? privileged:bool? seLinuxOptions:SELinuxOptions? "
        "windowsOptions:WindowsSecurityContextOptions? runAsUser:int64? runAsGroup:int64? runAsNonRoot:bool? "
        "readOnlyRootFilesystem:bool? allowPrivilegeEscalation:bool? procMount:=v1.ProcMountType? "
        "seccompProfile:SeccompProfile? appArmorProfile:AppArmorProfile?"
    ),
    "Service": "metadata:ObjectMeta! spec:ServiceSpec! status:ServiceStatus!",
    "ServiceAccountTokenProjection": "audience:string expirationSeconds:int64? path:string!",
    "ServicePort": (
        "name:string protocol:=v1.Protocol appProtocol:string? port:int32! targetPort:intstr! nodePort:int32"
    ),
    "ServiceSpec": (
        "ports:[]ServicePort selector:{map[string]string}string clusterIP:string clusterIPs:[]string "
        "type:=v1.ServiceType externalIPs:[]string sessionAffinity:=v1.ServiceAffinity loadBalancerIP:string "
        "loadBalancerSourceRanges:[]string externalName:string externalTrafficPolicy:=v1.ServiceExternalTrafficPolicy "
        "healthCheckNodePort:int32 publishNotReadyAddresses:bool sessionAffinityConfig:SessionAffinityConfig? "
        "ipFamilies:[]=v1.IPFamily ipFamilyPolicy:=v1.IPFamilyPolicy? allocateLoadBalancerNodePorts:bool? "
        "loadBalancerClass:string? internalTrafficPolicy:=v1.ServiceInternalTrafficPolicy? trafficDistribution:string?"
    ),
    "ServiceStatus": "loadBalancer:LoadBalancerStatus! conditions:[]Condition",
    "SessionAffinityConfig": "clientIP:ClientIPConfig?",
    "ShardInfo": "selector:string!",
    "SleepAction": "seconds:int64!",
    "StatefulSet": "metadata:ObjectMeta! spec:StatefulSetSpec! status:StatefulSetStatus!",
    "StatefulSetCondition": (
        "type:=v1.StatefulSetConditionType! status:=v1.ConditionStatus! lastTransitionTime:time! reason:string "
        "message:string"
    ),
    "StatefulSetOrdinals": "start:int32!",
    "StatefulSetPersistentVolumeClaimRetentionPolicy": (
        "whenDeleted:=v1.PersistentVolumeClaimRetentionPolicyType "
        "whenScaled:=v1.PersistentVolumeClaimRetentionPolicyType"
    ),
    "StatefulSetSpec": (
        "replicas:int32? selector:LabelSelector?! template:PodTemplateSpec! "
        "volumeClaimTemplates:[]PersistentVolumeClaim serviceName:string! "
        "podManagementPolicy:=v1.PodManagementPolicyType updateStrategy:StatefulSetUpdateStrategy! "
        "revisionHistoryLimit:int32? minReadySeconds:int32 "
        "persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy? "
        "ordinals:StatefulSetOrdinals?"
    ),
    "StatefulSetStatus": (
        "observedGeneration:int64 replicas:int32! readyReplicas:int32 currentReplicas:int32 updatedReplicas:int32 "
        "currentRevision:string updateRevision:string collisionCount:int32? conditions:[]StatefulSetCondition "
        "availableReplicas:int32!"
    ),
    "StatefulSetUpdateStrategy": (
        "type:=v1.StatefulSetUpdateStrategyType rollingUpdate:RollingUpdateStatefulSetStrategy?"
    ),
    "StorageOSVolumeSource": (
        "volumeName:string volumeNamespace:string fsType:string readOnly:bool secretRef:LocalObjectReference?"
    ),
    "SuccessPolicy": "rules:[]SuccessPolicyRule!",
    "SuccessPolicyRule": "succeededIndexes:string? succeededCount:int32?",
    "Sysctl": "name:string! value:string!",
    "TCPSocketAction": "port:intstr! host:string",
    "Taint": "key:string! value:string effect:=v1.TaintEffect! timeAdded:time?",
    "Toleration": (
        "key:string operator:=v1.TolerationOperator value:string effect:=v1.TaintEffect tolerationSeconds:int64?"
    ),
    "TopologySpreadConstraint": (
        "maxSkew:int32! topologyKey:string! whenUnsatisfiable:=v1.UnsatisfiableConstraintAction! "
        "labelSelector:LabelSelector? minDomains:int32? nodeAffinityPolicy:=v1.NodeInclusionPolicy? "
        "nodeTaintsPolicy:=v1.NodeInclusionPolicy? matchLabelKeys:[]string"
    ),
    "TypedLocalObjectReference": "apiGroup:string?! kind:string! name:string!",
    "TypedObjectReference": "apiGroup:string?! kind:string! name:string! namespace:string?",
    "UncountedTerminatedPods": "succeeded:[]=types.UID failed:[]=types.UID",
    "Volume": (
        "name:string! VolumeSource.hostPath:HostPathVolumeSource? VolumeSource.emptyDir:EmptyDirVolumeSource? "
        "VolumeSource.gcePersistentDisk:GCEPersistentDiskVolumeSource? "
        "VolumeSource.awsElasticBlockStore:AWSElasticBlockStoreVolumeSource? VolumeSource.gitRepo:GitRepoVolumeSource? "
        "VolumeSource.secret:SecretVolumeSource? VolumeSource.nfs:NFSVolumeSource? "
        "VolumeSource.iscsi:ISCSIVolumeSource? VolumeSource.glusterfs:GlusterfsVolumeSource? "
        "VolumeSource.persistentVolumeClaim:PersistentVolumeClaimVolumeSource? VolumeSource.rbd:RBDVolumeSource? "
        "VolumeSource.flexVolume:FlexVolumeSource? VolumeSource.cinder:CinderVolumeSource? "
        "VolumeSource.cephfs:CephFSVolumeSource? VolumeSource.flocker:FlockerVolumeSource? "
        "VolumeSource.downwardAPI:DownwardAPIVolumeSource? VolumeSource.fc:FCVolumeSource? "
        "VolumeSource.azureFile:AzureFileVolumeSource? VolumeSource.configMap:ConfigMapVolumeSource? "
        "VolumeSource.vsphereVolume:VsphereVirtualDiskVolumeSource? VolumeSource.quobyte:QuobyteVolumeSource? "
        "VolumeSource.azureDisk:AzureDiskVolumeSource? "
        "VolumeSource.photonPersistentDisk:PhotonPersistentDiskVolumeSource? "
        "VolumeSource.projected:ProjectedVolumeSource? VolumeSource.portworxVolume:PortworxVolumeSource? "
        "VolumeSource.scaleIO:ScaleIOVolumeSource? VolumeSource.storageos:StorageOSVolumeSource? "
        "VolumeSource.csi:CSIVolumeSource? VolumeSource.ephemeral:EphemeralVolumeSource? "
        "VolumeSource.image:ImageVolumeSource?"
    ),
    "VolumeDevice": "name:string! devicePath:string!",
    "VolumeMount": (
        "name:string! readOnly:bool recursiveReadOnly:=v1.RecursiveReadOnlyMode? mountPath:string! subPath:string "
        "mountPropagation:=v1.MountPropagationMode? subPathExpr:string"
    ),
    "VolumeMountStatus": (
        "name:string! mountPath:string! readOnly:bool recursiveReadOnly:=v1.RecursiveReadOnlyMode? "
        "volumeStatus:VolumeStatus?"
    ),
    "VolumeProjection": (
        "secret:SecretProjection? downwardAPI:DownwardAPIProjection? configMap:ConfigMapProjection? "
        "serviceAccountToken:ServiceAccountTokenProjection? clusterTrustBundle:ClusterTrustBundleProjection? "
        "podCertificate:PodCertificateProjection?"
    ),
    "VolumeResourceRequirements": "limits:{v1.ResourceList}raw requests:{v1.ResourceList}raw",
    "VolumeStatus": "image:ImageVolumeStatus?",
    "VsphereVirtualDiskVolumeSource": (
        "volumePath:string! fsType:string storagePolicyName:string storagePolicyID:string"
    ),
    "WeightedPodAffinityTerm": "weight:int32! podAffinityTerm:PodAffinityTerm!",
    "WindowsSecurityContextOptions": (
        "gmsaCredentialSpecName:string? gmsaCredentialSpec:string? runAsUserName:string? hostProcess:bool?"
    ),
    "clientauthentication.Cluster": (
        "server:string! tls-server-name:string insecure-skip-tls-verify:bool certificate-authority-data:bytes "
        "proxy-url:string disable-compression:bool config:raw!"
    ),
}
