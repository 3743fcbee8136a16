"""Files that are kept, and files that orders name, on both databases."""

from functools import partial

from sqlalchemy import select

from consumers.intake import Verdict
from schemas.books import KeptFile, References
from schemas.documents import DocumentKind, Look, Write
from service.sealing import KeyRing
from service.trail import files, rotation
from service.trail.database import Trail
from service.trail.fact_tables import events
from service.trail.file_tables import files as kept_files
from tests.trail.conftest import NOON
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, delivery, order

PDF = b"%PDF-1.7"
DIGEST = "a1" * 32
URL_KEY = "attachment:1001:" + "b2" * 32
FILE = KeptFile(digest=DIGEST, size=8, content_type="application/pdf")
NAMED = [{"file_name": "a.pdf", "url": "https://files.example/a"}, {"file_name": "b.pdf", "url": "nonsense"}]


async def keep(trail: Trail, connection: str = "acme") -> None:
    sealed = files.seal(trail.keys, connection, DIGEST, PDF)
    await trail.run(lambda c: files.keep(c, connection, FILE, sealed, url="https://files.example/a", now=NOON))


async def test_a_file_is_kept_once_sealed_and_for_its_connection_alone(trail: Trail) -> None:
    await keep(trail)
    await keep(trail)
    rows = await trail.read(lambda c: c.execute(select(kept_files)).all())

    assert [(row.size, row.url, PDF in bytes(row.sealed)) for row in rows] == [(8, "https://files.example/a", False)]
    assert await trail.read(lambda c: files.content(c, trail.keys, "acme", DIGEST)) == PDF
    assert await trail.read(lambda c: files.content(c, trail.keys, "other", DIGEST)) is None


async def test_what_was_fetched_for_a_fact_stays_its_file(trail: Trail) -> None:
    await keep(trail)
    given_key = f"attachment:1001:{DIGEST}"
    wanted = References(files=frozenset({URL_KEY, given_key, "attachment:1001:" + "c3" * 32}))
    assert (await trail.work.read("acme", NAMESPACE, wanted)).files == {given_key: FILE}

    for digest in (DIGEST, "d4" * 32):
        await trail.run(
            partial(files.fetched, connection="acme", namespace=NAMESPACE, key=URL_KEY, digest=digest, now=NOON)
        )

    assert (await trail.work.read("acme", NAMESPACE, wanted)).files == {given_key: FILE, URL_KEY: FILE}
    assert (await trail.work.read("acme", "elsewhere", wanted)).files == {given_key: FILE}


async def test_files_are_sealed_again_with_a_new_key(trail: Trail) -> None:
    await keep(trail)
    new = KeyRing({"k2": bytes(31) + b"2", "k1": bytes(32)})
    at: rotation.Step | None = rotation.Step()
    while at is not None:
        at = await trail.run(partial(rotation.step, keys=new, at=at))

    only_new = KeyRing({"k2": bytes(31) + b"2"})
    assert await trail.read(lambda c: files.content(c, only_new, "acme", DIGEST)) == PDF


async def test_the_files_that_an_order_names_are_facts_of_its_delivery(trail: Trail) -> None:
    told = delivery("d1", order(), order("2", attachments=NAMED), order("2", attachments=NAMED), at=NOON)
    again = delivery("d2", order("2", attachments=[*NAMED, {"file_name": "", "url": "https://c"}]), at=NOON)

    verdicts = await trail.intake.record([told])
    assert verdicts == [(Verdict.NEW, Verdict.NEW, Verdict.DUPLICATE)]
    assert await trail.intake.record([again]) == [(Verdict.FULLER,)]

    rows = await trail.read(lambda c: c.execute(select(events).where(events.c.type == "attachment.added")).all())
    assert sorted((row.order_id, row.delivery_id, row.key[:13]) for row in rows) == [
        ("2", "d1", "attachment:2:"),
        ("2", "d1", "attachment:2:"),
        ("2", "d2", "attachment:2:"),
    ]


async def test_an_attachments_id_is_its_own_among_the_files_of_one_invoice_only(hands: Hands) -> None:
    await hands.take()
    await hands.tell(order("1"), order("2"))
    written = []
    for order_id in ("1", "2"):
        upload = Write(
            key=f"attachment:{order_id}:{DIGEST}",
            kind=DocumentKind.ATTACHMENT,
            body={},
            total=None,
            look=Look(parent=f"invoice-{order_id}", name="a.pdf"),
        )
        stored = await hands.started(await hands.due(f"order:{order_id}"), upload)
        written.append(await hands.prove(stored, rutter_id="7"))

    assert [(one.state.value, one.rutter_id) for one in written] == [("written", "7"), ("written", "7")]
