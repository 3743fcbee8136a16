"""Turns are spaced, pauses grow and end."""

from service.rutter.quota import Bucket


def test_a_burst_then_evenly_spaced_turns() -> None:
    bucket = Bucket(per_minute=60, burst=3)
    assert [bucket.take(100.0) for _ in range(6)] == [0.0, 0.0, 0.0, 1.0, 2.0, 3.0]


def test_an_idle_bucket_fills_up_again_but_not_beyond_its_burst() -> None:
    bucket = Bucket(per_minute=60, burst=3)
    for _ in range(3):
        bucket.take(100.0)
    assert [bucket.take(1000.0) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]


def test_the_told_pause_is_kept_and_left_one_by_one() -> None:
    bucket = Bucket(per_minute=60, burst=3)
    assert bucket.pause(100.0, 7.0) == 107.0
    assert [bucket.take(100.0) for _ in range(3)] == [7.0, 8.0, 9.0]


def test_untold_pauses_double_up_to_five_minutes_and_a_good_answer_ends_the_row() -> None:
    bucket = Bucket(per_minute=60, burst=3)
    now, lengths = 100.0, []
    for _ in range(10):
        until = bucket.pause(now, None)
        lengths.append(until - now)
        now = until
    assert lengths == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 300.0, 300.0]
    bucket.went_well(now)
    assert bucket.pause(now, None) - now == 2.0


def test_sixteen_refusals_of_one_moment_are_one() -> None:
    bucket = Bucket(per_minute=60, burst=16)
    assert {bucket.pause(100.0 + step / 100, None) for step in range(16)} == {102.0}
    bucket.went_well(101.0)
    assert bucket.pause(102.0, None) == 106.0


def test_an_absurd_pause_is_cut_to_an_hour() -> None:
    assert Bucket(per_minute=60, burst=1).pause(0.0, 1e12) == 3600.0
