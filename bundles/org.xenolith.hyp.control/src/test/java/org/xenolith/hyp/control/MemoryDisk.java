// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;

/** A disk without content that remembers that it was closed. */
final class MemoryDisk implements BlockDevice {
  static final List<MemoryDisk> OPEN = new ArrayList<>();

  MemoryDisk() {
    OPEN.add(this);
  }

  @Override
  public long sectors() {
    return 8;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) {}

  @Override
  public void write(long sector, byte[] from, int offset, int count) {}

  @Override
  public void flush() {}

  @Override
  public StateRecord save() {
    return new DeviceState().save();
  }

  @Override
  public void restore(StateRecord record) {}

  @Override
  public void close() {
    OPEN.remove(this);
  }
}
