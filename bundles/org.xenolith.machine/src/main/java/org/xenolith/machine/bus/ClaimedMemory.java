// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import org.xenolith.machine.api.DirectWindow;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.platform.api.AddressWindow;

/** The memory of a window as the model sees it that has claimed it: nothing before the claim takes effect, and nothing after the model. */
public final class ClaimedMemory implements DirectWindow {
  private final AddressWindow range;
  private final int blank;
  private WindowMemory memory;

  /**
   * @param instance of the device, for the message
   * @throws ModelException if the window has parts of pages
   */
  public ClaimedMemory(String instance, AddressWindow range, int blank) {
    if (((range.base() | range.size()) & MachineDigest.PAGE - 1) != 0) {
      throw new ModelException(instance + ": window " + range + " is read directly: expected a multiple of 4 KiB; correct the node's reg");
    }
    if (blank != (blank & 0xFF)) {
      throw new ModelException(instance + ": blank bytes of window " + range + ": expected 0 to 255, got " + blank);
    }
    this.range = range;
    this.blank = blank;
  }

  public int blank() {
    return blank;
  }

  /** The claim takes effect, or ends with null. */
  public void attach(WindowMemory behind) {
    memory = behind;
  }

  @Override
  public long size() {
    return range.size();
  }

  @Override
  public void direct(boolean on) {
    if (memory != null) {
      memory.direct(on);
    }
  }

  @Override
  public long read(long offset, int size) {
    check(offset, size);
    return memory == null ? 0 : memory.read(offset, size);
  }

  @Override
  public void write(long offset, int size, long value) {
    check(offset, size);
    if (memory != null) {
      memory.write(offset, size, value);
    }
  }

  @Override
  public void read(long offset, byte[] into, int at, int length) {
    checkRange(offset, length);
    if (memory != null) {
      memory.read(offset, into, at, length);
    }
  }

  @Override
  public void write(long offset, byte[] from, int at, int length) {
    checkRange(offset, length);
    if (memory != null) {
      memory.write(offset, from, at, length);
    }
  }

  @Override
  public void fill(long offset, long length, int value) {
    checkRange(offset, length);
    if (memory != null) {
      memory.fill(offset, length, (byte) value);
    }
  }

  private void check(long offset, int size) {
    if (offset < 0 || offset > range.size() - size || size > 0 && offset % size != 0) {
      throw outside("%d bytes at 0x%x of window %s: expected aligned ones in it", size, offset);
    }
  }

  private void checkRange(long offset, long length) {
    if (offset < 0 || length < 0 || offset > range.size() - length) {
      throw outside("%d bytes at 0x%x of window %s: expected some in it", length, offset);
    }
  }

  private IllegalArgumentException outside(String text, long length, long offset) {
    return new IllegalArgumentException(text.formatted(length, offset, range));
  }
}
