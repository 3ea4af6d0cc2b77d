// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.TreeMap;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fuzz.InputBytes;

/**
 * A XenStore behind its ring (Xen, {@code io/xs_wire.h}) that answers what is right, unless the input says otherwise: a byte for each message. Bits 0 to 2:
 * below 3 right; 3 another value; 4 an error; 5 another type, identity or length; 6 bytes of somebody else's before it; 7 indices and bytes of the ring.
 */
final class OddStore {
  private static final int RING = 1024;
  private static final int REQ_CONS = 2048;
  private static final int REQ_PROD = 2052;
  private static final int RSP_CONS = 2056;
  private static final int RSP_PROD = 2060;
  private static final int HEADER = 16;
  private static final int MOST_EVENTS = 2000;
  private static final String[] ERRORS = {"ENOENT", "EAGAIN", "EACCES", "EINVAL", "ENOSPC", "E2BIG", "EIO", ""};
  private static final int ERROR = 16;

  final TreeMap<String, String> nodes = new TreeMap<>();
  private final EfiRam memory;
  private final long ring;
  private final InputBytes input;
  private final Runnable written;
  private final ByteArrayOutputStream in = new ByteArrayOutputStream();
  private final ArrayDeque<Byte> out = new ArrayDeque<>();
  private int events;
  private int transactions;

  /** @param written told when a node was written */
  OddStore(EfiRam memory, long ring, InputBytes input, Runnable written) {
    this.memory = memory;
    this.ring = ring;
    this.input = input;
    this.written = written;
  }

  /** An event of the guest's has come: what there is room for is taken and given. */
  void event() {
    if (++events > MOST_EVENTS) {
      return;
    }
    long prod = memory.get32(ring + REQ_PROD);
    long cons = memory.get32(ring + REQ_CONS);
    for (int i = 0; i < RING && cons != prod; i++, cons = cons + 1 & 0xFFFF_FFFFL) {
      in.write(memory.get8(ring + cons % RING));
    }
    memory.put32(ring + REQ_CONS, prod);
    ByteBuffer message = ByteBuffer.wrap(in.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (message.limit() >= HEADER && message.limit() >= HEADER + message.getInt(12)) {
      in.reset();
      serve(message.getInt(0), message.getInt(4), new String(message.array(), HEADER, message.limit() - HEADER,
          StandardCharsets.ISO_8859_1));
    }
    give();
  }

  private void give() {
    long at = memory.get32(ring + RSP_PROD);
    while (!out.isEmpty() && (at - memory.get32(ring + RSP_CONS) & 0xFFFF_FFFFL) < RING) {
      memory.put8(ring + RING + at % RING, out.poll());
      at = at + 1 & 0xFFFF_FFFFL;
    }
    memory.put32(ring + RSP_PROD, at);
  }

  private void serve(int type, int identity, String text) {
    int how = input.next();
    String right = right(type, text);
    switch (how & 7) {
      case 3 -> answer(type, identity, input.take(input.next()));
      case 4 -> answer(ERROR, identity, (ERRORS[how >> 3 & 7] + '\0').getBytes(StandardCharsets.US_ASCII));
      case 5 -> {
        byte[] value = input.take(how >> 3);
        raw(input.next(), identity + ((how & 8) != 0 ? input.next() : 0), (how & 16) != 0 ? (int) input.next(4) : value.length, value);
      }
      case 6 -> {
        answer(input.next(), identity - 1 - (how >> 3), input.take(input.next() & 63));
        right(type, identity, right);
      }
      case 7 -> {
        memory.put8(ring + (input.next(2) & 0xFFF), input.next());
        memory.put8(ring + REQ_CONS + (how >> 3 & 15), input.next());
        right(type, identity, right);
      }
      default -> right(type, identity, right);
    }
  }

  private void right(int type, int identity, String value) {
    answer(value == null ? ERROR : type, identity, (value == null ? "ENOENT\0" : value).getBytes(StandardCharsets.ISO_8859_1));
  }

  private void answer(int type, int identity, byte[] value) {
    raw(type, identity, value.length, value);
  }

  private void raw(int type, int identity, int length, byte[] value) {
    for (byte each : ByteBuffer.allocate(HEADER + value.length).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(identity).putInt(0)
        .putInt(length).put(value).array()) {
      out.add(each);
    }
  }

  /** What an honest store says; null: there is no such node. */
  private String right(int type, String text) {
    String path = text.substring(0, Math.max(0, text.indexOf('\0')));
    switch (type) {
      case 1 -> {
        StringBuilder names = new StringBuilder();
        nodes.keySet().stream().filter(node -> node.startsWith(path + '/')).map(node -> node.substring(path.length() + 1).split("/")[0])
            .distinct().forEach(name -> names.append(name).append('\0'));
        return names.isEmpty() ? null : names.toString();
      }
      case 2 -> {
        return nodes.get(path);
      }
      case 6 -> {
        return ++transactions + "\0";
      }
      case 11 -> {
        nodes.put(path, text.substring(Math.min(text.length(), path.length() + 1)));
        written.run();
        return "OK\0";
      }
      case 13 -> {
        return nodes.remove(path) == null ? null : "OK\0";
      }
      default -> {
        return "OK\0";
      }
    }
  }
}
