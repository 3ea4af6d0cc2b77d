// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** An ITS: 512 commands at once, each of which may look into three tables. */
@DeviceNumber(4)
final class WorkingIts extends WorkingCommands {
  private static final int QUEUE = 0x1_0000;
  private static final int COMMAND = 32;

  WorkingIts() {
    super("ITS", 64_000, COMMAND, QUEUE);
    context = new FakeContext(FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its").window(0x808_0000, 0x2_0000).build(),
        2);
    make(context, "hw.its.ItsComponent");
    context.write(0, 0x100, 8, 1L << 63 | 2 << 8 | 0x8_0000);
    context.write(0, 0x108, 8, 1L << 63 | 2 << 8 | 0x9_0000);
    context.write(0, 0x80, 8, 1L << 63 | BASE | 0xF);
    context.write(0, 0, 4, 1);
  }

  @Override
  void announce(InputBytes input) {
    context.write(0, 0x88, 4, input.next(2) * COMMAND & 0xFFE0);
  }

  /** What is mapped is valid. */
  @Override
  long word(int offset, long chosen) {
    return offset == 16 ? chosen | 1L << 63 : chosen;
  }
}
