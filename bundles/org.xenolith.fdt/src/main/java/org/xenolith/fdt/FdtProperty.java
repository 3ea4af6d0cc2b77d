// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A property: a name and bytes. The bytes are the truth; cells, numbers and strings are views of them, and a view that
 * doesn't fit the bytes is an {@link FdtException} that names the property.
 *
 * <p>Numbers are big-endian (Devicetree Specification 0.4, 2.2.4). A <em>cell</em> is 32 bits.
 */
public final class FdtProperty {
  private static final int SHOWN_BYTES = 16;

  private final String name;
  private final byte[] value;

  /**
   * @param name  1 to 255 printable ASCII characters without a slash
   * @param value the bytes; they are copied
   */
  public FdtProperty(String name, byte[] value) {
    this(name, value.clone(), true);
  }

  private FdtProperty(String name, byte[] owned, boolean checkName) {
    this.name = checkName ? FdtNames.checked("property", name) : name;
    this.value = owned;
  }

  /** A property that keeps {@code owned} itself: the caller gives the array away and has checked the name. */
  static FdtProperty owning(String checkedName, byte[] owned) {
    return new FdtProperty(checkedName, owned, false);
  }

  /** A property of 32-bit cells. */
  public static FdtProperty ofCells(String name, int... cells) {
    byte[] bytes = new byte[cells.length * 4];
    for (int i = 0; i < cells.length; i++) {
      putCell(bytes, i * 4, cells[i]);
    }
    return new FdtProperty(name, bytes, true);
  }

  /** A property of 64-bit numbers, two cells each. */
  public static FdtProperty ofU64(String name, long... numbers) {
    byte[] bytes = new byte[numbers.length * 8];
    for (int i = 0; i < numbers.length; i++) {
      putCell(bytes, i * 8, (int) (numbers[i] >>> 32));
      putCell(bytes, i * 8 + 4, (int) numbers[i]);
    }
    return new FdtProperty(name, bytes, true);
  }

  /** A string, or a list of strings, each ended by a NUL byte; encoded as UTF-8. */
  public static FdtProperty ofStrings(String name, String... strings) {
    StringBuilder all = new StringBuilder();
    for (String s : strings) {
      if (s.indexOf('\0') >= 0) {
        throw new FdtException("property '" + name + "': a string has a NUL inside", "give it as two strings");
      }
      all.append(s).append('\0');
    }
    return new FdtProperty(name, all.toString().getBytes(StandardCharsets.UTF_8), true);
  }

  /** A property without a value, true by being there. */
  public static FdtProperty ofFlag(String name) {
    return new FdtProperty(name, new byte[0], true);
  }

  private static void putCell(byte[] bytes, int at, int cell) {
    bytes[at] = (byte) (cell >>> 24);
    bytes[at + 1] = (byte) (cell >>> 16);
    bytes[at + 2] = (byte) (cell >>> 8);
    bytes[at + 3] = (byte) cell;
  }

  /** The name as it stands in the strings block. */
  public String name() {
    return name;
  }

  /** A copy of the bytes. */
  public byte[] value() {
    return value.clone();
  }

  /** Number of bytes. */
  public int length() {
    return value.length;
  }

  /** Copies all bytes to {@code target} from index {@code at} on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(value, 0, target, at, value.length);
  }

  /** True if there is no value: a flag. */
  public boolean isFlag() { return value.length == 0; }

  /** Number of whole cells; the length must be a multiple of 4. */
  public int cellCount() {
    if (value.length % 4 != 0) {
      throw misfit("a list of 32-bit cells");
    }
    return value.length / 4;
  }

  /** The cell of the given index as 32 bits. */
  public int cell(int index) {
    if (index < 0 || index >= cellCount()) {
      throw misfit("at least " + (index + 1L) + " cells");
    }
    int at = index * 4;
    return (value[at] & 0xff) << 24 | (value[at + 1] & 0xff) << 16 | (value[at + 2] & 0xff) << 8
        | value[at + 3] & 0xff;
  }

  /** All cells. */
  public int[] cells() {
    int[] cells = new int[cellCount()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell(i);
    }
    return cells;
  }

  /** The value as one unsigned 32-bit number; the length must be 4. */
  public long u32() {
    if (value.length != 4) {
      throw misfit("one 32-bit number");
    }
    return cell(0) & 0xffff_ffffL;
  }

  /** The value as one unsigned 64-bit number; the length must be 8. */
  public long u64() {
    if (value.length != 8) {
      throw misfit("one 64-bit number");
    }
    return number(0, 2);
  }

  /** The value as one unsigned number of 4 or 8 bytes, as {@code clock-frequency} may be. */
  public long number() {
    return value.length == 8 ? u64() : u32();
  }

  /**
   * An unsigned number of consecutive cells, as in {@code reg}.
   *
   * @param firstCell index of the most significant cell
   * @param cells     0 to 2; of 0 cells the number is 0
   */
  public long number(int firstCell, int cells) {
    if (cells < 0 || cells > 2) {
      throw new FdtException("property '" + name + "': a number of " + cells + " cells doesn't fit 64 bits",
          "look at the #address-cells and #size-cells that apply");
    }
    long number = 0;
    for (int i = 0; i < cells; i++) {
      number = number << 32 | cell(firstCell + i) & 0xffff_ffffL;
    }
    return number;
  }

  /** The value as a phandle: one cell that is neither 0 nor 0xffffffff. */
  public int phandle() {
    int phandle = (int) u32();
    if (phandle == 0 || phandle == -1) {
      throw new FdtException("property '" + name + "' is 0x" + Integer.toHexString(phandle)
          + ", which is no phandle", "number phandles from 1");
    }
    return phandle;
  }

  /** The value as one string; there must be exactly one. */
  public String string() {
    List<String> all = strings();
    if (all.size() != 1) {
      throw misfit("one string");
    }
    return all.getFirst();
  }

  /** The value as a list of NUL-terminated strings. */
  public List<String> strings() {
    if (value.length == 0 || value[value.length - 1] != 0) {
      throw misfit("strings that each end with a NUL");
    }
    List<String> all = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < value.length; i++) {
      if (value[i] == 0) {
        all.add(new String(value, from, i - from, StandardCharsets.UTF_8));
        from = i + 1;
      }
    }
    return List.copyOf(all);
  }

  /** True if the bytes look like text: printable ASCII, each string non-empty and ended by a NUL. */
  public boolean looksLikeStrings() {
    if (value.length < 2 || value[0] == 0 || value[value.length - 1] != 0) {
      return false;
    }
    for (int i = 0; i < value.length; i++) {
      boolean emptyString = value[i] == 0 && i > 0 && value[i - 1] == 0;
      if (emptyString || value[i] != 0 && (value[i] < ' ' || value[i] > '~')) {
        return false;
      }
    }
    return true;
  }

  private FdtException misfit(String expected) {
    return new FdtException("property '" + name + "' has " + value.length + " bytes (" + shown()
        + ") where " + expected + " is expected", "correct the property");
  }

  private String shown() {
    String hex = HexFormat.ofDelimiter(" ").formatHex(value, 0, Math.min(value.length, SHOWN_BYTES));
    return value.length > SHOWN_BYTES ? hex + " …" : hex;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FdtProperty p && name.equals(p.name) && Arrays.equals(value, p.value);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(value);
  }

  /** In the manner of devicetree source, shortened; for messages and the debugger. */
  @Override
  public String toString() {
    if (isFlag()) {
      return name + ";";
    }
    return looksLikeStrings() ? name + " = \"" + String.join("\", \"", strings()) + "\";"
        : name + " = [" + shown() + "];";
  }
}
