"""`ledgerhook attach`: a file kept for the invoice of an order, and one line about what cannot be."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shell, Shop


def test_a_file_is_kept_and_waits_for_its_invoice(ledgerhook: Shell, shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(b"%PDF-1.7 a receipt")
    words = ("attach", "acme", "1001", file, "--namespace", "acme-events", "--data-dir", shop.data_dir)

    given = ledgerhook.json(*words)
    said = ledgerhook.good(*words)

    assert given["digest"].startswith("90ee892e36cc")
    assert (given["content_type"], given["size"], given["what"]) == ("application/pdf", 18, "taken")
    assert said == f"attachment:1001:{given['digest']}: was given before (application/pdf, 18 bytes)\n"


def test_what_cannot_be_taken_is_one_line(
    ledgerhook: Shell, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, at = tmp_path / "r.pdf", ("--data-dir", shop.data_dir)
    assert "cannot be read" in ledgerhook.fails("attach", "acme", "1001", file, *at)
    file.write_bytes(b"%PDF-1.7" + bytes(2000))
    assert "no connection 'nobody'" in ledgerhook.fails("attach", "nobody", "1001", file, *at)
    assert "say in which namespace" in ledgerhook.fails("attach", "acme", "1001", file, *at)
    monkeypatch.setenv("LEDGERHOOK_ATTACHMENT_MAX_BYTES", "1024")
    assert "more than 1024 bytes" in ledgerhook.fails("attach", "acme", "1001", file, *at)


def test_our_own_namespace_is_no_sources(ledgerhook: Shell, shop: Shop) -> None:
    text = shop.file.read_text().replace("[sources.acme-events]", "[sources.ledgerhook]", 1)
    shop.file.write_text(text)

    said = ledgerhook.fails("apply", shop.file, "--data-dir", shop.data_dir)

    assert "the namespace ledgerhook" in said
