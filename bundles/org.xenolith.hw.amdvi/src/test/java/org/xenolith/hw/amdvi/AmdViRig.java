// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.pci.FakePciHost;

/** An IOMMU with its rings and a device table, and what a driver does with them. */
final class AmdViRig {
  static final long BASE = 0xFED8_0000L;
  static final int CONTROL = 0x18;
  static final int EXCLUSION = 0x20;
  static final int COMMAND_HEAD = 0x2000;
  static final int COMMAND_TAIL = 0x2008;
  static final int EVENT_HEAD = 0x2010;
  static final int EVENT_TAIL = 0x2018;
  static final int STATUS = 0x2020;
  static final int ENTRIES = 256;
  static final long DEVICES = FakeMemory.BASE + 0x1000;
  static final long COMMANDS = FakeMemory.BASE + 0x3000;
  static final long EVENTS = FakeMemory.BASE + 0x4000;
  static final long INTERRUPTS = FakeMemory.BASE + 0x5000;
  static final long TABLES = FakeMemory.BASE + 0x10_0000;
  static final long READ = 1L << 61;
  static final long WRITE = 1L << 62;
  /** IommuEn, EventLogEn, EventIntEn, ComWaitIntEn, CmdBufEn. */
  static final long ALL = 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 12;
  private static final PlatformNode NODE = FakePciHost.function("iommu@1,0", "xenolith,amd-iommu")
      .cells("amd,registers", 0, (int) BASE, 0, 0x4000).build();

  private final FakePciHost pci = new FakePciHost();
  private FakeContext context = pci.context().at(NODE);
  private DeviceModel model = context.create(new AmdViComponent());

  FakePciHost pci() {
    return pci;
  }

  FakeMemory memory() {
    return context.dma();
  }

  List<FakeContext.Message> messages() {
    return pci.context().sentMessages();
  }

  long read(int offset) {
    return context.readAt(BASE + offset, 8);
  }

  void write(int offset, long value) {
    context.writeAt(BASE + offset, 8, value);
  }

  /** Everything as a driver sets it up, the message of the IOMMU included. */
  AmdViRig start() {
    int msi = pci.capability(5, 0);
    pci.config(msi + 4, 4, 0xFEE0_0000);
    pci.config(msi + 12, 2, 0x99);
    pci.config(msi + 2, 2, 1);
    write(0x00, DEVICES | 1);
    write(0x08, COMMANDS | 8L << 56);
    write(0x10, EVENTS | 8L << 56);
    write(CONTROL, ALL);
    return this;
  }

  /** Virtual time passes. */
  void pass(long nanoseconds) {
    pci.context().clock().advance(nanoseconds);
  }

  /** Another version takes over. */
  void handOver() {
    var record = model.state().save();
    FakeContext old = context;
    context = context.successor();
    model = context.create(new AmdViComponent());
    model.state().restore(record);
    context.takeAlarms(old);
    model.restored();
  }

  void device(int device, long first, long second, long third) {
    memory().write(DEVICES + 32L * device, 8, first);
    memory().write(DEVICES + 32L * device + 8, 8, second);
    memory().write(DEVICES + 32L * device + 16, 8, third);
    command(2L << 60 | device, 0);
  }

  /** A device that is translated. */
  void translated(int device, int levels, int domain) {
    device(device, 3 | (long) levels << 9 | TABLES | READ | WRITE, domain, 0);
  }

  void command(long first, long second) {
    long tail = read(COMMAND_TAIL);
    memory().write(COMMANDS + tail, 8, first);
    memory().write(COMMANDS + tail + 8, 8, second);
    write(COMMAND_TAIL, tail + 16 & ENTRIES * 16 - 1);
  }

  long translate(int device, long address, boolean write) {
    return context.translator().translate(device, address, write);
  }

  void passes(int device, long address, boolean write, long to) {
    assertEquals(Long.toHexString(to), Long.toHexString(translate(device, address, write)));
  }

  /** It is refused, and that is the only event. */
  void faults(int device, long address, boolean write, long first, long second) {
    assertThrows(ExternalAbort.class, () -> translate(device, address, write));
    event(first, second);
  }

  boolean message(int device, long address, int size, long value) {
    return context.translator().message(device, address, size, value);
  }

  /** The only event is this one. */
  void event(long first, long second) {
    long head = read(EVENT_HEAD);
    assertEquals(head + 16 & ENTRIES * 16 - 1, read(EVENT_TAIL), "one event");
    assertEquals(Long.toHexString(first), Long.toHexString(memory().read(EVENTS + head, 8)));
    assertEquals(Long.toHexString(second), Long.toHexString(memory().read(EVENTS + head + 8, 8)));
    write(EVENT_HEAD, read(EVENT_TAIL));
  }

  void noEvent() {
    assertEquals(read(EVENT_HEAD), read(EVENT_TAIL));
  }
}
