// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.xenolith.hw.nvme.NvmeRegister.ACQ;
import static org.xenolith.hw.nvme.NvmeRegister.AQA;
import static org.xenolith.hw.nvme.NvmeRegister.ASQ;
import static org.xenolith.hw.nvme.NvmeRegister.CC;
import static org.xenolith.hw.nvme.NvmeRegister.CSTS;
import static org.xenolith.hw.nvme.NvmeRegister.INTMC;
import static org.xenolith.hw.nvme.NvmeRegister.INTMS;

import java.io.IOException;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;

/**
 * An NVMe controller: registers, doorbells and interrupts. A command is carried out when its doorbell is written; the driver sees
 * it done after a fixed virtual time, so that a run never depends on the host's disk.
 */
final class Nvme implements DeviceModel, PciDevice {
  /** Interrupt vectors: one for each queue. */
  static final int VECTORS = SubmissionQueues.QUEUES;
  /** Red Hat's ids for QEMU's NVMe controller, so that drivers treat it alike (QEMU, docs/specs/pci-ids). */
  static final int VENDOR = 0x1B36;
  static final int SUBSYSTEM_VENDOR = 0x1AF4;
  private static final int DEVICE = 0x0010;
  private static final int SUBSYSTEM = 0x1100;
  private static final int NVM_EXPRESS = 0x01_0802;
  private static final int DOORBELLS = 0x1000;
  private static final int MSIX_TABLE = 0x2000;
  private static final int MSIX_PENDING = 0x3000;
  private static final int BAR_SIZE = 0x4000;

  private static final long ENABLE = 1;
  private static final long COMMAND_SET_AND_ARBITRATION = 7 << 4 | 7 << 11;
  private static final int PAGE_SHIFT = 7;
  private static final long SHUTDOWN = 3 << 14;
  private static final long ENTRY_SIZES = 0xFF << 16;
  /** Submission entries of 64 bytes, completion entries of 16. */
  private static final long ONLY_ENTRY_SIZES = 4 << 20 | 6 << 16;
  private static final long READY = 1;
  private static final long FATAL = 2;
  private static final long SHUTDOWN_STATUS = 3 << 2;
  private static final long SHUTDOWN_COMPLETE = 2 << 2;

  /** Bytes of the medium that commands of a queue are about before the machine goes on. */
  static final long AT_ONCE = 4 << 20;

  private final DeviceState state = new DeviceState();
  private final PciEndpoint endpoint;
  private final RegisterFile<NvmeRegister> registers;
  /** What EN was when CC was last acted upon. */
  private final LongCell enabled = state.cell("enabled", 0);
  private final SubmissionQueues submissions;
  private final CompletionQueues queues;
  private final NvmeCompletions completions;
  private final NvmeFeatures features;
  private final AsyncEvents asyncEvents;
  private final LogPages logPages;
  private final Health health;
  private final AdminCommands admin;
  private final IoCommands io;
  private final Namespace namespace;
  private final BlockPort port;
  private final NvmeCommand command = new NvmeCommand();
  private final Clock clock;
  private final Alarm alarm;
  private final long latency;
  private final RegisterFaults faults;
  private final EventLog events;
  private final String instance;

  Nvme(DeviceContext context) {
    instance = context.instance();
    long microseconds = context.options().number("latency-us");
    if (microseconds < 0 || microseconds > 1_000_000) {
      throw new ModelException(instance + ": option latency-us: expected 0 to 1000000, got " + microseconds);
    }
    latency = microseconds * 1000;
    clock = context.time().clock();
    faults = context.faults();
    events = context.events();
    registers = state.registers("registers", NvmeRegister.class, faults);
    registers.onWrite(INTMS, bits -> mask(bits, true)).onWrite(INTMC, bits -> mask(bits, false))
        .onRead(INTMC, () -> mask()).onWrite(CC, written -> configure());
    endpoint = new PciEndpoint(context, state, ConfigTable.endpoint(VENDOR, DEVICE, NVM_EXPRESS, 1)
        .subsystem(SUBSYSTEM_VENDOR, SUBSYSTEM).pin(1).bar(0, BarKind.MEMORY64, BAR_SIZE)
        .capability(Capability.powerManagement(true)).capability(Capability.express(Capability.Express.ENDPOINT))
        .capability(Capability.msix(VECTORS, 0, MSIX_TABLE, MSIX_PENDING)).capability(Capability.advancedErrors(false))
        .build(), this);
    submissions = new SubmissionQueues(state, endpoint.dma());
    queues = new CompletionQueues(state, endpoint.dma());
    QueueRegisters.show(state, submissions, queues);
    completions = new NvmeCompletions(state, submissions, queues);
    features = new NvmeFeatures(state, submissions);
    asyncEvents = new AsyncEvents(state);
    health = new Health(state, features, clock);
    port = context.port(BlockPort.class);
    namespace = new Namespace(port, instance);
    HostData data = new HostData(endpoint.dma(), this::page, events, instance);
    logPages = new LogPages(state, data, health, asyncEvents);
    admin = new AdminCommands(new QueueCommands(submissions, queues, completions, endpoint::sendsMessages,
        () -> (registers().get(CC) & ENTRY_SIZES) == ONLY_ENTRY_SIZES), new Identify(namespace, data), features, logPages, asyncEvents);
    io = new IoCommands(namespace, data, features, health, events, instance);
    alarm = context.time().alarm("completion", this::complete);
    port.onChange(this::diskChanged);
  }

  private RegisterFile<NvmeRegister> registers() {
    return registers;
  }

  // ---- Registers and doorbells

  @Override
  public long readBar(int bar, long offset, int size) {
    if (offset >= DOORBELLS) {
      return 0;
    }
    if (size == 8) {
      return registers.read64(offset);
    }
    return registers.read(offset & ~3L) >>> (offset & 3) * 8 & -1L >>> 64 - 8 * size;
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    if (size < 4) {
      // 3: a register is written whole, or by halves if it has 64 bits.
      faults.report(RegisterFaults.Kind.BAD_VALUE, offset, value);
    } else if (offset < DOORBELLS) {
      if (size == 8) {
        registers.write64(offset, value);
      } else {
        registers.write(offset, value);
      }
    } else {
      doorbell(offset, value);
      if (size == 8) {
        doorbell(offset + 4, value >>> 32);
      }
    }
  }

  /** 3.1.24 and 3.1.25: tails of submission queues and heads of completion queues take turns. */
  private void doorbell(long offset, long value) {
    if (!answers()) {
      return;
    }
    int number = (int) (offset - DOORBELLS) >> 2;
    int queue = number >> 1;
    int index = (int) value & 0xFFFF;
    boolean completion = (number & 1) != 0;
    if (!(completion ? queues.exists(queue) : submissions.exists(queue))) {
      raise(AsyncEvents.Event.INVALID_DOORBELL_REGISTER);
    } else if (completion) {
      boolean wasFull = queues.isFull(queue);
      if (!queues.consume(queue, index)) {
        raise(AsyncEvents.Event.INVALID_DOORBELL_VALUE);
      } else if (wasFull) {
        complete();
      } else {
        drivePin();
      }
    } else if (submissions.submit(queue, index)) {
      work(queue);
      schedule();
    } else {
      raise(AsyncEvents.Event.INVALID_DOORBELL_VALUE);
    }
  }

  private int page() {
    return HostData.PAGE << (int) (registers.get(CC) >>> PAGE_SHIFT & 0xF);
  }

  /** Whether completions are posted. */
  private boolean answers() {
    return (registers.get(CSTS) & (READY | FATAL)) == READY;
  }

  /** Whether commands are carried out, too. */
  private boolean isRunning() {
    return answers() && (registers.get(CSTS) & SHUTDOWN_STATUS) == 0;
  }

  /** CC was written. */
  private void configure() {
    long control = registers.get(CC);
    if ((control & ENABLE) == 0) {
      if (enabled.isSet()) {
        disable();
      }
    } else if (!enabled.isSet()) {
      enabled.set(true);
      enable(control);
    }
    if ((control & SHUTDOWN) != 0 && (registers.get(CSTS) & SHUTDOWN_STATUS) == 0) {
      shutDown();
    }
  }

  private void enable(long control) {
    long sizes = registers.get(AQA);
    int submission = (int) (sizes & 0xFFF) + 1;
    int completion = (int) (sizes >>> 16 & 0xFFF) + 1;
    registers.set(CSTS, 0);
    if ((control & COMMAND_SET_AND_ARBITRATION) != 0 || (control >>> PAGE_SHIFT & 0xF) > HostData.LARGEST_PAGE
        || submission < 2 || completion < 2) {
      fail("CC or AQA has a value that CAP doesn't allow");
      return;
    }
    submissions.create(0, registers.get(ASQ), submission, 0);
    queues.create(0, registers.get(ACQ), completion, 0, true);
    registers.set(CSTS, READY);
  }

  /** A controller reset (7.3.2): everything but the place of the admin queues. */
  private void disable() {
    enabled.set(false);
    submissions.clear();
    queues.clear();
    completions.clear();
    features.clear();
    asyncEvents.clear();
    logPages.clear();
    registers.set(CSTS, 0);
    registers.set(INTMS, 0);
    alarm.cancel();
    endpoint.pin(false);
  }

  private void shutDown() {
    try {
      if (namespace.isActive()) {
        namespace.disk().flush();
      }
    } catch (IOException e) {
      events.hostFailed("disk-error", instance, String.valueOf(e.getMessage())); // own words: what BlockDevice says
    }
    registers.bits(CSTS, SHUTDOWN_COMPLETE, true);
  }

  private void fail(String why) {
    events.report("nvme-fatal", instance, why);
    registers.bits(CSTS, FATAL, true);
    alarm.cancel();
  }

  // ---- Commands

  /**
   * Carries out commands while there is room for their completions, and until they are enough for once; the rest stays in the queue until one of those is complete.
   */
  private void work(int queue) {
    long left = AT_ONCE;
    try {
      while (isRunning() && submissions.waits(queue) && !completions.isFull(queue) && left > 0) {
        submissions.fetch(queue, command);
        command.result = 0;
        Status status = queue == 0 ? admin.perform(command) : io.perform(command);
        left -= io.worked();
        if (status != null) {
          completions.add(queue, command.id(), status, status == Status.SUCCESS ? command.result : 0, clock.now() + latency);
          if (status != Status.SUCCESS) {
            health.failed(queue, command, status);
          }
        }
        if (queue == 0) {
          tell();
        }
      }
    } catch (ExternalAbort abort) {
      fail("submission queue " + queue + " is outside of memory");
    }
  }

  private void raise(AsyncEvents.Event event) {
    asyncEvents.raise(event);
    tell();
    schedule();
  }

  private void tell() {
    asyncEvents.tell((id, result) -> completions.add(0, id, Status.SUCCESS, result, clock.now() + latency));
  }

  private void diskChanged() {
    if (isRunning() && features.namespaceNotices()) {
      logPages.namespaceChanged();
      raise(AsyncEvents.Event.NAMESPACE_CHANGED);
    }
  }

  /** Posts what is due, and goes on with commands that waited for that. */
  private void complete() {
    try {
      interrupt(completions.deliver(clock.now()));
    } catch (ExternalAbort abort) {
      fail("a completion queue is outside of memory");
      return;
    }
    for (int queue = 0; queue < SubmissionQueues.QUEUES; queue++) {
      work(queue);
    }
    schedule();
  }

  private void schedule() {
    long next = answers() ? completions.next() : Long.MAX_VALUE;
    if (next < alarm.deadline()) {
      alarm.at(next);
    }
  }

  // ---- Interrupts

  private long mask() {
    return registers.get(INTMS);
  }

  private void mask(long bits, boolean on) {
    registers.bits(INTMS, bits, on);
    drivePin();
  }

  /** @param told completion queues that have got entries, as bits */
  private void interrupt(int told) {
    long vectors = 0;
    for (int queue = 0; queue < SubmissionQueues.QUEUES; queue++) {
      if ((told >>> queue & 1) != 0 && queues.interrupts(queue)) {
        vectors |= 1L << queues.vector(queue);
      }
    }
    for (int vector = 0; vector < VECTORS; vector++) {
      if ((vectors >>> vector & 1) != 0) {
        endpoint.message(vector);
      }
    }
    drivePin();
  }

  private void drivePin() {
    endpoint.pin((queues.pending() & ~mask()) != 0);
  }

  // ---- The model's life

  @Override
  public void functionReset() {
    disable();
    for (NvmeRegister register : NvmeRegister.values()) {
      registers.set(register, register.spec().reset());
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    alarm.cancel();
    endpoint.reset();
  }

  @Override
  public void restored() {
    endpoint.restored();
  }

  @Override
  public void removed() {
    port.onChange(() -> {});
    endpoint.removed();
  }
}
