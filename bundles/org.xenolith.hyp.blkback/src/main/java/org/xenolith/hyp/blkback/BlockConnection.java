// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.PagedMemory;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.BlkifRequest;
import org.xenolith.xen.abi.BlkifResponse;
import org.xenolith.xen.abi.SharedRing;

/**
 * A connected device: its ring, its port and the grants that stay mapped. Requests and answers share the ring's slots; indices
 * run freely (public header {@code io/ring.h}).
 */
final class BlockConnection {
  /** Most pages of a ring: 2 to the power of {@link #MOST_ORDER}. */
  static final int MOST_PAGES = 16;
  static final int MOST_ORDER = 4;
  /** Bytes that fill up to a request's first 64-bit word, {@code id}, where such words begin at multiples of 8. */
  private static final int GAP = BlkifRequest.ID - 4;

  private final String key;
  private final int serial;
  private final DeviceState state = new DeviceState();
  final LongCell domid = state.cell("domid", 0);
  /** Our end of the event channel. */
  final LongCell port = state.cell("port", 0);
  /** 1 if the front end's grants may stay mapped. */
  final LongCell persistent = state.cell("persistent", 0);
  /** 1 if the front end's 64-bit words begin at multiples of 4, as on 32-bit x86: then the first four bytes of a request aren't followed by four more to fill. */
  final LongCell narrow = state.cell("narrow", 0);
  /** 1 if the disk takes writes. */
  final LongCell writable = state.cell("writable", 0);
  /** 1 if there is work left for the alarm. */
  final LongCell more = state.cell("more", 0);
  /** 1 if the front end is to be told of answers. */
  final LongCell untold = state.cell("untold", 0);
  final int[] ringReferences = state.ints("ring-references", MOST_PAGES);
  final long[] ringPages = state.longs("ring-pages", MOST_PAGES);
  final PersistentGrants kept = new PersistentGrants(state);
  private int pages;
  private int consumed;
  private int answered;
  private String disk = "";

  /** Answers that the front end was shown: all of them whenever the machine may be stopped. */
  private int shown;
  private PagedMemory memory;
  private int slots;
  private final SharedRing ring = new SharedRing();

  /** @param key of {@code Backend}: begins with the domain's serial number */
  BlockConnection(String key) {
    this.key = key;
    serial = Integer.parseInt(key.substring(0, key.indexOf('/')));
    state.value("pages", 0, () -> pages, this::pages);
    state.value("consumed", 0, () -> consumed, value -> consumed = (int) value);
    state.value("answered", 0, () -> answered, value -> answered = (int) value);
    state.added("narrow");
    state.varying("disk", () -> disk = "", () -> disk.getBytes(StandardCharsets.UTF_8),
        bytes -> disk = new String(bytes, StandardCharsets.UTF_8));
  }

  DeviceState state() {
    return state;
  }

  String key() {
    return key;
  }

  int serial() {
    return serial;
  }

  /** Name of the disk in {@code VirtualDisks}. */
  String disk() {
    return disk;
  }

  void disk(String name) {
    disk = name;
  }

  int pages() {
    return pages;
  }

  private void pages(long count) {
    if (count < 0 || count > MOST_PAGES || Long.bitCount(count) > 1) {
      throw new StateMismatch("pages: a ring of " + count + "; expected a power of two up to " + MOST_PAGES);
    }
    pages = (int) count;
  }

  /** Slots of a ring of so many pages: the power of two that fits behind the header, which is the same for narrow ones. */
  static int slots(int pages) {
    return Integer.highestOneBit(((pages << 12) - SharedRing.SIZE) / BlkifRequest.SIZE);
  }

  private int slotSize() {
    return narrow.value == 0 ? BlkifRequest.SIZE : BlkifRequest.SIZE - GAP;
  }

  /** Slots of this ring. */
  int slots() {
    return slots;
  }

  /** Finds the ring at its pages, which are in the state. */
  void locate(MachineMemory machine) {
    memory = new PagedMemory(machine, Arrays.copyOf(ringPages, pages));
    slots = slots(pages);
    ring.at(memory, 0);
    shown = answered;
  }

  /** Begins with a ring that has so many pages. @return false if its indices are wrong */
  boolean begin(MachineMemory machine, int count) {
    pages = count;
    locate(machine);
    answered = ring.rspProd();
    consumed = answered;
    shown = answered;
    return !overrun();
  }

  /** Whether the front end claims more requests than there are slots. */
  boolean overrun() {
    return Integer.compareUnsigned(ring.reqProd() - consumed, slots) > 0;
  }

  /** Whether a request waits. */
  boolean waiting() {
    return ring.reqProd() != consumed;
  }

  /** Copies the next request, so that the front end can't change it any more. */
  void take(AbiBytes slot) {
    long from = slot(consumed++);
    if (narrow.value == 0) {
      for (int i = 0; i < BlkifRequest.SIZE; i += Long.BYTES) {
        slot.write64(i, memory.read64(from + i));
      }
      return;
    }
    slot.write64(0, memory.read32(from));
    for (int i = BlkifRequest.ID; i < BlkifRequest.SIZE; i += Integer.BYTES) {
      slot.write32(i, memory.read32(from + i - GAP));
    }
  }

  private long slot(int index) {
    return SharedRing.SIZE + (long) (index & slots - 1) * slotSize();
  }

  /** Writes an answer; {@link #push} shows it. */
  void answer(long id, int operation, int status) {
    long to = slot(answered++);
    if (narrow.value == 0) {
      memory.write64(to + BlkifResponse.ID, id);
    } else {
      // it may go on in the next page
      memory.write32(to + BlkifResponse.ID, (int) id);
      memory.write32(to + BlkifResponse.ID + Integer.BYTES, (int) (id >>> 32));
    }
    memory.write8(to + BlkifResponse.OPERATION, (byte) operation);
    memory.write16(to + BlkifResponse.STATUS, (short) status);
  }

  /** Asks for an event with the next request. @return whether one is there already */
  boolean sleep() {
    ring.reqEvent(consumed + 1);
    return waiting();
  }

  /** Shows the front end all answers. @return whether it wants an event */
  boolean push() {
    int before = shown;
    shown = answered;
    ring.rspProd(answered);
    return Integer.compareUnsigned(answered - ring.rspEvent(), answered - before) < 0;
  }
}
