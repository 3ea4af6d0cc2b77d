// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeXenBus;

/** A disk's back end of a test's, which works through its ring, honestly or not. */
final class BackEnd extends FakeXenBus {
  /** What it does instead of what is right. */
  enum Lie {
    NONE, SILENT, INDEX, IDENTITY, STATUS, KEEPS_PAGES, NEVER_READY, NONSENSE_SIZE, STORE_FAILS
  }

  final byte[] bytes = new byte[2 << 20];
  final List<String> requests = new ArrayList<>();
  Lie lie = Lie.NONE;
  private final EfiRam memory;
  private long served;

  BackEnd(FakeFirmware firmware, Map<String, String> can) {
    super(firmware, "vbd", 51712);
    memory = firmware.memory();
    new Random(1).nextBytes(bytes);
    store().put("back/sectors", Integer.toString(bytes.length / 512));
    store().put("back/sector-size", "512");
    store().put("back/info", "0");
    can.forEach((name, value) -> store().put("back/" + name, value));
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
    served = 0;
  }

  @Override
  protected boolean storeFails() {
    return lie == Lie.STORE_FAILS;
  }

  @Override
  protected void notified() {
    if (lie == Lie.SILENT) {
      return;
    }
    long ring = page("ring-ref");
    while (served != memory.get32(ring)) {
      long slot = ring + 64 + 112 * (served % 32);
      one(slot);
      long id = memory.get64(slot);
      memory.put64(slot, lie == Lie.IDENTITY ? id + 1 : id);
      served++;
    }
    memory.put32(ring + 8, lie == Lie.INDEX ? served + 3 : served);
  }

  private void one(long slot) {
    int operation = memory.get8(slot);
    boolean indirect = operation == 6;
    int inner = indirect ? memory.get8(slot + 1) : operation;
    int segments = indirect ? memory.get16(slot + 2) : memory.get8(slot + 1);
    long sector = memory.get64(slot + 16);
    requests.add(List.of("read", "write", "barrier", "flush", "-", "discard").get(inner) + (indirect ? " indirect " : " ") + sector
        + (inner == 5 ? " " + memory.get64(slot + 24) : ""));
    if (inner == 5 && lie != Lie.STATUS) {
      Arrays.fill(bytes, (int) sector * 512, (int) (sector + memory.get64(slot + 24)) * 512, (byte) 0);
    }
    long list = indirect ? granted().get(memory.get32(slot + 28)) : slot + 24;
    int at = (int) sector * 512;
    for (int i = 0; i < segments && inner != 5; i++) {
      long page = granted().get(memory.get32(list + 8L * i)) + 512L * memory.get8(list + 8L * i + 4);
      int length = 512 * (memory.get8(list + 8L * i + 5) - memory.get8(list + 8L * i + 4) + 1);
      if (inner == 0) {
        memory.write(page, Arrays.copyOfRange(bytes, at, at + length));
      } else {
        System.arraycopy(memory.read(page, length), 0, bytes, at, length);
      }
      at += length;
    }
    memory.put64(slot, memory.get64(slot + 8));
    memory.put16(slot + 10, lie == Lie.STATUS ? 0xFFFF : 0);
  }
}
