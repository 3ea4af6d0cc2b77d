// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.Arrays;
import java.util.List;
import org.xenolith.machine.watch.WatchedAddress;

/**
 * Breakpoints and watchpoints that somebody outside of the guest has set for a CPU, unlike those of its own debug registers. No part of its state: a CPU comes to the same
 * state with and without.
 *
 * <p>A breakpoint is found by physical address: who looks up a page to fetch from says which page that is ({@link #fetched}), which marks its instructions in RAM; who
 * decodes one that is marked asks {@link #before} each time it is executed. So nobody asks for other instructions. A watchpoint is found where an access has no inline
 * tag, which is so in pages that have one ({@link #withholds}); where generated code can ask how far the next watched byte is, a store beside it needn't come here ({@link WatchDistances}).
 */
public final class DebugPoints {
  private static final long PAGE = 1L << Ram.PAGE_SHIFT;
  private static final long[] NOTHING = {};
  private static final WatchedAddress[] NO_ACCESSES = {};

  private final Processor cpu;
  /** Virtual addresses of instructions, ascending. */
  private long[] instructions = NOTHING;
  private WatchedAddress[] accesses = NO_ACCESSES;
  private Sink sink;
  /** Instructions of runs that have ended. */
  private long earlier;
  /** The instruction that was told last, and what was executed then. */
  private long reported;
  private long reportedAt = -1;

  /** Is told what was met. */
  public interface Sink {
    /** As in {@code AddressWatcher}. The CPU has been asked for an exit. */
    void met(Processor cpu, WatchedAddress watched, long address, int size, boolean write);
  }

  /** @param cpu whose they are */
  public DebugPoints(Processor cpu) {
    this.cpu = cpu;
  }

  /**
   * Sets those that there are from now on. The caller takes away marks of earlier ones, and tells the CPU.
   *
   * @param addresses its writes at physical addresses aren't the CPU's to tell
   */
  public void set(List<WatchedAddress> addresses, Sink newSink) {
    instructions = addresses.stream().filter(each -> each.kind() == WatchedAddress.Kind.INSTRUCTION).mapToLong(WatchedAddress::first)
        .distinct()
        .sorted().toArray();
    accesses = addresses.stream().filter(each -> each.kind() != WatchedAddress.Kind.INSTRUCTION).toArray(WatchedAddress[]::new);
    sink = newSink;
  }

  // ---- Instructions

  /** Whether there are breakpoints. */
  public boolean breaks() {
    return instructions.length != 0;
  }

  /**
   * A page is looked up to fetch from: its breakpoints, if it has any, are marked.
   *
   * @param address in the page, as code has it
   * @param frame   the page's physical address
   */
  public void fetched(long address, RamBus bus, long frame) {
    if (instructions.length != 0) {
      mark(address & -PAGE, bus, frame);
    }
  }

  private void mark(long page, RamBus bus, long frame) {
    int at = Arrays.binarySearch(instructions, page);
    int first = at < 0 ? ~at : at;
    if (first == instructions.length || (instructions[first] & -PAGE) != page) {
      return;
    }
    Ram ram = bus.readable(frame);
    for (int i = first; i < instructions.length && (instructions[i] & -PAGE) == page && ram != null; i++) {
      ram.setBreakpoint((int) (frame - ram.base + (instructions[i] & PAGE - 1)));
    }
  }

  /**
   * An instruction that is marked is about to be executed. Once it was told the CPU doesn't come back for it again, as long as it executes no other one.
   *
   * @return whether it isn't to be: then the CPU comes back to who runs it, without having counted it
   */
  public boolean before(long address) {
    if (Arrays.binarySearch(instructions, address) < 0 || reported == address && reportedAt == executed()) {
      return false;
    }
    reported = address;
    reportedAt = executed();
    cpu.requestExit();
    sink.met(cpu, new WatchedAddress(WatchedAddress.Kind.INSTRUCTION, WatchedAddress.Space.PROCESSOR, address, 1), address, 0, false);
    return true;
  }

  /** An instruction that is marked isn't done and comes back to itself; it is counted as one more, and isn't told again for that. */
  public void repeats(long address) {
    reported = address;
    reportedAt = executed() + 1;
  }

  /** The machine was given another state: an instruction that was told in the one before hasn't been in this. */
  public void restored() {
    reportedAt = -1;
  }

  private long executed() {
    return earlier + cpu.executed();
  }

  /** A run has ended in which so many instructions were executed. */
  public void ran(long count) {
    earlier += count;
  }

  // ---- Accesses

  /** Whether there are watchpoints, so that accesses that have no inline tag are to be told, and tags are to be withheld. */
  public boolean watches() {
    return accesses.length != 0;
  }

  /**
   * Whether accesses of a kind to a page mustn't be inline.
   *
   * @param address of the page, as code has it
   * @param frame   physical
   */
  public boolean withholds(long address, long frame, boolean write) {
    for (WatchedAddress each : accesses) {
      if (each.tells(write) && each.overlaps(each.space() == WatchedAddress.Space.PHYSICAL ? frame : address, PAGE)) {
        return true;
      }
    }
    return false;
  }

  /** Whether bytes of a page are watched by their address, for any access. */
  boolean watchesVirtual(long page) {
    return watches(WatchedAddress.Space.PROCESSOR, page, PAGE);
  }

  /** Whether bytes of a page are watched by their physical address. */
  boolean watchesPhysical(long frame) {
    return watches(WatchedAddress.Space.PHYSICAL, frame, PAGE);
  }

  /** Whether a byte is watched, by either of its addresses. */
  boolean watched(long address, long physical) {
    return watches(WatchedAddress.Space.PROCESSOR, address, 1) || watches(WatchedAddress.Space.PHYSICAL, physical, 1);
  }

  private boolean watches(WatchedAddress.Space space, long address, long length) {
    for (WatchedAddress each : accesses) {
      if (each.space() == space && each.overlaps(address, length)) {
        return true;
      }
    }
    return false;
  }

  /**
   * An access is made. Who makes one across the end of a page tells of the bytes behind it as well: pages that follow each other needn't do so physically.
   *
   * @param physical of its first byte
   * @param ram      what is there, which tells of writes itself; null if that is none
   */
  public void accessed(long address, long physical, Ram ram, int size, boolean write) {
    tell(WatchedAddress.Space.PROCESSOR, address, size, write);
    if (!write || ram == null) {
      accessedPhysical(physical, (int) Math.min(size, PAGE - (physical & PAGE - 1)), write);
    }
  }

  /** An access that has no address but the physical one, as to a port. */
  public void accessedPhysical(long physical, int size, boolean write) {
    tell(WatchedAddress.Space.PHYSICAL, physical, size, write);
  }

  private void tell(WatchedAddress.Space space, long address, int size, boolean write) {
    for (WatchedAddress each : accesses) {
      if (each.space() == space && each.tells(write) && each.overlaps(address, size)) {
        cpu.requestExit();
        sink.met(cpu, each, address, size, write);
      }
    }
  }
}
