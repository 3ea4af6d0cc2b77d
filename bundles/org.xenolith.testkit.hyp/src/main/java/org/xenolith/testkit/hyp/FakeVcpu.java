// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuContext;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.X64Vcpu;
import org.xenolith.xen.abi.VcpuOp;

/** A virtual CPU that never executes, of either architecture: it remembers what is done to it. */
public final class FakeVcpu implements ArmVcpu, X64Vcpu {
  private final FakeHypervisor hypervisor;
  private final FakeDomain domain;
  private final int id;
  private final CpuContext context = new CpuContext();
  private final long[] x = new long[31];
  private final long[] runstate = new long[5];
  private @Nullable Cpu loaded;
  private boolean online;
  private boolean blocked;
  private long deadline = Long.MAX_VALUE;
  private long info;
  private long runstateArea;
  private int runstateKind;
  private int wakes;
  private int yields;
  private int unmasked;
  private long entry = -1;
  private final List<String> starts = new ArrayList<>();
  private int changes;

  FakeVcpu(FakeHypervisor hypervisor, FakeDomain domain, int id, long info) {
    this.hypervisor = hypervisor;
    this.domain = domain;
    this.id = id;
    this.info = info;
    online = id == 0;
    runstateKind = online ? VcpuOp.RUNSTATE_runnable : VcpuOp.RUNSTATE_offline;
  }

  /** Is what another object was, which is nobody from now on. */
  void follow(FakeVcpu old) {
    System.arraycopy(old.x, 0, x, 0, x.length);
    System.arraycopy(old.runstate, 0, runstate, 0, runstate.length);
    loaded = old.loaded;
    online = old.online;
    blocked = old.blocked;
    deadline = old.deadline;
    info = old.info;
    runstateArea = old.runstateArea;
    runstateKind = old.runstateKind;
    wakes = old.wakes;
    yields = old.yields;
    unmasked = old.unmasked;
    entry = old.entry;
    starts.addAll(old.starts);
    changes = old.changes;
    old.loaded = null;
  }

  @Override
  public FakeDomain domain() {
    return domain;
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public CpuContext context() {
    return context;
  }

  @Override
  public Cpu loaded() {
    return loaded;
  }

  /** Says whose registers are its own, null for none. */
  public void loaded(Cpu cpu) {
    loaded = cpu;
  }

  @Override
  public long x(int n) {
    return x[n];
  }

  @Override
  public void x(int n, long value) {
    x[n] = value;
  }

  @Override
  public boolean online() {
    return online;
  }

  @Override
  public void powerOn(long newEntry, long contextId) {
    entry = newEntry;
    x[0] = contextId;
    online = true;
    blocked = false;
    runstateKind = VcpuOp.RUNSTATE_runnable;
  }

  /** Where it was last powered on, -1 if it never was. */
  public long entry() {
    return entry;
  }

  // ---- On x86-64

  @Override
  public void init() {
    starts.add("init");
  }

  @Override
  public void startUp(int vector) {
    starts.add("start-up 0x" + Integer.toHexString(vector));
  }

  /** What it heard on x86-64, such as {@code init} and {@code start-up 0x9a}, in this order. */
  public List<String> starts() {
    return List.copyOf(starts);
  }

  @Override
  public void interruptsChanged() {
    changes++;
    if (blocked && hypervisor.port(GuestInterruptsPort.class).pending(this)) {
      wake();
    }
  }

  /** How often it was told of {@link #interruptsChanged}. */
  public int interruptChanges() {
    return changes;
  }

  @Override
  public void powerOff() {
    online = false;
    runstateKind = VcpuOp.RUNSTATE_offline;
  }

  @Override
  public void unmask() {
    unmasked++;
  }

  /** How often its mask of events was taken away. */
  public int unmasked() {
    return unmasked;
  }

  @Override
  public void block() {
    blockUntil(Long.MAX_VALUE);
  }

  @Override
  public void blockUntil(long virtualNanoseconds) {
    if (!hypervisor.gic().deliverable(this)) {
      blocked = true;
      deadline = virtualNanoseconds;
    }
  }

  /** Until when it waits, {@link Long#MAX_VALUE} if for ever or not at all. */
  public long deadline() {
    return deadline;
  }

  @Override
  public void wake() {
    wakes++;
    blocked = false;
    deadline = Long.MAX_VALUE;
  }

  /** How often it was woken. */
  public int wakes() {
    return wakes;
  }

  @Override
  public boolean blocked() {
    return blocked;
  }

  @Override
  public void yield() {
    yields++;
  }

  /** How often it gave up its turn. */
  public int yields() {
    return yields;
  }

  @Override
  public int processor() {
    return 0;
  }

  @Override
  public long info() {
    return info;
  }

  @Override
  public void info(long machineAddress) {
    info = machineAddress;
    hypervisor.port(DomainsPort.class).tell((listener, ofDomain) -> listener.moved(this), domain);
  }

  @Override
  public void runstateArea(long va) {
    runstateArea = va;
  }

  /** The runstate area that was registered. */
  public long runstateArea() {
    return runstateArea;
  }

  /** Guests' virtual addresses are guest physical ones here. */
  @Override
  public void store(long va, byte[] bytes) {
    domain.memory().write(va, bytes, 0, bytes.length);
  }

  /** The live array: a test may change it. */
  @Override
  public long[] runstate() {
    return runstate;
  }

  @Override
  public int runstateKind() {
    return runstateKind;
  }

  /** Sets the present run state. */
  public void runstateKind(int kind) {
    runstateKind = kind;
  }

  /**
   * A hypercall, made again as long as its handler says so.
   *
   * @return x0
   * @throws AssertionError if it is made again for ever
   */
  public long call(int number, long... arguments) {
    return hypervisor.call(this, 8, number, arguments);
  }

  /** The same of code with words of 4 bytes. */
  public long callNarrow(int number, long... arguments) {
    return hypervisor.call(this, 4, number, arguments);
  }
}
