"""Writes a small .npz file.

make_npz.py OUT [option ...] NAME:TYPE:SHAPE:VALUES ...
    SHAPE and VALUES are separated by commas; VALUES repeat to fill the shape.
    --deflate       compress the members
    --member NAME   add a member of that name which is no array
    --flags N       or these bits into the flags of every member's headers
    --method N      say that members are compressed so
    --size N        say that members unpack to so many bytes
    --flip N        invert byte N of the file
"""

import argparse
import io
import itertools
import math
import struct
import zipfile

FORMATS = {"F32": ("<f4", "f"), "F64": ("<f8", "d"), "F16": ("<f2", "e"),
           "U8": ("|u1", "B"), "I8": ("|i1", "b"), "I64": ("<i8", "q")}


def npy(dtype, shape, values):
    """The bytes of a .npy file; `values` repeat."""
    descr, code = FORMATS[dtype]
    header = repr({"descr": descr, "fortran_order": False,
                   "shape": tuple(shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    convert = float if code in "fde" else int
    numbers = itertools.islice(itertools.cycle(map(convert, values)),
                               math.prod(shape))
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) +
            header.encode("latin1") +
            struct.pack(f"<{math.prod(shape)}{code}", *numbers))


def npz(members, method=zipfile.ZIP_STORED, force_zip64=True):
    """The bytes of a zip file with `members`, contents by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in members.items():
            # As numpy.savez writes them, with room for sizes of 64 bits.
            with file.open(name, "w", force_zip64=force_zip64) as member:
                member.write(content)
    return buffer.getvalue()


def patch(content, flags, method, size):
    """Changes the fields of all headers."""
    content = bytearray(content)
    for magic, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        begin = content.find(magic)
        while begin >= 0:
            field = begin + at
            old, = struct.unpack_from("<H", content, field)
            struct.pack_into("<H", content, field, old | flags)
            if method is not None:
                struct.pack_into("<H", content, field + 2, method)
            if size is not None:
                struct.pack_into("<I", content, field + 16, size)
            begin = content.find(magic, begin + 4)
    return content


def main():
    parser = argparse.ArgumentParser(fromfile_prefix_chars="@")
    parser.convert_arg_line_to_args = str.split
    parser.add_argument("out")
    parser.add_argument("tensors", nargs="*")
    parser.add_argument("--deflate", action="store_true")
    parser.add_argument("--member")
    parser.add_argument("--flags", type=int, default=0)
    parser.add_argument("--method", type=int)
    parser.add_argument("--size", type=int)
    parser.add_argument("--flip", type=int)
    options = parser.parse_intermixed_args()
    members = {}
    for text in options.tensors:
        name, dtype, shape, values = text.rsplit(":", 3)
        members[name + ".npy"] = npy(
            dtype, [int(n) for n in shape.split(",") if n], values.split(","))
    if options.member:
        members[options.member] = b"text"
    method = zipfile.ZIP_DEFLATED if options.deflate else zipfile.ZIP_STORED
    content = patch(npz(members, method, force_zip64=options.size is None),
                    options.flags, options.method, options.size)
    if options.flip is not None:
        content[options.flip] ^= 255
    with open(options.out, "wb") as file:
        file.write(content)


if __name__ == "__main__":
    main()
