"""The ways a request names a Lambda function: by name, by partial ARN, by ARN; each with or without a qualifier."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from idp.domain.errors import InvalidParameter, ResourceNotFound
from idp.domain.function import LATEST, function_arn

_FORMS = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?"
    r"(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[a-zA-Z0-9_-]{1,64})(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]{1,128}))?"
)


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A function, named completely.  `qualifier` is None when none was given."""

    account: str
    region: str
    name: str
    qualifier: str | None = None

    @property
    def arn(self) -> str:
        """Return the ARN without the qualifier."""
        return function_arn(self.region, self.account, self.name)

    @property
    def qualified_arn(self) -> str:
        """Return the ARN with the qualifier, if one was given."""
        return self.arn if self.qualifier is None else f"{self.arn}:{self.qualifier}"

    def with_qualifier(self, qualifier: str | None) -> FunctionName:
        """Return the name with the qualifier that the request gives beside it.

        Raises:
            InvalidParameter: name and parameter contradict one another.
        """
        if qualifier is None or self.qualifier == qualifier:
            return self
        if self.qualifier is not None:
            raise InvalidParameter(
                "The derived qualifier from the function name does not match the specified qualifier."
            )
        return replace(self, qualifier=qualifier)

    def not_found(self) -> ResourceNotFound:
        """Return the refusal that no such function gets.  Source: spec RECORDED_FACTS section 4."""
        return ResourceNotFound(f"Function not found: {self.qualified_arn}")

    def require_latest(self) -> None:
        """Refuse every version and alias: nothing is published here.

        Raises:
            ResourceNotFound.
        """
        if self.qualifier not in {None, LATEST}:
            raise self.not_found()


def parse_function_name(text: str, *, account: str, region: str) -> FunctionName:
    """Return the function that a text names.

    Args:
        text: a name, `account:function:name`, or an ARN; a qualifier may follow.
        account: where a form that names no account looks.
        region: where a form that names no region looks.

    Raises:
        InvalidParameter: none of the forms.

    Source: AWS API_Invoke, FunctionName.
    """
    found = _FORMS.fullmatch(text)
    if found is None or (found["region"] and not found["account"]):
        raise InvalidParameter(f"{text} is no name or ARN of a function.")
    return FunctionName(found["account"] or account, found["region"] or region, found["name"], found["qualifier"])
