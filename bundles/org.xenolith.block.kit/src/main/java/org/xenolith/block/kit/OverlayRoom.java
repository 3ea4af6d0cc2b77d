// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.util.concurrent.atomic.AtomicLong;
import org.xenolith.machine.kit.HostUse;

/** How much of what guests write may be kept in memory, by all disks of a process: an image may be larger than that, and a guest may write all of it. */
public final class OverlayRoom {
  /** That of this process: half of its heap. */
  public static final OverlayRoom PROCESS = new OverlayRoom(Runtime.getRuntime().maxMemory() / 2);

  static {
    HostUse.of("what guests wrote to disks that aren't written", PROCESS.taken::get);
  }

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /** @param most bytes */
  public OverlayRoom(long most) {
    this.most = most;
  }

  long most() {
    return most;
  }

  /** Takes so many bytes. Returns false if there aren't as many left. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Gives so many bytes back. */
  void give(long bytes) {
    taken.addAndGet(-bytes);
  }
}
