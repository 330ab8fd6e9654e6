"""Waiting for a condition, with a bound and a good message."""
import time


def wait_until(condition, what, seconds=20, interval=0.05):
    """Returns the first true value of condition(). An exception counts as "not yet" and is told at the end."""
    end = time.monotonic() + seconds
    last = None
    while True:
        try:
            value = condition()
            if value:
                return value
            last = f"it was {value!r}"
        except Exception as e:  # whatever goes wrong while something starts
            last = repr(e)
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what} ({last})")
        time.sleep(interval)
