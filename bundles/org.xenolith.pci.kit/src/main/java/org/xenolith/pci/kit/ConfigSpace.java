// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.Arrays;
import java.util.OptionalLong;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.Register;

/** The live configuration space of a function: the bytes that a {@link ConfigTable} declares. */
public final class ConfigSpace {
  private final ConfigTable table;
  /** Of bridges there is more than software sees: what they keep for themselves, behind the space, so that it is saved with it. */
  private static final int KEPT = 64;
  private final byte[] bytes;

  /** Declares it as part of a device's state. */
  public ConfigSpace(DeviceState state, String name, ConfigTable table) {
    this.table = table;
    bytes = new byte[ConfigTable.SIZE + (table.bridge ? KEPT : 0)];
    state.varying(name, this::reset, bytes::clone, this::restore);
    state.shows(name, table.registers(), this::shown);
  }

  private OptionalLong shown(Register register) {
    long value = 0;
    for (int i = register.spec().size() - 1; i >= 0; i--) {
      value = value << 8 | bytes[register.spec().offset() + i] & 0xFF;
    }
    return OptionalLong.of(value);
  }

  /** What a record of an older version hasn't got is as after reset. */
  private void restore(byte[] saved) {
    reset();
    System.arraycopy(saved, 0, bytes, 0, Math.min(saved.length, bytes.length));
  }

  /** What it is made of. */
  public ConfigTable table() {
    return table;
  }

  /** All registers get their reset values. */
  public void reset() {
    System.arraycopy(table.reset, 0, bytes, 0, table.reset.length);
    Arrays.fill(bytes, table.reset.length, bytes.length, (byte) 0);
  }

  /** Reads 1, 2 or 4 bytes, zero-extended; the access is aligned. */
  public int read(int offset, int size) {
    int value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[offset + i] & 0xFF;
    }
    return value;
  }

  /** Reads 8 bytes at a multiple of 4. */
  public long readLong(int offset) {
    return read(offset, 4) & 0xFFFF_FFFFL | (long) read(offset + 4, 4) << 32;
  }

  /** A write from the bus: what can be written is, what is cleared by 1 is cleared. */
  public void write(int offset, int size, int value) {
    for (int i = 0; i < size; i++) {
      int at = offset + i;
      int written = value >>> 8 * i;
      bytes[at] = (byte) (bytes[at] & ~table.writable[at] & ~(written & table.clearable[at]) | written & table.writable[at]);
    }
  }

  /** The function's own side: puts a value wherever it likes. */
  public void set(int offset, int size, int value) {
    for (int i = 0; i < size; i++) {
      bytes[offset + i] = (byte) (value >>> 8 * i);
    }
  }

  /** The function's own side: sets or clears bits of a 16-bit register. */
  public void set(int offset, int bits, boolean on) {
    int value = read(offset, 2);
    set(offset, 2, on ? value | bits : value & ~bits);
  }

  /** What a bridge keeps for itself. @param index 0 to 62 */
  int kept(int index) {
    return read(ConfigTable.SIZE + index, 2);
  }

  /** Keeps 16 bits. */
  void keep(int index, int value) {
    set(ConfigTable.SIZE + index, 2, value);
  }
}
