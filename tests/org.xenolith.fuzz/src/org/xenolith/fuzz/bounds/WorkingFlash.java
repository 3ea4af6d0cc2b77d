// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Two chips of flash with a disk: a block of 256 KiB at once, which is erased. */
@DeviceNumber(9)
final class WorkingFlash extends WorkingDevice {
  private static final int BANK = 1 << 20;
  private static final int BLOCK = 256 << 10;
  /** Commands of CFI flash; what begins or confirms something among them. */
  private static final int[] COMMANDS = {0x20, 0xD0, 0x40, 0x10, 0xE8, 0xD0, 0x60, 0x01, 0xD0, 0x50, 0x70, 0x90, 0x98, 0xFF, 0xB0};

  WorkingFlash() {
    super("flash", 2L * BLOCK / UNIT + 2048);
    context = new FakeContext(FakeNode.at("/flash@0").compatible("cfi-flash").property(FdtProperty.ofCells("bank-width", 4)).window(0, BANK)
        .build());
    make(context, "hw.flash.cfi.CfiFlashComponent");
    context.port(BlockUnitsPort.class).unit(0).attach(new CountedDisk(memory, BANK / 512), "counted");
  }

  @Override
  void step(InputBytes input) {
    int kind = input.next();
    long offset = input.next(3) & BANK - 4;
    if ((kind & 3) == 3) {
      context.read(0, offset, 4);
    } else {
      long value = (kind & 3) == 2 ? input.next(2) : COMMANDS[(kind >> 2) % COMMANDS.length];
      context.write(0, offset, 4, value | value << 16);
    }
  }
}
