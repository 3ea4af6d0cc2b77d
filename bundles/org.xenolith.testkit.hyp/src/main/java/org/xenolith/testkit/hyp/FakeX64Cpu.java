// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.LocalInterrupts;
import org.xenolith.x64.api.MsrHandler;

/** A physical CPU of x86-64 that has nothing but an APIC id: the platform object of a {@link FakeHypervisor}'s CPU. Those that have more extend it. */
public class FakeX64Cpu implements Cpu {
  /** Not 0, so that who forgets it is seen. */
  public static final int APIC_ID = 4;

  @Override
  public long timeStamp() {
    return 0;
  }

  @Override
  public long timeStampHertz() {
    return 2_000_000_000L;
  }

  @Override
  public long timeOf(long timeStamp) {
    return timeStamp;
  }

  @Override
  public void atTimeStampWritten(Runnable action) {}

  @Override
  public int index() {
    return 0;
  }

  @Override
  public boolean powered() {
    return true;
  }

  @Override
  public void powerOff() {
    throw new AssertionError("a subsystem switches a CPU off");
  }

  @Override
  public int apicId() {
    return APIC_ID;
  }

  @Override
  public void interrupt(boolean level) {
    throw new AssertionError("the machine's APICs interrupt");
  }

  @Override
  public void nmi() {
    interrupt(true);
  }

  @Override
  public void init() {
    interrupt(true);
  }

  @Override
  public void startUp(int vector) {
    interrupt(true);
  }

  @Override
  public boolean bootstrap() {
    return true;
  }

  @Override
  public int physicalAddressBits() {
    return 40;
  }

  @Override
  public void registersAt(long window, long address) {
    throw new AssertionError("a subsystem moves registers");
  }

  @Override
  public int privilegeLevel() {
    return 0;
  }

  @Override
  public void claim(LocalInterrupts controller) {
    throw new AssertionError("the local APIC is the machine's");
  }

  @Override
  public void claim(MsrHandler handler, int... msrs) {
    throw new AssertionError("model-specific registers of the machine");
  }
}
