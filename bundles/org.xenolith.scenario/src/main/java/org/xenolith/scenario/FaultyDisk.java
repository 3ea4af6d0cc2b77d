// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.IOException;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.ForwardingDisk;
import org.xenolith.scenario.file.Action.FailDisk;

/** A disk that can be told to fail. It fails before it touches anything. */
final class FaultyDisk implements ForwardingDisk {
  /** How the reason of such a failure ends. */
  static final String INJECTED = ": a fault that the scenario injects";
  private final BlockDevice disk;
  private FailDisk fault = new FailDisk(0, 0, 0, false, false);

  FaultyDisk(BlockDevice disk) {
    this.disk = disk;
  }

  @Override
  public BlockDevice disk() {
    return disk;
  }

  /** What fails from now on. */
  void fail(FailDisk how) {
    fault = how;
  }

  private void access(boolean fails, long sector, long count) throws IOException {
    if (fails && sector <= fault.last() && sector + count > fault.first()) {
      throw new IOException("sector " + Math.max(sector, fault.first()) + INJECTED);
    }
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) throws IOException {
    access(fault.reads(), sector, count);
    disk.read(sector, into, offset, count);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    access(fault.writes(), sector, count);
    disk.write(sector, from, offset, count);
  }

  /** Fails as a write does: to the medium it is one. */
  @Override
  public void discard(long sector, long count) throws IOException {
    access(fault.writes(), sector, count);
    disk.discard(sector, count);
  }
}
