// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import org.xenolith.hyp.api.PageType;

/**
 * Tables of 512 descriptors by which CPUs find a domain's memory: how many levels there are, and what a descriptor says. Frames and levels, not
 * addresses: a table of the last level maps 512 frames of 4 KiB, each level above 512 times as many. Bit 0 says that a descriptor is valid, bits
 * 47:12 where the frame or the next table is.
 *
 * <p>Four bits that are left to software hold what a page is: three the ordinal of its {@link PageType}, the one above that it counts as one of
 * the domain's own. A format whose descriptors have fewer such bits says it in another way: {@link #mark}, {@link #type}, {@link #isOwn}.
 */
public abstract class TableFormat {
  /** The level whose entries are pages. */
  public static final int LAST = 3;
  /** Entries of a table. */
  public static final int ENTRIES = 512;
  /** Of a descriptor: something is there. */
  public static final long VALID = 1;
  /** Of a descriptor: the address. */
  public static final long OUTPUT = 0xFFFF_FFFF_F000L;
  /** Bits of machine frames' numbers that a descriptor holds. */
  static final int FRAME_BITS = 48 - 12;
  private static final PageType[] TYPES = PageType.values();

  /** Bits of guests' addresses. */
  public final int bits;
  /** The level of the root. */
  public final int start;
  /** Tables side by side that make the root. */
  public final int rootFrames;
  /** Of a descriptor: stores are allowed. */
  final long write;
  private final int typeShift;
  private final long own;

  /**
   * What all descriptors have.
   *
   * @param write     the bit that allows stores
   * @param typeShift the lowest of four neighbouring bits that are left to software
   */
  protected TableFormat(int bits, int start, int rootFrames, long write, int typeShift) {
    this.bits = bits;
    this.start = start;
    this.rootFrames = rootFrames;
    this.write = write;
    this.typeShift = typeShift;
    own = 1L << typeShift + 3;
  }

  /** The descriptor of a page, or of a block at a level above the last, without what software keeps in it. */
  protected abstract long leaf(PageType type, long mfn, int level);

  /** The descriptor of a table at a machine address. */
  protected abstract long table(long address);

  /** The same, of a descriptor at a level, for formats that tell levels apart. */
  protected long table(long address, int level) {
    return table(address);
  }

  /** Whether a descriptor of a level is a table's, not a block's or a page's. */
  protected abstract boolean isTable(long descriptor, int level);

  /** The descriptor of a block's part in the level below. */
  protected abstract long part(long block, int level, int index);

  /** Whether CPUs may know that nothing is somewhere, so that they must be told of new entries, too. */
  protected boolean remembersAbsence() {
    return false;
  }

  /** The same as {@link #leaf(PageType, long, int)}, with what software keeps. @param counts whether it counts as one of the domain's own */
  final long leaf(PageType type, long mfn, int level, boolean counts) {
    return leaf(type, mfn, level) | mark(type, counts);
  }

  /** What software keeps in the descriptor of a page or block. @param counts whether it counts as one of the domain's own, which RAM may */
  protected long mark(PageType type, boolean counts) {
    return (long) type.ordinal() << typeShift | (counts ? own : 0);
  }

  /** Frames that an entry of a level stands for. */
  public static long span(int level) {
    return 1L << 9 * (LAST - level);
  }

  /** The first guest frame that is too high. */
  public final long limit() {
    return 1L << bits - 12;
  }

  /** Index of a guest frame in a table of a level; that of the root's level may be wider than 9 bits. */
  final long index(long gfn, int level) {
    long index = gfn >>> 9 * (LAST - level);
    return level == start ? index : index & ENTRIES - 1;
  }

  /** What a descriptor of a block or page maps. */
  public PageType type(long descriptor) {
    int ordinal = (int) (descriptor >>> typeShift) & 7;
    return (descriptor & VALID) == 0 || ordinal >= TYPES.length ? PageType.NONE : TYPES[ordinal];
  }

  /** Whether a page counts as one of the domain's own. */
  protected boolean isOwn(long descriptor) {
    return (descriptor & own) != 0;
  }

  /** The first machine frame of a block or page. */
  public static long frame(long descriptor) {
    return (descriptor & OUTPUT) >>> 12;
  }

  static boolean isRam(PageType type) {
    return type == PageType.RAM || type == PageType.RAM_READ_ONLY;
  }
}
