"""The documents as files."""

from pathlib import Path

import pytest

from app.policy.texts import DocumentKind, read, shipped

TEXT = """---
version: 2030-01-01
effective: 2030-02-01
---

# Privacy policy

One sentence.
Another one.

## A heading

- an item
- a second item

| Activity | Basis |
|---|---|
| Payment | Contract |
"""


def test_a_document_is_read_sentence_by_sentence(tmp_path: Path) -> None:
    path = tmp_path / "2030-01-01.md"
    path.write_text(TEXT)

    document = read(DocumentKind.PRIVACY, path)

    assert (document.version, document.effective.isoformat()) == ("2030-01-01", "2030-02-01")
    assert document.title == "Privacy policy"
    assert document.sentences() == (
        "One sentence.",
        "Another one.",
        "an item",
        "a second item",
        "| Activity | Basis |",
        "| Payment | Contract |",
    )


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("2030-01-01", "version: ", "vision: "), ("2030-01-01", "2030-02-01", "soon"), ("2031-01-01", "", "")],
)
def test_what_does_not_begin_as_a_document_is_refused(name: str, old: str, new: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.md"
    path.write_text(TEXT.replace(old, new) if old else TEXT)

    with pytest.raises(ValueError, match=r"begins with|name of its version|isoformat"):
        read(DocumentKind.PRIVACY, path)


@pytest.mark.parametrize("kind", DocumentKind)
def test_versions_come_oldest_first(kind: DocumentKind) -> None:
    documents = shipped(kind)

    assert [document.effective for document in documents] == sorted(document.effective for document in documents)
    assert len({document.version for document in documents}) == len(documents) > 0


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_line_of_a_document_has_one_sentence(kind: DocumentKind) -> None:
    for document in shipped(kind):
        for sentence in document.sentences():
            assert ". " not in sentence.rstrip("."), f"{kind.value} {document.version}: {sentence}"
