"""Bags of small chunks, bags of made-up messages, and where a file can be cut."""

import struct

import lz4.frame
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from grounding_ros.evaluation.bags.messages import TYPES
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.writer import make_bag

MAGIC = b"\x89MCAP0\r\n"
CHUNK, DATA_END = 0x06, 0x0F


def chunked_mcap(folder, out, compression="", compressed_images=False):
    """Write the six frames and instructions of `folder`, each in a chunk; return the .mcap file."""
    source = make_bag(
        folder, out.with_name("source"), repeat_frames=True, compressed=compressed_images
    )
    writer = Writer(out, version=8, storage_plugin=StoragePlugin.MCAP)
    if compression == "zstd":
        writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
    with BagReader(source) as bag, writer:
        if compression == "lz4":  # rosbags only reads it
            writer.storage.compression = "lz4"
            writer.storage.compressor = lz4.frame.compress
        connections = {}
        for raw in bag.raw_messages():
            if raw.topic not in connections:
                connections[raw.topic] = writer.add_connection(raw.topic, raw.type, typestore=TYPES)
            writer.write(connections[raw.topic], raw.log_time_ns, raw.cdr)
            if raw.topic == "/instruction":
                writer.storage.close_chunk()
    return out / f"{out.name}.mcap"


def bag_of(out, messages, empty_topics=()):
    """Write messages (topic, message, seconds) as the bag `out`."""
    with Writer(out, version=8, storage_plugin=StoragePlugin.MCAP) as writer:
        connections = {
            topic: writer.add_connection(topic, kind, typestore=TYPES)
            for topic, kind in empty_topics
        }
        for topic, message, at_s in messages:
            kind = message.__msgtype__
            if topic not in connections:
                connections[topic] = writer.add_connection(topic, kind, typestore=TYPES)
            cdr = TYPES.serialize_cdr(message, kind)
            writer.write(connections[topic], round(at_s * 1e9), cdr)
    return out


def records_of(content):
    """List the records of an .mcap file in their order: (opcode, begin, end), bytes."""
    at, found = len(MAGIC), []
    while at < len(content) - len(MAGIC):
        opcode, length = struct.unpack_from("<BQ", content, at)
        found.append((opcode, at, at + 9 + length))
        at += 9 + length
    return found


def chunks_of(content):
    """List begin and end of each chunk."""
    return [(begin, end) for opcode, begin, end in records_of(content) if opcode == CHUNK]


def without_index(content):
    """The same file with an end that knows of no index."""
    (end,) = (begin for opcode, begin, _ in records_of(content) if opcode == DATA_END)
    return content[:end] + struct.pack("<BQQQI", 0x02, 20, 0, 0, 0) + MAGIC
