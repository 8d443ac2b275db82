"""Commands to servers are taken out of prompts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.generation.engines.openai.wording import neutralised

EXTRA = '<sd_cpp_extra_args>{"sample_steps": 1}</sd_cpp_extra_args>'


@pytest.mark.parametrize(
    ("prompt", "sent", "notes"),
    [
        ("a person with red hair", "a person with red hair", 0),
        (f"a person {EXTRA} at sea", "a person at sea", 1),
        (f"a person{EXTRA}", "a person", 1),
        ('a person <SD_CPP_EXTRA_ARGS>{"seed":1}', "a person", 1),
        (f"a <sd_cpp_<lora:x:1>extra_args>b{EXTRA}", "a (sd_cpp_ extra_args)b", 2),
        ("a person <lora:../../secret:0.8>", "a person", 1),
        ("a person <hypernet:x:1> <lyco:y:1>", "a person", 1),
        ("a person|glasses", "a person,glasses", 1),
        ("a person <3 cats", "a person (3 cats", 1),
        ("old > young", "old ) young", 1),
        ("", "", 0),
        ("<lora:x:1>", "", 1),
        ("two\n\nlines", "two\n\nlines", 0),
        ("a\x00b", "ab", 0),
    ],
)
def test_commands_are_taken_out(prompt: str, sent: str, notes: int) -> None:
    words = neutralised(prompt)
    assert (words.prompt, len(words.sentences)) == (sent, notes)


@given(
    st.lists(st.sampled_from(["<", ">", "|", "lora:", "sd_cpp_extra_args", "/", "{", "a ", EXTRA, "\x00"]), max_size=12)
)
def test_nothing_that_could_be_a_command_is_left(pieces: list[str]) -> None:
    words = neutralised("".join(pieces))
    assert not set(words.prompt) & set("<>|\x00")
    assert neutralised(words.prompt).prompt == words.prompt


def test_a_long_prompt_of_brackets_takes_no_time() -> None:
    for piece in ("<", "<:", "<a:" * 3 + "::::", "<sd_cpp_extra_args>", "<_"):
        neutralised(piece * (32_000 // len(piece)))
