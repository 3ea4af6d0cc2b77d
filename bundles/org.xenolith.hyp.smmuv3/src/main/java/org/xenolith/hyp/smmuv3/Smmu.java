// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.xenolith.hyp.smmuv3.Registers.CMDQ_BASE;
import static org.xenolith.hyp.smmuv3.Registers.CMDQ_CONS;
import static org.xenolith.hyp.smmuv3.Registers.CMDQ_PROD;
import static org.xenolith.hyp.smmuv3.Registers.CR0;
import static org.xenolith.hyp.smmuv3.Registers.CR0ACK;
import static org.xenolith.hyp.smmuv3.Registers.CR1;
import static org.xenolith.hyp.smmuv3.Registers.CR2;
import static org.xenolith.hyp.smmuv3.Registers.EVENTQ_BASE;
import static org.xenolith.hyp.smmuv3.Registers.EVENTQ_CONS;
import static org.xenolith.hyp.smmuv3.Registers.EVENTQ_IRQ_CFG0;
import static org.xenolith.hyp.smmuv3.Registers.EVENTQ_PROD;
import static org.xenolith.hyp.smmuv3.Registers.GBPA;
import static org.xenolith.hyp.smmuv3.Registers.GERROR;
import static org.xenolith.hyp.smmuv3.Registers.GERRORN;
import static org.xenolith.hyp.smmuv3.Registers.GERROR_IRQ_CFG0;
import static org.xenolith.hyp.smmuv3.Registers.IRQ_CTRL;
import static org.xenolith.hyp.smmuv3.Registers.IRQ_CTRLACK;
import static org.xenolith.hyp.smmuv3.Registers.STRTAB_BASE;
import static org.xenolith.hyp.smmuv3.Registers.STRTAB_BASE_CFG;

import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * One SMMU with its queues and its stream table: brings it up (Arm IHI 0070, 3.11 and 6.3), and up again if it comes back cold.
 * What it throws is {@link org.xenolith.machine.api.ExternalAbort}, while nothing answers at its registers.
 */
final class Smmu {
  private static final long TRANSLATE = 1;
  private static final long EVENTS = 1 << 2;
  private static final long COMMANDS = 1 << 3;
  private static final long GLOBAL_ERRORS = 1;
  private static final long COMMAND_ERROR = 1;
  private static final long UPDATE = 1L << 31;
  private static final long ABORT = 1 << 20;
  /** Tables and queues are inner shareable, write-back. */
  private static final long CACHEABLE = 0xD75;
  /** Events for StreamIDs without an entry (1); invalidations of CPUs don't count here (2), as each is followed by a command. */
  private static final long RECORD_BAD_STREAMS_PRIVATE = 2 | 4;
  private static final long ALLOCATE = 1L << 62;
  /** Log2 of the entries of a command queue of one page. */
  private static final int COMMAND_BITS = 8;
  /** Log2 of the entries of an event queue of one page. */
  private static final int EVENT_BITS = 7;

  final String path;
  final Registers registers;
  final StreamTable streams;
  final CommandQueue commands;
  final Wires wires;
  /** Whether it was brought up once: it is the hypervisor's. */
  final LongCell driven;
  private final LongCell table;
  private final LongCell shape;
  private final LongCell queues;
  private final FrameHeap heap;
  private final MachineMemory memory;
  private final Faults faults;
  /** What it keeps may be old: it was away, or a command was lost. No state: an SMMU that comes back keeps nothing. */
  private boolean stale;
  private boolean away;

  /** The place of both queues in the record: log2 of the entries in the low bits, as in CMDQ_BASE. */
  Smmu(String path, Registers registers, DeviceState state, FrameHeap heap, MachineMemory memory, Wires wires, Faults faults) {
    this.path = path;
    this.registers = registers;
    this.heap = heap;
    this.memory = memory;
    this.wires = wires;
    this.faults = faults;
    driven = state.cell(path + ".driven", 0);
    table = state.cell(path + ".table", 0);
    shape = state.cell(path + ".shape", 0);
    queues = state.cell(path + ".queues", 0);
    streams = new StreamTable(heap, memory);
    commands = new CommandQueue(registers, memory, faults::error);
  }

  private long commandBase() {
    return queues.value & -4096;
  }

  private int commandBits() {
    return (int) queues.value & 0x1F;
  }

  private long eventBase() {
    return commandBase() + 4096;
  }

  private int eventBits() {
    return (int) (queues.value >>> 5) & 0x1F;
  }

  /** The record was restored. */
  void restored() {
    streams.at(table.value, shape.value);
    commands.at(commandBase(), commandBits());
    faults.queue(eventBase(), eventBits());
  }

  // ---- Bringing it up

  /**
   * Takes it over.
   *
   * @param highest its highest StreamID
   * @return null, or why it isn't driven
   */
  String begin(long highest) {
    Features features = Features.of(registers);
    String unfit = features.unfit();
    if (unfit != null) {
      return unfit;
    }
    int bits = Math.min(features.streamBits(), 64 - Long.numberOfLeadingZeros(Math.max(0, highest)));
    shape.value = StreamTable.shape(bits, features.twoLevels());
    int count = StreamTable.frames(shape.value);
    long first = heap.allocate(FrameHeap.HYPERVISOR, count, count);
    long pages = heap.allocate(FrameHeap.HYPERVISOR, 2, 2);
    if (first < 0 || pages < 0 || (Math.max(first + count, pages + 2) - 1 << 12) >>> features.outputBits() > 0) {
      free(first, count);
      free(pages, 2);
      return first < 0 || pages < 0 ? "there is no room for its tables" : "its tables would lie beyond the addresses that it reaches";
    }
    for (int i = 0; i < count; i++) {
      memory.clear(first + i << 12);
    }
    table.value = first << 12;
    queues.value = pages << 12 | Math.min(COMMAND_BITS, features.commandBits()) | Math.min(EVENT_BITS, features.eventBits()) << 5;
    restored();
    if (!program()) {
      // What it was told to use is somebody else's in a moment.
      registers.write(IRQ_CTRL, 0);
      registers.write(CR0, 0);
      free(first, count);
      free(pages, 2);
      return "it does not answer";
    }
    driven.value = 1;
    wires.claim();
    return null;
  }

  private void free(long first, int count) {
    for (int i = 0; first >= 0 && i < count; i++) {
      heap.free(FrameHeap.HYPERVISOR, first + i);
    }
  }

  /** Everything off, tables and queues, everything on. Nothing passes meanwhile. */
  private boolean program() {
    Features features = Features.of(registers);
    registers.write(GBPA, registers.read(GBPA) | ABORT | UPDATE);
    if (!registers.becomes(GBPA, UPDATE, 0)) {
      return false;
    }
    registers.write(IRQ_CTRL, 0);
    registers.write(CR0, 0);
    if (!registers.becomes(CR0ACK, TRANSLATE | EVENTS | COMMANDS, 0)) {
      return false;
    }
    registers.write(CR1, CACHEABLE);
    registers.write(CR2, RECORD_BAD_STREAMS_PRIVATE);
    registers.write64(STRTAB_BASE, table.value | ALLOCATE);
    registers.write(STRTAB_BASE_CFG, shape.value);
    registers.write64(CMDQ_BASE, commandBase() | commandBits() | ALLOCATE);
    registers.write(CMDQ_PROD, 0);
    registers.write(CMDQ_CONS, 0);
    registers.write(GERRORN, registers.read(GERROR));
    boolean on = enable(COMMANDS) && commands.everything(features.el2());
    registers.write64(EVENTQ_BASE, eventBase() | eventBits() | ALLOCATE);
    registers.write(EVENTQ_PROD, 0);
    registers.write(EVENTQ_CONS, 0);
    on = on && enable(COMMANDS | EVENTS);
    if (features.messages()) {
      registers.write64(GERROR_IRQ_CFG0, 0);
      registers.write64(EVENTQ_IRQ_CFG0, 0);
    }
    on = on && interrupts();
    stale = false;
    return on && enable(COMMANDS | EVENTS | TRANSLATE);
  }

  private boolean enable(long what) {
    registers.write(CR0, what);
    return registers.becomes(CR0ACK, COMMANDS | EVENTS | TRANSLATE, what);
  }

  private boolean interrupts() {
    long both = GLOBAL_ERRORS | EVENTS;
    registers.write(IRQ_CTRL, both);
    return registers.becomes(IRQ_CTRLACK, both, both);
  }

  // ---- While it runs

  /**
   * Before it is told anything: it answers, is on, and keeps nothing old.
   *
   * @return false if it can't be brought to that
   */
  boolean ready() {
    long on = COMMANDS | EVENTS | TRANSLATE;
    if ((registers.present(CR0ACK) & on) != on) {
      faults.error("it was off: it is brought up again");
      if (!program()) {
        return false;
      }
    } else if (stale) {
      stale = !commands.everything(Features.of(registers).el2()) || !interrupts();
    }
    away = false;
    return !stale;
  }

  /** Nothing answers, or a command was lost: before the next one it forgets everything. */
  void lost(String what) {
    stale = true;
    if (!away) {
      away = true;
      faults.error(what);
    }
  }

  /** A driver is there again, perhaps after a time without any, in which nothing passed: the SMMU forgets all before anything does. */
  void resume() {
    wires.claim();
    if ((registers.present(IRQ_CTRLACK) & EVENTS) == 0) {
      stale = true;
      if ((registers.read(CR0ACK) & (COMMANDS | EVENTS | TRANSLATE)) == (COMMANDS | EVENTS)) {
        stale = !commands.everything(Features.of(registers).el2()) || !interrupts() || !enable(COMMANDS | EVENTS | TRANSLATE);
      }
      if (ready()) {
        attend();
      }
    }
  }

  /**
   * The driver goes: nobody tells the SMMU any more what domains were taken, so that nothing passes (GBPA.ABORT, 6.3.15), and it
   * interrupts nobody. That its interrupts are off tells the next one.
   */
  void leave() {
    wires.release();
    registers.write(IRQ_CTRL, 0);
    enable(COMMANDS | EVENTS);
  }

  /** It interrupted: global errors first, then events. */
  void attend() {
    registers.present(CR0ACK);
    commands.mend();
    long active = (registers.read(GERROR) ^ registers.read(GERRORN)) & ~COMMAND_ERROR;
    if (active != 0) {
      faults.error("global error 0x%x".formatted(active));
      registers.write(GERRORN, registers.read(GERRORN) ^ active);
    }
    faults.serve();
  }

  // ---- Streams

  /** A stream's entry was made invalid: nothing is kept of it, and of what it reached. */
  boolean close(long stream, int vmid) {
    return commands.stream(stream) && commands.addresses(vmid);
  }

  /** A stream that reached nothing reaches a domain's memory. */
  boolean open(long stream, long vttbr, long control) {
    streams.write(stream, vttbr, control);
    if (commands.stream(stream)) {
      return true;
    }
    streams.invalidate(stream);
    return false;
  }
}
