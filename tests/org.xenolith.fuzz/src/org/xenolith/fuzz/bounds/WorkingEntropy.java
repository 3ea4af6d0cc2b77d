// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;

/** A virtio entropy device: eight buffers of 64 KiB. */
@DeviceNumber(3)
final class WorkingEntropy extends WorkingQueues {
  WorkingEntropy() {
    super("virtio entropy device", 8 * (64L << 10) / UNIT * 2, 0, 1);
    start("rng.VirtioRngComponent");
  }

  @Override
  int header(long at, InputBytes input) {
    memory.put(at, 8, input.next(5));
    return 16;
  }
}
