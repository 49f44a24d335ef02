"""Prints packed weights files after checking them against vitc/model.h.

Written from the header alone, so that it shares no mistake with the writer.
"""

import struct
import sys

BASIS = 0xCBF29CE484222325


def mix(value, word):
    return (value ^ word) * 0x100000001B3 & (1 << 64) - 1


def checksum_of(data):
    lanes = [BASIS] * 4
    for i, (word,) in enumerate(struct.iter_unpack("<Q", data)):
        lanes[i % 4] = mix(lanes[i % 4], word)
    total = BASIS
    for lane in lanes:
        total = mix(total, lane)
    return total


def show(data):
    magic, size, count, begin, checksum, reserved = struct.unpack_from(
        "<8s5Q", data
    )
    layout, source = data[48:80], data[80:112]
    assert magic == b"VITCWTS1" and reserved == 0
    assert size == len(data) and size % 64 == 0 and begin % 64 == 0
    assert checksum == checksum_of(data[begin:])
    end = begin
    for i in range(count):
        offset, size, name = struct.unpack_from("<3Q", data, 112 + 24 * i)
        assert offset == end and name < begin
        text = data[name : data.index(b"\0", name)].decode()
        assert name + len(text) < begin
        values = struct.unpack_from("<%df" % (size // 4), data, offset)
        end = offset + size + -size % 64
        assert not any(data[offset + size : end])
        print(offset - begin, text + ":", *("%.9g" % v for v in values))
    assert end == len(data)
    print("layout", layout.hex())
    print("source", source.hex())


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        show(file.read())
