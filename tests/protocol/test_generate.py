#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is committed is what the description says, and the generator always says the same."""

import os
import subprocess
import sys
import tempfile
import unittest

import described


def generate(*arguments, seed="0"):
    environment = dict(os.environ, PYTHONHASHSEED=seed, PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run([sys.executable, described.GENERATE, *arguments], env=environment,
                          capture_output=True, text=True, check=False)


def files_below(folder):
    """{path: bytes}"""
    result = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                result[os.path.relpath(path, folder)] = file.read()
    return result


class Generate(unittest.TestCase):
    def test_committed_files_are_current(self):
        result = generate("--check")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_same_bytes_whatever_the_hash_seed(self):
        outputs = []
        for seed in ("0", "1", "12345"):
            with tempfile.TemporaryDirectory() as folder:
                result = generate("--output", folder, seed=seed)
                self.assertEqual(result.returncode, 0, result.stderr)
                outputs.append(files_below(folder))
        self.assertGreater(len(outputs[0]), 25)
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])

    def test_written_files_are_the_committed_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            generate("--output", folder)
            for name, content in files_below(folder).items():
                with open(os.path.join(described.TOP, name), "rb") as file:
                    self.assertEqual(content, file.read(), name)

    def test_second_run_writes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            generate("--output", folder)
            before = {n: os.stat(os.path.join(folder, n)).st_mtime_ns for n in files_below(folder)}
            result = generate("--output", folder)
            self.assertIn(", 0 written", result.stdout)
            after = {n: os.stat(os.path.join(folder, n)).st_mtime_ns for n in files_below(folder)}
            self.assertEqual(before, after)

    def test_check_names_a_file_that_differs(self):
        with tempfile.TemporaryDirectory() as folder:
            generate("--output", folder)
            path = os.path.join(folder, "include", "virglcmd", "state.h")
            with open(path, "a", encoding="utf-8") as file:
                file.write("/* by hand */\n")
            result = generate("--check", "--output", folder)
            self.assertEqual(result.returncode, 1)
            self.assertIn("include/virglcmd/state.h is not what the description says",
                          result.stderr)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            os.remove(path)
            result = generate("--check", "--output", folder)
            self.assertEqual(result.returncode, 1, "a file that is missing")


if __name__ == "__main__":
    unittest.main()
