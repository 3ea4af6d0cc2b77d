// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** An SMMU: two rounds of a queue of 1,024 commands at once. */
@DeviceNumber(5)
final class WorkingSmmu extends WorkingCommands {
  private static final int QUEUE = 0x1_0000;
  private static final int COMMAND = 16;

  WorkingSmmu() {
    super("SMMU", 64_000, COMMAND, QUEUE);
    FakeNode node = FakeNode.at("/smmuv3@9050000").compatible("arm,smmu-v3").window(0x905_0000, 0x2_0000);
    for (int i = 0; i < 4; i++) {
      node.interrupt("/intc", 0, 74 + i, 1);
    }
    context = new FakeContext(node.build(), 2);
    make(context, "hw.smmuv3.SmmuV3Component");
    context.write(0, 0x80, 8, 0x8_0000);
    context.write(0, 0x88, 4, 6);
    context.write(0, 0x90, 8, BASE | 10);
    context.write(0, 0xA0, 8, 0xA_0000 | 10);
    context.write(0, 0x20, 4, 0xD);
  }

  @Override
  void announce(InputBytes input) {
    context.write(0, 0x98, 4, input.next(2) & 0x7FF);
  }
}
