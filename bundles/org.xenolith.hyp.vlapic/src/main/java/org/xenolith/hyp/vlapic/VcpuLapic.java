// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import org.xenolith.hyp.x64.api.X64Vcpu;
import org.xenolith.lapic.kit.LapicClock;
import org.xenolith.lapic.kit.LapicFabric;
import org.xenolith.lapic.kit.LapicMsrs;
import org.xenolith.lapic.kit.LapicPlace;
import org.xenolith.lapic.kit.LapicSurroundings;
import org.xenolith.lapic.kit.LocalApic;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.RegisterFaults.Kind;

/** The local APIC of one virtual CPU: what the APIC has around it, and the ways to its registers. */
final class VcpuLapic implements LapicSurroundings, MmioHandler {
  /** Frequency of the timers before their divider in hertz: that of Xen's, a tick each 10 ns. */
  private static final LapicClock CLOCK = new LapicClock(100_000_000);
  private static final long NOTHING = 0xFFFF_FFFFL;
  // What the virtual CPU has been told, in DomainLapics.told.
  private static final int NONE_WAITS = 0;
  private static final int ONE_WAITS = 1;
  /** There was nobody to be told. */
  private static final int MISSED = 2;

  final LocalApic apic;
  final LapicMsrs msrs;
  private final LapicMachine machine;
  private final DomainLapics domain;
  private final int id;

  VcpuLapic(LapicMachine machine, DomainLapics domain, int id, LapicFabric fabric) {
    this.machine = machine;
    this.domain = domain;
    this.id = id;
    apic = new LocalApic("vcpu" + id, domain.state, machine.faults, apicId(id), DomainLapics.FEATURES, CLOCK, fabric, this);
    msrs = new LapicMsrs(apic, DomainLapics.FEATURES, LapicPlace.fixed(DomainLapics.BASE), machine.faults);
  }

  /** As Xen numbers them: virtual CPUs are cores of two threads each, of which there is one. */
  static int apicId(int vcpu) {
    return vcpu * 2;
  }

  int apicId() {
    return apicId(id);
  }

  /** The virtual CPU; null while the core is away, whose objects do nothing any more. */
  private X64Vcpu vcpu() {
    return domain.domain() == null || !machine.hasCore() ? null : (X64Vcpu) domain.domain().vcpu(id);
  }

  // ---- Registers in memory

  /** A load from the page, whether there are registers in it or not. */
  long load(long offset, int size) {
    return AccessRule.WORD.read(this, offset, size);
  }

  /** A store to the page. */
  void store(long offset, int size, long value) {
    AccessRule.WORD.write(this, offset, size, value);
  }

  @Override
  public long read(long offset, int size) {
    if (apic.mode() != LocalApic.XAPIC) {
      machine.faults.report(Kind.UNKNOWN_READ, offset, 0);
      return NOTHING;
    }
    return apic.readMemory(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    if (apic.mode() != LocalApic.XAPIC) {
      machine.faults.report(Kind.UNKNOWN_WRITE, offset, value);
    } else {
      apic.writeMemory(offset, value);
    }
  }

  // ---- Around the APIC

  @Override
  public long now() {
    return machine.now();
  }

  @Override
  public long timeOf(long timeStamp) {
    return machine.timeOf(timeStamp);
  }

  @Override
  public long alarm() {
    return domain.deadlines[id];
  }

  @Override
  public void alarm(long nanoseconds) {
    domain.deadlines[id] = nanoseconds;
    machine.atLatest(nanoseconds);
  }

  @Override
  public boolean bootstrap() {
    return id == 0;
  }

  /** Another interrupt is told, too, where one waits already: the virtual CPU may have gone to sleep in spite of that one. */
  @Override
  public void interrupt(boolean level) {
    if (level || domain.notified[id] != NONE_WAITS) {
      X64Vcpu vcpu = vcpu();
      domain.notified[id] = vcpu == null ? MISSED : level ? ONE_WAITS : NONE_WAITS;
      if (vcpu != null) {
        vcpu.interruptsChanged();
      }
    }
  }

  /** Says anew whether an interrupt waits: there was nobody meanwhile who could be asked. */
  void tell() {
    domain.notified[id] = MISSED;
    apic.update();
  }

  /** The core is back. */
  void tellWhatWasMissed() {
    if (domain.notified[id] == MISSED) {
      apic.update();
    }
  }

  /** As in Xen: events that wait are told once more, for their upcall may be an interrupt that came too early. */
  @Override
  public void softwareEnabled() {
    X64Vcpu vcpu = vcpu();
    if (vcpu != null) {
      machine.tellOfEvents(vcpu);
    }
  }

  @Override
  public void nmi() {
    reportLost("nmi", "a non-maskable interrupt");
  }

  @Override
  public void init() {
    X64Vcpu vcpu = vcpu();
    if (vcpu != null) {
      vcpu.init();
    }
  }

  @Override
  public void startUp(int vector) {
    X64Vcpu vcpu = vcpu();
    if (vcpu != null) {
      vcpu.startUp(vector);
    }
  }

  @Override
  public void notDelivered(int delivery) {
    if (delivery == LapicFabric.SMI) {
      reportLost("smi", "a system management interrupt");
    } else {
      reportLost("extint", "an interrupt whose vector an 8259A would give");
    }
  }

  private void reportLost(String kind, String what) {
    machine.report(kind, "virtual CPU %d of domain %d is sent %s, which is lost".formatted(id, domain.id(), what));
  }

  @Override
  public void ended(int vector) {
    if (domain.domain() != null) {
      machine.ended(domain.domain(), vector);
    }
  }
}
