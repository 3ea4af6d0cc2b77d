// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainMemory;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.ConsoleRing;

/**
 * The back end of a domain's PV console: a page with two rings, and an event channel (public header {@code io/console.h}).
 * Indices run freely; whatever the guest writes there, no more than a ring is moved.
 */
final class PvConsole {
  private final DeviceState state = new DeviceState();
  /** Guest frame of the page. */
  final LongCell frame = state.cell("frame", 0);
  /** Our end of the event channel. */
  final LongCell port = state.cell("port", 0);
  private final ConsoleRing ring = new ConsoleRing();

  DeviceState state() {
    return state;
  }

  private ConsoleRing ring(DomainMemory memory) {
    ring.at(memory, frame.value << 12);
    return ring;
  }

  /** Takes what the guest wrote. @return whether there was any */
  boolean drain(Domain domain, ConsolesPort consoles) {
    ConsoleRing page = ring(domain.memory());
    int from = page.outCons();
    int count = Math.min(page.outProd() - from, ConsoleRing.OUT_BYTES);
    for (int i = 0; i < count; i++) {
      int at = from + i & ConsoleRing.OUT_BYTES - 1;
      consoles.write(domain.id(), domain.memory().read8((frame.value << 12) + ConsoleRing.OUT + at));
    }
    if (count > 0) {
      page.outCons(from + count);
    }
    return count > 0;
  }

  /** Gives the guest typed bytes. @return how many there was room for */
  int offer(Domain domain, byte[] bytes, int offset, int length) {
    ConsoleRing page = ring(domain.memory());
    int to = page.inProd();
    int used = to - page.inCons();
    int room = used < 0 || used > ConsoleRing.IN_BYTES ? 0 : ConsoleRing.IN_BYTES - used;
    int count = Math.min(room, length);
    for (int i = 0; i < count; i++) {
      int at = to + i & ConsoleRing.IN_BYTES - 1;
      domain.memory().write8((frame.value << 12) + ConsoleRing.IN + at, bytes[offset + i]);
    }
    if (count > 0) {
      page.inProd(to + count);
    }
    return count;
  }
}
