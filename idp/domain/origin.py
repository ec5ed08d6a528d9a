"""Where a request of a user comes from: an address, and what the client says of itself.

Neither is proof of anything.  Source: AWS API_EventContextDataType, API_SessionDescriptionType.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UNKNOWN_DEVICE = "unknown"
MAX_ADDRESS = 128
MAX_USER_AGENT = 1024

# What stands in a User-Agent -> what it is called; the first that is found counts.
_PROGRAMS = (
    (re.compile(r"Edg(?:e|A|iOS)?/(\d+)"), "Edge"),
    (re.compile(r"(?:OPR|Opera)/(\d+)"), "Opera"),
    (re.compile(r"(?:Firefox|FxiOS)/(\d+)"), "Firefox"),
    (re.compile(r"(?:Chrome|CriOS|Chromium)/(\d+)"), "Chrome"),
    (re.compile(r"Version/(\d+)[^ ]* (?:Mobile/\S+ )?Safari/"), "Safari"),
    (re.compile(r"(?:Boto3|aws-cli|aws-sdk-[a-z]+)/(\d+)"), "AWS SDK"),
)
_SYSTEMS = (
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"iPhone|iPad|iOS"), "iOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Mac OS X|Macintosh|macos|Darwin"), "macOS"),
    (re.compile(r"Linux|linux"), "Linux"),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """An origin.

    Attributes:
        address: IP address; empty when it is not known.
        user_agent: the header, bounded.
    """

    address: str = ""
    user_agent: str = ""

    @classmethod
    def of(cls, address: str, user_agent: str) -> Origin:
        """Return an origin from what came over the wire, cut to what is kept."""
        return cls(address[:MAX_ADDRESS], user_agent[:MAX_USER_AGENT])

    @property
    def device_name(self) -> str:
        """Return program and operating system, such as `Firefox 128, Linux`; `unknown` when neither can be told."""
        named = [*_programs(self.user_agent), *_systems(self.user_agent)]
        return ", ".join(named) or UNKNOWN_DEVICE


UNKNOWN_ORIGIN = Origin()


def _programs(user_agent: str) -> list[str]:
    found = ((pattern.search(user_agent), name) for pattern, name in _PROGRAMS)
    return [f"{name} {match[1]}" for match, name in found if match is not None][:1]


def _systems(user_agent: str) -> list[str]:
    return [name for pattern, name in _SYSTEMS if pattern.search(user_agent)][:1]
