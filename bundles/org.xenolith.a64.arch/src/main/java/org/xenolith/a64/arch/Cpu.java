// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Map;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.arm.api.SemihostingHandler;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.regs.DeviceState;

/**
 * One CPU, whatever engine executes it, and its port to the devices. Fields that an engine's hot path needs are public, those of {@link CpuState},
 * too; everything else goes through the parts: {@link #mmu}, {@link #memory}, {@link #exceptions}, {@link #registers}, {@link #operations}.
 */
public final class Cpu extends CpuState implements ArmCpu {
  /** Derived halves of the data TLB, at {@link #tlbIndex}. */
  public final TlbEntry[] data = new TlbEntry[Tlb.SIZE];
  /** Derived halves of the instruction TLB, at {@link #tlbIndex}. */
  public final CodeEntry[] code = new CodeEntry[Tlb.SIZE];
  /** Context of loads in the tags of {@link #data}. */
  public int readContext;
  /** Context of stores. */
  public int writeContext;
  /** Context of unprivileged loads. */
  public int userReadContext;
  /** Context of unprivileged stores. */
  public int userWriteContext;
  /** Context of fetches in the tags of {@link #code}. */
  public int fetchContext;

  /** Virtual address of the page that is being executed. */
  public long page;
  /** Whether FP and SIMD instructions trap at the current level; kept by {@code contextChanged}. */
  public boolean fpTrapped;
  /** How many registers from x0 on a call of firmware may have changed: who answers says so, and without, it may be any. */
  public int results;

  /** What it is. */
  public final CpuConfig config;
  /** Its machine. */
  public final CpuEnvironment env;
  /** Address translation. */
  public final Mmu mmu;
  /** Data accesses off the fast path, and the exclusive monitor. */
  public final Memory memory;
  /** Exception entry and return. */
  public final Exceptions exceptions;
  /** Interrupts that are pending. */
  final Interrupts interrupts = new Interrupts(this);
  /** Software step, breakpoints and watchpoints. */
  public final SelfHostedDebug debug;
  /** MRS and MSR. */
  public final SystemRegisters registers;
  /** SYS: cache, TLB and address-translation operations. */
  public final Operations operations;
  /** Where ways out of guest code, and exceptions, are told. */
  public final Exits exits;
  /** EL2 where it is Java. */
  public final El2 el2 = new El2(this);
  /** Who answers its SMC and HVC. */
  public final FirmwareCalls smccc = new FirmwareCalls(this);
  /** Who answers its semihosting calls. */
  final SemihostingCalls semihosting = new SemihostingCalls(this);
  /** What it tells to who counts. */
  public final Counting counting = new Counting(this);

  /** Levels at which FP and SIMD trap, a bit each. */
  private int fpTraps;
  /** Its power, what it waits for, and its inputs. */
  final Activity activity;
  private final RegisterSlots slots = new RegisterSlots();

  /**
   * A CPU, powered off.
   *
   * @param index  position among the machine's CPUs
   * @param config what it is
   * @param env    its machine
   */
  public Cpu(int index, CpuConfig config, CpuEnvironment env) {
    super(index);
    this.config = config;
    this.env = env;
    exits = env.exits();
    DeviceState state = state();
    activity = new Activity(this, state);
    debug = new SelfHostedDebug(this, state);
    mmu = new Mmu(this, state);
    memory = new Memory(this, state);
    exceptions = new Exceptions(this);
    registers = new SystemRegisters(this);
    operations = new Operations(this);
    controlsChanged();
  }

  @Override
  public String instructions() {
    return CpuModel.INSTRUCTIONS;
  }

  @Override
  public Map<String, String> identification() {
    return config.identification();
  }

  @Override
  public void reset() {
    state().reset();
    restored();
  }

  @Override
  public void restored() {
    x[SP] = sp[stackLevel()];
    x[ZERO] = 0;
    mmu.restored();
    controlsChanged();
    refetch = true;
    faults.forget();
  }

  // ---- PSTATE

  /** Changes level and stack pointer selection, banking the stack pointers. */
  void enter(int level, int sel) {
    sp[stackLevel()] = x[SP];
    el = level;
    spsel = sel;
    x[SP] = sp[stackLevel()];
    contextChanged();
  }

  /** The level, PSTATE.PAN or PSTATE.D changed: selects what the fast paths rely on. */
  void contextChanged() {
    debug.select();
    mmu.selectContext();
    fpTrapped = (fpTraps >> el & 1) != 0;
  }

  /** A control register that the fast paths rely on was written. */
  void controlsChanged() {
    fpTraps = registers.fpTraps();
    debug.configure();
    mmu.controlsChanged();
    contextChanged();
  }

  /** Where {@link #data} and {@link #code} hold a virtual address. */
  public static int tlbIndex(long va) {
    return Tlb.index(va);
  }

  // ---- Running

  @Override
  public void begin(long instructions) {
    super.begin(instructions);
    activity.begin();
  }

  @Override
  public boolean more() {
    counting.look();
    if (granted() || !active()) {
      return false;
    }
    interrupts.takePending();
    if (!active() || onlyLooks()) {
      // EL2's port had the CPU stop, or it was only to take interrupts.
      return false;
    }
    grant(counting.untilLook());
    return true;
  }

  /**
   * Grants more as {@link #more} does, if that neither reads nor changes general registers but the stack pointer, and nothing is counted or debugged then:
   * an interrupt is for EL2 in Java to see with all registers. Else nothing happens, and {@link #more} is to be asked.
   */
  public boolean moreAtOnce() {
    boolean interruptible = !el2.attached() && !debug.configured();
    return (interruptible || !interrupts.possible()) && !counting.watched() && !debug.armed() && illegal == 0 && more();
  }

  /** Whether nothing keeps it from executing now. */
  boolean active() {
    return !exitRequested() && activity.running();
  }

  @Override
  protected void ran(long executed) {
    counting.ran(executed);
  }

  /** Whether it is powered and stopped in WFI, WFE or a firmware suspend. */
  public boolean waiting() {
    return activity.waiting();
  }

  @Override
  public boolean runnable() {
    return activity.runnable();
  }

  /**
   * WFE completes. With the event register set it only clears it. With the exclusive monitor armed it waits until the
   * monitored memory changes, or an event or interrupt comes; else it gives way to the other CPUs and goes on, as a WFE may.
   */
  public void waitEvent() {
    activity.waitEvent();
  }

  /** SEV: an event for every CPU. */
  public void sendEvent() {
    for (Cpu cpu : env.cpus()) {
      cpu.event();
    }
  }

  // ---- ArmCpu

  @Override
  public long affinity() {
    return config.affinity();
  }

  @Override
  public void signal(Signal signal, boolean level) {
    activity.signal(signal, level);
  }

  /** Interrupt inputs that are high, a bit per {@link org.xenolith.arm.api.ArmCpu.Signal}. */
  public int signals() {
    return activity.signals();
  }

  /** Whether an interrupt is asserted, physical or virtual, that a change of PSTATE's masks may let through. */
  public boolean interruptsPossible() {
    return interrupts.possible();
  }

  /** An asynchronous external abort arrives. */
  public void systemError() {
    activity.systemError();
  }

  @Override
  public int exceptionLevel() {
    return el;
  }

  @Override
  public long systemRegister(int id) {
    SysReg reg = SysReg.of(id);
    return reg != null ? registers.value(reg) : slots.handler(id) != null ? slots.read(this, id) : registers.identification(id);
  }

  @Override
  public long described(int id) {
    return config.model().described(id);
  }

  @Override
  public void claim(SystemRegisterHandler handler, int... ids) {
    slots.claim(handler, ids);
  }

  /** Of what is no device: what it throws is thrown on. */
  @Override
  public void firmware(SmcccHandler handler) {
    smccc.add(handler, FirmwareCalls.NO_DEVICE);
  }

  /** Of what is no device: what it throws is thrown on. */
  @Override
  public void semihosting(SemihostingHandler handler) {
    semihosting.add(handler, FirmwareCalls.NO_DEVICE);
  }

  /** Undoes the claims of a handler. */
  public void release(SystemRegisterHandler handler) {
    slots.release(handler);
  }

  /**
   * The current instruction is among them as soon as it takes an exception that it was made for (SVC, HVC, SMC) or returns from one. What takes a fault
   * or a trap isn't.
   */
  @Override
  public long retired() {
    return counting.retired();
  }

  @Override
  public void monitor(CpuMonitor monitor) {
    counting.monitor(monitor);
  }

  @Override
  public void watch(int what, long retired) {
    counting.watch(what, retired);
  }

  /** Undoes {@link #monitor} if that is still it. */
  public void forget(CpuMonitor monitor) {
    counting.forget(monitor);
  }

  /** The permanent slot of an encoding. */
  public RegisterSlot slot(int id) {
    return slots.slot(id);
  }

  @Override
  public void event() {
    activity.event();
  }

  @Override
  public boolean powered() {
    return activity.powered();
  }

  @Override
  public void powerOn(long entry, long context) {
    activity.powerOn(entry, context);
  }

  @Override
  public void start(CpuEntry entry) {
    if (!(entry instanceof ArmEntry arm)) {
      throw notItsEntry();
    }
    powerOn(arm.pc(), arm.x0());
  }

  @Override
  public void atPowerOn(Runnable firmware) {
    activity.atPowerOn(firmware);
  }

  /** Undoes {@link #atPowerOn}. */
  public void forget(Runnable firmware) {
    activity.forget(firmware);
  }

  @Override
  public void powerOff() {
    activity.powerOff();
  }

  /** WFI completes: waits unless an interrupt is requested. */
  @Override
  public void waitForInterrupt() {
    activity.waitInterrupt();
  }

  // ---- Processor

  @Override
  public void windowChanged() {
    mmu.windowChanged();
  }

  @Override
  public void debugPointsChanged() {
    mmu.restored();
    refetch = true;
    attention();
  }

  /** EL2 is that of A64 code again. */
  @Override
  public void softwareUnloaded() {
    el2.attach(null);
  }

  @Override
  public boolean privileged() {
    return el > 1 || el == 1 && !memory.unprivileged();
  }

  @Override
  public boolean boots(long id) {
    return affinity() == id;
  }

  @Override
  public CpuView view(ViewContext device) {
    return new CpuDeviceView(this, device);
  }
}
