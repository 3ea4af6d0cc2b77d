// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;

/** A virtio network card: 256 frames of 64 KiB. */
@DeviceNumber(8)
final class WorkingCard extends WorkingQueues {
  WorkingCard() {
    super("virtio network card", 256 * (64L << 10) / UNIT * 2, 1, 2);
    start("net.VirtioNetComponent");
  }

  @Override
  int header(long at, InputBytes input) {
    memory.put(at + 12, 6, -1);
    memory.put(at + 18, 8, input.next(5));
    return 26;
  }
}
