"""Files that are given: kept at once, attached once the invoice is there, and once however often they are given."""

from pathlib import Path

from service.files.giving import Gift, Given, NotGiven, give
from tests.posting.rig import Rig, order, rig
from tests.posting.test_attachments import PDF, attached


def gift(content: bytes = PDF, order_id: str = "1001", namespace: str | None = None, connection: str = "acme") -> Gift:
    return Gift(connection=connection, order=order_id, file_name="r.txt", content=content, namespace=namespace)


async def given(r: Rig, one: Gift) -> Given | NotGiven:
    return await give(r.trail, one, r.clock.now())


async def test_a_file_given_twice_is_attached_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"))
        first, second = await given(r, gift()), await given(r, gift())
        counts = await r.settle()
        (file,) = await attached(r)

    assert isinstance(first, Given)
    assert isinstance(second, Given)
    assert (first.what, second.what) == ("taken", "was given before")
    assert (first.namespace, first.content_type, first.size) == ("shop", "application/pdf", 18)
    assert (counts.done, counts.held, counts.parked) == (2, 0, 0)
    assert (file["file_name"], file["sha256"]) == ("r 90ee892e36cc.pdf", first.digest)


async def test_what_cannot_be_taken_is_said_at_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.tell(order("1001"))
        wrong = [
            gift(b"MZ\x00"),
            gift(connection="nobody"),
            gift(order_id="2"),
            gift(namespace="mars"),
            gift(order_id="a\nb"),
        ]
        said = [await given(r, one) for one in wrong]
        await r.settle()
        assert await attached(r) == []

    assert said == [
        NotGiven("'r.txt' is not kept: it is none of PDF, PNG, JPEG, CSV and text"),
        NotGiven("there is no connection 'nobody'"),
        NotGiven("say in which namespace: orders are told in no namespace"),
        NotGiven("acme has no namespace 'mars'"),
        NotGiven("say in which namespace: orders are told in no namespace"),
    ]
