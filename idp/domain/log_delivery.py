"""Where a pool's logs go: what it may configure, and what a line of a log says.

Source: AWS API_SetLogDeliveryConfiguration, API_LogConfigurationType; AWS "Exporting logs from user pools"; spec
USER_POOLS section 11.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from idp.domain.errors import InvalidParameter

NOTIFICATIONS = "userNotification"
ACTIVITY = "userAuthEvents"

LOG_GROUP = "CloudWatchLogsConfiguration"
LEVELS: Mapping[str, str] = {NOTIFICATIONS: "ERROR", ACTIVITY: "INFO"}
DESTINATIONS: Mapping[str, Mapping[str, str]] = {
    NOTIFICATIONS: {LOG_GROUP: "LogGroupArn"},
    ACTIVITY: {LOG_GROUP: "LogGroupArn", "S3Configuration": "BucketArn", "FirehoseConfiguration": "StreamArn"},
}
"""Source of events -> member of a destination -> the member that holds its ARN."""

_SOURCE_NAMES = {NOTIFICATIONS: "USER_NOTIFICATION", ACTIVITY: "USER_AUTH_EVENTS"}
_ACCOUNT_FIELD = 4


def check_log_configurations(configurations: Sequence[Mapping[str, Any]], *, account: str) -> None:
    """Check what a pool is to log.

    Args:
        account: of the pool; a log group of another account is not to be written to.

    Raises:
        InvalidParameter.

    Unknown: the sentences.
    """
    sources = [each["EventSource"] for each in configurations]
    if len(set(sources)) < len(sources):
        raise InvalidParameter("Each EventSource can be configured once.")
    for configuration in configurations:
        _check_log_configuration(configuration, account)


def destinations_of(configuration: Mapping[str, Any]) -> dict[str, str]:
    """Return the ARNs a configuration names, by the member that holds each."""
    members = {name: arn for arns in DESTINATIONS.values() for name, arn in arns.items()}
    return {name: configuration[name].get(arn, "") for name, arn in members.items() if name in configuration}


def log_line(source: str, *, pool_id: str, moment: datetime, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return one event as a log holds it."""
    return {
        "eventTimestamp": str(int(moment.timestamp() * 1000)),
        "eventSource": _SOURCE_NAMES[source],
        "logLevel": LEVELS[source],
        "message": dict(message),
        "logSourceId": {"userPoolId": pool_id},
    }


def _check_log_configuration(configuration: Mapping[str, Any], account: str) -> None:
    source = configuration["EventSource"]
    if configuration["LogLevel"] != LEVELS[source]:
        raise InvalidParameter(f"The LogLevel of {source} must be {LEVELS[source]}.")
    destinations = destinations_of(configuration)
    if len(destinations) != 1 or not destinations.keys() <= DESTINATIONS[source].keys():
        raise InvalidParameter(f"{source} needs one destination of: {', '.join(DESTINATIONS[source])}.")
    ((name, arn),) = destinations.items()
    if not arn:
        raise InvalidParameter(f"{name} needs its {DESTINATIONS[source][name]}.")
    if name == LOG_GROUP and arn.split(":")[_ACCOUNT_FIELD] != account:
        raise InvalidParameter("The log group must be of the user pool's account.")
