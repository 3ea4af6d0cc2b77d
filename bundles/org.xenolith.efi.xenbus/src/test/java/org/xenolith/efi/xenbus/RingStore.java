// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.xenolith.efi.boot.api.EfiRam;

/** A store behind a ring, which answers when an event comes, as much as the ring has room for; honestly or not. */
final class RingStore {
  /** What it does instead of what is right. */
  enum Lie {
    NONE, SILENT, INDEXES, LONG, OTHER_TYPE, OTHER_FIRST, FLOOD
  }

  final TreeMap<String, String> nodes = new TreeMap<>();
  Lie lie = Lie.NONE;
  private final EfiRam memory;
  private final long ring;
  private final java.io.ByteArrayOutputStream in = new java.io.ByteArrayOutputStream();
  private final java.util.ArrayDeque<Byte> out = new java.util.ArrayDeque<>();
  private int transactions;

  RingStore(EfiRam memory, long ring) {
    this.memory = memory;
    this.ring = ring;
  }

  void event() {
    if (lie == Lie.SILENT) {
      return;
    }
    long prod = memory.get32(ring + 2052);
    for (long cons = memory.get32(ring + 2048); cons != prod; cons = cons + 1 & 0xFFFF_FFFFL) {
      in.write(memory.get8(ring + cons % 1024));
    }
    memory.put32(ring + 2048, prod);
    ByteBuffer message = ByteBuffer.wrap(in.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (lie == Lie.FLOOD) {
      in.reset();
      answer(15, 0, "a watch\0");
    } else if (message.limit() >= 16 && message.limit() == 16 + message.getInt(12)) {
      in.reset();
      if (lie == Lie.OTHER_FIRST) {
        answer(2, message.getInt(4) - 1, "an answer to somebody who is gone");
      }
      serve(message.getInt(0), message.getInt(4), new String(message.array(), 16, message.getInt(12), StandardCharsets.US_ASCII));
    }
    long at = memory.get32(ring + 2060);
    while (!out.isEmpty() && (at - memory.get32(ring + 2056) & 0xFFFF_FFFFL) < 1024) {
      memory.put8(ring + 1024 + at % 1024, out.poll());
      at = at + 1 & 0xFFFF_FFFFL;
    }
    memory.put32(ring + 2060, lie == Lie.INDEXES ? at + 5000 : at);
  }

  private void answer(int type, int id, String text) {
    ByteBuffer message = ByteBuffer.allocate(16 + text.length()).order(ByteOrder.LITTLE_ENDIAN).putInt(lie == Lie.OTHER_TYPE ? 3 : type)
        .putInt(id).putInt(0).putInt(lie == Lie.LONG ? 5000 : text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    for (byte each : message.array()) {
      out.add(each);
    }
  }

  private void serve(int type, int id, String text) {
    String path = text.substring(0, Math.max(0, text.indexOf('\0')));
    switch (type) {
      case 1 -> {
        StringBuilder names = new StringBuilder();
        nodes.keySet().stream().filter(node -> node.startsWith(path + '/')).map(node -> node.substring(path.length() + 1).split("/")[0])
            .distinct().forEach(name -> names.append(name).append('\0'));
        answer(names.isEmpty() ? 16 : 1, id, names.isEmpty() ? "ENOENT\0" : names.toString());
      }
      case 2 -> answer(nodes.containsKey(path) ? 2 : 16, id, nodes.getOrDefault(path, "ENOENT\0"));
      case 6 -> answer(6, id, ++transactions + "\0");
      case 7 -> answer(text.charAt(0) == 'T' && transactions % 2 == 1 ? 16 : 7, id, transactions % 2 == 1 ? "EAGAIN\0" : "OK\0");
      case 11 -> {
        nodes.put(path, text.substring(path.length() + 1));
        answer(11, id, "OK\0");
      }
      case 13 -> answer(nodes.remove(path) == null ? 16 : 13, id, nodes.containsKey(path) ? "" : "OK\0");
      default -> answer(16, id, "EINVAL\0");
    }
  }
}
