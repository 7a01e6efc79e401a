# SPDX-License-Identifier: MIT
"""run.py FOLDER [TEST...]: tests the examples in FOLDER; a test is CLASS or CLASS.METHOD."""

import sys
import unittest

import support


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    support.folder = sys.argv[1]
    suite = unittest.TestSuite()
    for module in ("test_pictures", "test_facts", "test_options"):
        for test in unittest.TestLoader().loadTestsFromName(module):
            for case in test:
                name = case.id().split(".", 1)[1]
                if not sys.argv[2:] or any(
                    name == wanted or name.startswith(wanted + ".") for wanted in sys.argv[2:]
                ):
                    suite.addTest(case)
    if suite.countTestCases() == 0:
        sys.exit(f"no test is called {' or '.join(sys.argv[2:])}")
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
