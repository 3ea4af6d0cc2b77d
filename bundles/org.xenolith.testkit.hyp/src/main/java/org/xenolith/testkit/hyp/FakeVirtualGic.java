// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GuestEvents;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.machine.api.CpuPort;

/** Remembers what is injected; nothing is ever delivered. A kick is an interrupt to EL2 until the CPU takes it. */
public final class FakeVirtualGic implements VirtualGic, GuestEvents {
  private final List<Injection> injections = new ArrayList<>();
  private final List<Level> levels = new ArrayList<>();
  private final List<Routing> routings = new ArrayList<>();
  private final List<LpiOrder> lpiOrders = new ArrayList<>();
  private final List<Domain> lpiDomains = new ArrayList<>();

  /** One {@link #inject}. */
  public record Injection(Vcpu vcpu, int intid) {}

  /** One {@link #level}. */
  public record Level(Vcpu vcpu, int intid, boolean high) {}

  /** One {@link #route}. */
  public record Routing(Domain domain, int intid, boolean edge) {}

  /** What an ITS did with LPIs: {@code clear}, {@code reload} (intid -1 for all) or {@code move} (intid -1 for all). */
  public record LpiOrder(String what, int vcpu, int intid) {}

  /** What was done with LPIs so far, besides {@link #inject}; the list may be cleared. */
  public List<LpiOrder> lpiOrders() {
    return lpiOrders;
  }

  /** Domains that were given LPIs. */
  public List<Domain> lpiDomains() {
    return lpiDomains;
  }

  @Override
  public boolean giveLpis(Domain domain) {
    if (!lpiDomains.contains(domain)) {
      lpiDomains.add(domain);
    }
    return true;
  }

  @Override
  public void clearLpi(Domain domain, int intid) {
    lpiOrders.add(new LpiOrder("clear", -1, intid));
  }

  @Override
  public void reloadLpi(Domain domain, int intid) {
    lpiOrders.add(new LpiOrder("reload", -1, intid));
  }

  @Override
  public void reloadLpis(Vcpu vcpu) {
    lpiOrders.add(new LpiOrder("reload", vcpu.id(), -1));
  }

  @Override
  public void moveLpi(Vcpu to, int intid) {
    lpiOrders.add(new LpiOrder("move", to.id(), intid));
  }

  @Override
  public void moveLpis(Vcpu from, Vcpu to) {
    lpiOrders.add(new LpiOrder("move", to.id(), -1));
  }

  /** What was injected so far; the list may be cleared. */
  public List<Injection> injections() {
    return injections;
  }

  /** Levels that were driven so far; the list may be cleared. */
  public List<Level> levels() {
    return levels;
  }

  /** Interrupts that domains were given so far; the list may be cleared. */
  public List<Routing> routings() {
    return routings;
  }

  /** The guest took all that waits for a vCPU: injections and levels of it are forgotten. */
  public void acknowledge(Vcpu vcpu) {
    injections.removeIf(i -> i.vcpu == vcpu);
    levels.removeIf(l -> l.vcpu == vcpu);
  }

  @Override
  public void inject(Vcpu vcpu, int intid) {
    injections.add(new Injection(vcpu, intid));
    vcpu.wake();
  }

  @Override
  public void raise(Vcpu vcpu) {
    inject(vcpu, vcpu.domain().eventInterrupt());
  }

  @Override
  public void level(Vcpu vcpu, int intid, boolean high) {
    levels.add(new Level(vcpu, intid, high));
    if (high) {
      vcpu.wake();
    }
  }

  /** Whether something was injected, or the last level of an input is high: as if all were enabled. */
  @Override
  public boolean deliverable(Vcpu vcpu) {
    return injections.stream().anyMatch(i -> i.vcpu == vcpu)
        || levels.stream().filter(l -> l.vcpu == vcpu).mapToInt(Level::intid).distinct().anyMatch(intid -> high(vcpu, intid));
  }

  private boolean high(Vcpu vcpu, int intid) {
    boolean high = false;
    for (Level level : levels) {
      if (level.vcpu == vcpu && level.intid == intid) {
        high = level.high;
      }
    }
    return high;
  }

  @Override
  public void interrupt(CpuPort cpu) {
    cpu.as(ArmCpu.class).signal(Signal.IRQ, false);
  }

  @Override
  public void kick(CpuPort cpu) {
    cpu.as(ArmCpu.class).signal(Signal.IRQ, true);
  }

  @Override
  public void start(CpuPort cpu) {}

  @Override
  public int route(Domain domain, int intid, boolean edge) {
    routings.add(new Routing(domain, intid, edge));
    return 0;
  }

  @Override
  public void hostInterrupt(int intid, boolean edge, boolean on) {}

  @Override
  public GicFacts facts(Domain domain) {
    return new GicFacts(2, 0x0800_0000L, 0x1_0000, 0x0801_0000L, 0x1_0000, 288);
  }
}
