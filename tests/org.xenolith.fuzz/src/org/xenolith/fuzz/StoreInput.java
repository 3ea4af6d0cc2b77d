// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.xenolith.hyp.api.Domain;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.StoreMessage;
import org.xenolith.xen.abi.StoreRing;

/**
 * What a guest does to its store ring, as an input has it, step by step: a message made of words, raw bytes, any value in a
 * field of the page, events sent, answers taken. Bit 7 of a step keeps the event back.
 */
final class StoreInput {
  private static final int MOST_STEPS = 40;
  private static final int HEADER = 16;
  private static final String[] WORDS = {
      "/local/domain/5/data", "/local/domain/5", "/local/domain/3", "/local/domain/3/data", "/local/domain/1", "/local/domain/0",
      "data", "device", "name", "/", "", "@releaseDomain", "@introduceDomain", "/a", "x", "..", "/tool", "/vm", "\0", "token",
      "n5", "r3", "b0", "w3", "n0", "n3", "r65535", "T", "F", "0", "1", "2", "5", "65535", "4294967295", "-1", "/local/domain",
      "/local/domain/5/device/vbd/0/state", "a".repeat(256), "/b".repeat(200), "error", "backend", "state", "%", "\n",
      "/local/domain/1/backend/vbd/5/0", "feature", "control/shutdown",
  };
  private static final int[] FIELDS = {StoreRing.REQ_CONS, StoreRing.REQ_PROD, StoreRing.RSP_CONS, StoreRing.RSP_PROD,
      StoreRing.CONNECTION, StoreRing.ERROR, StoreRing.SERVER_FEATURES, StoreRing.EVTCHN_PORT};

  private final InputBytes input;
  private final Script script = new Script();
  private final int port;
  private int produced;

  private StoreInput(Domain guest, byte[] bytes) {
    input = new InputBytes(bytes);
    port = (int) guest.parameter(HvmParam.HVM_PARAM_STORE_EVTCHN);
  }

  static void place(Domain guest, byte[] bytes) {
    StoreInput made = new StoreInput(guest, bytes);
    for (int left = MOST_STEPS; left > 0 && !made.input.end(); left--) {
      made.step();
    }
    made.script.send(made.port);
    made.script.place(guest);
  }

  private void step() {
    int kind = input.next();
    switch (kind & 7) {
      case 0, 1, 2, 3 -> message();
      case 4 -> stream(input.take(input.next()));
      case 5 -> {
        int field = FIELDS[input.next() & 7];
        int value = (int) GuestValues.of(input.next(), input, 0);
        if (field == StoreRing.REQ_PROD) {
          produced = value;
        }
        script.write32(GuestPlace.STORE + field, value);
      }
      case 6 -> script.copy32(GuestPlace.STORE + StoreRing.RSP_CONS, GuestPlace.STORE + StoreRing.RSP_PROD);
      default -> script.copy32(GuestPlace.STORE + StoreRing.REQ_PROD, GuestPlace.STORE + StoreRing.REQ_CONS);
    }
    if (kind < 128) {
      script.send(port);
      script.copy32(GuestPlace.STORE + StoreRing.RSP_CONS, GuestPlace.STORE + StoreRing.RSP_PROD);
    }
  }

  /** Type, transaction and length (bit 7 of the type byte: a literal type; bit 7 of the next: a false length), then words. */
  private void message() {
    int type = input.next();
    int transaction = input.next();
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (int left = input.next() & 15; left > 0; left--) {
      int word = input.next();
      if (word < WORDS.length) {
        payload.writeBytes(WORDS[word].getBytes(StandardCharsets.ISO_8859_1));
      } else if (word < 128) {
        payload.write(0);
      } else if (word < 255) {
        payload.write(word - 128);
      } else {
        payload.writeBytes(input.take(input.next() & 63));
      }
    }
    int length = (transaction & 128) == 0 ? payload.size() : (int) GuestValues.of(input.next(), input, 0);
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(type < 128 ? type & 31 : (int) input.next(4)).putInt(7).putInt(transaction & 127).putInt(length);
    stream(header.array());
    stream(payload.toByteArray());
  }

  private void stream(byte[] bytes) {
    produced = script.write(GuestPlace.STORE + StoreRing.REQ, StoreMessage.XENSTORE_RING_SIZE, produced, bytes);
    script.write32(GuestPlace.STORE + StoreRing.REQ_PROD, produced);
  }
}
