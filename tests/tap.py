# SPDX-License-Identifier: LGPL-2.1-or-later
"""The few lines of TAP that our Python tests need."""

import sys
import traceback


class Skip(Exception):
    """Raised by a test that has nothing to try here, with the reason."""


def run(tests):
    """Runs (name, function) pairs; a function that raises has failed. Returns the exit status."""
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, (name, function) in enumerate(tests, 1):
        try:
            function()
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
        except Exception:  # whatever it is, it is this test's result
            failed += 1
            # On standard error, because that is what meson shows of a failed test.
            traceback.print_exc()
            print(f"not ok {number} {name}", flush=True)
        else:
            print(f"ok {number} {name}", flush=True)
    return 1 if failed else 0


def main(tests):
    sys.exit(run(tests))


def main_of(folder, names):
    """main() with each test_some_thing() of a module's globals() as /folder/some-thing."""
    main([(f"/{folder}/{name.removeprefix('test_').replace('_', '-')}", function)
          for name, function in list(names.items()) if name.startswith("test_")])
