// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.machine.control.Machine;

/**
 * What one domain has of what it shares with others.
 *
 * @param ports   open ports
 * @param lent    mappings of its pages that others have
 * @param mapped  pages of others that it maps
 * @param entries entries of its grant table that permit something, without those of its builder
 * @param frames  frames of its grant table that it sees
 * @param shared  places where it sees the page with shared information
 */
record Leftovers(int ports, int lent, int mapped, int entries, int frames, int shared) {
  /** References below are the builder's (public header {@code grant_table.h}). */
  private static final int FIRST = 8;
  /** As many frames as edk2 uses. */
  private static final int FRAMES = 4;
  private static final int PAGE = 4096;
  private static final int ENTRY = 8;
  private static final int KIND = 3;
  /** Frames from the memory of the virtual PCI host on, with the room for grants, to the end of 256 MiB of RAM. */
  private static final long FIRST_PLACE = 0x23000;
  private static final long LAST_PLACE = 0x50000;

  /** Counts; the machine stands still. */
  static Leftovers of(Machine machine, Domain domain) {
    GrantsPort grants = Counters.port(machine, GrantsPort.class);
    int entries = 0;
    int frames = 0;
    for (int index = 0; index < FRAMES; index++) {
      long frame = grants.frame(domain, index);
      ByteBuffer table = ByteBuffer.wrap(machine.peek(frame << 12, PAGE)).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = index == 0 ? FIRST * ENTRY : 0; at < PAGE; at += ENTRY) {
        entries += (table.getShort(at) & KIND) != 0 ? 1 : 0;
      }
      frames += places(machine, domain, frame);
    }
    return new Leftovers(Counters.port(machine, EventChannelsPort.class).open(domain), grants.granted(domain), grants.mapped(domain),
        entries, frames, places(machine, domain, domain.sharedInfo() >>> 12));
  }

  private static int places(Machine machine, Domain domain, long frame) {
    P2mPort p2m = Counters.port(machine, P2mPort.class);
    return (int) LongStream.range(FIRST_PLACE, LAST_PLACE).filter(gfn -> {
      long address = p2m.translate(domain, gfn << 12, false);
      return address >= 0 && address >>> 12 == frame;
    }).count();
  }
}
