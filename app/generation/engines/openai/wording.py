"""Keeps a prompt a prompt: takes out what servers would read as commands.

Read in the servers' sources: stable-diffusion.cpp's server takes JSON settings out of
`<sd_cpp_extra_args>…</sd_cpp_extra_args>` (overriding sampler, size, seed, files); it, AUTOMATIC1111 and others load
files by `<lora:name:weight>`, `<hypernet:…>`, `<lyco:…>`; LocalAI makes what follows `|` a negative prompt.
"""

import re
from dataclasses import dataclass

_EXTRA_ARGUMENTS = re.compile(r"<\s*sd_cpp_extra_args\s*>.*?(?:<\s*/\s*sd_cpp_extra_args\s*>|\Z)", re.I | re.S)
_TAG = re.compile(r"<[^<>|]{0,500}[:/_][^<>|]{0,500}>")
_SPACES = re.compile(r"[ \t]{2,}")
_PLAIN = str.maketrans({"<": "(", ">": ")", "|": ",", "\x00": None})
"""Nothing can be a command without these characters, so none of them gets through, whatever the patterns missed."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is sent, and what the person is told about the difference."""

    prompt: str
    sentences: tuple[str, ...]


def neutralised(prompt: str) -> Wording:
    """Return the prompt without commands to the server; the result holds none of `<`, `>`, `|` and NUL."""
    sentences = []
    without = _TAG.sub(" ", _EXTRA_ARGUMENTS.sub(" ", prompt))
    if without != prompt:
        sentences.append("Commands in angle brackets were left out: they are not for the picture.")
    if "|" in without:
        sentences.append("Each “|” was read as a comma.")
    if "<" in without or ">" in without:
        sentences.append("Angle brackets were read as round ones.")
    return Wording(_SPACES.sub(" ", without.translate(_PLAIN)).strip(), tuple(sentences))
