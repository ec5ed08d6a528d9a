"""The wire protocols, by botocore's names."""

from __future__ import annotations

from collections.abc import Mapping

from idp.aws.protocols import json, query, rest_json
from idp.aws.protocols.protocol import Reader, WireProtocol, Writer

__all__ = ["PROTOCOLS", "Reader", "WireProtocol", "Writer"]

PROTOCOLS: Mapping[str, WireProtocol] = {"json": json, "query": query, "rest-json": rest_json}
