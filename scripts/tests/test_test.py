"""The test runner reads what each kind of suite says, and hides no failure."""

import unittest

from scripts.tests import load

runner = load("test")


class Counting(unittest.TestCase):
    def check(self, log, passed, failed, skipped):
        self.assertEqual(runner.counted(log), {"passed": passed, "failed": failed, "skipped": skipped})

    def test_nextest(self):
        line = "     Summary [   1.204s] 14 tests run: 11 passed (2 slow), 2 failed, 1 timed out, 3 skipped\n"
        self.check(line, 11, 3, 3)

    def test_cargo(self):
        line = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 9 filtered out; finished in 0.01s\n"
        self.check(line + line, 6, 2, 4)

    def test_vitest(self):
        log = " Test Files  2 passed (2)\n\x1b[2m      Tests \x1b[22m 1 failed | 12 passed | 1 skipped (14)\n"
        self.check(log, 12, 1, 1)

    def test_playwright(self):
        self.check("  1 failed\n    [chromium] › a.spec.ts:3:1 › x\n  2 skipped\n  5 passed (3.2s)\n", 5, 1, 2)

    def test_node(self):
        self.check("# tests 6\n# pass 5\n# fail 1\n# skipped 0\n", 5, 1, 0)
        self.check("ℹ tests 6\nℹ pass 6\nℹ fail 0\n", 6, 0, 0)

    def test_talk_about_tests_is_no_result(self):
        self.check("running 14 tests\nerror: 3 passed through here\nPASS [0.1s] 1 passed\n", 0, 0, 0)


class Judging(unittest.TestCase):
    def test_a_suite_that_does_not_build_has_failed(self):
        none = {"passed": 0, "failed": 0, "skipped": 0}
        self.assertEqual(runner.judged("rust tests", 101, dict(none))["failed"], 1)

    def test_a_suite_that_ran_nothing_has_failed(self):
        none = {"passed": 0, "failed": 0, "skipped": 0}
        self.assertEqual(runner.judged("client tests", 0, dict(none))["failed"], 1)

    def test_failures_are_counted_once(self):
        some = {"passed": 4, "failed": 2, "skipped": 0}
        self.assertEqual(runner.judged("rust tests", 100, dict(some)), some)


if __name__ == "__main__":
    unittest.main()
