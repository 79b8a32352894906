"""What each provider's load balancers are told for each portable flag, as the intent matrix of the reference says.

By provider and flag the annotations, labels and `spec.` fields that are written; what is not here cannot be done.
"""

from __future__ import annotations

_UUID = "6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e"

MATRIX: dict[str, dict[str, dict[str, str]]] = {
    "alibaba": {
        "--lb-scheme internal": {"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": "intranet"},
        "--lb-scheme public": {"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": "internet"},
        "--lb-target ip": {"service.beta.kubernetes.io/backend-type": "eni"},
        f"--lb-id {_UUID}": {
            "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-force-override-listeners": "true",
            "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id": _UUID,
        },
        "--lb-subnet subnet-1": {
            "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": "intranet",
            "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-vswitch-id": "subnet-1",
        },
        "--lb-proxy-protocol": {"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-proxy-protocol": "on"},
    },
    "aws": {
        "--lb-scheme internal": {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
            "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
        },
        "--lb-scheme public": {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
            "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
        },
        "--lb-target ip": {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
        },
        "--lb-target instance": {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
        },
        "--lb-address 10.0.0.9": {
            "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
            "service.beta.kubernetes.io/aws-load-balancer-private-ipv4-addresses": "10.0.0.9",
        },
        "--lb-subnet subnet-1": {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
            "service.beta.kubernetes.io/aws-load-balancer-subnets": "subnet-1",
        },
        "--lb-proxy-protocol": {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
            "service.beta.kubernetes.io/aws-load-balancer-proxy-protocol": "*",
        },
        "--lb-cross-zone": {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
            "service.beta.kubernetes.io/aws-load-balancer-attributes": "load_balancing.cross_zone.enabled=true",
        },
    },
    "azure": {
        "--lb-scheme internal": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
        "--lb-scheme public": {"service.beta.kubernetes.io/azure-load-balancer-internal": "false"},
        "--lb-address 10.0.0.9": {"service.beta.kubernetes.io/azure-load-balancer-ipv4": "10.0.0.9"},
        "--lb-subnet subnet-1": {
            "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
            "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "subnet-1",
        },
    },
    "cilium": {
        "--lb-address 10.0.0.9": {"lbipam.cilium.io/ips": "10.0.0.9"},
        "--lb-share key": {"lbipam.cilium.io/sharing-key": "key"},
    },
    "civo": {
        "--lb-scheme public": {},
        "--lb-address 10.0.0.9": {"kubernetes.civo.com/ipv4-address": "10.0.0.9"},
        "--lb-proxy-protocol": {"kubernetes.civo.com/loadbalancer-enable-proxy-protocol": "send-proxy-v2"},
    },
    "digitalocean": {
        "--lb-scheme internal": {"service.beta.kubernetes.io/do-loadbalancer-network": "INTERNAL"},
        "--lb-scheme public": {"service.beta.kubernetes.io/do-loadbalancer-network": "EXTERNAL"},
        "--lb-address 10.0.0.9": {"service.beta.kubernetes.io/do-loadbalancer-ip": "10.0.0.9"},
        f"--lb-id {_UUID}": {"kubernetes.digitalocean.com/load-balancer-id": _UUID},
        f"--lb-subnet {_UUID}": {"service.beta.kubernetes.io/do-loadbalancer-subnet-uuid": _UUID},
        "--lb-proxy-protocol": {"service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol": "true"},
    },
    "gke": {
        "--lb-scheme internal": {"networking.gke.io/load-balancer-type": "Internal"},
        "--lb-scheme public": {"cloud.google.com/l4-rbs": "enabled"},
        "--lb-address my-address": {"networking.gke.io/load-balancer-ip-addresses": "my-address"},
        "--lb-subnet subnet-1": {"networking.gke.io/load-balancer-subnet": "subnet-1"},
    },
    "hetzner": {
        "--lb-scheme internal": {"load-balancer.hetzner.cloud/disable-public-network": "true"},
        "--lb-scheme public": {"load-balancer.hetzner.cloud/disable-public-network": "false"},
        "--lb-address 10.0.0.9": {"load-balancer.hetzner.cloud/private-ipv4": "10.0.0.9"},
        "--lb-id my-lb": {"load-balancer.hetzner.cloud/name": "my-lb"},
        "--lb-subnet 10.0.0.0/24": {"load-balancer.hetzner.cloud/private-subnet-ip-range": "10.0.0.0/24"},
        "--lb-proxy-protocol": {"load-balancer.hetzner.cloud/uses-proxyprotocol": "true"},
    },
    "huawei": {
        "--lb-scheme internal": {
            "kubernetes.io/elb.class": "union",
            "kubernetes.io/elb.autocreate": '{"type":"inner"}',
        },
        "--lb-scheme public": {
            "kubernetes.io/elb.class": "union",
            "kubernetes.io/elb.autocreate": (
                '{"type":"public","bandwidth_name":"cce-bandwidth","bandwidth_chargemode":"bandwidth",'
                '"bandwidth_size":5,"bandwidth_sharetype":"PER","eip_type":"5_bgp"}'
            ),
        },
        "--lb-target ip": {
            "kubernetes.io/elb.class": "performance",
            "kubernetes.io/elb.autocreate": '{"type":"inner"}',
        },
        "--lb-target instance": {
            "kubernetes.io/elb.class": "union",
            "kubernetes.io/elb.autocreate": '{"type":"inner"}',
        },
        "--lb-address 10.0.0.9": {
            "kubernetes.io/elb.class": "union",
            "kubernetes.io/elb.autocreate": '{"type":"inner","vip_address":"10.0.0.9"}',
        },
        f"--lb-id {_UUID}": {"kubernetes.io/elb.class": "union", "kubernetes.io/elb.id": _UUID},
        "--lb-subnet subnet-1": {
            "kubernetes.io/elb.class": "union",
            "kubernetes.io/elb.autocreate": '{"type":"inner","vip_subnet_cidr_id":"subnet-1"}',
        },
    },
    "ibm": {
        "--lb-scheme internal": {"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": "private"},
        "--lb-scheme public": {"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": "public"},
        "--lb-id my-lb": {"service.kubernetes.io/ibm-load-balancer-cloud-provider-vpc-lb-name": "my-lb"},
        "--lb-subnet subnet-1": {"service.kubernetes.io/ibm-load-balancer-cloud-provider-vpc-subnets": "subnet-1"},
        "--lb-proxy-protocol": {
            "service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features": "proxy-protocol"
        },
    },
    "k3s": {
        "--lb-pool pool-1": {"svccontroller.k3s.cattle.io/lbpool": "pool-1"},
    },
    "kube-ovn": {
        "--lb-address 10.0.0.9": {
            "ovn.kubernetes.io/attachmentprovider": "lb-svc-attachment.kube-system",
            "spec.loadBalancerIP": "10.0.0.9",
        },
    },
    "kube-vip": {
        "--lb-address 10.0.0.9": {"kube-vip.io/loadbalancerIPs": "10.0.0.9"},
        "--lb-share key": {"kube-vip.io/leaseName": "key"},
    },
    "linode": {
        "--lb-scheme public": {},
        "--lb-address 10.0.0.9": {"service.beta.kubernetes.io/linode-loadbalancer-reserved-ipv4": "10.0.0.9"},
        "--lb-id 123": {"service.beta.kubernetes.io/linode-loadbalancer-nodebalancer-id": "123"},
        "--lb-subnet 123": {"service.beta.kubernetes.io/linode-loadbalancer-frontend-subnet-id": "123"},
        "--lb-proxy-protocol": {"service.beta.kubernetes.io/linode-loadbalancer-default-proxy-protocol": "v2"},
    },
    "metallb": {
        "--lb-address 10.0.0.9": {"metallb.io/loadBalancerIPs": "10.0.0.9"},
        "--lb-pool pool-1": {"metallb.io/address-pool": "pool-1"},
        "--lb-share key": {"metallb.io/allow-shared-ip": "key"},
    },
    "oci": {
        "--lb-scheme internal": {"service.beta.kubernetes.io/oci-load-balancer-internal": "true"},
        "--lb-scheme public": {"service.beta.kubernetes.io/oci-load-balancer-internal": "false"},
        "--lb-address 10.0.0.9": {"spec.loadBalancerIP": "10.0.0.9"},
        "--lb-subnet subnet-1": {"service.beta.kubernetes.io/oci-load-balancer-subnet1": "subnet-1"},
        "--lb-proxy-protocol": {"service.beta.kubernetes.io/oci-load-balancer-connection-proxy-protocol-version": "2"},
    },
    "openstack": {
        "--lb-scheme internal": {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"},
        "--lb-scheme public": {"service.beta.kubernetes.io/openstack-internal-load-balancer": "false"},
        "--lb-address 10.0.0.9": {"spec.loadBalancerIP": "10.0.0.9"},
        f"--lb-id {_UUID}": {"loadbalancer.openstack.org/load-balancer-id": _UUID},
        "--lb-subnet subnet-1": {"loadbalancer.openstack.org/subnet-id": "subnet-1"},
        "--lb-proxy-protocol": {"loadbalancer.openstack.org/proxy-protocol": "v2"},
    },
    "purelb": {
        "--lb-address 10.0.0.9": {"purelb.io/addresses": "10.0.0.9"},
        "--lb-pool pool-1": {"purelb.io/service-group": "pool-1"},
        "--lb-share key": {"purelb.io/allow-shared-ip": "key"},
    },
    "scaleway": {
        "--lb-scheme internal": {"service.beta.kubernetes.io/scw-loadbalancer-private": "true"},
        "--lb-scheme public": {"service.beta.kubernetes.io/scw-loadbalancer-private": "false"},
        f"--lb-address {_UUID}": {"service.beta.kubernetes.io/scw-loadbalancer-ip-ids": _UUID},
        f"--lb-id fr-par-1/{_UUID}": {"service.beta.kubernetes.io/scw-loadbalancer-id": f"fr-par-1/{_UUID}"},
        "--lb-subnet subnet-1": {"service.beta.kubernetes.io/scw-loadbalancer-pn-ids": "subnet-1"},
        "--lb-proxy-protocol": {"service.beta.kubernetes.io/scw-loadbalancer-proxy-protocol-v2": "true"},
    },
    "tencent": {
        "--lb-scheme public": {},
        "--lb-target ip": {"service.cloud.tencent.com/direct-access": "true"},
        "--lb-target instance": {"service.cloud.tencent.com/direct-access": "false"},
        "--lb-id lb-a1b2c3d4": {"service.kubernetes.io/tke-existed-lbid": "lb-a1b2c3d4"},
        "--lb-subnet subnet-1": {"service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": "subnet-1"},
    },
}
