"""Values within the path of a URL."""

from __future__ import annotations

from urllib.parse import quote

from idp.gateway.refusals import Refusal, Refused


def in_path(value: str) -> str:
    """Return a value percent-encoded, its slashes kept, so that it does not leave its place in a path.

    Raises:
        Refused: MALFORMED when it has a segment that climbs.
    """
    segments = value.split("/")
    if any(segment in (".", "..") for segment in segments):
        raise Refused(Refusal.MALFORMED, "A path parameter climbs out of its place.")
    return "/".join(quote(segment, safe="") for segment in segments)
