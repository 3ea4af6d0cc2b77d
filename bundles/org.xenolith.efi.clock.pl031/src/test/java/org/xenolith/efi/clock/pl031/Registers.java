// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.clock.pl031;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;

/** Registers of a PL031 at 0x9010000 as a bus shows them: the date is what was loaded, the alarm is raised by the test. */
final class Registers implements PhysicalBus {
  static final long BASE = 0x901_0000L;
  final Map<Long, Long> values = new HashMap<>(Map.of(0xFF0L, 0x0DL));
  final List<String> writes = new ArrayList<>();
  boolean removed;
  boolean aborts;

  @Override
  public long read(long address, int size) {
    if (aborts || address < BASE || address >= BASE + 0x1000 || size != 4) {
      throw ExternalAbort.INSTANCE;
    }
    return removed ? 0xFFFF_FFFFL : values.getOrDefault(address - BASE, 0L);
  }

  @Override
  public void write(long address, int size, long value) {
    read(address, size);
    writes.add(Long.toHexString(address - BASE) + "=" + Long.toHexString(value));
    if (address - BASE == 0x1C) {
      values.put(0x14L, 0L);
    } else {
      values.put(address - BASE == 8 ? 0 : address - BASE, value);
    }
  }
}
