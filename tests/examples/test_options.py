# SPDX-License-Identifier: MIT
"""The command line of every example: one set of options, and 2 for a mistake in it."""

from support import Example, run

PICTURES = ("triangle", "gears", "texture", "instancing", "query", "msaa", "multi-context")
FACTS = ("compute", "streamout", "caps", "error")


class Options(Example):
    def refused(self, program, *arguments, names=""):
        """With status 2, a message that names the culprit, and nothing on stdout."""
        with self.subTest(program=program, arguments=arguments):
            status, out, err = run(program, *arguments)
            self.assertEqual(status, 2, err)
            self.assertIn(names, err)
            self.assertEqual(out, "")

    def test_mistakes_that_all_refuse(self):
        for program in PICTURES + FACTS:
            self.refused(program, "--nonsense", names="nonsense")
            self.refused(program, "nonsense", names="nonsense")
            self.refused(program, "--transport")
            self.refused(program, "--transport", "pigeon", names="pigeon")
            self.refused(program, "--options", "colour=blue", names="colour")

    def test_sizes(self):
        for program in PICTURES:
            for size in ("0x1", "640", "640x", "x480", "640x480x2", "-1x1", "16385x1", "1 x1"):
                self.refused(program, "--size", size, names=size)
        self.refused("msaa", "--size", "15x8", names="16x8")

    def test_programs_without_a_picture_have_no_options_for_it(self):
        for program in FACTS:
            self.refused(program, "--output", "a.png", names="output")
            self.refused(program, "--size", "8x8", names="size")

    def test_help(self):
        for program in PICTURES + FACTS:
            status, out, _ = run(program, "--help")
            self.assertEqual(status, 0, program)
            for option in ("--transport", "--options", "--help"):
                self.assertIn(option, out, program)
            for option in ("--output", "--size"):
                self.assertEqual(option in out, program in PICTURES, program)

    def test_a_picture_that_cannot_be_written(self):
        for program in PICTURES:
            status, _, err = run(program, "--size", "16x16", "--output", "/nowhere/at/all.png")
            self.assertEqual(status, 1, program)
            self.assertIn("/nowhere/at/all.png", err)

    def test_small_pictures(self):
        for program in PICTURES:
            size = "16x8" if program == "msaa" else "1x1"
            picture, _ = self.render(program, "--size", size)
            self.assertEqual(f"{picture.width}x{picture.height}", size)
