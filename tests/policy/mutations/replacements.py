"""What mechanisms are replaced by."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from enum import StrEnum
from typing import Any
from uuid import UUID

from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.service import NewAccount, sign_up
from app.analytics.queries import Usage
from app.consents.office import ConsentOffice
from app.consents.purposes import Method
from app.consents.records import record_of
from app.core.origin import NOWHERE
from app.core.personal_data import Activity
from app.core.ports import Letter
from app.gallery.service import set_visibility
from app.integrations.composing import message_of
from app.marketing.service import unsubscribe
from app.web.pages.unsubscribe import unsubscribe_routes
from app.web.wellknown import wellknown_routes


def nothing(*_args: object, **_kwargs: object) -> None:
    """Do nothing."""


async def nothing_later(*_args: object, **_kwargs: object) -> None:
    """Do nothing, as a coroutine."""


def always(value: object) -> Callable[..., Any]:
    """Return a function that has only one answer."""
    return lambda *_args, **_kwargs: value


def always_later(value: object) -> Callable[..., Any]:
    """Return a coroutine function that has only one answer."""

    async def answer(*_args: object, **_kwargs: object) -> Any:
        return value

    return answer


def itself(value: Any) -> Any:
    """Return what was given."""
    return value


def report_of_everything(day: date, usage: Sequence[Usage]) -> bytes:
    """Say of small numbers too that they are there."""
    return f"{day} {[(one.event, one.count) for one in usage]}".encode()


async def everybody_later(_limitation: object, people: Sequence[UUID], *_args: object) -> frozenset[UUID]:
    """Allow it of everybody."""
    return frozenset(people)


async def sign_up_under_another_name(account: NewAccount, *args: Any, **kwargs: Any) -> Any:
    """Sign up, and lose the name."""
    return await sign_up(replace(account, display_name="Somebody"), *args, **kwargs)


def webp_with_the_camera(image: Image.Image, quality: int) -> bytes:
    """Encode a picture together with what a camera says of itself."""
    exif, output = Image.Exif(), io.BytesIO()
    exif[0x010F] = "Phone of somebody"  # Make
    image.save(output, "WEBP", quality=quality, exif=exif)
    return output.getvalue()


async def show_always_with_the_prompt(*args: Any, **_kwargs: Any) -> None:
    """Publish, and show the prompt whatever was asked for."""
    await set_visibility(*args, show_prompt=True, on_private=nothing_later)


def routes_with_another_contact(base_url: str, _contact: str, *rest: Any) -> Any:
    """Tell people to write to somebody else."""
    return wellknown_routes(base_url, "nobody@elsewhere.test", *rest)


def routes_where_opening_is_enough(office: ConsentOffice) -> list[Route]:
    """Turn news off for whoever opens the link, scanners included."""
    [route] = unsubscribe_routes(office)

    async def opened(request: Request) -> Response:
        await unsubscribe(UUID(request.path_params["link"]), office, Method.UNSUBSCRIBE_LINK, NOWHERE)
        answer: Response = await route.endpoint(request)
        return answer

    return [Route(route.path, opened, methods=["GET", "POST"])]


def message_without_an_end(letter: Letter, sender: str) -> EmailMessage:
    """Leave out what mail programs offer a button for."""
    return message_of(replace(letter, unsubscribe=None), sender)


async def everybody_agrees(_limitation: object, people: Sequence[UUID], *_rest: object) -> frozenset[UUID]:
    """Take everybody for somebody who said yes."""
    return frozenset(people)


def record_without_withdrawal(*args: Any) -> Any:
    """Record a consent, and leave out how it is withdrawn."""
    record = record_of(*args)
    left = [
        {name: value for name, value in each.items() if name != "withdrawal_method"}
        for each in record["pii_processing"]
    ]
    return {**record, "pii_processing": left}


ACTIVITIES_WITH_A_SALE = StrEnum(  # type: ignore[misc]
    "ActivitiesWithASale", [*((each.name, each.value) for each in Activity), ("SALE", "SALE")]
)
