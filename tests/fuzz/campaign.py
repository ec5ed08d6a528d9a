"""Sends the operations of a service inputs without end, and says of each answer whether the model has it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any
from zlib import crc32

import orjson
from botocore.model import OperationModel, Shape
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st

from tests.fuzz.answers import Answers
from tests.fuzz.choices import Choices
from tests.fuzz.door import Answer
from tests.fuzz.edits import Place, edited, places
from tests.fuzz.inputs import Inputs, Known

INPUT_BYTES = 24
EDIT_BYTES = 4
EDITS = 24
INPUTS = int(os.environ.get("FUZZ_INPUTS", "2000"))
"""How many inputs each operation is sent."""

SEED = int(os.environ.get("FUZZ_SEED", "0"))
"""Another seed gives other inputs; the same one the same."""

JSON_CODES = frozenset({"SerializationException", "RequestTooLargeException"})
QUERY_CODES = frozenset({"MalformedInput", "RequestEntityTooLarge", "ValidationError", "NoSuchEntity"})
GENERAL_CODES: Mapping[str, frozenset[str]] = {
    "cognito-idp": JSON_CODES | {"InvalidParameterException"},
    "cognito-identity": JSON_CODES | {"ValidationException"},
    "sts": QUERY_CODES | {"AccessDenied", "InvalidParameterValue"},
    "iam": QUERY_CODES | {"InvalidParameterValue"},
    "lambda": JSON_CODES | {"ValidationException", "UnknownOperationException"},
}
"""What every operation of a service may answer, whether its model says so or not."""

MISSHAPEN = frozenset({"SerializationException", "MalformedInput"})

LIKE_AWS = frozenset({"answer.DomainDescription.CustomDomainConfig lacks CertificateArn"})
"""Where the real service departs from its model, and so do we: a domain by prefix has no certificate."""

BROKEN_SHAPE = re.compile(r"\d+ validation errors? detected: ")


Send = Callable[[str, Any], Answer]


class Campaign:
    """The inputs of one operation, and how many of them got how far."""

    def __init__(self, operation: OperationModel, known: Known, send: Send, *, inputs: int = INPUTS) -> None:
        self._met: Counter[str] = Counter()
        self._operation = operation
        self._inputs = Inputs(known)
        self._send = send
        self._count = inputs
        self._check = Answers().checker(operation.output_shape)
        own = {shape.metadata.get("error", {}).get("code", shape.name) for shape in operation.error_shapes}
        self._codes = own | GENERAL_CODES[operation.service_model.service_name]

    @property
    def share_beyond_the_model(self) -> float:
        """Return the share of the inputs so far that were not refused for their shape, in [0, 1]."""
        return 1 - self._met["misshapen"] / self._met.total()

    def run(self, put_back: Callable[[], None]) -> None:
        """Send all inputs, each example in the same world; hypothesis shrinks one whose answer is wrong."""

        @seed(crc32(self._operation.name.encode()) + SEED)
        @settings(
            max_examples=-(-self._count // EDITS),
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.binary(min_size=INPUT_BYTES, max_size=INPUT_BYTES), EDITS_OF_ONE)
        def send_all(start: bytes, edits: bytes) -> None:
            put_back()
            for each in self._inputs_of(start, edits):
                self._send_one(each)

        send_all()

    def _inputs_of(self, start: bytes, edits: bytes) -> Iterator[Any]:
        """Give an input, once for each edit with that made."""
        shape = self._operation.input_shape
        assert shape is not None
        root = [self._base(shape, _choices(start))]
        where = list(places(Place(root, 0, "", shape)))
        for offset in range(0, len(edits), EDIT_BYTES):
            choices = _choices(edits[offset : offset + EDIT_BYTES])
            undo: list[tuple[Place, Any]] = []
            for _ in range(1 + choices.below(2)):
                place = choices.of(where)
                undo.append((place, place.value))
                place.put(edited(place, choices, self._inputs))
            yield root[0]
            for place, value in reversed(undo):
                place.put(value)

    def _base(self, shape: Shape, choices: Choices) -> Any:
        """Return an input that the model takes: put together, or one known to be taken."""
        known = self._inputs.known.get(self._operation.name, ())
        is_known = choices.below(2) == 1 and known
        return deepcopy(choices.of(known)) if is_known else self._inputs.builder(shape)(choices)

    def _send_one(self, given: Any) -> None:
        answer = self._send(self._operation.name, given)
        faults = self._faults(answer)
        shown = orjson.dumps(given).decode(errors="backslashreplace") if faults else ""
        assert not faults, f"{self._operation.name} was sent {shown} and {faults}"

    def _faults(self, answer: Answer) -> Sequence[str]:
        if answer.status == 200:
            self._met["answered"] += 1
            return [fault for fault in self._check(answer.content, "answer") if fault not in LIKE_AWS]
        self._met["misshapen" if _is_misshapen(answer) else "refused"] += 1
        if not 400 <= answer.status < 500 or answer.code not in self._codes:
            return [f"answered {answer.status} {answer.content}"]
        return []


EDITS_OF_ONE = st.binary(min_size=EDITS * EDIT_BYTES, max_size=EDITS * EDIT_BYTES)


def _choices(drawn: bytes) -> Choices:
    return Choices(int.from_bytes(drawn, "little"))


def _is_misshapen(answer: Answer) -> bool:
    return answer.code in MISSHAPEN or BROKEN_SHAPE.match(answer.message) is not None
