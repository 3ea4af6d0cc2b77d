// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.Map;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.isa.DecodeMode;

/**
 * One x86-64 CPU, whatever engine executes it. Fields that an engine's hot path needs are public, those of {@link CpuState}, {@link Modes},
 * {@link NotedFault} and {@link LinearMemory}, too; everything else goes through the parts.
 */
public final class Core extends LinearMemory {
  /** What it is. */
  public final CpuModel model;
  /** Its machine. */
  public final CpuEnvironment env;
  /** Where ways out of guest code are told. */
  public final Exits exits;
  /** Address translation. */
  public final Mmu mmu;
  /** Segment registers. */
  public final Segments segments;
  /** Delivery of exceptions and interrupts. */
  public final EventDelivery events;
  /** Transfers that load CS. */
  public final Transfers transfers;
  /** Task switches. */
  final Tasks tasks;
  /** Control and debug registers. */
  public final ControlRegisters controls;
  /** Model-specific registers. */
  public final Msrs msrs;
  /** The time-stamp counter. */
  public final TimeStampCounter clock;
  /** What the performance monitor is told. */
  public final Counting counting = new Counting(this, state());
  /** CPUID. */
  public final Cpuid cpuid;
  /** I/O ports. */
  public final IoPorts ports;
  /** XSAVE and its kin. */
  public final ExtendedState extended;
  /** Software of a host, in Java. */
  public final HostSoftware host;
  /** Breakpoints. */
  public final DebugRegisters breakpoints;
  /** Power and interrupts. */
  public final CpuInputs inputs;
  /** The last return to level 0. */
  public final KnownReturn known = new KnownReturn(this);
  /** What RDRAND and RDSEED give. */
  public final RandomNumbers random;

  /** The CPU as handlers of registers that aren't a device's see it. */
  final Cpu port;
  private final int apicId;
  /** What was executed when instructions were granted last. */
  private long executedBefore;
  /** Of runs that have ended. */
  private long retired;

  /**
   * A CPU, powered off.
   *
   * @param index  position among the machine's CPUs
   * @param apicId its initial APIC id
   */
  public Core(int index, int apicId, CpuModel model, CpuEnvironment env) {
    super(index);
    this.apicId = apicId;
    this.model = model;
    this.env = env;
    exits = env.exits();
    mmu = new Mmu(this, state(), model.physicalBits());
    segments = new Segments(this);
    events = new EventDelivery(this);
    transfers = new Transfers(this);
    tasks = new Tasks(this);
    breakpoints = new DebugRegisters(this, state());
    controls = new ControlRegisters(this);
    msrs = new Msrs(this, state());
    clock = new TimeStampCounter(this, state(), model.hertz());
    cpuid = new Cpuid(this);
    ports = new IoPorts(this);
    extended = new ExtendedState(this);
    inputs = new CpuInputs(this, state());
    host = new HostSoftware(this, state());
    random = new RandomNumbers(state());
    port = new CpuDeviceView(this, null);
    state().value("retired", 0, () -> retired, value -> retired = value);
    reset();
  }

  /** State was restored or changed from outside: what follows from it is computed anew. */
  @Override
  public void restored() {
    mmu.restored();
    // Tables of an earlier life may have led elsewhere.
    host.nested.forget();
    faults.forget();
    registersChanged();
  }

  /** All registers are others than before; nothing is derived from pages. */
  void registersChanged() {
    selectMode();
    selectTraps();
    breakpoints.changed();
    refetch = true;
  }

  /** CR0, EFER or a segment register changed: how code is read and memory addressed follows. */
  void selectMode() {
    DecodeMode old = mode;
    boolean wasFlat = flat;
    if (is8086()) {
      mode = DecodeMode.REAL;
    } else if (longMode() && (attributes[CS] & Segments.LONG) != 0) {
      mode = DecodeMode.LONG_64;
    } else {
      mode = (attributes[CS] & Segments.BIG) != 0 ? DecodeMode.PROTECTED_32 : DecodeMode.PROTECTED_16;
    }
    flat = mode == DecodeMode.LONG_64 || mode == DecodeMode.PROTECTED_32 && segments.flat();
    if (old != mode || wasFlat != flat) {
      codeChanged();
    }
  }

  /** CR0, CR4 or EFER changed. */
  void modeChanged() {
    selectTraps();
    selectMode();
    contextChanged();
    refetch();
  }

  /** CR3, the level or AC changed: the tags of the inline path follow. */
  public void contextChanged() {
    mmu.select();
    counting.levelChanged();
  }

  /** The next instruction isn't to be taken from the page that is being executed. */
  void codeChanged() {
    refetch();
  }

  /** What was fetched may no longer hold. */
  void refetch() {
    refetch = true;
    attention();
  }

  // ---- Flags

  /** Changes those bits of RFLAGS that a mask has, with all that follows. */
  public void setFlags(long value, int mask) {
    int old = flags;
    if ((mask & FlagBits.ARITHMETIC) != 0) {
      arithmeticFlags((int) (value & mask | rflags() & ~mask));
    }
    flags = (flags & ~mask | (int) value & mask) & FlagBits.SYSTEM;
    int changed = old ^ flags;
    if ((changed & FlagBits.AC) != 0) {
      mmu.selectKind();
    }
    if ((changed & flags & (FlagBits.IF | FlagBits.TF | FlagBits.RF)) != 0) {
      attention();
    }
  }

  // ---- Running

  @Override
  public boolean more() {
    counting.look();
    if (granted() || exitRequested() || !inputs.runnable()) {
      return false;
    }
    long most = inputs.take();
    if (most == 0) {
      return false;
    }
    if (exitRequested() || onlyLooks()) {
      inputs.takenInVain();
      return false;
    }
    executedBefore = executed();
    grant(Math.min(most, counting.untilLook()));
    return true;
  }

  @Override
  protected void ran(long executed) {
    retired += executed;
    counting.ran(executed);
    r[PAGE] = 0;
  }

  @Override
  public void comeBack() {
    if (executed() == executedBefore) {
      inputs.takenInVain();
    }
    super.comeBack();
  }

  /** Called before each instruction while there are breakpoints on execution: #DB is noted and thrown if it has one. */
  public void stopAt(long address) {
    if (breakpoints.stops(address)) {
      throw fault(ExceptionVector.DB);
    }
  }

  /** Whether the next instruction must be shown to {@link #stopAt}, and RF ends behind it: one is granted then. */
  public boolean stops() {
    return breakpoints.execution() || (flags & FlagBits.RF) != 0;
  }

  // ---- Processor

  @Override
  public String instructions() {
    return CpuModel.INSTRUCTIONS;
  }

  @Override
  public Map<String, String> identification() {
    return model.identification();
  }

  /** Its initial APIC id. */
  public int apicId() {
    return apicId;
  }

  /** CPUs of its machine, all of one package. */
  public int threads() {
    return env.cpus();
  }

  @Override
  public long retired() {
    return retired + (inRun() ? executed() : 0);
  }

  @Override
  public boolean powered() {
    return inputs.powered();
  }

  @Override
  public void powerOff() {
    inputs.powerOff();
  }

  /** The bootstrap processor is entered so, and all others wait for their start-up IPIs. */
  @Override
  public void start(CpuEntry entry) {
    if (!(entry instanceof PvhEntry pvh)) {
      throw notItsEntry();
    }
    enter(pvh);
    inputs.powerOn(true);
    host.begins();
    env.wake();
  }

  private void enter(PvhEntry entry) {
    cr0 = ControlBits.PE | ControlBits.ET;
    segments.flat32();
    r[RBX] = entry.ebx();
    pc = entry.eip();
    restored();
  }

  @Override
  public boolean runnable() {
    return inputs.runnable();
  }

  /** Cold reset. */
  @Override
  public void reset() {
    state().reset();
    initialize();
  }

  /** Registers as after reset and INIT; CR0's cache bits, the x87's and SSE state and most model-specific registers survive INIT. */
  void initialize() {
    java.util.Arrays.fill(r, 0);
    r[RDX] = model.signature();
    rflags(FlagBits.FIXED);
    cr0 = cr0 & (ControlBits.CD | ControlBits.NW) | ControlBits.ET;
    cr2 = 0;
    cr3 = 0;
    cr4 = 0;
    efer = 0;
    cpl = 0;
    gdtBase = 0;
    gdtLimit = 0xFFFF;
    idtBase = 0;
    idtLimit = 0xFFFF;
    java.util.Arrays.fill(dr, 0);
    dr[7] = 0;
    segments.reset();
    segments.set(CS, 0xF000, 0xFFFF_0000L, 0xFFFF, 0x9B);
    pc = 0xFFF0;
    mmu.flushAll();
    restored();
    counting.levelChanged();
  }

  /** A start-up IPI. */
  void startAt(int vector) {
    segments.set(CS, vector << 8, (long) vector << 12, 0xFFFF, 0x9B);
    pc = 0;
    refetch = true;
    host.begins();
  }

  @Override
  public boolean privileged() {
    return cpl < 3;
  }

  @Override
  public boolean boots(long id) {
    return apicId == id;
  }

  /** Software of a host that was in Java is gone. */
  @Override
  public void softwareUnloaded() {
    host.detach();
    powerOff();
  }

  @Override
  public CpuView view(ViewContext device) {
    return new CpuDeviceView(this, device);
  }

  @Override
  public void windowChanged() {
    mmu.forget();
    mmu.select();
  }

  @Override
  public void debugPointsChanged() {
    windowChanged();
  }

  // ---- Events

  void eventTaken(int vector) {
    if (vector == ExceptionVector.DB) {
      controls.debugTaken();
    }
    inputs.eventTaken(vector);
    refetch();
  }

  void interruptReturned() {
    inputs.interruptReturned();
    faults.returned(pc);
    if (exits.watched()) {
      String what = "to CPL " + cpl;
      exits.tell(watcher -> watcher.returned(this, what));
    }
    refetch();
  }

  /** An exception while a double fault is delivered: the CPU shuts down, and the machine is told why. */
  void tripleFault(int last) {
    inputs.shutDown();
    if (host.attached()) {
      return;
    }
    env.events().report("triple-fault", "cpu" + index(),
        "at rip 0x%x, cr2 0x%x: vector %d while a double fault was delivered; the CPU shuts down"
            .formatted(pc, cr2, last));
  }
}
