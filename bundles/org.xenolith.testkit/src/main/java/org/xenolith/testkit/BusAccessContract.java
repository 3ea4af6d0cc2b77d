// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.ProtectionController.Table;

/** What a bus tells models of who accesses them, {@link BusAccess}: the machine's keeps it, and the fake one of models' tests. */
public abstract class BusAccessContract {
  private static final long BASE = 0x9000;
  private static final long NOBODY = AccessWitness.number(BusAccess.NO_CPU, false, false, MessageInput.NO_ID);
  private static final int REQUESTER = 0x18;

  /** How an access is made. */
  public record Access(int cpu, boolean secure, boolean privileged) {}

  /** A machine with two CPUs and one device. */
  public interface Bus {
    /** A CPU reads. */
    long read(Access by, long address, int size);

    /** A CPU writes. */
    void write(Access by, long address, int size, long value);

    /** A bus master to which the fabric gives an id writes to the device, which takes messages. */
    void message(long device, long address, long value);

    /** Time goes on, and what is due happens. */
    void pass(long nanoseconds);
  }

  /** A machine that has been started, with the model that a factory makes for a node. */
  protected abstract Bus bus(PlatformNode node, DeviceModelFactory factory);

  private Bus witness() {
    return bus(FakeNode.at("/witness@9000").compatible("example,device").window(BASE, 0x1000).cells("phandle", 6).build(),
        new AccessWitness.Factory());
  }

  private static long number(Access by) {
    return AccessWitness.number(by.cpu, by.secure, by.privileged, MessageInput.NO_ID);
  }

  private static final Access PLAIN = new Access(0, false, true);

  @Test
  protected final void eachAccessSaysItsCpuItsWorldAndItsPrivilege() {
    Bus bus = witness();
    for (int i = 0; i < 8; i++) {
      Access by = new Access(i & 1, (i & 2) != 0, (i & 4) != 0);
      assertEquals(number(by), bus.read(by, BASE + AccessWitness.READ, 8), by::toString);
      bus.write(by, BASE + AccessWitness.WRITTEN, 8, 0);
      assertEquals(number(by), bus.read(PLAIN, BASE + AccessWitness.WRITTEN, 8), by::toString);
    }
  }

  @Test
  protected final void outsideAccessesNobodyAsks() {
    Bus bus = witness();
    assertEquals(NOBODY, bus.read(PLAIN, BASE + AccessWitness.MADE, 8), "made");
    assertEquals(NOBODY, bus.read(PLAIN, BASE + AccessWitness.RESET, 8), "reset");
    bus.write(new Access(1, true, true), BASE + AccessWitness.ARM, 8, 100);
    bus.pass(200);
    assertEquals(NOBODY, bus.read(PLAIN, BASE + AccessWitness.RANG, 8), "alarm");
  }

  @Test
  protected final void aMessageIsTheBusMastersThatWrote() {
    Bus bus = witness();
    bus.read(new Access(1, true, true), BASE, 8);
    bus.message(REQUESTER, BASE + 0x40, 5);
    assertEquals(AccessWitness.number(BusAccess.NO_CPU, false, false, REQUESTER), bus.read(PLAIN, BASE + AccessWitness.MESSAGE, 8));
    assertEquals(number(PLAIN), bus.read(PLAIN, BASE + AccessWitness.READ, 8), "who asks then");
  }

  /** A device for one world only is built with it. */
  @Test
  protected final void aDeviceOfTheSecureWorldRefusesTheOther() {
    Bus bus = bus(FakeNode.at("/tzpc@9000").compatible("example,device").window(BASE, 0x1000).build(), new ProtectionController.Factory());
    Access secure = new Access(0, true, true);
    bus.write(secure, at(Table.DECPROT0SET), 4, 0x35);
    assertThrows(ExternalAbort.class, () -> bus.write(PLAIN, at(Table.DECPROT0SET), 4, 0xFF));
    assertThrows(ExternalAbort.class, () -> bus.write(PLAIN, at(Table.R0SIZE), 4, 1));
    assertThrows(ExternalAbort.class, () -> bus.read(PLAIN, at(Table.DECPROT0STAT), 4));
    assertEquals(0x35, bus.read(secure, at(Table.DECPROT0STAT), 4));
    bus.write(secure, at(Table.DECPROT0CLR), 4, 0x11);
    assertEquals(0x24, bus.read(secure, at(Table.DECPROT0STAT), 4));
    assertEquals(0x200, bus.read(secure, at(Table.R0SIZE), 4));
  }

  private static long at(Table register) {
    return BASE + register.spec().offset();
  }
}
