"""How much one sender may send: token buckets in memory, forgotten when they are full again."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_SENDERS = 50_000


@dataclass
class _Bucket:
    tokens: float
    at: float


class Limit:
    """`burst` at once, then `per_second`. A limit of 0 per second with a burst of 0 lets everything pass."""

    def __init__(self, burst: float, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._rate = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_for(self, sender: str, cost: float = 1.0) -> float:
        """0 if this may pass now (and is counted, as `cost`), else the seconds after which to try again."""
        if not self._burst:
            return 0.0
        now = self._clock()
        bucket = self._buckets.pop(sender, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        self._buckets[sender] = bucket
        if len(self._buckets) > MOST_SENDERS:
            self._buckets.popitem(last=False)
        if bucket.tokens >= cost:
            bucket.tokens -= cost
            return 0.0
        return (cost - bucket.tokens) / self._rate

    def give_back(self, sender: str, cost: float = 1.0) -> None:
        """What was let pass did not happen after all."""
        bucket = self._buckets.get(sender)
        if bucket is not None:
            bucket.tokens = min(self._burst, bucket.tokens + cost)


NETWORK_OF_AN_ADDRESS = {4: 24, 6: 64}  # what a single customer's provider hands out, or somebody rents, at once
ADDRESSES_PER_NETWORK = 4  # so many may use all that one address may
ADDRESSES_IN_ALL = 25
EVERYBODY = "everybody"


class Crowd:
    """How many may come per minute: from an address, from its network (/24, /64), and in all. 0 lets everybody in."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        def limit(times: int) -> Limit:
            return Limit(per_minute * times, per_minute * times / 60, clock)

        self._address, self._network, self._all = limit(1), limit(ADDRESSES_PER_NETWORK), limit(ADDRESSES_IN_ALL)

    def wait_for(self, address: str) -> float:
        """0 if one more may come from there now, else after how many seconds; refused ones don't use up the others'."""
        return (
            self._address.wait_for(address)
            or self._network.wait_for(network_of(address))
            or self._all.wait_for(EVERYBODY)
        )


class Places:
    """How many are there at once: at most `most` for each key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    def take(self, key: str) -> bool:
        """Whether there was a place, which is taken now."""
        if self._taken[key] >= self._most:
            return False
        self._taken[key] += 1
        return True

    def leave(self, key: str) -> None:
        """Give a place back."""
        self._taken[key] -= 1
        if self._taken[key] <= 0:
            del self._taken[key]


def network_of(address: str) -> str:
    """The network to which an address belongs; what is no address (a test's, a socket's) is a network of its own."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, NETWORK_OF_AN_ADDRESS[parsed.version]), strict=False))
