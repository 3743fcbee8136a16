"""One change of the mapping lets go of everything that was parked for want of it: once each, in order."""

from pathlib import Path

from tools.one_cure import one_cure


async def test_one_cure_releases_all_that_it_cures(tmp_path: Path) -> None:
    report = await one_cure(120, tmp_path)

    assert (report.parked, report.causes, report.released, report.posted) == (120, 1, 120, 120)
    assert (report.posts, report.invoice_posts, report.idempotency_keys) == (120, 120, 120)
    assert report.furthest <= 32
    assert report.good
