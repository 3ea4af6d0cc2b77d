// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.block.api.BlockPort;
import org.xenolith.fuzz.InputBytes;

/** A virtio disk: 8 MiB at once, from the disk and to memory. */
@DeviceNumber(1)
final class WorkingDisk extends WorkingQueues {
  WorkingDisk() {
    super("virtio disk", 2 * (9L << 20) / UNIT, 0, 1);
    context.port(BlockPort.class).attach(new CountedDisk(memory), "counted");
    start("blk.VirtioBlkComponent");
  }

  @Override
  int header(long at, InputBytes input) {
    memory.put(at, 4, input.next());
    memory.put(at + 8, 8, input.next(4));
    return 16;
  }
}
