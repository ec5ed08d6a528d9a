"""Which operations are served, and by which function.

`@operation` only marks a function; `collect` gathers the marked ones at start-up. What an operation needs beside its
function (readers, checkers, writers) is compiled when it is first called.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import isfunction
from types import ModuleType
from typing import Any, TypeVar

from botocore import xform_name

from idp.aws.context import Context
from idp.aws.directory import SERVICES, Service
from idp.aws.models import is_unsigned, operation_model, operation_names, service_model
from idp.aws.protocols import PROTOCOLS, Reader, Writer
from idp.aws.shapes import input_checker

Function = Callable[[Context, Any], Mapping[str, Any] | None]
Check = Callable[[Any], tuple[dict[str, Any], list[str]]]
ResourceOf = Callable[[Context, Mapping[str, Any]], str]
AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

MARK = "aws_operation"

WITHOUT_OPERATIONS = frozenset({"types", "types_generator"})
"""Modules that `collect` does not import: they are large, and only type checkers read them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What `@operation` leaves on a function."""

    service: str
    resource: ResourceOf | None
    action: str | None
    authorizes_itself: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """A served operation, compiled.

    Attributes:
        name: as on the wire.
        resource: ARN that IAM decides on; None is `*`.
        action: what IAM decides, such as `cognito-idp:AdminGetUser`.
        authorizes_itself: IAM is not asked before the function runs.
        check: (raw parameters) -> (typed parameters, violations).
    """

    service: Service
    name: str
    function: Function
    resource: ResourceOf | None
    action: str
    authorizes_itself: bool
    is_unsigned: bool
    read: Reader
    check: Check
    write: Writer


def operation(
    service: str,
    *,
    resource: ResourceOf | None = None,
    action: str | None = None,
    authorizes_itself: bool = False,
) -> Callable[[AnyFunction], AnyFunction]:
    """Mark a function as the operation of its name (boto3's name of the method).

    Args:
        service: botocore's service id.
        resource: gives the ARN that IAM decides on, from the context and the parameters; a `KeyError` (a required
            member is missing) counts as `*`.
        action: what IAM decides; by default the signing name and the operation's own.
        authorizes_itself: the function asks IAM on its own terms (a role's trust policy), or needs not ask.
    """

    def mark(function: AnyFunction) -> AnyFunction:
        setattr(function, MARK, Mark(service, resource, action, authorizes_itself))
        return function

    return mark


class Registry:
    """The served operations of every service."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self._functions: dict[tuple[str, str], Function] = {}
        self._compiled: dict[tuple[str, str], Operation] = {}
        for function in functions:
            self._add(function)

    def find(self, service: str, name: str) -> Operation | None:
        """Return an operation by its wire name; compiled on first use (by two threads at once: to the same)."""
        key = (service, name)
        found = self._compiled.get(key)
        if found is None:
            found = self._compile(service, name)
            if found is not None:
                self._compiled[key] = found
        return found

    def served(self, service: str) -> frozenset[str]:
        """Return the wire names of a service's served operations."""
        names = operation_names(service)
        return frozenset(names[method] for of, method in self._functions if of == service)

    def function(self, service: str, name: str) -> Function | None:
        """Return the function that serves an operation."""
        return self._functions.get((service, xform_name(name)))

    def _add(self, function: Function) -> None:
        mark: Mark = getattr(function, MARK)
        key = (mark.service, function.__name__)
        if self._functions.setdefault(key, function) is not function:
            raise LookupError(f"{mark.service} has two functions {function.__name__}")

    def _compile(self, service: str, name: str) -> Operation | None:
        model = operation_model(service, name)
        function = self.function(service, name) if model is not None else None
        if model is None or function is None:
            return None
        mark: Mark = getattr(function, MARK)
        home = SERVICES[service]
        read, check, write = _compiled(service, name)
        return Operation(
            service=home,
            name=name,
            function=function,
            resource=mark.resource,
            action=mark.action or f"{home.signing_name}:{name}",
            authorizes_itself=mark.authorizes_itself,
            is_unsigned=is_unsigned(model),
            read=read,
            check=check,
            write=write,
        )


@cache
def _compiled(service: str, name: str) -> tuple[Reader, Check, Writer]:
    """Compile what the model says of an operation; the same for every registry of a process."""
    home, model = SERVICES[service], service_model(service).operation_model(name)
    protocol = PROTOCOLS[home.protocol]
    return protocol.reader(model), input_checker(model), protocol.writer(home, model)


def collect(packages: Iterable[ModuleType]) -> Registry:
    """Gather the marked functions of some packages and all modules below them.

    Args:
        packages: such as `idp.aws` itself.
    """
    return Registry(function for package in packages for function in _marked_functions(package))


def _marked_functions(package: ModuleType) -> Iterator[Function]:
    for module in (package, *_modules_below(package)):
        for value in vars(module).values():
            if isfunction(value) and hasattr(value, MARK) and value.__module__ == module.__name__:
                yield value


def _modules_below(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name.rpartition(".")[2] in WITHOUT_OPERATIONS:
            continue
        module = import_module(found.name)
        yield module
        if found.ispkg:
            yield from _modules_below(module)
