"""Policy documents that tests of IAM, STS and identity pools use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: str | Sequence[str], resource: str = "*", **more: Any) -> str:
    """A policy that allows actions on a resource."""
    return document({"Effect": "Allow", "Action": actions, "Resource": resource, **more})


def trust(principal: Mapping[str, str], action: str | Sequence[str] = "sts:AssumeRole", **more: Any) -> str:
    """A trust policy for one principal."""
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more})


TRUST_LAMBDA = trust({"Service": "lambda.amazonaws.com"})
