"""Where a user's request comes from: the connection, or what a trusted server says of it.

An administrator's request is a server's, so it may name the user's address and headers (ContextData). A public request may
only where the client has a secret and is set to be believed (EnablePropagateAdditionalUserContextData). EncodedData is not
read: its form is not documented.  Source: AWS API_ContextDataType, API_UserContextDataType.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter
from idp.domain.origin import Origin

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.domain.client import Client


def origin_of(context: Context, client: Client | None, request: Mapping[str, Any]) -> Origin:
    """Return where a request comes from.

    Raises:
        InvalidParameter: the address that is named is none.  Unknown: the sentence.
    """
    told, claimed = request.get("ContextData"), request.get("UserContextData", {})
    if told is not None:
        return Origin.of(_address(told["IpAddress"]), _user_agent(told["HttpHeaders"]))
    if claimed.get("IpAddress") and client is not None and _is_believed(client):
        return Origin.of(_address(claimed["IpAddress"]), context.user_agent)
    return Origin.of(context.source_ip, context.user_agent)


def _is_believed(client: Client) -> bool:
    return client.secret is not None and bool(client.settings.get("EnablePropagateAdditionalUserContextData"))


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise InvalidParameter("The IP address of the context data is malformed.") from None


def _user_agent(headers: list[Mapping[str, str]]) -> str:
    named = (each.get("headerValue", "") for each in headers if each.get("headerName", "").lower() == "user-agent")
    return next(named, "")
