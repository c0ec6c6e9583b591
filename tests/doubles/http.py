"""Plain HTTP to processes of this machine. Loading certificates, which it never needs, costs more than any call."""

from __future__ import annotations

import httpx

HTTP = httpx.Client(verify=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
