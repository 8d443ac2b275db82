"""A person who does everything that one can do here, as a person does it, with a word of their own in each place."""

import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from PIL import ExifTags, Image

from app.accounts.clients import register
from app.core.db import transaction
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Scope
from app.legal_disclosures.service import end_bars
from app.privacy.asked import Asked
from app.privacy.requests import Requester, open_request
from app.privacy.status import Channel
from tests.accounts.test_addresses import CHANGE, CONFIRM
from tests.accounts.test_api_keys import CREATE_KEY
from tests.accounts.test_authorization import BACK, answer_of, question, redeeming
from tests.accounts.test_lost_factors import START
from tests.accounts.test_passkeys import ENROL as ENROL_PASSKEY
from tests.accounts.test_second_factors import PROVE, App, enrol
from tests.accounts.test_staff import SIGN_IN_AGAIN, SUSPEND
from tests.consents.test_api import OBJECT, decide
from tests.fakes.authenticator import Authenticator
from tests.fakes.browsing import let_in, sign_in
from tests.fakes.openid import FakeOpenID
from tests.fakes.people import POLICY_VERSION
from tests.fakes.privacy import OFFICE
from tests.fakes.server import SIGN_UP, Json, RunningServer
from tests.fakes.uploads import Sender
from tests.fakes.visiting import Visitor
from tests.gallery.test_gallery import GALLERY, made, show
from tests.legal_disclosures.test_legal_disclosures import HANDOVER, RECORD, Later, bar, leased
from tests.media.faces import drawn_face
from tests.media.pictures import painted, saved
from tests.privacy.asking import SUBMIT
from tests.privacy.leaving import carried_out
from tests.privacy.office import DENY, EXTEND
from tests.privacy.post import PostBox
from tests.privacy.shown import shown
from tests.privacy.words import EMAIL, KEPT, OTHER_EMAIL, PASSING, PASSWORD
from tests.schema.access.documents import documents
from tests.schema.access.walk import SCHEMA
from tests.schema.world import key_of
from tests.support.conversing import ANSWER, CONTACT, DESK, REPLY, mail, receive
from workers.runner import Runner


@dataclass
class Life:
    """The person, by what they use."""

    server: RunningServer
    visitor: Visitor
    openid: FakeOpenID
    post: PostBox
    runner: Runner
    staff: str
    officer: str
    token: str = ""
    secrets: list[str] = field(default_factory=list)
    """What was shown to them once."""
    mailed: list[str] = field(default_factory=list)
    """Secrets that only letters have."""
    saw: list[Mapping[str, str]] = field(default_factory=list)
    """What the API showed them, by field."""

    async def live(self) -> None:
        """Do all of it."""
        await self.join()
        await self.get_suspended()
        await self.let_others_in()
        await self.make_pictures()
        await self.send_pictures()
        await self.decide()
        await self.write_to_support()
        await self.guard_the_account()
        await self.get_handed_over()
        await self.ask_for_rights()
        await self.look_at_everything()
        await self.take_out()

    async def send(self, document: str, /, **given: Any) -> Json:
        """Call a mutation that has to succeed; return its payload."""
        [payload] = (await self.server.data(document, given, self.token or None)).values()
        assert not payload.get("errors"), payload
        await self.server.queue.settle()
        found: Json = payload
        return found

    async def join(self) -> None:
        """Sign up, and follow the link in the mail."""
        account = {"email": EMAIL, "password": PASSWORD, "displayName": KEPT["display-name"], "adult": True}
        payload = await self.send(SIGN_UP, input={**account, "policyVersion": POLICY_VERSION})
        self.token = payload["token"]
        self.secrets.append(self.token)
        self.mailed.append(self.post.token(EMAIL))
        await self.send(CONFIRM, input={"token": self.post.token(EMAIL)})
        await self.server.client.get(f"/support?topic={PASSING['page']}")

    async def get_suspended(self) -> None:
        """Be suspended, read why, and come back when that is lifted."""
        me = await self.id()
        for words, suspended in (("suspension", True), ("lifting", False)):
            target = {"id": me, "reason": KEPT[words], "suspended": suspended}
            done = await self.server.data(SUSPEND, {"input": target}, self.staff)
            assert done["suspendUser"]["errors"] == []
            proof = {"input": {"email": EMAIL, "password": PASSWORD}}
            opened = (await self.server.data(SIGN_IN_AGAIN, proof))["signIn"]
            self.saw += [{"AccountRestricted.reason": error["reason"]} for error in opened["errors"]]
        self.token = opened["token"]
        self.secrets.append(self.token)

    async def let_others_in(self) -> None:
        """Link an account elsewhere, and let in an app."""
        self.openid.person |= {"sub": PASSING["identity"], "email": EMAIL, "name": PASSING["name-elsewhere"]}
        client = await register("A studio", [BACK], [Scope.PROFILE, Scope.GENERATIONS_READ])
        browser = self.visitor.browser
        await sign_in(browser, EMAIL, PASSWORD)
        back = await let_in(browser, question(client, state=PASSING["state"]))
        code = answer_of(back)["code"]
        answer = await self.server.client.post("/oauth/token", data=redeeming(client, code))
        issued = answer.json()
        self.secrets += [code, issued["access_token"], issued["refresh_token"]]
        linked = await self.visitor.visit("google", "link", at="/account")
        assert linked.headers["location"] == "/account"

    async def make_pictures(self) -> None:
        """Make some, show them, look for some, have one fail."""
        wish = {"negativePrompt": KEPT["negative-prompt"], "engine": "faulty"}
        one = await made(self.server, self.token, f"smiling {KEPT['prompt']}", key=KEPT["idempotency-key"], **wish)
        await show(self.server, self.token, one, prompt=True)
        await made(self.server, self.token, f"refused {KEPT['prompt']}", **wish)
        await self.server.data(GALLERY, {"search": PASSING["search"]})

    async def send_pictures(self) -> None:
        """Send one that says where it was taken and use none of it yet; keep one of a face."""
        sender = Sender(self.server, self.token)
        exif = Image.Exif()
        exif[ExifTags.Base.Make] = KEPT["picture"]
        photograph = saved(painted(), "JPEG", exif=exif, comment=KEPT["picture"].encode())
        upload = (await sender.announce(len(photograph), "image/jpeg"))["upload"]
        named = f'form-data; filename="{PASSING["file-name"]}.jpg"'
        answer = await sender.put(upload, photograph, content_disposition=named)
        assert answer.status_code == 204, answer.text
        await sender.reference(photographed(drawn_face()), "OWN_FACE", saved=True)

    async def decide(self) -> None:
        """Say yes, and no."""
        for granted in (True, False):
            payload = await decide(self.server, self.token, TRAINING_ON_PRIVATE_CONTENT=granted)
            assert payload["errors"] == []
        objections = [{"activity": "ANALYTICS", "objected": True}]
        await self.send(OBJECT, input={"objections": objections, "idempotencyKey": new_key()})

    async def write_to_support(self) -> None:
        """Write, be answered, go on; and write a mail."""
        said = {"topic": "QUESTION", "message": KEPT["support"], "idempotencyKey": new_key()}
        thread = (await self.send(CONTACT, input=said))["thread"]["id"]
        answer = {"id": thread, "message": KEPT["answer"], "idempotencyKey": new_key()}
        assert (await self.server.data(ANSWER, {"input": answer}, self.staff))["answerSupportThread"]["errors"] == []
        await self.send(REPLY, input={**answer, "message": KEPT["reply"]})
        sender = f"{PASSING['mail-name']} <{EMAIL}>"
        letter = mail(sender, DESK.support, KEPT["mail"], Subject=KEPT["subject"])
        assert await receive(letter) is not None
        await self.server.queue.settle()

    async def guard_the_account(self) -> None:
        """Make an API key, set up what is given beside the password, lose it, and move to another address."""
        wanted = {"name": KEPT["api-key"], "scopes": ["PROFILE"], "allowedOrigins": [f"https://{KEPT['origin']}.net"]}
        self.secrets.append((await self.send(CREATE_KEY, input=wanted))["secret"])
        begun = await enrol(self.server, self.token)
        app_secret = begun["secret"]
        confirmed = await enrol(self.server, self.token, App(app_secret).code())
        self.secrets += [app_secret, *confirmed["recoveryCodes"]]
        options = (await self.send(ENROL_PASSKEY, input={}))["options"]
        self.saw.append({"EnrolTotpPayload.uri": unquote(begun["uri"]), "EnrolPasskeyPayload.options": options})
        await self.send(ENROL_PASSKEY, input={"credential": Authenticator().create(options), "name": KEPT["passkey"]})
        await self.send(CHANGE, input={"email": OTHER_EMAIL})
        self.mailed.append(self.post.token(OTHER_EMAIL))
        await self.server.data(f'mutation {{ requestPasswordReset(input: {{email: "{EMAIL}"}}) {{ mailed }} }}')
        await self.server.queue.settle()
        link = self.post.token(EMAIL)
        self.mailed.append(link)
        await self.send(START, token=link)

    async def ask_for_rights(self) -> None:
        """Ask for what takes longer and is refused, and have staff ask on their behalf."""
        who = Requester(UUID(key_of(await self.id())), Channel.STAFF, proved=True)
        async with transaction():
            await open_request(Asked(PrivacyRight.KNOW, evidence=KEPT["evidence"]), who, OFFICE)
        await self.server.queue.settle()
        self.server.queue.work_with(None)
        said = {"right": "OPT_OUT_OF_SALE", "statement": KEPT["statement"], "idempotencyKey": new_key()}
        asked = (await self.send(SUBMIT, input=said))["request"]["id"]
        for document, given in (
            (EXTEND, {"reason": KEPT["extension"]}),
            (DENY, {"reason": KEPT["denial"], "code": "UNFOUNDED"}),
        ):
            await self.told(document, {"id": asked, **given})
        self.server.queue.work_with(self.runner.run)

    async def get_handed_over(self) -> None:
        """Have the law want something of them: once openly, and once so that they may not know for a while."""
        words = {name: KEPT[name] for name in ("recipient", "basis", "scope")}
        given = {**HANDOVER, **words, "subject": await self.id()}
        for more in ({}, {"bar": {**bar(), "reason": KEPT["bar"]}}):
            await self.told(RECORD, {**given, **more, "idempotencyKey": new_key()})
        assert await end_bars(await leased(), Later(31)) == 1

    async def told(self, document: str, given: Json) -> None:
        """Have an officer do something about them."""
        variables = {"input": {"idempotencyKey": new_key(), **given}}
        [payload] = (await self.server.data(document, variables, self.officer)).values()
        assert not payload["errors"], payload

    async def id(self) -> str:
        """Return their id."""
        return str((await self.server.data("{ viewer { id } }", None, self.token))["viewer"]["id"])

    async def take_out(self) -> None:
        """Ask for a copy of everything, and wait until it is there."""
        asked = await self.send(SUBMIT, input={"right": "ACCESS", "idempotencyKey": new_key()})
        assert await carried_out(self.runner, asked["request"]["id"]) == "COMPLETED"

    async def leave(self) -> str:
        """Prove that it is them, ask for an erasure at once, and wait until it is done; return the request."""
        proof = {"code": self.secrets[-1]}
        assert (await self.server.data(PROVE, {"input": proof}, self.token))["reauthenticate"]["errors"] == []
        said = {"right": "ERASURE", "waiveGrace": True, "statement": KEPT["statement"], "idempotencyKey": new_key()}
        asked = await self.send(SUBMIT, input=said)
        await carried_out(self.runner, asked["request"]["id"])
        return str(asked["request"]["id"])

    async def look_at_everything(self) -> None:
        """Ask the API for all that it shows of them: to themselves, to everybody, and to staff."""
        for field_name, token, given in (
            ("viewer", self.token, {}),
            ("gallery", None, {"first": 9}),
            ("supportThreads", self.staff, {"first": 9, "purpose": "ACCOUNT_MANAGEMENT"}),
            ("privacyRequests", self.officer, {"first": 9, "status": "COMPLETED"}),
        ):
            for document in documents(SCHEMA, "Query", field_name):
                self.saw.append(shown(await self.server.data(document, given, token)))

    def saw_in(self, field_name: str) -> str:
        """Return what was seen in a field of the API."""
        return "\n".join(answer.get(field_name, "") for answer in self.saw)


def new_key() -> str:
    """Return an idempotency key that nobody used before."""
    return str(uuid.uuid4())


def photographed(content: bytes) -> bytes:
    """Return a picture as a phone makes it, with words in it that are taken out on arrival."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = PASSING["camera"]
    with Image.open(io.BytesIO(content)) as image:
        return saved(image.convert("RGB"), "JPEG", exif=exif, quality=95)
