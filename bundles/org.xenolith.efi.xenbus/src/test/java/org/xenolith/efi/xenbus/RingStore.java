// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.TreeMap;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.FakeGuestStore;
import org.xenolith.testkit.efi.XenStoreContract.StoreFault;

/** A store behind a ring, which answers when an event comes, as much as the ring has room for; honestly or not. */
final class RingStore {
  private static final int HEADER = 16;
  private static final int ERROR = 16;
  /** Bytes of an answer that ends in the middle. */
  private static final int PART = HEADER + 1;

  final FakeGuestStore store = new FakeGuestStore();
  final TreeMap<String, String> nodes = store.nodes();
  StoreFault lie = StoreFault.NONE;
  private final EfiRam memory;
  private final long ring;
  private final ByteArrayOutputStream in = new ByteArrayOutputStream();
  private final ArrayDeque<Byte> out = new ArrayDeque<>();

  RingStore(EfiRam memory, long ring) {
    this.memory = memory;
    this.ring = ring;
    store.conflicts(1);
  }

  void event() {
    if (lie == StoreFault.SILENT) {
      return;
    }
    long prod = memory.get32(ring + 2052);
    for (long cons = memory.get32(ring + 2048); cons != prod; cons = cons + 1 & 0xFFFF_FFFFL) {
      in.write(memory.get8(ring + cons % 1024));
    }
    memory.put32(ring + 2048, prod);
    if (lie == StoreFault.FLOOD && out.isEmpty()) {
      answer(15, 0, "a watch\0");
    }
    for (ByteBuffer message = message(); message != null; message = message()) {
      int id = message.getInt(4);
      if (lie == StoreFault.OTHER_FIRST || lie == StoreFault.OTHERS_ONLY) {
        answer(2, id - 1, "an answer to somebody who is gone");
      }
      if (lie != StoreFault.OTHERS_ONLY && lie != StoreFault.FLOOD) {
        serve(message.getInt(0), id, message.getInt(8) & 0xFFFF_FFFFL, new String(message.array(), HEADER, message.getInt(12),
            StandardCharsets.ISO_8859_1));
      }
    }
    int most = lie == StoreFault.PART ? PART : 1024;
    long at = memory.get32(ring + 2060);
    for (int i = 0; i < most && !out.isEmpty() && (at - memory.get32(ring + 2056) & 0xFFFF_FFFFL) < 1024; i++) {
      memory.put8(ring + 1024 + at % 1024, out.poll());
      at = at + 1 & 0xFFFF_FFFFL;
    }
    if (lie == StoreFault.PART && !out.isEmpty()) {
      lie = StoreFault.SILENT;
    }
    memory.put32(ring + 2060, lie == StoreFault.INDEXES ? at + 5000 : at);
  }

  /** Takes the next message; null if it isn't all there. */
  private ByteBuffer message() {
    byte[] all = in.toByteArray();
    ByteBuffer there = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    if (all.length < HEADER || all.length < HEADER + there.getInt(12)) {
      return null;
    }
    in.reset();
    in.write(all, HEADER + there.getInt(12), all.length - HEADER - there.getInt(12));
    return there;
  }

  private void answer(int type, int id, String text) {
    ByteBuffer message = ByteBuffer.allocate(HEADER + text.length()).order(ByteOrder.LITTLE_ENDIAN).putInt(lie == StoreFault.OTHER_TYPE ? 3
        : type).putInt(id).putInt(0).putInt(lie == StoreFault.LONG ? 5000 : text.length()).put(text.getBytes(
            StandardCharsets.ISO_8859_1));
    for (byte each : message.array()) {
      out.add(each);
    }
  }

  private void answer(int type, int id, FakeGuestStore.Answer answer) {
    if (lie == StoreFault.UNKNOWN_ERROR) {
      answer(ERROR, id, "ENONSENSE\0");
    } else if (answer.error() != null) {
      answer(ERROR, id, answer.error() + '\0');
    } else {
      answer(type, id, type == 2 ? answer.value() : type == 6 ? answer.value() + '\0' : "OK\0");
    }
  }

  private void serve(int type, int id, long transaction, String text) {
    String path = text.substring(0, Math.max(0, text.indexOf('\0')));
    switch (type) {
      case 1 -> {
        StringBuilder names = new StringBuilder();
        nodes.keySet().stream().filter(node -> node.startsWith(path + '/')).map(node -> node.substring(path.length() + 1).split("/")[0])
            .distinct().forEach(name -> names.append(name).append('\0'));
        answer(names.isEmpty() ? ERROR : 1, id, names.isEmpty() ? "ENOENT\0" : names.toString());
      }
      case 2 -> answer(type, id, store.read(transaction, path));
      case 6 -> answer(type, id, store.begin());
      case 7 -> answer(type, id, store.end(transaction, text.charAt(0) != 'T'));
      case 11 -> answer(type, id, store.write(transaction, path, text.substring(path.length() + 1)));
      case 13 -> answer(type, id, store.remove(transaction, path));
      default -> answer(ERROR, id, "EINVAL\0");
    }
  }
}
