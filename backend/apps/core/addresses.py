"""The address of the caller. What a header says is believed only when a proxy of ours has written it."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings


@lru_cache(maxsize=8)
def _networks(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name, strict=False) for name in names)


def _is_proxy(address: str) -> bool:
    try:
        return any(
            ip_address(address) in network for network in _networks(tuple(settings.TRUSTED_PROXIES))
        )
    except ValueError:
        return False


def client_address(request: Any) -> str | None:
    return address_of(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


def address_of(peer: str, forwarded: str = "") -> str | None:
    """The nearest hop that is not a proxy of ours; None when it is no address at all."""
    address = peer
    for hop in reversed(forwarded.split(",")):
        if not _is_proxy(address):
            break
        address = hop.strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return str(ip_address(peer)) if _is_address(peer) else None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
