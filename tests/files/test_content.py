"""What a file is, whatever it is called; and what it is called then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.planning.additions.file_names import ENDINGS, file_name
from service.files.content import NotKept, content_type

DIGEST = "5be08c9684a1" + "0" * 52


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n\x00\xff", "application/pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"date,amount\n2026-01-05,3.50\n", "text/csv"),
        (b"a;b\r\n1;2", "text/csv"),
        ('name\tamount\n"Müller\nGmbH"\t1\n'.encode(), "text/csv"),
        (b"name,amount\nM\xfcller,1\n", "text/csv"),
        (b"\xef\xbb\xbfThank you, Ada.\nCome again, soon.\nYours", "text/plain"),
        (b"one line, one comma", "text/plain"),
        ("Grüße".encode(), "text/plain"),
        ("Grüße".encode("cp1252"), "text/plain"),
        (b"a,b\n1,2\n" * 20_000 + b"1,2,3", "text/csv"),
    ],
)
def test_types_that_are_kept(content: bytes, kind: str) -> None:
    assert content_type(content) == kind


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00", b"PK\x03\x04", b"\x7fELF", b"GIF89a\x01", b"text\x00text", b"\x81\x8d", b"a\x1b[0mb",
     b"<!DOCTYPE html><p>log in</p>", b"\n <html>", b"<svg onload='x'>", b"<?xml version='1.0'?>",
     b"<script>%PDF-</script>", "%PDF-1.7".encode("utf-16")],
)  # fmt: skip
def test_types_that_are_not(content: bytes) -> None:
    assert isinstance(content_type(content), NotKept)


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(content: bytes) -> None:
    assert isinstance(content_type(content), NotKept) or content_type(content) in ENDINGS


@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("receipt.pdf", "application/pdf", "receipt 5be08c9684a1.pdf"),
        ("RECEIPT.PDF", "application/pdf", "RECEIPT 5be08c9684a1.pdf"),
        ("photo.exe", "image/jpeg", "photo.exe 5be08c9684a1.jpg"),
        ("photo.jpeg", "image/png", "photo 5be08c9684a1.png"),
        ("../../etc/passwd", "text/plain", "passwd 5be08c9684a1.txt"),
        ("C:\\files\\b.csv", "text/csv", "b 5be08c9684a1.csv"),
        ("", "text/csv", "file 5be08c9684a1.csv"),
        (" .. ", "text/csv", "file 5be08c9684a1.csv"),
        ('a"b\r\nX: y<>|.txt', "text/plain", "a b X y 5be08c9684a1.txt"),
        ("Müller & März.pdf", "application/pdf", "Müller März 5be08c9684a1.pdf"),
        ("\u202efdp.exe", "application/pdf", "fdp.exe 5be08c9684a1.pdf"),
    ],
)
def test_names(name: str, kind: str, called: str) -> None:
    assert file_name(name, kind, DIGEST) == called


@given(st.text(max_size=4000), st.sampled_from(sorted(ENDINGS)))
def test_any_name_becomes_a_tame_one(name: str, kind: str) -> None:
    called = file_name(name, kind, DIGEST)

    assert called.endswith(f" 5be08c9684a1{ENDINGS[kind][0]}")
    assert called.isprintable()
    assert not set(called) & set('/\\"\r\n<>:|?*')
    assert len(called) < 100
