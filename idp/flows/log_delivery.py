"""What a pool logs, and writing it where the pool says.  Source: spec USER_POOLS section 11.8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from idp.domain.feature_plan import check_plan_of_logs
from idp.domain.log_delivery import ACTIVITY, check_log_configurations, destinations_of, log_line

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services


def set_log_delivery(services: Services, user_pool: UserPool, configurations: Sequence[dict[str, Any]]) -> None:
    """Let a pool log this and nothing else.

    Args:
        configurations: LogConfigurations.

    Raises:
        InvalidParameter; FeatureUnavailable: the pool's tier has no log of what users do.
    """
    check_log_configurations(configurations, account=user_pool.account)
    if any(each["EventSource"] == ACTIVITY for each in configurations):
        check_plan_of_logs(user_pool.settings)
    with services.unit_of_work() as work:
        work.log_deliveries.put(user_pool.id, configurations)
        work.commit()


def get_log_delivery(services: Services, user_pool: UserPool) -> list[dict[str, Any]]:
    """Return a pool's LogConfigurations."""
    with services.reading() as work:
        return work.log_deliveries.of_pool(user_pool.id)


def deliver_log(services: Services, user_pool: UserPool, source: str, message: Mapping[str, Any]) -> None:
    """Write an event to where the pool logs its source, if it does.  No transaction may be open.

    Args:
        source: `userNotification` or `userAuthEvents`.
        message: what the event says; no secret may be in it.
    """
    wanted = [each for each in get_log_delivery(services, user_pool) if each["EventSource"] == source]
    line = log_line(source, pool_id=user_pool.id, moment=services.clock.now(), message=message)
    for configuration in wanted:
        for arn in destinations_of(configuration).values():
            services.log_files.append(arn, line)
