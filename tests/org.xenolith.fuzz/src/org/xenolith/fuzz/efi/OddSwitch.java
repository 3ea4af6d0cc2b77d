// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.BitSet;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fuzz.InputBytes;

/**
 * The back end of a PV network interface (Xen, {@code io/netif.h}), which does what is right unless the input says otherwise: a byte for each event, and one
 * before each frame that comes. Bit 7: it lies; then bits 0 to 2 say of what: indices, identities, flags, nothing at all, bytes of a ring. Bits 3 and 4 of a
 * frame let the input say how long it is and where it begins.
 */
final class OddSwitch {
  /** Where the front end's nodes are in the store. */
  static final String FRONT = "device/vif/1";
  private static final int SLOTS = 256;
  private static final int SEND_SLOT = 12;
  private static final int RECEIVE_SLOT = 8;
  private static final int SLOTS_AT = 64;
  private static final int RSP_PROD = 8;
  private static final int PAGE = GrantedPages.PAGE;
  private static final int USUAL = 64;

  private final EfiRam memory;
  private final GrantedPages granted;
  private final InputBytes input;
  private final BitSet lengths = new BitSet();
  private boolean wild;
  private long answered;
  private long given;

  OddSwitch(EfiRam memory, GrantedPages granted, InputBytes input) {
    this.memory = memory;
    this.granted = granted;
    this.input = input;
  }

  /** Its state follows the front end's. */
  void follow() {
    if (granted.follow(FRONT, "switch")) {
      answered = 0;
      given = 0;
    }
  }

  /** Whether it has given a frame of so many bytes that lies in its page. */
  boolean gave(int length) {
    return wild || lengths.get(length);
  }

  /** An event has come: what was sent is answered. */
  void event() {
    int how = input.next();
    boolean lies = (how & 0x80) != 0;
    long ring = granted.pageOf(FRONT + "/tx-ring-ref");
    if (ring == 0 || lies && (how & 7) == 3) {
      return;
    }
    long asked = memory.get32(ring);
    for (int i = 0; i < SLOTS && (answered & 0xFFFF_FFFFL) != asked; i++, answered++) {
      long slot = ring + SLOTS_AT + SEND_SLOT * (answered % SLOTS);
      memory.put16(slot, lies && (how & 7) == 1 ? input.next(2) : memory.get16(slot + 8));
      memory.put16(slot + 2, lies && (how & 7) == 2 ? input.next(2) : 0);
    }
    finish(ring, answered, how);
  }

  /** A frame comes. */
  void give() {
    int how = input.next();
    boolean lies = (how & 0x80) != 0;
    long ring = granted.pageOf(FRONT + "/rx-ring-ref");
    if (ring == 0 || lies && (how & 7) == 3) {
      return;
    }
    if ((memory.get32(ring) - given & 0xFFFF_FFFFL) != 0) {
      long slot = ring + SLOTS_AT + RECEIVE_SLOT * (given % SLOTS);
      int length = (how & 8) != 0 ? (int) input.next(2) : USUAL;
      int offset = (how & 16) != 0 ? (int) input.next(2) : 0;
      long page = granted.page(memory.get32(slot + 4));
      byte[] said = input.take(16);
      if (page != 0 && offset + said.length <= PAGE) {
        memory.write(page + offset, said);
      }
      if (offset + length <= PAGE) {
        lengths.set(length);
      }
      memory.put16(slot, lies && (how & 7) == 1 ? input.next(2) : memory.get16(slot));
      memory.put16(slot + 2, offset);
      memory.put16(slot + 4, lies && (how & 7) == 2 ? input.next(2) : 0);
      memory.put16(slot + 6, length);
      given++;
    }
    finish(ring, given, how);
  }

  private void finish(long ring, long count, int how) {
    boolean lies = (how & 0x80) != 0;
    memory.put32(ring + RSP_PROD, lies && (how & 7) == 0 ? input.next(4) : count);
    if (lies && (how & 7) >= 4) {
      wild = true;
      memory.put8(ring + (input.next(2) & PAGE - 1), input.next());
    }
  }
}
