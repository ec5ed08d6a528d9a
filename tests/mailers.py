"""Mail servers that are slow, or take nothing, or keep whole messages."""

from __future__ import annotations

import threading

from idp.domain.errors import CodeDeliveryFailed
from idp.domain.message import Message

WAIT_S = 20


class SlowMailer:
    """A mail server that takes a message when it is let."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.has_taken = threading.Event()

    def send(self, message: Message) -> None:
        assert self.may_go_on.wait(WAIT_S)
        self.has_taken.set()


class RefusingMailer:
    """A mail server that takes nothing."""

    def send(self, message: Message) -> None:
        raise CodeDeliveryFailed


class KeepingMailer:
    """A mail server that keeps whole messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)
