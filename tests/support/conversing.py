"""Both sides of a conversation with support, over the API and by mail."""

import re
from dataclasses import replace
from email.message import EmailMessage

from app.core.ports import Letter
from app.mail.replies import ReplyAddresses
from app.privacy.strangers import ThreadRequests
from app.support.arriving import LetterBox, Taken, arrive
from app.support.letters import Desk
from app.support.parsing import is_automatic, read
from tests.fakes.mail import REPLIES
from tests.fakes.privacy import OFFICE

DESK = Desk("support@localhost.localdomain", "support@localhost.localdomain")
"""Of the settings that tests have."""
BOX = LetterBox(DESK, REPLIES, "no-reply@people.example", b"h" * 32, ThreadRequests(OFFICE))
CONTACT = """mutation ($input: ContactSupportInput!) { contactSupport(input: $input) {
  received thread { id topic right state address messages { author text } }
  errors { __typename code message path } } }"""
REPLY = """mutation ($input: ReplyToSupportThreadInput!) { replyToSupportThread(input: $input) {
  thread { state messages { author text } } errors { code path } } }"""
OWN = """query ($after: String) { viewer { supportThreads(first: 1, after: $after) {
  nodes { id state topic messages { author text } } pageInfo { hasNextPage endCursor } } } }"""
STAFFS = """query ($purpose: Activity!, $state: SupportThreadState, $topic: SupportTopic) {
  supportThreads(purpose: $purpose, state: $state, topic: $topic) {
    nodes { id topic right state address fromAccount receivedAt messages { author text } } } }"""
ANSWER = """mutation ($input: AnswerSupportThreadInput!) { answerSupportThread(input: $input) {
  answered errors { code path } } }"""
CLASSIFY = """mutation ($input: ClassifySupportThreadInput!) { classifySupportThread(input: $input) {
  classified errors { code path } } }"""
CLOSE = (
    "mutation ($input: CloseSupportThreadInput!) { closeSupportThread(input: $input) { closed errors { code path } } }"
)


def mail(sender: str, to: str, text: str, **fields: str) -> bytes:
    """Return a mail as a mail server pipes it; `Message_ID="…"` sets a field."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, fields.pop("Subject", "Hello")
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


async def receive(content: bytes, replies: ReplyAddresses = REPLIES) -> Taken | None:
    """Take a mail as the command does; None: no person sent it."""
    if is_automatic(content, "people.example"):
        return None
    return await arrive(read(content), replace(BOX, replies=replies))


def answer_to(letter: Letter) -> str:
    """Return where an answer to a letter goes."""
    assert letter.reply_to is not None
    return letter.reply_to


def quoting(letter: Letter, answer: str) -> str:
    """Return an answer with the letter below it, as mail programs write it."""
    quoted = re.sub("^", "> ", letter.text, flags=re.MULTILINE)
    return f"{answer}\n\nOn Mon, 3 May 2031 at 10:00, Support <{letter.reply_to}> wrote:\n\n{quoted}"
