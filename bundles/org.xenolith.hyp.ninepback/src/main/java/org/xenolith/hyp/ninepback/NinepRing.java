// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ninepback;

import java.util.Arrays;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.ninep.kit.Message;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateMismatch;

/**
 * One ring of a device: a page with indices and references, and the pages that these grant, the first half of them a circle of bytes towards the guest, the
 * second one from it. Indices run freely (public headers {@code io/9pfs.h} and {@code io/ring.h}, XEN_FLEX_RING; {@code docs/misc/9pfs.pandoc}).
 * Ours are kept here: what the guest makes of them in its page is not looked at.
 */
final class NinepRing {
  static final int MOST_ORDER = 9;
  static final int PAGE = 4096;
  static final int IN_CONS = 0;
  static final int IN_PROD = 4;
  static final int OUT_CONS = 64;
  static final int OUT_PROD = 68;
  static final int ORDER = 128;
  static final int REFERENCES = 132;

  private final DeviceState state = new DeviceState();
  /** Grant of the page with the indices, and where that is in the machine. */
  final LongCell reference = state.cell("reference", 0);
  final LongCell page = state.cell("page", 0);
  /** Our end of the event channel. */
  final LongCell port = state.cell("port", 0);
  /** 1 if an event couldn't be sent as nobody served event channels. */
  final LongCell untold = state.cell("untold", 0);
  /** Of the pages with data; so many of them are used. */
  final int[] references = state.ints("references", 1 << MOST_ORDER);
  final long[] pages = state.longs("pages", 1 << MOST_ORDER);
  private int count;
  private int consumed;
  private int produced;
  private MachineMemory memory;
  private final byte[] header = new byte[Message.HEADER];

  NinepRing() {
    state.value("count", 0, () -> count, this::count);
    state.value("consumed", 0, () -> consumed, value -> consumed = (int) value);
    state.value("produced", 0, () -> produced, value -> produced = (int) value);
  }

  DeviceState state() {
    return state;
  }

  /** Pages with data. */
  int count() {
    return count;
  }

  private void count(long pages) {
    if (pages < 0 || pages > 1 << MOST_ORDER || Long.bitCount(pages) > 1 || pages == 1) {
      throw new StateMismatch("count: a ring of " + pages + " pages; expected a power of two from 2 to " + (1 << MOST_ORDER));
    }
    count = (int) pages;
  }

  /** Its pages are where the state says. */
  void locate(MachineMemory machine) {
    memory = machine;
  }

  /** Begins with so many pages. */
  void begin(MachineMemory machine, int pages) {
    count(pages);
    locate(machine);
    produced = memory.read32(page.value + IN_PROD);
    consumed = memory.read32(page.value + OUT_CONS);
  }

  /** Bytes of each of the two circles. */
  int capacity() {
    return count * PAGE / 2;
  }

  /** Whether the front end's indices can be. */
  boolean sane() {
    return Integer.compareUnsigned(waiting(), capacity()) <= 0 && Integer.compareUnsigned(untaken(), capacity()) <= 0;
  }

  /** Bytes of requests that weren't taken. */
  int waiting() {
    return memory.read32(page.value + OUT_PROD) - consumed;
  }

  /** Bytes of answers that the front end didn't take. */
  private int untaken() {
    return produced - memory.read32(page.value + IN_CONS);
  }

  /** Whether an answer of so many bytes can be put. */
  boolean room(int length) {
    return capacity() - untaken() >= length;
  }

  /** Bytes that the next request says it has; its header must be there. */
  long size() {
    move(consumed, capacity(), header, 0, Message.HEADER, false);
    return Message.size(header, 0);
  }

  /** Takes a request of so many bytes. */
  byte[] take(int length) {
    byte[] request = new byte[length];
    move(consumed, capacity(), request, 0, length, false);
    // What was looked at is what counts: the guest may have written it anew.
    System.arraycopy(header, 0, request, 0, Message.HEADER);
    consumed += length;
    memory.write32(page.value + OUT_CONS, consumed);
    return request;
  }

  /** Puts an answer; there must be room. */
  void put(byte[] answer) {
    move(produced, 0, answer, 0, answer.length, true);
    produced += answer.length;
    memory.write32(page.value + IN_PROD, produced);
  }

  /** Copies between a circle and an array, page by page. @param circle where it begins among the bytes of all pages */
  private void move(int index, int circle, byte[] bytes, int offset, int length, boolean write) {
    for (int done = 0; done < length;) {
      int at = circle + (index + done & capacity() - 1);
      int piece = Math.min(length - done, PAGE - at % PAGE);
      long address = pages[at / PAGE] + at % PAGE;
      if (write) {
        memory.write(address, bytes, offset + done, piece);
      } else {
        memory.read(address, bytes, offset + done, piece);
      }
      done += piece;
    }
  }

  /** References in the page with the indices, of so many pages. */
  int[] granted(MachineMemory machine, int pages) {
    int[] granted = new int[pages];
    Arrays.setAll(granted, i -> machine.read32(page.value + REFERENCES + 4L * i));
    return granted;
  }
}
