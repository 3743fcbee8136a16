"""Files attached to invoices: sent, doubled by a retry, listed, given back, and told to the auditor."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import SHARED_LOOP, Opening
from tests.sandbox.shop import Json, Shop

pytestmark = SHARED_LOOP

PDF = b"%PDF-1.7\r\n--not-the-boundary\r\n\x00\xff\n"
# sha256 of the four bytes "a,b\n", by `printf 'a,b\n' | sha256sum`.
CSV_SHA256 = "5be08c9684a1d25e"


async def _attach(
    shop: Shop, invoice_id: str, file: bytes = PDF, name: str = "receipt.pdf", *, key: str | None = None
) -> httpx.Response:
    headers: dict[str, str] = {"idempotency-key": key} if key else {}
    return await shop.http.post(
        f"/versioned/accounting/invoices/{invoice_id}/attachments",
        params={"access_token": shop.access_token},
        files={"file": (name, file, "application/pdf")},
        data={"file_name": name},
        headers=headers,
    )


async def _invoice(shop: Shop) -> str:
    return str((await shop.invoice(await shop.customer(currency_code="USD")))["id"])


async def _names(shop: Shop, invoice_id: str) -> list[str]:
    told = (await shop.get(f"accounting/invoices/{invoice_id}/attachments")).json()
    return [one["file_name"] for one in told["attachments"]]


async def test_a_file_comes_back_as_it_went(shop: Shop) -> None:
    invoice_id = await _invoice(shop)
    made = await _attach(shop, invoice_id)
    attachment = made.json()["attachment"]

    assert (made.status_code, "x-rutter-job-id" in made.headers) == (200, True)
    assert (attachment["attached_to_id"], attachment["attached_to_type"]) == (invoice_id, "INVOICE")
    assert attachment["id"] == attachment["platform_id"]
    path = f"accounting/invoices/{invoice_id}/attachments"
    assert (await shop.get(f"{path}/{attachment['id']}/file")).content == PDF
    assert (await shop.get(path)).json()["attachments"] == [attachment]
    one = await shop.get(f"accounting/invoices/attachments/{attachment['id']}")
    assert one.json()["attachment"] == attachment


async def test_the_auditor_sees_name_size_and_digest(shop: Shop) -> None:
    invoice_id = await _invoice(shop)
    await _attach(shop, invoice_id, b"a,b\n", "lines.csv")
    (document,) = (await shop.books())["documents"]

    (file,) = document["attachments"]
    assert (file["file_name"], file["size"], file["idempotency_key"]) == ("lines.csv", 4, None)
    assert file["sha256"].startswith(CSV_SHA256)


@pytest.mark.parametrize(("rule", "copies"), [("ignored", 2), ("honoured", 1)])
async def test_a_retry_doubles_the_file_unless_keys_count(shop: Shop, rule: str, copies: int) -> None:
    await shop.control("switches", {"attachment_idempotency": rule})
    invoice_id = await _invoice(shop)
    for _ in range(2):
        assert (await _attach(shop, invoice_id, key="k")).status_code == 200

    assert await _names(shop, invoice_id) == ["receipt.pdf"] * copies


async def test_a_lost_answer_has_attached(shop: Shop) -> None:
    invoice_id = await _invoice(shop)
    await shop.control("faults", {"kind": "timeout_after", "endpoint": "attachments"})
    with pytest.raises(httpx.HTTPError):
        await _attach(shop, invoice_id)

    assert await _names(shop, invoice_id) == ["receipt.pdf"]


async def test_attaching_is_never_answered_async(shop: Shop) -> None:
    invoice_id = await _invoice(shop)
    await shop.control("switches", {"latency": 0.02, "prefer_sync_seconds": 0.001})
    await shop.control("faults", {"kind": "stay_pending", "endpoint": "attachments"})

    assert "attachment" in (await _attach(shop, invoice_id)).json()


@pytest.mark.parametrize(
    ("switches", "name", "file", "status"),
    [
        ({"attachment_bytes": 3}, "a.pdf", b"1234", 450),
        ({"attachment_types": "common"}, "a.exe", b"MZ", 450),
        ({"attachment_types": "common"}, "A.PDF", b"%PDF", 200),
        ({}, "a.exe", b"MZ", 200),
        ({}, "a.pdf", b"", 450),
    ],
)
async def test_what_is_taken(shop: Shop, switches: Json, name: str, file: bytes, status: int) -> None:
    invoice_id = await _invoice(shop)
    await shop.control("switches", switches)
    answer = await _attach(shop, invoice_id, file, name)

    assert (answer.status_code, await _names(shop, invoice_id)) == (status, [name] if status == 200 else [])


async def test_json_is_taken_only_where_the_switch_lets_it(shop: Shop) -> None:
    invoice_id = await _invoice(shop)
    body: dict[str, Any] = {"attachment": {"file": "hello", "file_name": "a.txt"}}
    path = f"invoices/{invoice_id}/attachments"

    assert (await shop.post(path, body)).status_code == 400
    await shop.control("switches", {"attachment_body": "either"})
    assert (await shop.post(path, body)).status_code == 200
    assert (await shop.post(path, {"file_name": "b.txt"})).status_code == 400


async def test_wrong_requests(shop: Shop) -> None:
    invoice_id = await _invoice(shop)
    url = f"/versioned/accounting/invoices/{invoice_id}/attachments"
    query = {"access_token": shop.access_token}
    no_name = await shop.http.post(url, params=query, files={"file": ("", b"x")})
    cut_off = await shop.http.post(
        url, params=query, content=b"--x\r\n", headers={"content-type": "multipart/form-data"}
    )
    unknown = await _attach(shop, "00000000-0000-4000-8000-000000000009")

    assert (no_name.status_code, cut_off.status_code, unknown.status_code) == (400, 400, 410)
    assert "x-rutter-job-id" not in unknown.headers


@pytest.mark.parametrize(("platform", "status"), [("QUICKBOOKS", 200), ("XERO", 200), ("QUICKBOOKS_DESKTOP", 404)])
async def test_platforms(opening: Opening, platform: str, status: int) -> None:
    shop = await opening(platform)
    answer = await _attach(shop, await _invoice(shop))

    assert answer.status_code == status
    if platform == "XERO":
        assert answer.json()["attachment"]["created_at"] == ""
