"""Charges an operation to its viewer's budget before it is executed, and says in every answer what it cost."""

import math
from collections.abc import AsyncIterator
from typing import Any

from graphql import GraphQLError, OperationType
from strawberry.extensions import SchemaExtension

from app.core.ports import Budgets
from schema.context import Context
from schema.extensions.documents import document_of

THROTTLED = "THROTTLED"


class CostCheck(SchemaExtension):
    """Stands last: what was refused before costs nothing. A subscription is charged once, when it starts."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, Any] = {}

    async def on_validate(self) -> AsyncIterator[None]:
        """Charge before the yield."""
        execution = self.execution_context
        if not execution.pre_execution_errors:
            context: Context = execution.context
            cost = document_of(self).price(execution.operation_name)(execution.variables or {})
            if error := await self._charge(context.ports.budgets, context.payer, cost):
                execution.pre_execution_errors = [error]
        yield

    async def _charge(self, budgets: Budgets, payer: str, cost: int) -> GraphQLError | None:
        """Return why the operation is not executed."""
        possible = cost <= budgets.size
        balance = await budgets.spend(payer, cost if possible else 0)
        self._shown = {
            "requested": cost,
            "size": budgets.size,
            "left": math.floor(balance.left),
            "restoreRate": budgets.restore_rate,
        }
        if not possible:
            return _too_costly(cost, budgets.size)
        return None if balance.granted else _throttled(cost, balance.left, budgets.restore_rate)

    def get_results(self) -> dict[str, Any]:
        """Return what the answer has in its `extensions`; of a subscription's events only the first has it."""
        shown, execution = self._shown, self.execution_context
        if not shown:
            return {}
        if execution.operation_type.value == OperationType.SUBSCRIPTION.value and not execution.pre_execution_errors:
            self._shown = {}
        return {"cost": shown}


def _too_costly(cost: int, size: int) -> GraphQLError:
    message = f"This operation costs {cost} and can never be executed: nobody has more than {size}. Ask for less of it."
    return GraphQLError(message, extensions={"code": "QUERY_TOO_COSTLY"})


def _throttled(cost: int, left: float, rate: float) -> GraphQLError:
    seconds = max(1, math.ceil((cost - left) / rate))
    message = f"This operation costs {cost} and {math.floor(left)} is left: send it again in {seconds} s."
    return GraphQLError(message, extensions={"code": THROTTLED, "retryAfterSeconds": seconds})
