"""Development doors, only in `idp dev`: the outbox, reset and the clock.  Source: docs/development-doors.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, request

from idp.outbound.system import ShiftedClock

if TYPE_CHECKING:
    from idp.services import Services

MAX_MESSAGES = 200


def mount(app: Flask, services: Services) -> None:
    """Serve `/_dev/outbox`, `/_dev/reset` and `/_dev/clock` on loopback, to programs (a page of another origin is refused)."""

    @app.before_request
    def refuse_other_origins() -> tuple[Response, int] | None:
        if not request.path.startswith("/_dev/") or request.headers.get("Sec-Fetch-Site", "none") in {
            "none",
            "same-origin",
        }:
            return None
        return jsonify(message="The development doors are closed to pages of other origins."), 403

    @app.get("/_dev/outbox")
    def outbox() -> Response:
        with services.reading() as work:
            messages = work.outbox.list_newest(to=request.args.get("to"), limit=MAX_MESSAGES)
        return jsonify(messages=[each.describe() for each in messages])

    @app.post("/_dev/reset")
    def reset() -> Response:
        with services.unit_of_work() as work:
            work.empty()
            work.commit()
        services.catalog.clear()
        services.keyring.forget()
        services.functions.reset()
        services.dynamodb.reset()
        _clock(services).reset()
        return jsonify(reset=True)

    @app.get("/_dev/clock")
    def read_clock() -> Response:
        return jsonify(now=services.clock.now().isoformat())

    @app.post("/_dev/clock")
    def move_clock() -> tuple[Response, int]:
        try:
            _move(_clock(services), request.get_json(force=True))
        except (ValueError, TypeError, KeyError, OverflowError):
            return jsonify(
                message='Send {"advance": seconds}, {"set": "2030-01-01T00:00:00+00:00"} or {"reset": true}.'
            ), 400
        return jsonify(now=services.clock.now().isoformat()), 200


def _move(clock: ShiftedClock, wanted: Any) -> None:
    if "advance" in wanted:
        clock.advance(timedelta(seconds=float(wanted["advance"])))
    elif "set" in wanted:
        moment = datetime.fromisoformat(wanted["set"])
        if moment.tzinfo is None:
            raise ValueError("an offset is missing")
        clock.set(moment)
    elif wanted["reset"]:
        clock.reset()


def _clock(services: Services) -> ShiftedClock:
    clock = services.clock
    assert isinstance(clock, ShiftedClock), "dev doors come with a clock that moves"
    return clock
