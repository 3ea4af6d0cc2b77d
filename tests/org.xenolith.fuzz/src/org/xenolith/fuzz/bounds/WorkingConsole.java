// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;

/** A virtio console: 1 MiB at once, and a buffer more. */
@DeviceNumber(2)
final class WorkingConsole extends WorkingQueues {
  WorkingConsole() {
    super("virtio console", (2L << 20) / UNIT * 2, 1, 2);
    start("console.VirtioConsoleComponent");
  }

  @Override
  int header(long at, InputBytes input) {
    memory.put(at, 8, input.next(5));
    return 16;
  }
}
