// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/**
 * The code of one physical page: where that of an instruction begins, if a block begins there, and what the instructions were. Instructions have indices: of words where each has four bytes,
 * otherwise of bytes. There places of blocks are multiples of four, and the table's words have the index's two lowest bits in theirs; a second block in the same four bytes is known
 * to Java only.
 */
public final class NativePage {
  /** Bytes of a page. */
  public static final int BYTES = 4096;
  /** Words of a page. */
  public static final int WORDS = BYTES / Integer.BYTES;
  /** Bytes of {@link #table}. */
  public static final int TABLE = BYTES;
  /** {@link #shift} of instructions that are words. */
  public static final int BY_WORDS = 2;
  /** {@link #shift} of instructions that begin at any byte. */
  public static final int BY_BYTES = 0;
  /** The number of a page without code. */
  static final int NONE = -1;

  private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  public final Ram ram;
  /** Of the page in its chunk. */
  public final int offset;
  /** Address of where blocks begin in the code; where none does, of what leaves. */
  public final long table;
  /** Bytes of what has an index, as a power of two. */
  final int shift;
  /** Its number in {@link ExitTable}. */
  int number = NONE;
  private final int miss;
  /** Bits of an index that are in a place. */
  private final int low;
  /** Indices that have code; null if none has. */
  private BitSet translated;
  /** What was translated; null while that is what an earlier engine's page was, or nothing. */
  private byte[] known;
  /** Whether another page may have the same array. */
  private boolean shared;
  /** What has the earlier engine's page, by this one's number; null if there is none. */
  private StoredCode earlier;
  /** Places of blocks whose word in the table is another one's; null if there are none. */
  private Map<Integer, Integer> others;
  /** How often its engine's code had been handed to another one when it got code. */
  int since;
  /** Whether it got code while an instruction of it had a breakpoint: such code leaves that to the interpreter, as a page without needn't know. */
  boolean broken;
  private boolean live = true;
  private boolean whole = true;

  /**
   * A page without code.
   *
   * @param table of which each word is {@code miss}
   * @param shift {@link #BY_WORDS} or {@link #BY_BYTES}
   */
  public NativePage(Ram ram, int offset, long table, int shift, int miss) {
    this.ram = ram;
    this.offset = offset;
    this.table = table;
    this.shift = shift;
    this.miss = miss;
    low = 3 >> shift;
  }

  /** Indices of a page. */
  static int indices(int shift) {
    return BYTES >> shift;
  }

  /** The page's physical address. */
  public long frame() {
    return ram.base + offset;
  }

  /** Whether somebody may want to be told of the instruction at an index before it is executed: it is the interpreter's. */
  public boolean hasBreakpoint(int index) {
    return ram.isBreakpoint(offset + (index << shift));
  }

  /** Whether that is so of one of its instructions. */
  public boolean hasBreakpoints() {
    return ram.hasBreakpoint(offset);
  }

  /** What is at an index: the word, or the byte. */
  public int word(int index) {
    return (int) ram.read(offset + (index << shift), 1 << shift);
  }

  /** What is at an index of a page's bytes. */
  static int word(byte[] bytes, int index, int shift) {
    return shift == BY_BYTES ? bytes[index] & 0xFF : (int) WORD.get(bytes, index << shift);
  }

  /** Sets it. */
  static void word(byte[] bytes, int index, int shift, int value) {
    if (shift == BY_BYTES) {
      bytes[index] = (byte) value;
    } else {
      WORD.set(bytes, index << shift, value);
    }
  }

  /** Where the block of an instruction begins in the code; 0 if none does. */
  public int entry(int index) {
    int place = (int) HostMemory.read32(null, table + (index << shift & -4)) ^ index & low;
    if ((place & low) == 0 && place != miss) {
      return place;
    }
    return others == null ? 0 : others.getOrDefault(index, 0);
  }

  /** A block begins at an instruction. */
  public void begins(int index, int place) {
    long word = table + (index << shift & -4);
    if (low == 0 || HostMemory.read32(null, word) == miss) {
      HostMemory.write32(null, word, place | index & low);
    } else {
      if (others == null) {
        others = new HashMap<>();
      }
      others.put(index, place);
    }
  }

  /** What is from an index up to another, or the page's end, has code. */
  public void translated(int first, int end) {
    int behind = Math.min(end, indices(shift));
    if (known == null) {
      // Most pages of a guest that has run before have no code but that one's: a copy of each would be most of what a boot leaves on the heap.
      known = new byte[BYTES];
      if (earlier != null) {
        earlier.words(number, known);
      } else {
        translated = new BitSet(indices(shift));
      }
    }
    if (shared) {
      known = known.clone();
      shared = false;
    }
    translated.set(first, behind);
    ram.read(offset + (first << shift), known, first << shift, behind - first << shift);
  }

  /** It has the code of an earlier engine's page, and none of its own; that page's number is to be this one's. */
  void take(StoredCode stored, int from) {
    earlier = stored;
    translated = stored.translated(from);
  }

  /** Whether its bytes are what another engine's page was translated from. @param bytes room for those of a page, overwritten */
  boolean isAs(NativePage other, byte[] bytes) {
    ram.read(offset, bytes, 0, BYTES);
    if (other.known == null) {
      return other.earlier != null && other.earlier.same(bytes, other.number);
    }
    for (int first = other.translated.nextSetBit(0); first >= 0;) {
      int end = other.translated.nextClearBit(first);
      if (!Arrays.equals(other.known, first << shift, end << shift, bytes, first << shift, end << shift)) {
        return false;
      }
      first = other.translated.nextSetBit(end);
    }
    return true;
  }

  /**
   * It has the code of another engine's page that {@link #isAs} it, up to a place, and that one's number.
   *
   * @param more whether that one may have code behind that place
   */
  void take(NativePage other, int end, boolean more) {
    earlier = other.earlier;
    translated = (BitSet) other.translated.clone();
    known = other.known;
    shared = known != null;
    MemorySegment.ofAddress(table).reinterpret(TABLE).copyFrom(MemorySegment.ofAddress(other.table).reinterpret(TABLE));
    for (int at = 0; more && at < TABLE; at += Integer.BYTES) {
      if (((int) HostMemory.read32(null, table + at) & ~low) >= end) {
        HostMemory.write32(null, table + at, miss);
      }
    }
    if (other.others != null) {
      others = new HashMap<>(other.others);
      others.values().removeIf(place -> place >= end);
    }
  }

  /** Whether it has an earlier engine's code. */
  boolean hasTaken() {
    return earlier != null;
  }

  /** Whether it has code of its own, besides an earlier engine's. */
  boolean hasOwn() {
    return known != null;
  }

  /** Indices that have code, as bits. */
  BitSet translated() {
    return translated;
  }

  /** What is at an index, as it was translated, if it {@link #hasOwn} code. */
  int asTranslated(int index) {
    return word(known, index, shift);
  }

  /** Whether one of the page's bytes from one up to another, and with it, has code. */
  boolean holds(int first, int last) {
    int next = translated == null ? -1 : translated.nextSetBit(first >> shift);
    return next >= 0 && next <= last >> shift;
  }

  /** Whether its code may be executed. */
  public boolean live() {
    return live;
  }

  void drop() {
    live = false;
  }

  /** Whether {@link #table} is this page's, also when it isn't live any more. */
  boolean whole() {
    return whole;
  }

  /** The table is somebody else's from now on. */
  void discard() {
    whole = false;
  }
}
