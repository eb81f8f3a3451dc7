"""Which machines may be asked: those that the whole internet could ask as well."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from service.engine.partners.errors import PartnerError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]

# Addresses of these networks reach the IPv4 address in their last 32 bits: RFC 4291, 2.5.5; RFC 6052, 2.1.
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96")))
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


def is_public(address: Address) -> bool:
    """Whether an address is one on the internet, also where it only carries another.

    >>> [is_public(ipaddress.ip_address(each)) for each in ("192.0.43.8", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    if any(address in each for each in _CARRIERS):
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    if address.sixtofour is not None and not is_public(address.sixtofour):
        return False
    return address in _GLOBAL_UNICAST and address.is_global


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """The addresses that the system's resolver knows."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Resolver:
    """Names → addresses that may be connected to. Tests may give others; no setting can."""

    lookup: Lookup = system_lookup
    allowed: Callable[[Address], bool] = is_public

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, looked up once; PartnerError if one of them is not to be asked."""
        try:
            found = await self.lookup(host, port)
        except OSError:
            raise PartnerError("its name could not be resolved", "名前を解決できません") from None
        if not found or not all(self._allows(each) for each in found):
            raise PartnerError("its name leads to a private address", "名前が内部のアドレスを指しています")
        return found

    def _allows(self, address: str) -> bool:
        try:
            return self.allowed(ipaddress.ip_address(address))
        except ValueError:
            return False
