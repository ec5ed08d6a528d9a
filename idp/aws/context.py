"""What an AWS operation knows of the request beside its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.domain.principal import Principal
    from idp.services import Services


@dataclass(frozen=True, slots=True)
class Context:
    """One request's surroundings, handed to every operation first.

    Attributes:
        principal: the verified signer; None for operations that take no signature.
        account: the principal's account, or the default one for unsigned operations (which find their pool by id alone).
        region: from the signature's scope, else the default region.
        source_ip: of the client, proxies considered as settings allow.
    """

    services: Services
    principal: Principal | None
    account: str
    region: str
    request_id: str
    source_ip: str = "127.0.0.1"
    user_agent: str = ""

    @property
    def condition_keys(self) -> Mapping[str, str]:
        """Return the condition keys of the request.  Source: AWS IAM User Guide, "Global condition context keys"."""
        return {
            "aws:SourceIp": self.source_ip,
            "aws:UserAgent": self.user_agent,
            "aws:RequestedRegion": self.region,
        }
