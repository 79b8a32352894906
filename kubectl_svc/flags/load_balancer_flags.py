"""What a load balancer can be told: in words that mean the same for every provider, and by each one's own names."""

from __future__ import annotations

from kubectl_svc.flags.model import LOAD_BALANCER, Flag, switch

LB_FLAGS = (
    Flag(
        name="lb", group=LOAD_BALANCER, metavar="PROVIDER",
        help="Whose load balancer it is, as kubectl svc providers lists them, or auto to find that out from the "
        "cluster. All --lb flags make the Service a LoadBalancer.",
    ),
    Flag(
        name="lb-scheme", group=LOAD_BALANCER, metavar="SCHEME", values=("internal", "public"),
        help="From where it is reached. Left out, as the provider does it.",
    ),
    Flag(
        name="lb-target", group=LOAD_BALANCER, metavar="TARGET", values=("ip", "instance"),
        help="Whether it sends traffic to the pods' addresses or to node ports.",
    ),
    Flag(
        name="lb-address", type="stringArray", group=LOAD_BALANCER, metavar="IP",
        help="Address that it gets, or what the provider calls a reserved one; one for each family, commas between "
        "them.",
    ),
    Flag(name="lb-id", group=LOAD_BALANCER, metavar="ID", help="Existing load balancer to use."),
    Flag(name="lb-pool", group=LOAD_BALANCER, metavar="POOL", help="Pool that its address comes from."),
    Flag(
        name="lb-subnet", type="stringArray", group=LOAD_BALANCER, metavar="SUBNET",
        help="Subnet that it lives in; several, with commas, where the provider takes several.",
    ),
    Flag(
        name="lb-share", group=LOAD_BALANCER, metavar="KEY",
        help="Share the address with the Services that say the same key, on other ports.",
    ),
    switch(
        "lb-proxy-protocol", LOAD_BALANCER,
        "Tell the pods the clients' addresses by PROXY protocol, which they must be able to read.",
    ),
    switch("lb-cross-zone", LOAD_BALANCER, "Send traffic to targets in all zones."),
    Flag(
        name="lb-set", type="stringArray", group=LOAD_BALANCER, metavar="NAME=VALUE",
        help="Any other setting of the provider, by its short name or its key, checked: kubectl svc providers PROVIDER "
        "lists them; may be repeated. --annotation takes anything, unchecked.",
    ),
)  # fmt: skip

FLAGS_OF_INTENTS = {
    "lb-scheme": "scheme",
    "lb-target": "target",
    "lb-address": "address",
    "lb-id": "id",
    "lb-pool": "pool",
    "lb-subnet": "subnet",
    "lb-share": "share",
    "lb-proxy-protocol": "proxy-protocol",
    "lb-cross-zone": "cross-zone",
}
"""The intents that flags ask for, by the flags' names."""
