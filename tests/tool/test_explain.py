# SPDX-License-Identifier: MIT
"""test_explain.py FOLDER: numbers, names and lines of logs, as hosts and kernels print them."""

import xml.etree.ElementTree
import unittest

import support

PROTOCOL = support.ROOT / "src/protocol"


def prose(node):
    return " ".join(node.text.split())


def flat(text):
    """Text without line breaks, to look for sentences in it."""
    return " ".join(text.split())


class Explain(support.Tool):
    def explain(self, *arguments):
        return flat(self.text("explain", *arguments))

    def test_header(self):
        for number in ("786440", "0xc0008"):
            out = self.explain(number)
            self.assertIn("is DRAW_VBO, 12 dwords", out)
            self.assertIn("The payload has the right size", out)
            self.assertIn("a payload other than 12, 14 or 20 dwords", out)

    def test_header_of_wrong_size(self):
        self.assertIn("The payload has a wrong size: 11 dwords", self.explain(str(11 << 16 | 8)))

    def test_variant(self):
        self.assertIn("is DRAW_VBO.TESS, 14 dwords", self.explain(str(14 << 16 | 8)))

    def test_object(self):
        self.assertIn("is CREATE_OBJECT.BLEND, 11 dwords", self.explain(str(11 << 16 | 0x101)))

    def test_every_command(self):
        """Each command's own prose is there, whatever the description says."""
        tree = xml.etree.ElementTree.parse(PROTOCOL / "virgl.xml")
        count = 0
        for command in tree.iter("command"):
            out = self.explain(command.get("id"))
            for node in command.findall("host") + command.findall("quirk"):
                self.assertIn(prose(node).rstrip("."), out, command.get("id"))
                count += 1
        self.assertGreater(count, 200)

    def test_dispatch(self):
        out = self.explain("context 1 failed to dispatch DRAW_VBO: 22")
        self.assertIn("rejected the submit of context 1 at a packet DRAW_VBO", out)
        self.assertIn("Invalid argument", out)
        self.assertIn("BLEND", self.explain("context 3 failed to dispatch CREATE_OBJECT: 22"))

    def test_family(self):
        """The host's log names no object: no single one is explained."""
        for name in ("CREATE_OBJECT", "BIND_OBJECT"):
            out = self.explain(f"context 1 failed to dispatch {name}: 22")
            self.assertIn(f"{name} is several packets", out)
            self.assertIn(f"{name}.RASTERIZER", out)
            self.assertIn("does not say", out)
            self.assertNotIn("Payload:", out)
        self.bad("explain", "failed to dispatch NOTHING: 22", status=1)

    def test_bad_headers(self):
        """Opcode, object and length by the protocol's headers, and the fault of check that it is."""
        for line in ("65537", 'f: context error reported 1 "x" Illegal command buffer 65537'):
            out = self.explain(line)
            self.assertIn("opcode 1, object 0 and a payload of 1 dword", out)
            self.assertIn("CREATE_OBJECT, which has no object 0", out)
        out = self.explain("0x0008ff07")
        self.assertIn("opcode 7, object 255 and a payload of 8 dwords", out)
        self.assertIn("104 is HEADER_BITS", out)
        self.assertIn("Clears the selected attachments", out)
        out = self.explain("4294967295")
        self.assertIn("no command with opcode 255", out)
        self.assertIn("100 is UNKNOWN_COMMAND", out)
        out = self.explain("Illegal command buffer 0")
        self.assertIn("101 is PACKET_OVERRUN", out)
        self.assertNotIn("Payload:", out)

    def test_messages(self):
        """Lines of virglrenderer 0.10.4, as its sources print them."""
        for line, words in (
                ("illegal VE setup - skipping renderering", "800 is DRAW_NO_VERTEX_ELEMENTS"),
                ("shader failed to compile", "CTX_ILLEGAL_SHADER"),
                ("Error linking program:", "CTX_ILLEGAL_SHADER"),
                ("failed to complete framebuffer 0x8cd6 gears",
                 "GL_FRAMEBUFFER_INCOMPLETE_ATTACHMENT"),
                ("vrend_renderer_fill_caps: Entering with stale GL error: 1282",
                 "GL_INVALID_OPERATION"),
                ("Failed to bind sampler state (handle=3)", "handle 3."),
                ("dropping rendering due to missing shaders: gears", "801 is DRAW_NO_SHADER")):
            self.assertIn(words, self.explain(line))
            self.assertIn(words, flat(self.text("explain", "-", stdin=line.encode())))

    def test_negative(self):
        """Errors as kernels print them are no options."""
        expected = self.text("explain", "errno 22")
        for arguments in (("-22",), ("--", "-22"), ("errno", "-22")):
            self.assertEqual(self.text("explain", *arguments), expected)

    def test_repeated(self):
        """Lines that say the same are told once and counted."""
        clear = b"context 1 failed to dispatch CLEAR: 22\n"
        out = self.text("explain", "-", stdin=(clear + b"hello\n") * 1000
                        + b"[2.5] context 1 failed to dispatch CLEAR: 22\nGL error 1282\n")
        self.assertEqual(out.count("(line: "), 2)
        self.assertIn("    (1001 times)\n\nAs an error of OpenGL", out)

    def test_context_error(self):
        out = self.explain('vrend_decode_ctx_submit_cmd: context error reported 7 "gears" Illegal '
                           "command buffer 786440")
        self.assertIn("context 7", out)
        self.assertIn("VIRGL_ERROR_CTX_ILLEGAL_CMD_BUFFER", out)
        self.assertIn("is DRAW_VBO, 12 dwords", out)
        self.assertIn("DRAW_VBO", self.explain("Illegal command buffer 786440"))

    def test_handle(self):
        out = self.explain('vrend_bind: context error reported 1 "x" Illegal handle 77')
        self.assertIn("handle 77", out)
        self.assertIn("BIND_OBJECT.BLEND", out)
        self.assertIn("id 5", self.explain('f: context error reported 1 "x" Illegal resource 5'))

    def test_every_message(self):
        tree = xml.etree.ElementTree.parse(PROTOCOL / "virgl-enums.xml")
        values = [v for v in tree.iter("value") if v.get("message")]
        self.assertGreaterEqual(len(values), 16)
        for value in values:
            out = self.explain(f'f: context error reported 1 "x" {value.get("message")} 0')
            self.assertIn("VIRGL_ERROR_" + value.get("name"), out)

    def test_format_error(self):
        self.assertIn("R8G8B8A8_UNORM",
                      self.explain('f: context error reported 1 "x" Illegal format ID 67'))

    def test_resource_create(self):
        out = self.explain("vrend_renderer_resource_create, Illegal resource parameters, error: "
                           "Illegal texture width 0")
        self.assertIn("Illegal texture width 0", out)
        self.assertIn("RESOURCE_CREATE_3D", out)
        out = self.explain("vrend_create_buffer: Illegal buffer binding flags 0x12")
        self.assertIn("RENDER_TARGET VERTEX_BUFFER", out)

    def test_gl(self):
        self.assertIn("GL_INVALID_FRAMEBUFFER_OPERATION",
                      self.explain("GL error reported (1286) for context 1"))

    def test_control(self):
        for line in ("virtio_gpu_virgl_process_cmd: ctrl 0x207, error 0x1203",
                     "[drm:virtio_gpu_dequeue_ctrl_func [virtio_gpu]] *ERROR* response 0x1203 "
                     "(command 0x207)"):
            out = self.explain(line)
            self.assertIn("ERR_INVALID_RESOURCE_ID", out)
            self.assertIn("SUBMIT_3D", out)
        self.assertIn("ERR_INVALID_PARAMETER", self.explain("0x1205"))
        self.assertIn("0x1200", self.explain("ERR_UNSPEC"))

    def test_faults(self):
        self.assertIn("BOX_RANGE", self.explain("code 501"))
        self.assertIn("501", self.explain("BOX_RANGE"))
        self.assertIn("BOX_RANGE", self.explain("501"))

    def test_names(self):
        self.assertIn("67", self.explain("R8G8B8A8_UNORM"))
        self.assertIn("R8G8B8A8_UNORM", self.explain("format 67"))
        self.assertIn("dword 3", self.explain("DRAW_VBO.mode"))
        self.assertIn("4 of prim", self.explain("TRIANGLES"))
        self.assertIn("DRAW_VBO", self.explain("VIRGL_CCMD_DRAW_VBO"))
        self.assertIn("several packets", self.explain("CREATE_OBJECT"))
        self.assertIn("several packets", self.explain("VIRGL_CCMD_CREATE_OBJECT"))
        self.assertIn("3 of context_error", self.explain("VIRGL_ERROR_CTX_ILLEGAL_HANDLE"))
        self.assertIn("0x2 of bind_flags", self.explain("VIRGL_BIND_RENDER_TARGET"))
        self.assertIn("4 of prim", self.explain("PIPE_PRIM_TRIANGLES"))
        self.assertIn("4 of prim", self.explain("VCMD_PRIM_TRIANGLES"))
        self.assertIn("format, 67", self.explain("VIRGL_FORMAT_R8G8B8A8_UNORM"))
        self.assertIn("1282", self.explain("GL_INVALID_OPERATION"))
        self.assertIn("22", self.explain("EINVAL"))
        self.assertIn("rt.colormask of CREATE_OBJECT.BLEND, dword 4",
                      self.explain("rt.colormask"))

    def test_readings(self):
        """
        Numbers of the control queue that would be headers without a payload: what they are first.
        0x1203 is an error of a host by virtio_gpu.h, and DESTROY_OBJECT needs one dword.
        """
        out = self.text("explain", "0x1203")
        self.assertTrue(out.startswith("As a type of control command, 0x1203"), out)
        self.assertLess(out.index("RESP_ERR_INVALID_RESOURCE_ID"), out.index("is DESTROY_OBJECT"))
        self.assertIn("wrong size: 0 dwords", out)
        self.assertIn("2 readings of one number", out)
        self.assertTrue(self.text("explain", "0x101").startswith("As a type of control command"))
        one = self.text("explain", "type", "0x1203")
        self.assertNotIn("DESTROY_OBJECT", one)
        self.assertNotIn("readings", one)
        self.assertEqual(self.text("explain", "errno -22"), self.text("explain", "errno 22"))
        header = self.text("explain", "header", "0x1203")
        self.assertNotIn("RESP_ERR", header)
        self.assertIn("DESTROY_OBJECT", header)
        # A header that is one by its size comes first, and alone where it is nothing else.
        self.assertTrue(self.text("explain", "786440").startswith("As a packet header"))
        self.assertNotIn("readings", self.text("explain", "786440"))
        self.assertIn("4 readings", self.text("explain", "8"))

    def test_control_characters(self):
        """A log is somebody else's: nothing in it reaches the terminal as a command for it."""
        evil = "\x1b]0;gone\x07\r\x9b2J\x7f"
        err = self.bad("explain", evil + " \t é", says=["nothing is known", "\\x1b]0;gone\\x07",
                                                      "é"], status=1)
        self.assertEqual([c for c in err if not c.isprintable()], ["\n"])
        line = evil + "context 1 failed to dispatch CLEAR: 22\t" + evil
        out = self.text("explain", "-", stdin=line.encode())
        self.assertIn("\\x1b]0;gone", out)
        out += self.text("explain", "Illegal resource parameters, error: " + evil)
        self.assertEqual({c for c in out if not c.isprintable()}, {"\n"})
        self.bad("dump", "a\x1b[2Jb", says=["a\\x1b[2Jb: cannot be opened"])

    def test_small_number(self):
        out = self.explain("22")
        self.assertIn("Invalid argument", out)
        self.assertIn("SET_POLYGON_STIPPLE", out)
        self.assertNotIn("wrong size", out)

    def test_words_apart(self):
        self.assertEqual(self.explain("context 1 failed to dispatch CLEAR: 22"),
                         self.explain("context", "1", "failed", "to", "dispatch", "CLEAR:", "22"))

    def test_log(self):
        """A log: what is known is explained, the rest is passed over."""
        log = (b"hello world\n\xff\xfe\n" + b"x " * 5000
               + b"\ncontext 1 failed to dispatch CLEAR: 22")
        out = self.text("explain", "-", stdin=log)
        self.assertEqual(out.count("(line: "), 1)
        self.assertIn("CLEAR", out)
        self.bad("explain", "-", stdin=b"hello world\n", status=1, says=["nothing in standard "])

    def test_nul_in_log(self):
        """Nothing is lost behind a NUL, neither of its line nor the next line."""
        failed = b"context 1 failed to dispatch DRAW_VBO: 22\n"
        self.assertIn("(line: context 1 failed",
                      self.text("explain", "-", stdin=b"boot\0\n" + failed))
        self.assertIn("(line: a\\x00b context 1 failed",
                      self.text("explain", "-", stdin=b"a\0b " + failed))

    def test_long_lines(self):
        """What is not looked at is told."""
        long = b"x " * 2100 + b"context 1 failed to dispatch CLEAR: 22"
        self.bad("explain", "-", stdin=(long + b"\n") * 2, status=1,
                 says=["of 2 lines only the first 4096 bytes were looked at"])
        self.assertNotIn("bytes", self.run_tool("explain", "-", stdin=b"x" * 4096)[2])
        self.bad("explain", "x" * 5000, status=1,
                 says=["only the first 4096 bytes were looked at"])

    def test_blanks(self):
        self.assertEqual(self.explain(" 786440"), self.explain("786440 "))

    def test_unknown(self):
        for line in ("frobnicate", "hello world", "99999999999", "-4096"):
            self.bad("explain", "--", line, status=1, says=["nothing is known about"])


if __name__ == "__main__":
    support.main()
