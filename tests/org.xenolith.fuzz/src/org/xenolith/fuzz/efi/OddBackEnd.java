// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fuzz.InputBytes;

/**
 * The back end of a PV disk (Xen, {@code io/blkif.h}), which reaches the front end's memory by its grants only, and does what is right unless the input says
 * otherwise: a byte for each event. Bit 7: it lies; then bits 0 to 2 say of what: responses, identities, statuses, nothing at all, bytes of the ring.
 */
final class OddBackEnd {
  private static final int SLOTS = 32;
  private static final int SLOT = 112;
  private static final int SLOTS_AT = 64;
  private static final int RSP_PROD = 8;
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;
  private static final int READ = 0;
  private static final int INDIRECT = 6;
  private static final int MOST_SEGMENTS = 256;

  /** Where the front end's nodes are in the store. */
  static final String FRONT = "device/vbd/51712";

  private final EfiRam memory;
  private final GrantedPages granted;
  private final InputBytes input;
  private long served;

  OddBackEnd(EfiRam memory, GrantedPages granted, InputBytes input) {
    this.granted = granted;
    this.memory = memory;
    this.input = input;
  }

  /** Its state follows the front end's. */
  void follow() {
    if (granted.follow(FRONT, "back")) {
      served = 0;
    }
  }

  /** An event has come. */
  void event() {
    int how = input.next();
    boolean lies = (how & 0x80) != 0;
    long ring = granted.pageOf(FRONT + "/ring-ref");
    if (ring == 0 || lies && (how & 7) == 3) {
      return;
    }
    long asked = memory.get32(ring);
    for (int i = 0; i < SLOTS && (served & 0xFFFF_FFFFL) != asked; i++, served++) {
      serve(ring + SLOTS_AT + SLOT * (served % SLOTS), lies ? how : 0);
    }
    memory.put32(ring + RSP_PROD, lies && (how & 7) == 0 ? input.next(4) : served);
    if (lies && (how & 7) >= 4) {
      memory.put8(ring + (input.next(2) & PAGE - 1), input.next());
    }
  }

  private void serve(long slot, int how) {
    int operation = memory.get8(slot);
    boolean indirect = operation == INDIRECT;
    int inner = indirect ? memory.get8(slot + 1) : operation;
    int segments = Math.min(MOST_SEGMENTS, indirect ? memory.get16(slot + 2) : memory.get8(slot + 1));
    long list = indirect ? granted.page(memory.get32(slot + 28)) : slot + 24;
    for (int i = 0; inner == READ && list != 0 && i < segments; i++) {
      long page = granted.page(memory.get32(list + 8L * i));
      int first = memory.get8(list + 8L * i + 4);
      int last = memory.get8(list + 8L * i + 5);
      if (page != 0 && first <= last && last < PAGE / SECTOR) {
        memory.write(page + (long) SECTOR * first, input.take(16));
      }
    }
    long identity = memory.get64(slot + 8);
    memory.put64(slot, (how & 7) == 1 ? input.next(2) : identity);
    memory.put16(slot + 10, (how & 7) == 2 ? input.next(2) : 0);
  }
}
