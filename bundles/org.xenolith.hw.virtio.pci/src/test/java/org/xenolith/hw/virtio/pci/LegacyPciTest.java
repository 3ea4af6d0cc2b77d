// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

/** A driver of Virtio PCI Card 0.9.5, with the registers in I/O space. */
class LegacyPciTest {
  private static final long PORT = 0x1000;
  private static final int PAGE = 4096;
  private static final int SIZE = 256;
  private static final int CONFIG = 20;
  private static final int CONFIG_BEHIND_VECTORS = 24;
  /** 2.7.2: 256 descriptors and their ring take a page and 518 bytes. */
  private static final long USED = FakeMemory.BASE + 2 * PAGE;
  private static final long DATA = FakeMemory.BASE + 0x1_0000;

  private FakePciHost pci;
  private FakeContext context;
  private DeviceModel model;
  private EchoFunction function;
  private DriverQueue queue;

  @BeforeEach
  void start() {
    pci = new FakePciHost();
    context = pci.context().at(FakePciHost.function("virtio@1", "xenolith,pci-virtio-legacy").build());
    model = context.create(new VirtioPciComponent());
    function = new EchoFunction(port());
    port().plug(function);
    queue = new DriverQueue(pci.context().dma(), FakeMemory.BASE, SIZE);
    enable();
  }

  private void enable() {
    pci.config(0x10, 4, (int) PORT);
    pci.config(0x14, 4, (int) FakePciHost.MEMORY);
    pci.config(4, 2, 7);
  }

  private VirtioPort port() {
    return context.port(VirtioPort.class);
  }

  private long read(LegacyHeader field) {
    return pci.host().read(true, PORT + field.offset, field.size);
  }

  private void write(LegacyHeader field, long value) {
    pci.host().write(true, PORT + field.offset, field.size, value);
  }

  private void initialize() {
    write(LegacyHeader.device_status, 0);
    write(LegacyHeader.device_status, 3);
    write(LegacyHeader.driver_feature, 1 << 6);
    write(LegacyHeader.queue_select, 0);
    assertEquals(SIZE, read(LegacyHeader.queue_size));
    assertEquals(0, read(LegacyHeader.queue_address));
    write(LegacyHeader.queue_address, FakeMemory.BASE / PAGE);
    assertEquals(FakeMemory.BASE / PAGE, read(LegacyHeader.queue_address));
    write(LegacyHeader.device_status, 7);
  }

  private void offer() {
    queue.describe(0, DATA, 512, 0, 0).offer(0);
    write(LegacyHeader.queue_notify, 0);
  }

  private int used() {
    return (int) pci.context().dma().read(USED + 2, 2);
  }

  @Test
  void whoLooksIsShownTheHeaderWithoutTakingTheInterrupt() {
    Map<String, OptionalLong> shown = new HashMap<>();
    model.state().visitRegisters((window, register, value, stored) -> shown.put(window + "." + register.name(), stored ? OptionalLong.of(
        value)
        : OptionalLong.empty()));
    for (LegacyHeader field : LegacyHeader.values()) {
      assertEquals(field == LegacyHeader.isr_status ? OptionalLong.empty() : field.offset < LegacyHeader.LENGTH ? OptionalLong.of(read(
          field))
          : OptionalLong.of(QueueVectors.NONE), shown.get("header." + field.name()), field.name());
    }
    assertEquals(OptionalLong.of(1), shown.get("bar1.msix.Vector Control 0"), "masked");
  }

  @Test
  void identifiersAreThoseOfLegacyCards() {
    assertEquals(0x1001_1AF4, pci.config(0, 4));
    assertEquals(0, pci.config(8, 1), "revision");
    assertEquals(2 << 16 | 0x1AF4, pci.config(0x2C, 4));
    assertEquals(PORT | 1, pci.config(0x10, 4));
    assertEquals(0, pci.capability(9, 0), "no structures of version 1");
    port().plug(null);
    assertEquals(0x1001_1AF4, pci.config(0, 4), "away for a moment");
  }

  @Test
  void theOptionMakesACardOfVersion1ALegacyOne() {
    FakePciHost other = new FakePciHost();
    FakeContext card = other.context().at(FakePciHost.function("virtio@1", "xenolith,pci-virtio").option("legacy", "true").build());
    card.create(new VirtioPciComponent());
    VirtioPort port = card.port(VirtioPort.class);
    assertEquals(-1, other.config(0, 4), "no function has been there");
    port.plug(new EchoFunction(port));
    assertEquals(0x1001_1AF4, other.config(0, 4));
    assertTrue(port.transport().legacy());
  }

  @Test
  void chainsGoThroughTheQueue() {
    assertEquals(1 << 6 | 1 << 27 | 1 << 28 | 1 << 29, read(LegacyHeader.device_feature));
    initialize();
    assertEquals(1 << 6, function.accepted);
    assertEquals(1 << 6, read(LegacyHeader.driver_feature));
    offer();
    assertEquals(List.of("0:1:0"), function.chains);
    assertEquals(1, used());
    assertTrue(pci.pin().level());
    assertEquals(1, read(LegacyHeader.isr_status));
    assertFalse(pci.pin().level());
    assertEquals(0, read(LegacyHeader.isr_status));
  }

  @Test
  void theConfigurationMovesBehindTheVectors() {
    assertEquals(0x5566_7788, pci.host().read(true, PORT + CONFIG, 4));
    pci.enableMessages(0, VirtioPci.VECTORS);
    assertEquals(0x5566_7788, pci.host().read(true, PORT + CONFIG_BEHIND_VECTORS, 4));
    assertEquals(QueueVectors.NONE, read(LegacyHeader.config_msix_vector));
    initialize();
    write(LegacyHeader.queue_msix_vector, 3);
    write(LegacyHeader.config_msix_vector, VirtioPci.VECTORS);
    assertEquals(3, read(LegacyHeader.queue_msix_vector));
    assertEquals(QueueVectors.NONE, read(LegacyHeader.config_msix_vector), "there is no such vector");
    write(LegacyHeader.config_msix_vector, 0);
    offer();
    port().transport().configChanged();
    assertEquals(List.of(new Message(FakePciHost.DEVFN, 0x800_0030, 4, 0x103), new Message(FakePciHost.DEVFN, 0x800_0000, 4, 0x100)),
        pci.context().sentMessages());
    assertFalse(pci.pin().level());
  }

  @Test
  void resetsForgetTheQueue() {
    initialize();
    write(LegacyHeader.device_status, 0);
    write(LegacyHeader.queue_select, 0);
    assertEquals(0, read(LegacyHeader.queue_address));
    offer();
    assertEquals(List.of(), function.chains);
    initialize();
    pci.config(pci.capability(0x10, 0) + 8, 2, 0x8000);
    enable();
    assertEquals(0, read(LegacyHeader.device_status));
    assertEquals(0, read(LegacyHeader.queue_address));
  }

  /** As edk2 places the first I/O BAR. */
  @Test
  void theHeaderMayBeAtAddressZero() {
    pci.config(0x10, 4, 0);
    assertEquals(SIZE, pci.host().read(true, LegacyHeader.queue_size.offset, 2));
    pci.config(4, 2, 6);
    assertEquals(0xFFFF, pci.host().read(true, LegacyHeader.queue_size.offset, 2));
  }

  @Test
  void accessesOfNoFieldAreReported() {
    pci.host().read(true, PORT + 1, 1);
    pci.host().write(true, PORT + LegacyHeader.queue_size.offset, 4, 5);
    write(LegacyHeader.queue_select, 9);
    assertEquals(0, read(LegacyHeader.queue_size));
    write(LegacyHeader.queue_address, 5);
    assertEquals(0, read(LegacyHeader.queue_address));
    assertEquals(3, context.reportedFaults().size());
  }

  @Test
  void handOverKeepsQueuesAndVectors() {
    initialize();
    StateRecord record = model.state().save();
    FakeContext old = context;
    context = old.successor();
    DeviceModel before = model;
    model = context.create(new VirtioPciComponent());
    model.state().restore(record);
    context.takeAlarms(old);
    model.restored();
    before.state().reset();
    assertEquals(record, model.state().save());
    offer();
    assertEquals(1, used());
    assertTrue(pci.pin().level());
  }

  @Test
  void transportThatComesBackLooksAtItsQueues() {
    initialize();
    StateRecord record = model.state().save();
    model.removed();
    assertNull(port().transport());
    assertEquals(-1, pci.config(0, 4));
    queue.describe(0, DATA, 512, 0, 0).offer(0);
    context = context.successor();
    model = new VirtioPciComponent().create(context);
    model.state().restore(record);
    model.restored();
    pci.context().clock().advance(1);
    assertEquals(List.of("0:1:0"), function.chains);
  }
}
