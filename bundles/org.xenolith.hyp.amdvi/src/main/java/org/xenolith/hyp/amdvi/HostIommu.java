// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.xenolith.hyp.amdvi.IommuRegisters.COMMAND_BASE;
import static org.xenolith.hyp.amdvi.IommuRegisters.CONTROL;
import static org.xenolith.hyp.amdvi.IommuRegisters.DEVICE_TABLE;
import static org.xenolith.hyp.amdvi.IommuRegisters.EVENT_BASE;
import static org.xenolith.hyp.amdvi.IommuRegisters.EXCLUSION_BASE;
import static org.xenolith.hyp.amdvi.IommuRegisters.FEATURES;
import static org.xenolith.hyp.amdvi.IommuRegisters.STATUS;

import java.util.List;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamAttachments.Attachment;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * One IOMMU with its device table, command buffer and event log: brings it up (48882, 2.6 and 3.4), and up again if it comes back cold. What it
 * throws is {@link org.xenolith.machine.api.ExternalAbort}, while nothing answers at its registers.
 */
final class HostIommu {
  private static final long TRANSLATE = 1;
  private static final long EVENTS = IommuEventLog.ENABLE;
  private static final long EVENT_INTERRUPTS = 1 << 3;
  private static final long COMMANDS = 1 << 12;
  private static final long ON = TRANSLATE | EVENTS | EVENT_INTERRUPTS | COMMANDS;
  private static final long COMMANDS_RUN = 1 << 4;
  /** IASup: there is a command that makes it forget everything. */
  private static final long FORGETS_EVERYTHING = 1 << 6;
  /** 256 entries of 16 bytes, in COMMAND_BASE and EVENT_BASE. */
  private static final long ONE_PAGE = 8L << 56;
  /** Command buffer, event log, and the word that says that commands are done. */
  private static final int PAGES = 3;

  final String path;
  final IommuRegisters registers;
  final DeviceTable devices;
  final CommandBuffer commands;
  final EventMessage message;
  final IommuFaults faults;
  /** Whether it was brought up once: it is the hypervisor's. */
  final LongCell driven;
  private final LongCell table;
  private final LongCell tablePages;
  private final LongCell rings;
  private final IommuEventLog log;
  private final FrameHeap heap;
  private final MachineMemory memory;
  private final StreamAttachments attachments;
  /** What it keeps may be old: it was away, or a command was lost. No state: an IOMMU that comes back keeps nothing. */
  private boolean stale;
  private boolean away;
  /** That streams are open which a driver before had closed is certain. */
  private boolean checked;

  HostIommu(String path, IommuRegisters registers, DeviceState state, FrameHeap heap, MachineMemory memory, EventMessage message,
      IommuEventLog log, IommuFaults faults, StreamAttachments attachments) {
    this.path = path;
    this.registers = registers;
    this.heap = heap;
    this.memory = memory;
    this.message = message;
    this.log = log;
    this.faults = faults;
    this.attachments = attachments;
    driven = state.cell(path + ".driven", 0);
    table = state.cell(path + ".table", 0);
    tablePages = state.cell(path + ".table-pages", 0);
    rings = state.cell(path + ".rings", 0);
    devices = new DeviceTable(memory);
    commands = new CommandBuffer(registers, memory);
  }

  /** The record was restored. */
  void restored() {
    devices.at(table.value, tablePages.value);
    commands.at(rings.value, rings.value + 2 * 4096);
    log.at(rings.value + 4096);
  }

  // ---- Bringing it up

  /**
   * Takes it over.
   *
   * @param highest its highest stream
   * @param trusted streams of who is no PCI function
   * @return null, or why it isn't driven
   */
  String begin(long highest, List<Long> trusted) {
    if ((registers.present(FEATURES) & FORGETS_EVERYTHING) == 0) {
      return "it has no command that makes it forget everything (IASup)";
    }
    int count = DeviceTable.pages(Math.min(highest, 0xFFFF));
    long first = heap.allocate(FrameHeap.HYPERVISOR, count, 1);
    long pages = heap.allocate(FrameHeap.HYPERVISOR, PAGES, 1);
    if (first < 0 || pages < 0) {
      free(first, count);
      free(pages, PAGES);
      return "there is no room for its tables";
    }
    for (int i = 0; i < PAGES; i++) {
      memory.clear(pages + i << 12);
    }
    table.value = first << 12;
    tablePages.value = count;
    rings.value = pages << 12;
    restored();
    devices.clear();
    trusted.forEach(devices::trustMessages);
    message.claim();
    if (!program()) {
      // What it was told to use is somebody else's in a moment.
      registers.write(CONTROL, 0);
      message.release();
      free(first, count);
      free(pages, PAGES);
      return "it does not do as it is told";
    }
    driven.value = 1;
    return null;
  }

  private void free(long first, int count) {
    for (int i = 0; first >= 0 && i < count; i++) {
      heap.free(FrameHeap.HYPERVISOR, first + i);
    }
  }

  /** Everything off, tables and rings, everything on, everything forgotten. What passes before is what passed without a driver. */
  private boolean program() {
    registers.write(CONTROL, 0);
    registers.write(DEVICE_TABLE, devices.register());
    registers.write(COMMAND_BASE, rings.value | ONE_PAGE);
    registers.write(EVENT_BASE, rings.value + 4096 | ONE_PAGE);
    registers.write(EXCLUSION_BASE, 0);
    registers.write(STATUS, registers.read(STATUS));
    registers.write(CONTROL, ON);
    stale = !commands.everything();
    return !stale;
  }

  // ---- While it runs

  /**
   * Before it is told anything: it answers, is on, and keeps nothing old.
   *
   * @return false if it can't be brought to that
   */
  boolean ready() {
    long on = TRANSLATE | EVENTS | COMMANDS;
    if ((registers.present(CONTROL) & on) != on) {
      faults.error("it was off: it is brought up again");
      message.claim();
      program();
    } else if ((registers.read(STATUS) & COMMANDS_RUN) == 0) {
      faults.error("its commands had stopped: they begin anew");
      restartCommands();
      stale = !commands.everything();
    } else if (stale) {
      stale = !commands.everything();
    }
    if (stale) {
      return false;
    }
    away = false;
    if (!message.comes()) {
      attend();
    }
    return reopened();
  }

  /** What the driver before closed when it went is open again. */
  private boolean reopened() {
    if (!checked) {
      boolean closed = false;
      for (Attachment each : attachments.copy()) {
        if (!devices.opensMemory(each.stream())) {
          devices.openMemory(each.stream(), each.tables());
          closed = true;
        }
      }
      if (closed && !commands.everything()) {
        return false;
      }
      registers.write(CONTROL, registers.read(CONTROL) | EVENT_INTERRUPTS);
      checked = true;
    }
    return true;
  }

  private void restartCommands() {
    long control = registers.read(CONTROL);
    registers.write(CONTROL, control & ~COMMANDS);
    registers.write(COMMAND_BASE, rings.value | ONE_PAGE);
    registers.write(CONTROL, control | COMMANDS);
  }

  /** Nothing answers, or a command was lost: before the next one it forgets everything. */
  void lost(String what) {
    stale = true;
    if (!away) {
      away = true;
      faults.error(what);
    }
  }

  /**
   * A driver is there again. After a time without any, in which nothing passed, the IOMMU forgets all before anything does; else nothing is
   * told.
   */
  void resume() {
    message.claim();
    if ((registers.present(CONTROL) & EVENT_INTERRUPTS) == 0) {
      stale = true;
      if (ready()) {
        attend();
      }
    }
  }

  /**
   * The driver goes: nobody tells the IOMMU any more what domains were taken, so that functions reach nothing, and it interrupts nobody. What is
   * closed tells the next driver. An IOMMU that is off lets everything pass, so that it stays on.
   */
  void leave() {
    message.release();
    attachments.copy().forEach(a -> devices.closeMemory(a.stream()));
    registers.write(CONTROL, registers.present(CONTROL) & ~EVENT_INTERRUPTS);
    if (!commands.everything()) {
      faults.error("it does not do as it is told");
    }
  }

  /** It interrupted: tells what is in its log. */
  void attend() {
    log.serve();
  }

  // ---- Streams

  /** A stream's entry was closed: nothing is kept of it, and of what it reached. */
  boolean close(long stream, int number) {
    return commands.stream(stream) && commands.addresses(number);
  }

  /** A stream that reached nothing reaches a domain's memory. @param messages the table of the messages that pass */
  boolean open(long stream, long tables, long messages) {
    devices.give(stream, tables, messages);
    if (commands.stream(stream)) {
      return true;
    }
    devices.close(stream);
    return false;
  }
}
