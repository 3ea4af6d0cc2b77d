// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.DebugPoints;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.FaultLoop;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.isa.DecodeMode;

/**
 * One x86-64 CPU, whatever engine executes it. Fields that an engine's hot path needs are public, those of {@link CpuState}, too; everything else goes through
 * the parts.
 *
 * <p>An exception is noted here and {@link CpuFault#INSTANCE} thrown: {@link #faultVector} and {@link #faultError} say which one it is, as long as an
 * instruction has changed nothing that would be seen when it is executed again.
 *
 * <p>The count of instructions is that of {@code Cpu} of the kit {@code a64.arch}: {@link #left} counts down, and at zero {@link #more} looks at what is pending.
 */
public final class Core extends CpuState implements Processor {
  /** Derived halves of the TLB for data, at {@link Tlb#index}. */
  public final TlbEntry[] data = new TlbEntry[Tlb.SIZE];
  /** The same for code. */
  public final CodeEntry[] code = new CodeEntry[Tlb.SIZE];
  /** Address space and level in the tags of {@link #data}. */
  public long context;
  /** The same in the tags of {@link #code}. */
  public long codeContext;
  /** Instructions to go; an engine decrements it after each. */
  public long left;
  /** Set when what was fetched may no longer be what the next instruction is. */
  public boolean refetch;
  /** How code is read. */
  public DecodeMode mode = DecodeMode.REAL;
  /** Whether x87 and MMX instructions trap: #NM. */
  public boolean x87Trapped;
  /** Whether SSE instructions trap: #UD or #NM. */
  public boolean sseTrapped;
  /** Whether accesses through ES, CS, SS and DS need neither a base nor a check. */
  public boolean flat;

  /** The vector of the exception that was noted. */
  public int faultVector;
  /** Its error code; 0 if it has none. */
  public int faultError;
  /** The linear address of a page fault that was noted: CR2, once it is taken. */
  public long faultAddress;

  /** What it is. */
  public final CpuModel model;
  /** Its machine. */
  public final CpuEnvironment env;
  /** Where ways out of guest code are told. */
  public final Exits exits;
  /** Address translation. */
  public final Mmu mmu;
  /** Data accesses off the inline path. */
  public final Memory memory;
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
  /** Breakpoints and watchpoints of who looks into the machine. */
  public final DebugPoints points = new DebugPoints(this);
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

  /** Looks for an exception that leads to itself. */
  final FaultLoop faults = new FaultLoop(ExceptionVector::text, Set.of("retired"), Set.of("r" + RSP, "cr2"));

  /** The CPU as handlers of registers that aren't a device's see it. */
  final Cpu port;
  private final int index;
  private final int apicId;
  private final List<Ram.CodeListener> codeListeners = new ArrayList<>();
  private long due;
  /** What was executed when instructions were granted last. */
  private long granted;
  private long budget;
  private boolean exit;
  private boolean canonicalFault;
  private boolean inRun;
  private long retired;

  /**
   * A CPU, powered off.
   *
   * @param index  position among the machine's CPUs
   * @param apicId its initial APIC id
   */
  public Core(int index, int apicId, CpuModel model, CpuEnvironment env) {
    this.index = index;
    this.apicId = apicId;
    this.model = model;
    this.env = env;
    exits = env.exits();
    mmu = new Mmu(this, state(), model.physicalBits());
    memory = new Memory(this);
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

  // ---- What follows from registers

  /** Real-address mode. */
  public boolean real() {
    return (cr0 & ControlBits.PE) == 0;
  }

  /** Virtual-8086 mode. */
  public boolean virtual8086() {
    return (flags & FlagBits.VM) != 0 && !real() && !longMode();
  }

  /** Real-address or virtual-8086 mode: selectors are numbers of paragraphs. */
  public boolean is8086() {
    return real() || virtual8086();
  }

  /** IA-32e mode: 64-bit or compatibility. */
  public boolean longMode() {
    return (efer & ControlBits.LMA) != 0;
  }

  /** A linear address, of 32 bits outside of IA-32e mode. */
  public long wide(long address) {
    return longMode() ? address : address & 0xFFFF_FFFFL;
  }

  /** The linear address of an offset in CS. */
  public long linear(long offset) {
    return mode == DecodeMode.LONG_64 ? offset : offset + base[CS] & 0xFFFF_FFFFL;
  }

  /** The bits of RSP that the stack's size uses. */
  public long stackMask() {
    return mode == DecodeMode.LONG_64 ? -1L : (attributes[SS] & Segments.BIG) != 0 ? 0xFFFF_FFFFL : 0xFFFF;
  }

  /** The linear address of a value of RSP. */
  public long stackAddress(long pointer) {
    return mode == DecodeMode.LONG_64 ? pointer : base[SS] + (pointer & stackMask()) & 0xFFFF_FFFFL;
  }

  /** Sets as much of RSP as the stack's size says; as for any register, 32 bits clear those above. */
  public void stackPointer(long pointer) {
    long mask = stackMask();
    r[RSP] = mask == 0xFFFF ? r[RSP] & ~mask | pointer & mask : pointer & mask;
  }

  /** A return has come out of 64-bit code: outside of it RSP has 32 bits, whatever the stack's size (as Intel's processors have it). */
  void narrowStack() {
    if (mode != DecodeMode.LONG_64) {
      r[RSP] &= 0xFFFF_FFFFL;
    }
  }

  /** IOPL. */
  public int ioLevel() {
    return flags >> 12 & 3;
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

  @Override
  public FaultLoop faults() {
    return faults;
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

  private void selectTraps() {
    x87Trapped = (cr0 & (ControlBits.EM | ControlBits.TS)) != 0;
    sseTrapped = x87Trapped || (cr4 & ControlBits.OSFXSR) == 0;
  }

  /** An x87 instruction was met while {@link #x87Trapped}. Returns what to throw. */
  public CpuFault x87Trap() {
    return fault(ExceptionVector.NM);
  }

  /** An MMX instruction was met while {@link #x87Trapped}. Returns what to throw. */
  public CpuFault mmxTrap() {
    return fault((cr0 & ControlBits.EM) != 0 ? ExceptionVector.UD : ExceptionVector.NM);
  }

  /** An SSE instruction was met while {@link #sseTrapped}. Returns what to throw. */
  public CpuFault sseTrap() {
    return fault((cr0 & ControlBits.EM) != 0 || (cr4 & ControlBits.OSFXSR) == 0 ? ExceptionVector.UD : ExceptionVector.NM);
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

  // ---- x87

  /** FNINIT. */
  public void initializeX87() {
    controlWord = 0x37F;
    statusWord = 0;
    top = 0;
    valid = 0;
    lastOpcode = 0;
    lastInstruction = 0;
    lastData = 0;
  }

  /** The control or status word was loaded: ES and B follow from the exceptions that aren't masked. */
  public void x87Summary() {
    boolean pending = (statusWord & ~controlWord & 0x3F) != 0;
    statusWord = statusWord & 0x7F7F | (pending ? 0x8080 : 0);
  }

  // ---- Running

  /** An engine begins to execute at most {@code instructions}. */
  public void begin(long instructions) {
    budget = instructions;
    due = 0;
    left = 0;
    exit = false;
    inRun = true;
  }

  /**
   * Grants the instructions up to the next look: what is pending is taken, then {@link #left} is set.
   *
   * @return whether there is anything to execute; {@link #pc} then says where
   */
  public boolean more() {
    counting.look();
    if (due > 0 && due >= budget || exit || !inputs.runnable()) {
      return false;
    }
    long most = inputs.take();
    if (most == 0) {
      return false;
    }
    if (exit || budget <= 0) {
      inputs.takenInVain();
      return false;
    }
    granted = executed();
    left = Math.min(Math.min(budget - due, most), counting.left());
    due += left;
    return true;
  }

  /** The engine stops executing. Returns the number of instructions executed. */
  public long end() {
    long count = executed();
    retired += count;
    counting.ran(count);
    points.ran(count);
    inRun = false;
    left = 0;
    due = 0;
    r[PAGE] = 0;
    return count;
  }

  @Override
  public long executed() {
    return due - left;
  }

  /** An engine has executed so many instructions of its run, and is granted as many more: what it says while it does them once more. */
  public void recount(long executed, long instructions) {
    due = executed + instructions;
    left = instructions;
  }

  /** Whether an engine executes it now. */
  boolean inRun() {
    return inRun;
  }

  /** Makes the engine come back after the current instruction. */
  public void attention() {
    if (left > 1) {
      due -= left - 1;
      left = 1;
    }
  }

  @Override
  public void requestExit() {
    exit = true;
    attention();
  }

  /** Comes back before the current instruction: whoever executes it counts it once more, which doesn't show. */
  public void comeBack() {
    due = executed();
    if (due == granted) {
      inputs.takenInVain();
    }
    left = 1;
  }

  @Override
  public boolean exitRequested() {
    return exit;
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
    return "x64";
  }

  @Override
  public int index() {
    return index;
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
    return retired + (inRun ? executed() : 0);
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
      throw new ModelException("cpu " + index + " executes " + instructions()
          + " and can't begin with what was loaded: it is for CPUs of another"
          + " architecture; name a kernel or guest that was made for this board, or another board");
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

  // ---- Code coherence

  /** An engine wants to be told when a page that it marked as holding code is written. */
  public void listenToCode(Ram.CodeListener listener) {
    codeListeners.add(listener);
  }

  /** Undoes {@link #listenToCode}. */
  public void stopListening(Ram.CodeListener listener) {
    codeListeners.remove(listener);
  }

  @Override
  public void codeWritten(Ram ram, int offset, int length) {
    for (int i = 0; i < codeListeners.size(); i++) {
      codeListeners.get(i).codeWritten(ram, offset, length);
    }
  }

  @Override
  public void windowChanged() {
    mmu.forget();
    mmu.select();
  }

  @Override
  public DebugPoints debugPoints() {
    return points;
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
    refetch();
  }

  /** An exception while a double fault is delivered: the CPU shuts down, and the machine is told why. */
  void tripleFault(int last) {
    inputs.shutDown();
    if (host.attached()) {
      return;
    }
    env.events().report("triple-fault", "cpu" + index,
        "at rip 0x%x, cr2 0x%x: vector %d while a double fault was delivered; the CPU shuts down"
            .formatted(pc, cr2, last));
  }

  // ---- Exceptions

  /** Notes an exception without an error code. Returns what to throw. */
  public CpuFault fault(int vector) {
    return fault(vector, 0);
  }

  /** Notes an exception. Returns what to throw. */
  public CpuFault fault(int vector, int error) {
    faultVector = vector;
    faultError = error;
    canonicalFault = false;
    return CpuFault.INSTANCE;
  }

  /** Notes a page fault. */
  CpuFault pageFault(long address, int error) {
    faultAddress = address;
    return fault(ExceptionVector.PF, error);
  }

  /** What was noted last is no fault of the stack, though the instruction uses that. */
  public void operandFault() {
    canonicalFault = false;
  }

  /** Notes what an address that isn't canonical causes: {@link #stackFault} makes it one of the stack, for what uses that. */
  CpuFault notCanonical() {
    fault(ExceptionVector.GP);
    canonicalFault = true;
    return CpuFault.INSTANCE;
  }

  /** The exception that was noted is one of an instruction that uses the stack segment. */
  public void stackFault() {
    if (canonicalFault) {
      faultVector = ExceptionVector.SS;
    }
  }

  // ---- Loads and stores at linear addresses

  /** Loads a byte, zero-extended. */
  public long load8(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address & -4096 | context)) {
      return HostMemory.read8(entry.heap, address + entry.delta);
    }
    return memory.read(address, 1);
  }

  /** Loads 16 bits, zero-extended. */
  public long load16(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address + 1 & -4096 | context)) {
      return HostMemory.read16(entry.heap, address + entry.delta);
    }
    return memory.read(address, 2);
  }

  /** Loads 32 bits, zero-extended. */
  public long load32(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address + 3 & -4096 | context)) {
      return HostMemory.read32(entry.heap, address + entry.delta);
    }
    return memory.read(address, 4);
  }

  /** Loads 64 bits. */
  public long load64(long address) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.read == (address + 7 & -4096 | context)) {
      return HostMemory.read64(entry.heap, address + entry.delta);
    }
    return memory.read(address, 8);
  }

  /** Stores a byte. */
  public void store8(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address & -4096 | context)) {
      HostMemory.write8(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 1, value);
    }
  }

  /** Stores 16 bits. */
  public void store16(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address + 1 & -4096 | context)) {
      HostMemory.write16(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 2, value);
    }
  }

  /** Stores 32 bits. */
  public void store32(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address + 3 & -4096 | context)) {
      HostMemory.write32(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 4, value);
    }
  }

  /** Stores 64 bits. */
  public void store64(long address, long value) {
    TlbEntry entry = data[Tlb.index(address)];
    if (entry.write == (address + 7 & -4096 | context)) {
      HostMemory.write64(entry.heap, address + entry.delta, value);
    } else {
      memory.write(address, 8, value);
    }
  }
}
