// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.EchoFunction;
import org.xenolith.virtio.api.VirtioPort;

/** A driver in the order of 3.1.1 and 4.1.5 finds all structures by their capabilities. */
class VirtioPciTest {
  private static final int VENDOR_SPECIFIC = 9;
  private static final int COMMON = 1;
  private static final int NOTIFY = 2;
  private static final int ISR = 3;
  private static final int DEVICE = 4;
  private static final int PCI = 5;
  private static final int NO_VECTOR = 0xFFFF;
  private static final int SIZE = 8;
  private static final long DATA = FakeMemory.BASE + 0x1_0000;

  private FakePciHost pci;
  private FakeContext context;
  private DeviceModel model;
  private EchoFunction function;
  private DriverQueue queue;

  @BeforeEach
  void start() {
    pci = new FakePciHost();
    context = pci.context().at(FakePciHost.function("virtio@1", "xenolith,pci-virtio").build());
    model = context.create(new VirtioPciComponent());
    function = new EchoFunction(port());
    port().plug(function);
    queue = new DriverQueue(pci.context().dma(), FakeMemory.BASE, SIZE);
    pci.enable();
  }

  private VirtioPort port() {
    return context.port(VirtioPort.class);
  }

  private int capability(int type) {
    int at = pci.capability(VENDOR_SPECIFIC, 0);
    while (pci.config(at + 3, 1) != type) {
      at = pci.capability(VENDOR_SPECIFIC, at);
    }
    return at;
  }

  private long structure(int type) {
    return pci.config(capability(type) + 8, 4);
  }

  private long common(CommonField field) {
    return pci.read(structure(COMMON) + field.offset, field.size);
  }

  private void common(CommonField field, long value) {
    if (field.size == 8) {
      pci.write(structure(COMMON) + field.offset, 4, value & 0xFFFF_FFFFL);
      pci.write(structure(COMMON) + field.offset + 4, 4, value >>> 32);
    } else {
      pci.write(structure(COMMON) + field.offset, field.size, value);
    }
  }

  private void initialize() {
    common(CommonField.device_status, 0);
    common(CommonField.device_status, 3);
    common(CommonField.driver_feature_select, 0);
    common(CommonField.driver_feature, 1 << 6);
    common(CommonField.driver_feature_select, 1);
    common(CommonField.driver_feature, 1);
    common(CommonField.device_status, 11);
    assertEquals(11, common(CommonField.device_status));
    common(CommonField.queue_select, 0);
    common(CommonField.queue_size, SIZE);
    common(CommonField.queue_desc, queue.descriptors);
    common(CommonField.queue_driver, queue.available);
    common(CommonField.queue_device, queue.used);
    common(CommonField.queue_enable, 1);
    common(CommonField.device_status, 15);
  }

  private void messages() {
    pci.enableMessages(0x4000, VirtioPci.VECTORS);
    common(CommonField.config_msix_vector, 0);
    common(CommonField.queue_select, 0);
    common(CommonField.queue_msix_vector, 3);
    assertEquals(3, common(CommonField.queue_msix_vector));
  }

  private void offer() {
    queue.describe(0, DATA, 512, 0, 0).offer(0);
  }

  private void ring() {
    int at = capability(NOTIFY);
    pci.write(pci.config(at + 8, 4) + common(CommonField.queue_notify_off) * pci.config(at + 16, 4), 2, 0);
  }

  @Test
  void identifiersFollowTheFunction() {
    assertEquals(0x1042_1AF4, pci.config(0, 4));
    assertEquals(1, pci.config(8, 1));
    assertEquals(0x1100_1AF4, pci.config(0x2C, 4));
    port().plug(null);
    assertEquals(0x1042_1AF4, pci.config(0, 4), "away for a moment");
  }

  @Test
  void endpointThatNeverHadAFunctionIsNotThere() {
    FakePciHost empty = new FakePciHost();
    FakeContext alone = empty.context().at(FakePciHost.function("virtio@1", "xenolith,pci-virtio").build());
    alone.create(new VirtioPciComponent());
    empty.enable();
    assertEquals(-1, empty.config(0, 4));
    assertEquals(0xFFFF, empty.config(0, 2));
    assertEquals(0xFFFF_FFFFL, empty.read(0, 4));
    alone.port(VirtioPort.class).plug(new EchoFunction(alone.port(VirtioPort.class)));
    empty.enable();
    assertEquals(0x1042_1AF4, empty.config(0, 4));
    assertEquals(1, empty.read(CommonField.num_queues.offset, 2));
  }

  @Test
  void structuresAreWhereTheCapabilitiesSay() {
    for (int type : new int[] {COMMON, NOTIFY, ISR, DEVICE}) {
      int at = capability(type);
      assertEquals(type == NOTIFY ? 20 : 16, pci.config(at + 2, 1));
      assertEquals(0, pci.config(at + 4, 1));
      long end = pci.config(at + 8, 4) + (long) pci.config(at + 12, 4);
      assertTrue(pci.config(at + 12, 4) > 0 && end <= 0x4000, "type " + type);
    }
    assertEquals(56, pci.config(capability(COMMON) + 12, 4));
    assertEquals(VirtioPci.VECTORS - 1, pci.config(pci.capability(0x11, 0) + 2, 2));
  }

  @Test
  void whoLooksIsShownTheFieldsAsADriverReadsThem() {
    initialize();
    Map<String, Long> shown = new HashMap<>();
    model.state().visitRegisters((window, register, value, stored) -> shown.put(window + "." + register.name(), stored ? value : -1));
    for (CommonField field : CommonField.values()) {
      assertEquals(common(field), shown.get("common." + field.name()), field.name());
    }
    assertEquals(15, shown.get("common.device_status"));
  }

  @Test
  void commonConfigurationReadsWhatItIsAtFirst() {
    assertEquals(1 << 28 | 1 << 29 | 1 << 6, common(CommonField.device_feature));
    common(CommonField.device_feature_select, 1);
    assertEquals(3, common(CommonField.device_feature));
    common(CommonField.device_feature_select, 2);
    assertEquals(0, common(CommonField.device_feature));
    assertEquals(1, common(CommonField.num_queues));
    assertEquals(256, common(CommonField.queue_size));
    assertEquals(NO_VECTOR, common(CommonField.queue_msix_vector));
    assertEquals(NO_VECTOR, common(CommonField.config_msix_vector));
    assertEquals(0, common(CommonField.queue_enable));
    common(CommonField.queue_select, 1);
    assertEquals(0, common(CommonField.queue_size));
    common(CommonField.queue_select, 0xFFFF);
    assertEquals(0, common(CommonField.queue_size));
    common(CommonField.queue_msix_vector, 1);
    assertEquals(NO_VECTOR, common(CommonField.queue_msix_vector));
    common(CommonField.queue_enable, 1);
    assertEquals(0, common(CommonField.queue_enable));
  }

  @Test
  void vectorsThatAreNotThereAreRefused() {
    common(CommonField.config_msix_vector, VirtioPci.VECTORS - 1);
    assertEquals(VirtioPci.VECTORS - 1, common(CommonField.config_msix_vector));
    common(CommonField.config_msix_vector, VirtioPci.VECTORS);
    assertEquals(NO_VECTOR, common(CommonField.config_msix_vector));
  }

  @Test
  void fieldsAreWrittenWhole() {
    initialize();
    pci.write(structure(COMMON) + CommonField.queue_desc.offset, 2, 0);
    pci.write(structure(COMMON) + CommonField.config_msix_vector.offset, 4, 0);
    pci.write(structure(COMMON) + CommonField.num_queues.offset, 2, 0);
    pci.write(structure(COMMON) + 56, 2, 0);
    pci.read(structure(COMMON) + 56, 2);
    assertEquals(4, context.reportedFaults().size());
    assertEquals(1L << 48 | 256, pci.read(structure(COMMON) + 16, 4) << 32 & 0xFFFF_0000_0000_0000L | 256, "fields side by side");
    assertEquals(queue.used, pci.read(structure(COMMON) + CommonField.queue_device.offset, 8));
    common(CommonField.queue_desc, 0x1000);
    assertEquals(queue.descriptors, common(CommonField.queue_desc), "not while the queue is enabled");
  }

  @Test
  void featuresThatWereNotOfferedAreRefused() {
    common(CommonField.device_status, 3);
    common(CommonField.driver_feature, 1 << 5);
    common(CommonField.driver_feature_select, 1);
    common(CommonField.driver_feature, 1);
    common(CommonField.device_status, 11);
    assertEquals(3, common(CommonField.device_status));
    assertEquals(-1, function.accepted);
  }

  @Test
  void notificationLeadsToMessagesOnTheVectorOfTheQueue() {
    initialize();
    messages();
    offer();
    ring();
    assertEquals(List.of("0:1:0"), function.chains);
    assertEquals(1, queue.usedIndex());
    assertEquals(512, queue.usedLength(0));
    assertEquals(List.of(new Message(FakePciHost.DEVFN, 0x800_0030, 4, 0x103)), pci.context().sentMessages());
    assertEquals(0, pci.read(structure(ISR), 1));
    assertFalse(pci.pin().level());
    pci.context().sentMessages().clear();
    port().transport().configChanged();
    assertEquals(List.of(new Message(FakePciHost.DEVFN, 0x800_0000, 4, 0x100)), pci.context().sentMessages());
    assertEquals(1, common(CommonField.config_generation));
    common(CommonField.queue_msix_vector, NO_VECTOR);
    pci.context().sentMessages().clear();
    offer();
    ring();
    assertEquals(List.of(), pci.context().sentMessages());
  }

  @Test
  void withoutMessagesThePinIsHighUntilTheStatusIsRead() {
    initialize();
    offer();
    ring();
    port().transport().configChanged();
    assertTrue(pci.pin().level());
    assertEquals(3, pci.read(structure(ISR), 1));
    assertFalse(pci.pin().level());
    assertEquals(0, pci.read(structure(ISR), 1));
  }

  @Test
  void driversMayResetTheDevice() {
    initialize();
    messages();
    common(CommonField.device_status, 0);
    assertEquals(0, common(CommonField.device_status));
    assertEquals(0, common(CommonField.queue_enable));
    assertEquals(NO_VECTOR, common(CommonField.queue_msix_vector));
    assertEquals(NO_VECTOR, common(CommonField.config_msix_vector));
    assertEquals(2, function.resets);
    offer();
    ring();
    assertEquals(List.of(), function.chains);
    initialize();
    ring();
    assertEquals(List.of("0:1:0"), function.chains);
  }

  @Test
  void functionLevelResetIsADeviceReset() {
    initialize();
    pci.config(pci.capability(0x10, 0) + 8, 2, 0x8000);
    assertEquals(2, function.resets);
    assertEquals(0x1042_1AF4, pci.config(0, 4));
    assertEquals(0, pci.config(4, 2));
    pci.enable();
    assertEquals(0, common(CommonField.device_status));
    assertEquals(0, common(CommonField.queue_desc));
  }

  @Test
  void deviceConfigurationIsTheFunctions() {
    assertEquals(0x5566_7788, pci.read(structure(DEVICE), 4));
    assertEquals(0x11, pci.read(structure(DEVICE) + 7, 1));
    assertEquals(0, pci.read(structure(DEVICE) + 8, 4));
    port().plug(null);
    assertEquals(0, pci.read(structure(DEVICE), 4));
    assertEquals(0, common(CommonField.num_queues));
  }

  @Test
  void configurationCyclesReachTheBar() {
    int at = capability(PCI);
    pci.config(at + 8, 4, (int) structure(DEVICE) + 4);
    pci.config(at + 12, 4, 4);
    assertEquals(0x1122_3344, pci.config(at + 16, 4));
    pci.config(at + 12, 4, 1);
    assertEquals(0x44, pci.config(at + 16, 1));
    pci.config(at + 8, 4, (int) structure(COMMON) + CommonField.device_status.offset);
    pci.config(at + 16, 4, 3);
    assertEquals(3, common(CommonField.device_status));
    for (int[] bad : new int[][] {{0, 3}, {2, 4}, {0x8000, 4}, {-4, 4}, {0, 8}, {0, -1}}) {
      pci.config(at + 8, 4, bad[0]);
      pci.config(at + 12, 4, bad[1]);
      pci.config(at + 16, 4, 0);
      assertEquals(0, pci.config(at + 16, 4));
    }
    assertEquals(3, common(CommonField.device_status));
  }

  @Test
  void malformedQueuesNeedAReset() {
    initialize();
    messages();
    queue.describe(0, DATA, 512, DriverQueue.NEXT, 0).offer(0);
    ring();
    assertEquals(15 | 0x40, common(CommonField.device_status));
    assertEquals(List.of(new Message(FakePciHost.DEVFN, 0x800_0000, 4, 0x100)), pci.context().sentMessages());
    assertEquals("virtio-queue-broken", context.reportedEvents().getFirst().kind());
  }

  @Test
  void notificationsWaitForAFunctionThatIsAway() {
    initialize();
    port().plug(null);
    offer();
    ring();
    port().plug(function);
    pci.context().clock().advance(1);
    assertEquals(List.of("0:1:0"), function.chains);
  }

  @Test
  void handOverKeepsQueuesAndVectors() {
    initialize();
    messages();
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
    ring();
    assertEquals(List.of(new Message(FakePciHost.DEVFN, 0x800_0030, 4, 0x103)), pci.context().sentMessages());
    assertSame(function, port().function());
  }

  @Test
  void transportThatComesBackLooksAtItsQueues() {
    initialize();
    StateRecord record = model.state().save();
    model.removed();
    assertNull(port().transport());
    assertEquals(-1, pci.config(0, 4));
    offer();
    context = context.successor();
    model = new VirtioPciComponent().create(context);
    model.state().restore(record);
    model.restored();
    pci.context().clock().advance(1);
    assertEquals(List.of("0:1:0"), function.chains);
    assertTrue(pci.pin().level());
  }
}
