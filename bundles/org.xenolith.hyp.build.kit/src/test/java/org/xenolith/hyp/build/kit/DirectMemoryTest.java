// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

class DirectMemoryTest {
  private static final int CHUNK = 0x4000;
  private static final byte LEFT = 0x5A;
  /** Two chunks, and no RAM between them. */
  private final List<Ram> chunks = List.of(new Ram(0x4000, CHUNK), new Ram(0xC000, CHUNK));

  private final MachineMemory memory = new MachineMemory(new RamBus() {
    @Override
    public Ram ram(long address) {
      return chunks.stream().filter(each -> address >= each.base && address < each.base + each.size).findFirst().orElse(null);
    }

    @Override
    public long read(long address, int size) {
      return 0;
    }

    @Override
    public void write(long address, int size, long value) {}
  });

  @Test
  void pagesThatAreClearedAreZeroInEachChunkAndOthersStay() {
    chunks.forEach(each -> each.fill(0, CHUNK, LEFT));
    DirectMemory.clear(memory, List.of(new FdtWindow(0x4000, 0x1000), new FdtWindow(0x6000, 0x8000)));
    for (long page = 0x4000; page < 0x1_0000; page += 0x1000) {
      boolean zero = page == 0x4000 || page >= 0x6000 && page < 0xE000;
      assertEquals(zero ? 0 : LEFT, memory.read8(page), "0x" + Long.toHexString(page));
      assertEquals(zero ? 0 : LEFT, memory.read8(page + 0xFFF), "the end of 0x" + Long.toHexString(page));
    }
  }
}
