// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.pci.FakePciHost;

/** AMD's IOMMU with the longest command buffer, of 32,768: 512 commands at once. */
@DeviceNumber(6)
final class WorkingAmdVi extends WorkingCommands {
  private static final long REGISTERS = 0xFED8_0000L;
  private static final int WINDOW = 0x4000;
  private static final int COMMAND = 16;
  private static final int QUEUE = 32_768 * COMMAND;
  private static final int CONTROL = 0x18;
  private static final int TAIL = 0x2008;
  /** IommuEn, EventLogEn, EventIntEn, ComWaitIntEn, CmdBufEn. */
  private static final int ALL = 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 12;

  WorkingAmdVi() {
    super("AMD-Vi", 16_000, COMMAND, QUEUE);
    FakePciHost pci = new FakePciHost();
    context = pci.context().at(FakePciHost.function("iommu@1,0", "xenolith,amd-iommu").cells("amd,registers", 0, (int) REGISTERS, 0, WINDOW)
        .build());
    make(context, "hw.amdvi.AmdViComponent");
    int msi = pci.capability(5, 0);
    pci.config(msi + 4, 4, 0xFEE0_0000);
    pci.config(msi + 12, 2, 0x99);
    pci.config(msi + 2, 2, 1);
    context.writeAt(REGISTERS, 8, 0x1000 | 1);
    context.writeAt(REGISTERS + 0x08, 8, BASE | 15L << 56);
    context.writeAt(REGISTERS + 0x10, 8, 0x3_0000 | 8L << 56);
    context.writeAt(REGISTERS + CONTROL, 8, ALL);
  }

  @Override
  void announce(InputBytes input) {
    context.writeAt(REGISTERS + TAIL, 8, input.next(2) * COMMAND & QUEUE - 1);
  }

  /** The opcode is in the highest bits of the first word. */
  @Override
  long word(int offset, long chosen) {
    return offset == 0 ? chosen & 0xFFFF_FFFFL | chosen >>> 32 << 60 : chosen;
  }

  @Override
  void register(InputBytes input) {
    int size = 4 << (input.next() & 1);
    context.writeAt(REGISTERS + (input.next(2) & WINDOW - 1 & -size), size, input.next(size));
  }
}
