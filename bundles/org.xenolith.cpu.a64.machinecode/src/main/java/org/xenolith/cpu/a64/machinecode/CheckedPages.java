// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.TlbEntry;

/**
 * The pages that are stored to on one way through generated code, each kept as it was. So that code asks for each, it compares with the numbers of
 * loads where it stores, which no tag for stores has; that of a page that it was given has. The interpreter is told of in the same way.
 */
final class CheckedPages {
  private static final int PAGE = 4096;
  /** Of one way; then it ends. */
  private static final int MOST = 128;
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final Cpu cpu;
  private final NativeState state;
  /** Virtual addresses; those that code was given come first. */
  private long[] pages = new long[MOST];
  /** Where they are in the host's memory. */
  private long[] places = new long[MOST];
  /** Of what code was given: the CPU's tag for stores. */
  private final long[] tags = new long[MOST];
  private byte[][] before = new byte[MOST][];
  private final byte[][] stored = new byte[MOST][];
  private int given;
  private int count;

  CheckedPages(Cpu cpu, NativeState state) {
    this.cpu = cpu;
    this.state = state;
  }

  /** Code begins, and was given none. */
  void begin() {
    given = 0;
    count = 0;
    state.word(StateLayout.WRITE, cpu.readContext);
    state.word(StateLayout.USER_WRITE, cpu.userReadContext);
  }

  /** Lets code store to the page of the access that it was left for, if nothing but that keeps it from it. */
  boolean give(int how) {
    long va = state.word(StateLayout.ACCESS);
    boolean user = (how & CodeExits.USER) != 0;
    if ((how & CodeExits.STORE) == 0 || (va & PAGE - 1) + (how & 0xFF) > PAGE || given == MOST) {
      return false;
    }
    int i = Cpu.tlbIndex(va);
    TlbEntry entry = cpu.data[i];
    long page = va & -PAGE;
    long tag = page | (user ? cpu.userReadContext : cpu.readContext);
    if (entry.write != (page | (user ? cpu.userWriteContext : cpu.writeContext)) || state.word(tag(i)) == tag) {
      return false;
    }
    tags[given++] = entry.write;
    keep(page, page + entry.delta);
    state.word(tag(i), tag);
    return true;
  }

  private void keep(long page, long place) {
    if (count == pages.length) {
      pages = Arrays.copyOf(pages, 2 * count);
      places = Arrays.copyOf(places, 2 * count);
      before = Arrays.copyOf(before, 2 * count);
    }
    pages[count] = page;
    places[count] = place;
    before[count] = copied(place, before[count]);
    count++;
  }

  private static byte[] copied(long place, byte[] old) {
    byte[] to = old == null ? new byte[PAGE] : old;
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, place, to, 0, PAGE);
    return to;
  }

  /** Of an entry of the data TLB, the place of code's tag for stores. */
  private static int tag(int entry) {
    return StateLayout.DATA + entry * StateLayout.DATA_ENTRY + 8;
  }

  /** What code has stored is taken back. */
  void takeBack() {
    for (int i = 0; i < given; i++) {
      stored[i] = copied(places[i], stored[i]);
    }
    restore();
  }

  /** All pages are what they were. */
  void restore() {
    for (int i = count - 1; i >= 0; i--) {
      MemorySegment.copy(before[i], 0, ALL, ValueLayout.JAVA_BYTE, places[i], PAGE);
    }
  }

  /** The interpreter is about to store to a page. */
  void interpreted(long page) {
    keep(page, page + cpu.data[Cpu.tlbIndex(page)].delta);
  }

  /** What the interpreter was given is void, and the CPU's tags are what they were. */
  void end() {
    for (int i = count - 1; i >= 0; i--) {
      int at = Cpu.tlbIndex(pages[i]);
      long tag = i < given ? tags[i] : 0;
      cpu.data[at].write = tag;
      state.word(tag(at), tag);
    }
  }

  /** Where memory isn't what code made of it, a line each: the interpreter's word, then code's. */
  String differences() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < given; i++) {
      long at = MemorySegment.mismatch(ALL, places[i], places[i] + PAGE, MemorySegment.ofArray(stored[i]), 0, PAGE);
      if (at >= 0) {
        int word = (int) at & -8;
        text.append("  memory at 0x%x: 0x%016x, 0x%016x%n".formatted(pages[i] + word, ALL.get(ValueLayout.JAVA_LONG, places[i] + word),
            MemorySegment.ofArray(stored[i]).get(ValueLayout.JAVA_LONG_UNALIGNED, word)));
      }
    }
    for (int i = given; i < count; i++) {
      if (!given(pages[i])) {
        text.append("  memory in the page at 0x%x: stored to, not stored to%n".formatted(pages[i]));
      }
    }
    return text.toString();
  }

  private boolean given(long page) {
    for (int i = 0; i < given; i++) {
      if (pages[i] == page) {
        return true;
      }
    }
    return false;
  }
}
