// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeXenBus;

/** A network interface's back end of a test's, which works through its rings, honestly or not. */
final class NetworkBackEnd extends FakeXenBus {
  /** What it does instead of what is right. */
  enum Lie {
    NONE, SILENT, SEND_INDEX, SEND_IDENTITY, RECEIVE_INDEX, RECEIVE_IDENTITY, TOO_LONG, LEAVES_THE_PAGE, PARTS, KEEPS_PAGES, NEVER_READY
  }

  final List<byte[]> sent = new ArrayList<>();
  Lie lie = Lie.NONE;
  int events;
  private final EfiRam memory;
  private long answered;
  private long given;

  NetworkBackEnd(FakeFirmware firmware) {
    super(firmware, "vif", 0);
    memory = firmware.memory();
    store().put("front/mac", "00:16:3E:00:00:01");
  }

  @Override
  protected boolean keepsPages() {
    return lie == Lie.KEEPS_PAGES;
  }

  @Override
  protected boolean neverReady() {
    return lie == Lie.NEVER_READY;
  }

  @Override
  protected void restarted() {
    answered = 0;
    given = 0;
  }

  @Override
  protected void notified() {
    events++;
    if (lie != Lie.SILENT) {
      answer();
    }
  }

  /** Sends what waits. */
  void answer() {
    long ring = page("tx-ring-ref");
    while (answered != memory.get32(ring)) {
      long slot = ring + 64 + 12 * (answered % 256);
      sent.add(memory.read(granted().get(memory.get32(slot)) + memory.get16(slot + 4), memory.get16(slot + 10)));
      memory.put16(slot, lie == Lie.SEND_IDENTITY ? 7 : memory.get16(slot + 8));
      memory.put16(slot + 2, 0);
      answered++;
    }
    memory.put32(ring + 8, lie == Lie.SEND_INDEX ? answered + 1 : answered);
    memory.put32(ring + 4, answered + 1);
  }


  /** Buffers that the front end has given. */
  long room() {
    return memory.get32(page("rx-ring-ref")) - given;
  }

  /** Gives the front end a frame. @param offset in its page */
  void give(byte[] frame, int offset) {
    long ring = page("rx-ring-ref");
    long slot = ring + 64 + 8 * (given % 256);
    int identity = memory.get16(slot);
    long page = granted().get(memory.get32(slot + 4));
    memory.write(page + offset, frame);
    memory.put16(slot, lie == Lie.RECEIVE_IDENTITY ? 64 : identity);
    memory.put16(slot + 2, lie == Lie.LEAVES_THE_PAGE ? 4000 : offset);
    memory.put16(slot + 4, lie == Lie.PARTS ? 4 : 0);
    memory.put16(slot + 6, lie == Lie.TOO_LONG ? 4097 : frame.length);
    given++;
    memory.put32(ring + 8, lie == Lie.RECEIVE_INDEX ? given + 32 : given);
  }

  /** Gives an error in the place of a frame. */
  void giveError() {
    long ring = page("rx-ring-ref");
    memory.put64(ring + 64 + 8 * (given % 256), memory.get16(ring + 64 + 8 * (given % 256)) | 0xFFFFL << 48);
    given++;
    memory.put32(ring + 8, given);
  }
}
