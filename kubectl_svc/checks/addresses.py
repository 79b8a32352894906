"""IP addresses and ranges as the API server reads them, and what it says of others.

Source: k8s.io/utils/net (`ParseIPSloppy`, `ParseCIDRSloppy`), apimachinery pkg/util/validation/ip.go, kubernetes
pkg/apis/core/validation (`ValidateEndpointIP`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

NO_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NO_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
_OCTETS = 4
_LINK_LOCAL_SCOPE = 2  # of an IPv6 multicast address (RFC 4291)


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, zeros before a number of an IPv4 address forgiven; None for a text that is none."""
    from ipaddress import ip_address  # few Services name addresses

    before, colon, dotted = text.rpartition(":")
    octets = dotted.split(".")
    if len(octets) == _OCTETS and all(octet.isascii() and octet.isdecimal() for octet in octets):
        dotted = ".".join(octet.lstrip("0") or "0" for octet in octets)
    try:
        address = ip_address(before + colon + dotted)
    except ValueError:
        return None
    if address.version == 6 and "%" in text:  # a zone, which Go does not take
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def family_of(text: str) -> str:
    """`IPv4` or `IPv6`; empty for a text that is no address."""
    address = read_address(text)
    return f"IPv{address.version}" if address else ""


def ambiguity(text: str) -> str:
    """Why servers from 1.36 on refuse an address that older ones took; empty where they do not."""
    if _has_leading_zeros(text):
        return "must not have leading 0s"
    return "must not be an IPv4-mapped IPv6 address" if _is_mapped(text) else ""


def _has_leading_zeros(text: str) -> bool:
    numbers = text.rpartition(":")[2].split(".")
    return len(numbers) == _OCTETS and any(number.startswith("0") and number != "0" for number in numbers)


def _is_mapped(text: str) -> bool:
    return ":" in text and family_of(text) == "IPv4"


def special_range(text: str) -> str:
    """Why an address, though it is one, cannot be an external IP; empty where it can."""
    address = read_address(text)
    if address is None:
        return ""
    if address.is_unspecified:
        return f"may not be unspecified ({text})"
    if address.is_loopback:
        return "may not be in the loopback range (127.0.0.0/8, ::1/128)"
    if address.is_link_local:
        return "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
    packed = address.packed
    if address.version == 4:
        is_local_group = packed.startswith(b"\xe0\0\0")
    else:
        is_local_group = packed[0] == 0xFF and packed[1] & 0x0F == _LINK_LOCAL_SCOPE
    if is_local_group:
        return "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
    return ""


def is_range(text: str) -> bool:
    """Whether it is an address, `/` and the length of a prefix, zeros before numbers forgiven."""
    start, slash, length = text.partition("/")
    address = read_address(start)
    if address is None or not slash or not (length.isascii() and length.isdecimal()):
        return False
    return int(length) <= (128 if ":" in start else 32)


def ambiguous_range(text: str) -> str:
    """Why servers from 1.36 on refuse a range that older ones took; empty where they do not."""
    from ipaddress import ip_network  # few Services name ranges

    start, _, length = text.partition("/")
    if _has_leading_zeros(start) or (length.startswith("0") and length != "0"):
        return "must not have leading 0s in IP or prefix length"
    if _is_mapped(start):
        return "must not have an IPv4-mapped IPv6 address"
    try:
        ip_network(text)
    except ValueError:
        return "must not have bits set beyond the prefix length"
    return ""
