#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Replays captures on the loopback, and compares the pixels.

    pictures.py --tool build/bin/virglcmd [--write] FILE.vcap...

Beside each capture that ends with a picture lies FILE.png. The replay's picture must be that one,
and what the host gives back on the way must be what the program got when it was recorded. --write
makes the pictures anew; look at them before they are committed.
"""
import argparse
import collections
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "examples"))

import png  # noqa: E402

# Nothing in them is a picture: they draw into no texture, or not at all. What they compute comes
# back in buffers, where it does.
WITHOUT = {"atomic-no-attachments", "copy-transfer", "debug-flags", "debug-groups",
           "node-memory-info", "node-video"}

# Nothing comes back to the program in a transfer: --compare says nothing about them. What judges
# them instead: README.md.
NOTHING_BACK = {"debug-flags", "debug-groups", "node-blob", "node-memory-info", "node-samples",
                "node-tweaks", "node-video", "query-occlusion"}

# With vectors of 128 bits, which it takes where there is no AVX, llvmpipe of Mesa 22.3 writes past
# the vertices that it allocates for this one's draw, and the process dies. With wider ones it
# draws it on such machines, too.
WIDE_VECTORS = {"xfb-interleaved"}

# Another renderer rounds otherwise: one step of 255 in any pixel, and on edges, where a sample is
# inside or outside, any colour in one pixel of a hundred. The renderer of the recording has to give
# the same bytes.
ROUNDING = 1
EDGES = 0.01

# Which fragments take the first numbers of a counter depends on which of llvmpipe's threads is where.
# So many pixels of each colour must be there, wherever they are.
ANY_ORDER = {"ssbo-atomic"}

# Queries whose results are of the clock: no two runs have the same.
CLOCK = ("query_type=TIMESTAMP", "query_type=TIME_ELAPSED")

# Formats of 4 bytes: where red, green, blue and alpha are; None is opaque.
FORMATS = {1: (2, 1, 0, 3), 2: (2, 1, 0, None), 67: (0, 1, 2, 3), 134: (0, 1, 2, None)}

# CLEAR, DRAW_VBO, RESOURCE_INLINE_WRITE, BLIT, RESOURCE_COPY_REGION, LAUNCH_GRID, TRANSFER3D,
# COPY_TRANSFER3D, CLEAR_TEXTURE.
DRAWING = {7, 8, 9, 16, 17, 37, 43, 45, 47}

Transfer = collections.namedtuple("Transfer", "offset resource level box row_bytes data")

# Up to the last frame, where there are any, else to the end. resources: as created; transfers:
# those from the host, of which so many came before the last submit that changes a texture;
# top_first: the last frame has its top row first.
Capture = collections.namedtuple("Capture", "resources transfers before frames top_first")


class Wrong(Exception):
    """A sentence about what is not as it should be."""


def run(options, *arguments, **environment):
    done = subprocess.run([options.tool, *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, check=False, env=dict(os.environ, **environment))
    return done.returncode, done.stdout, done.stderr


def records(path):
    """(offset, type, payload) of each record, by docs/capture-format.md."""
    data = path.read_bytes()
    position = 32 + struct.unpack_from("<I", data, 12)[0]
    while position < len(data):
        kind, flags, stored = struct.unpack_from("<3I", data, position)
        payload = data[position + 32:position + 32 + stored]
        yield position, kind, zlib.decompress(payload) if flags & 15 else payload
        position += 32 + stored


def changes_textures(submit):
    """Whether a submit's record has a command that may."""
    dwords = struct.unpack_from(f"<{(len(submit) - 8) // 4}I", submit, 8)
    position = 0
    while position < len(dwords):
        if dwords[position] & 0xff in DRAWING:
            return True
        position += 1 + (dwords[position] >> 16)
    return False


def read_capture(path):
    resources, transfers, before, frames, last = {}, [], 0, 0, None
    for offset, kind, payload in records(path):
        if kind == 3:
            frames += 1
            top_first = bool(struct.unpack_from("<9I", payload)[8] & 1)
            last = Capture(resources, transfers[:], before, frames, top_first)
        elif kind == 7:
            fields = struct.unpack_from("<11I", payload)
            resources[fields[0]] = fields
        elif kind == 11 and struct.unpack_from("<I", payload, 8)[0] == 2:
            fields = struct.unpack_from("<4I6i2IQQ5II", payload)
            transfers.append(Transfer(offset, fields[1], fields[3], fields[4:10], fields[14],
                                      payload[len(payload) - fields[-1]:] if fields[-1] else b""))
        elif kind == 13 and changes_textures(payload):
            before = len(transfers)
    return last or Capture(resources, transfers, before, frames, False)


def of_the_clock(options, path):
    """Which transfers from the host follow on a result of a clock: they may differ."""
    status, text, err = run(options, "dump", path)
    if status != 0:
        raise Wrong(f"dump ends with {status}: {err.strip()}")
    types, excused, seen, count = {}, set(), False, 0
    for line in text.splitlines():
        handle = re.search(r"\b(?:query_)?handle=(\d+)", line)
        if line.startswith("CREATE_OBJECT.QUERY "):
            types[handle.group(1)] = any(f" {kind} " in f"{line} " for kind in CLOCK)
        elif line.startswith("GET_QUERY_RESULT_QBO ") and types.get(handle.group(1)):
            seen = True
        elif line.startswith("# transfer from host"):
            if seen:
                excused.add(count)
            seen = False
            count += 1
    return excused


def check_transfers(options, path, transfers, status, out):
    """What --compare says; the number of differences that only the clock makes."""
    found = re.search(r"^compared (\d+) transfers from the host: (\d+) differ, (\d+) cannot", out,
                      re.M)
    if status not in (0, 1) or not found:
        raise Wrong(f"replay ends with {status}")
    compared, different, unreadable = map(int, found.groups())
    if compared != len(transfers) or unreadable:
        raise Wrong(f"{compared} of {len(transfers)} transfers from the host were compared")
    if (compared == 0) != (path.stem in NOTHING_BACK):
        raise Wrong(f"{compared} transfers from the host: NOTHING_BACK in pictures.py is wrong")
    if not different:
        if status != 0:
            raise Wrong(f"replay ends with {status}: {out.strip()}")
        return 0
    excused = of_the_clock(options, path)
    allowed = {transfers[number].offset for number in excused}
    lines = [line for line in out.splitlines() if ": resource " in line]
    for line in lines:
        if int(re.search(r": byte (\d+)[,:]", line).group(1)) not in allowed:
            raise Wrong(f"{different} of {compared} transfers from the host differ from what the "
                        f"program got:\n     {line}")
    if different > len(allowed):
        raise Wrong(f"{different} transfers from the host differ, and only {len(allowed)} depend "
                    "on the clock")
    return different


def rgba(picture):
    """The pixels, row by row from the top."""
    for y in range(picture.height):
        for x in range(picture.width):
            yield (*picture[x, y], picture.alpha(x, y))


def check_size(stored, replayed):
    if (stored.width, stored.height) != (replayed.width, replayed.height):
        raise Wrong(f"the picture is {replayed.width}x{replayed.height}, the stored one "
                    f"{stored.width}x{stored.height}")


def compare_colours(stored, replayed, same_renderer):
    """Raises Wrong when the pictures do not have the same pixels, in whatever order."""
    check_size(stored, replayed)
    want, got = collections.Counter(rgba(stored)), collections.Counter(rgba(replayed))
    others = {colour for colour in want | got if want[colour] != got[colour]}
    if same_renderer and others:
        colour = min(others)
        raise Wrong(f"of {len(others)} colours there are other numbers of pixels: {got[colour]} are "
                    f"{colour}, in the stored picture {want[colour]}")


def compare(stored, replayed, same_renderer):
    """Raises Wrong when the pictures are not alike."""
    check_size(stored, replayed)
    size = (stored.width, stored.height)
    if stored == replayed:
        return
    different = beyond = most = 0
    first = None
    for number, (want, got) in enumerate(zip(rgba(stored), rgba(replayed))):
        if want == got:
            continue
        by = max(abs(a - b) for a, b in zip(want, got))
        first = first or (number % size[0], number // size[0], want, got)
        different += 1
        beyond += by > ROUNDING
        most = max(most, by)
    if not same_renderer and beyond <= EDGES * size[0] * size[1]:
        return
    raise Wrong(f"{different} of {size[0] * size[1]} pixels differ, by at most {most} of 255; the "
                f"first at {first[0]}, {first[1]}: {first[3]}, stored {first[2]}")


def is_part_of_picture(resource, transfer):
    """Of a plain texture, in a format of 4 bytes a pixel."""
    _, target, kind, _, _, _, depth, layers, *_ = resource
    width, height = transfer.box[3:5]
    return (kind in FORMATS and target in (2, 5) and depth <= 1 and layers <= 1 and
            transfer.level == 0 and transfer.row_bytes == 4 * width and
            len(transfer.data) == 4 * width * height)


def check_part(stored, resource, transfer, top_first):
    """How many pixels of the stored picture a transfer brought; they must be the same."""
    x, y, _, width, height, _ = transfer.box
    order = FORMATS[resource[2]]
    different = 0
    for row in range(height):
        line = y + row if top_first else stored.height - 1 - y - row
        for column in range(width):
            at = 4 * (width * row + column)
            want = tuple(255 if place is None else transfer.data[at + place] for place in order)
            got = (*stored[x + column, line], stored.alpha(x + column, line))
            different += want != got
    if different:
        raise Wrong(f"{different} of {width * height} pixels in the stored picture are others than "
                    "those that came back to the program when it was recorded")
    return width * height


def check_stored(stored, capture):
    """How many pixels came back after the last change, of the texture that came back last."""
    textures = [t for t in capture.transfers if capture.resources[t.resource][1] != 0]
    if not textures:
        return 0
    shown = capture.resources[textures[-1].resource]
    if (shown[4], shown[5]) != (stored.width, stored.height):
        raise Wrong(f"the stored picture is {stored.width}x{stored.height}, what came back "
                    f"{shown[4]}x{shown[5]}")
    return sum(check_part(stored, shown, transfer, capture.top_first or bool(shown[10] & 1))
               for transfer in capture.transfers[capture.before:]
               if transfer.resource == shown[0] and is_part_of_picture(shown, transfer))


def renderer(options, *arguments):
    status, out, err = run(options, "info", *arguments)
    found = re.search(r"^renderer: (.*)$", out, re.M)
    if status != 0 or not found:
        raise Wrong(f"info ends with {status}: {err.strip()}")
    return found.group(1)


def replay(options, path, capture, output):
    """Status, report and messages. A program that was stopped has begun a frame that nobody saw."""
    until = ("--frame", capture.frames - 1) if capture.frames else ()
    wide = {"LP_NATIVE_VECTOR_WIDTH": "256"} if path.stem in WIDE_VECTORS else {}
    return run(options, "replay", "-t", "loopback", "--compare", *until, *output, path, **wide)


def judge(options, path, folder):
    """What to say about a capture that is as it should be."""
    stored, replayed = path.with_suffix(".png"), pathlib.Path(folder, path.stem + ".png")
    capture = read_capture(path)
    has_picture = path.stem not in WITHOUT
    status, out, err = replay(options, path, capture,
                              ("--output", replayed) if has_picture else ())
    same_renderer = renderer(options, path) == renderer(options, "-t", "loopback")
    if has_picture and not replayed.exists():
        raise Wrong(f"no picture: {err.strip()}")
    said = "another renderer than that of the recording"
    if same_renderer:
        clock = check_transfers(options, path, capture.transfers, status, out + err)
        said = f"{len(capture.transfers)} transfers" + (f", {clock} by the clock" if clock else "")
    if not has_picture:
        return said
    if not stored.exists() and not options.write:
        raise Wrong(f"{stored.name} is missing: pictures.py --write makes it")
    picture = png.read(replayed if options.write else stored)
    pixels = check_stored(picture, capture)
    if options.write:
        stored.write_bytes(replayed.read_bytes())
    alike = compare_colours if path.stem in ANY_ORDER else compare
    alike(picture, png.read(replayed), same_renderer)
    return f"{picture.width}x{picture.height}, {pixels} pixels as recorded, {said}"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, help="the virglcmd to use")
    parser.add_argument("--write", action="store_true", help="store the pictures")
    parser.add_argument("captures", nargs="+", type=pathlib.Path, metavar="FILE.vcap")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in options.captures:
            try:
                print(f"good {path.stem:24} {judge(options, path, folder)}", flush=True)
            except Wrong as wrong:
                failed += 1
                print(f"FAIL {path.stem:24} {wrong}", flush=True)
    print(f"{len(options.captures)} captures, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
