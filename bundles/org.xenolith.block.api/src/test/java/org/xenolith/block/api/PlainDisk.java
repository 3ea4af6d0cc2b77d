// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;

/** A disk that says nothing of what it may leave to its default. */
final class PlainDisk implements BlockDevice {
  int calls;

  @Override
  public long sectors() {
    return 8;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) {
    calls++;
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) {
    calls++;
  }

  @Override
  public void flush() {
    calls++;
  }

  @Override
  public StateRecord save() {
    return new DeviceState().save();
  }

  @Override
  public void restore(StateRecord record) {
    calls++;
  }

  @Override
  public void close() {
    calls++;
  }
}
