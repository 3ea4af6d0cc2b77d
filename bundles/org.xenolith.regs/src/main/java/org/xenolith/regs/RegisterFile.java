// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.xenolith.regs.RegisterFaults.Kind;

/**
 * The live registers of one window, driven by their table. A read or write is a table index away; no allocation, no map.
 * Declared through {@link DeviceState#registers}, so that reset, snapshot and digest follow from the table.
 *
 * @param <R> the table
 */
public final class RegisterFile<R extends Enum<R> & Register> {
  private static final int HIGH = 1 << 14;

  private final R[] rows;
  private final long[] value;
  private final long[] rw;
  private final long[] w1c;
  private final long[] unimp;
  private final LongSupplier[] onRead;
  private final LongConsumer[] onWrite;
  /** By word of the window: the row, {@link #HIGH} more for the upper half of one of 64 bits; negative where there is none. */
  private final short[] rowAtWord;
  private final RegisterFaults faults;

  RegisterFile(Class<R> table, RegisterFaults faults) {
    this.faults = faults;
    rows = table.getEnumConstants();
    value = new long[rows.length];
    rw = new long[rows.length];
    w1c = new long[rows.length];
    unimp = new long[rows.length];
    onRead = new LongSupplier[rows.length];
    onWrite = new LongConsumer[rows.length];
    int words = 0;
    for (R row : rows) {
      words = Math.max(words, (row.spec().offset() + row.spec().size()) / 4);
    }
    rowAtWord = new short[words];
    Arrays.fill(rowAtWord, (short) -1);
    for (R row : rows) {
      check(table, row);
      int i = row.ordinal();
      RegisterSpec spec = row.spec();
      value[i] = spec.reset();
      rw[i] = spec.rw();
      w1c[i] = spec.w1c();
      unimp[i] = spec.unimp();
    }
  }

  private void check(Class<R> table, R row) {
    RegisterSpec spec = row.spec();
    String name = table.getSimpleName() + "." + row.name();
    if (spec.size() != 4 && spec.size() != 8 || spec.offset() % spec.size() != 0 || spec.offset() < 0) {
      throw new IllegalStateException(name + ": misaligned or of a size other than 4 or 8");
    }
    long width = spec.size() == 4 ? 0xFFFF_FFFFL : -1L;
    if (((spec.rw() | spec.w1c() | spec.unimp() | spec.reset()) & ~width) != 0) {
      throw new IllegalStateException(name + ": a mask or the reset value is wider than the register");
    }
    if ((spec.rw() & spec.w1c()) != 0 || (spec.rw() & spec.unimp()) != 0 || (spec.w1c() & spec.unimp()) != 0) {
      throw new IllegalStateException(name + ": masks clash");
    }
    for (int word = spec.offset() / 4; word < (spec.offset() + spec.size()) / 4; word++) {
      if (rowAtWord[word] >= 0) {
        throw new IllegalStateException(name + ": overlaps " + rows[rowAtWord[word] & ~HIGH].name());
      }
      rowAtWord[word] = (short) (row.ordinal() | (word * 4 == spec.offset() ? 0 : HIGH));
    }
  }

  /** Computes the value that a guest reads of {@code row} instead of the stored one. */
  public RegisterFile<R> onRead(R row, LongSupplier computed) {
    onRead[row.ordinal()] = computed;
    return this;
  }

  /** Runs after a guest's write to {@code row} was stored under its masks; it is given the value as written. */
  public RegisterFile<R> onWrite(R row, LongConsumer effect) {
    onWrite[row.ordinal()] = effect;
    return this;
  }

  /** The stored value, as the device sees it. */
  public long get(R row) {
    return value[row.ordinal()];
  }

  /** What is stored, without any effect; empty if a read computes what a guest reads. */
  OptionalLong stored(R row) {
    return onRead[row.ordinal()] == null ? OptionalLong.of(value[row.ordinal()]) : OptionalLong.empty();
  }

  /** Stores a value from the device's side; no mask, no effect. */
  public void set(R row, long newValue) {
    value[row.ordinal()] = newValue;
  }

  /** Sets or clears bits from the device's side. */
  public void bits(R row, long mask, boolean on) {
    if (on) {
      value[row.ordinal()] |= mask;
    } else {
      value[row.ordinal()] &= ~mask;
    }
  }

  /** The row at a byte offset, or null. */
  public R at(long offset) {
    long word = offset >>> 2;
    int row = word < rowAtWord.length ? rowAtWord[(int) word] : -1;
    return row < 0 ? null : rows[row & ~HIGH];
  }

  /** A guest's 32-bit read; the half of a 64-bit register that {@code offset} names. Unknown offsets read 0, reported. */
  public long read(long offset) {
    long word = offset >>> 2;
    int found = word < rowAtWord.length ? rowAtWord[(int) word] : -1;
    if (found < 0) {
      faults.report(Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    int row = found & ~HIGH;
    LongSupplier computed = onRead[row];
    long all = computed == null ? value[row] : computed.getAsLong();
    return (found & HIGH) == 0 ? all & 0xFFFF_FFFFL : all >>> 32;
  }

  /** A guest's 32-bit write. Unknown offsets are ignored and reported. */
  public void write(long offset, long written) {
    long word = offset >>> 2;
    int found = word < rowAtWord.length ? rowAtWord[(int) word] : -1;
    if (found < 0) {
      faults.report(Kind.UNKNOWN_WRITE, offset, written);
      return;
    }
    boolean high = (found & HIGH) != 0;
    int row = found & ~HIGH;
    long lanes = high ? 0xFFFF_FFFF_0000_0000L : 0xFFFF_FFFFL;
    store(row, offset, high ? written << 32 : written & 0xFFFF_FFFFL, lanes);
  }

  /** A guest's 64-bit read at a 64-bit register; two 32-bit ones elsewhere. */
  public long read64(long offset) {
    R row = at(offset);
    if (row != null && row.spec().size() == 8 && row.spec().offset() == offset) {
      LongSupplier computed = onRead[row.ordinal()];
      return computed == null ? value[row.ordinal()] : computed.getAsLong();
    }
    return read(offset) | read(offset + 4) << 32;
  }

  /** A guest's 64-bit write at a 64-bit register; two 32-bit ones elsewhere. */
  public void write64(long offset, long written) {
    R row = at(offset);
    if (row != null && row.spec().size() == 8 && row.spec().offset() == offset) {
      store(row.ordinal(), offset, written, -1L);
    } else {
      write(offset, written & 0xFFFF_FFFFL);
      write(offset + 4, written >>> 32);
    }
  }

  private void store(int row, long offset, long written, long lanes) {
    if ((written & unimp[row]) != 0) {
      faults.report(Kind.UNMODELLED_BIT, offset, written);
    }
    long mask = rw[row] & lanes;
    value[row] = (value[row] & ~mask & ~(written & w1c[row])) | (written & mask);
    LongConsumer effect = onWrite[row];
    if (effect != null) {
      effect.accept(written);
    }
  }
}
