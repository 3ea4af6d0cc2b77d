// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.FullLane;

/** The product's GICv3 and ITS together, driven as by the kernel: from a message to the end of its interrupt. */
@FullLane
class MessageInterruptsTest {
  private static final int ICC_PMR_EL1 = SystemRegister.id(3, 0, 4, 6, 0);
  private static final int ICC_IAR1_EL1 = SystemRegister.id(3, 0, 12, 12, 0);
  private static final int ICC_EOIR1_EL1 = SystemRegister.id(3, 0, 12, 12, 1);
  private static final int ICC_IGRPEN1_EL1 = SystemRegister.id(3, 0, 12, 12, 7);
  private static final int NONE = 1023;
  private static final int LPI = 8192;
  private static final int CPUS = 2;
  private static final long CONFIGURATION = FakeMemory.BASE;
  private static final long PENDING = FakeMemory.BASE + 0x2_0000;
  private static final long QUEUE = FakeMemory.BASE + 0x4_0000;
  private static final long DEVICES = FakeMemory.BASE + 0x5_0000;
  private static final long COLLECTIONS = FakeMemory.BASE + 0x6_0000;
  private static final long ITT = FakeMemory.BASE + 0x7_0000;
  private static final long VALID = 1L << 63;
  private static final long PAGE_64K = 2 << 8;
  private static final long TRANSLATER = 0x1_0040;
  /** A function's requester id, mapped one to one. */
  private static final long DEVICE = 0x08;

  private final InstalledProduct product = InstalledProduct.get();
  private final PlatformNode translation = FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its")
      .window(0x808_0000, 0x2_0000).build();
  private FakeContext gic = new FakeContext(FakeNode.at("/intc@8000000").compatible("arm,gic-v3")
      .window(0x800_0000, 0x1_0000).window(0x80A_0000, 0xF6_0000).build(), CPUS).beside(translation);
  private FakeContext its = gic.at(translation);
  private DeviceModel controller;
  private DeviceModel translator;
  private long written;

  private DeviceModelFactory factory(String name) {
    return product.services(DeviceModelFactory.class).stream().filter(f -> f.description().name().equals(name)).findFirst()
        .orElseThrow();
  }

  /** As the kernel does it: LPIs of every CPU on, two collections, one device with four events. */
  @BeforeEach
  void start() {
    controller = gic.create(factory("GICv3"));
    translator = its.create(factory("ITS"));
    gic.write(0, 0, 4, 2);
    for (int cpu = 0; cpu < CPUS; cpu++) {
      long frame = 0x2_0000L * cpu;
      gic.write(1, frame + 0x14, 4, 0);
      gic.write(1, frame + 0x70, 8, CONFIGURATION | 15);
      gic.write(1, frame + 0x78, 8, PENDING + 0x1_0000 * cpu);
      gic.write(1, frame, 4, 1);
      gic.cpus().get(cpu).msr(ICC_PMR_EL1, 0xF0);
      gic.cpus().get(cpu).msr(ICC_IGRPEN1_EL1, 1);
    }
    its.write(0, 0x100, 8, VALID | PAGE_64K | DEVICES);
    its.write(0, 0x108, 8, VALID | PAGE_64K | COLLECTIONS);
    its.write(0, 0x80, 8, VALID | QUEUE | 15);
    its.write(0, 0, 4, 1);
    for (long cpu = 0; cpu < CPUS; cpu++) {
      command(9, 0, VALID | cpu << 16 | cpu);
      command(13, 0, cpu);
    }
    command(DEVICE << 32 | 8, 1, VALID | ITT);
    for (long event = 0; event < 4; event++) {
      configure((int) event, true);
      command(DEVICE << 32 | 10, LPI + event << 32 | event, 0);
      command(DEVICE << 32 | 12, event, 0);
    }
  }

  /** One command and the SYNC behind it. */
  private void command(long word0, long word1, long word2) {
    for (long[] words : new long[][] {{word0, word1, word2}, {5, 0, 0}}) {
      for (int i = 0; i < words.length; i++) {
        its.dma().write(QUEUE + written + 8 * i, 8, words[i]);
      }
      written += 32;
    }
    its.write(0, 0x88, 4, written);
    assertEquals(written, its.read(0, 0x90, 4), "GITS_CREADR");
  }

  private void configure(int event, boolean enabled) {
    its.dma().write(CONFIGURATION + event, 1, 0xA0 | 2 | (enabled ? 1 : 0));
  }

  private void message(int event) {
    its.message(0, DEVICE, TRANSLATER, event);
  }

  private boolean irq(int cpu) {
    return gic.cpus().get(cpu).signal(Signal.IRQ);
  }

  private long acknowledge(int cpu) {
    return gic.cpus().get(cpu).mrs(ICC_IAR1_EL1);
  }

  private void end(int cpu, long id) {
    gic.cpus().get(cpu).msr(ICC_EOIR1_EL1, id);
  }

  /** Another version of both takes over, the GIC last: contexts of one machine share the CPUs' registers. */
  private void replaceBoth() {
    FakeContext nextIts = its.successor();
    translator = takeOver(its, nextIts, translator, factory("ITS"));
    FakeContext nextGic = gic.successor();
    controller = takeOver(gic, nextGic, controller, factory("GICv3"));
    its = nextIts;
    gic = nextGic;
  }

  private static DeviceModel takeOver(FakeContext old, FakeContext next, DeviceModel model, DeviceModelFactory factory) {
    DeviceModel successor = next.create(factory);
    successor.state().restore(model.state().save());
    next.takeAlarms(old);
    successor.restored();
    return successor;
  }

  @Test
  void messageIsAcknowledgedAndEnded() {
    message(3);
    assertTrue(irq(0));
    assertFalse(irq(1));
    assertEquals(LPI + 3, acknowledge(0));
    assertFalse(irq(0));
    end(0, LPI + 3);
    assertEquals(NONE, acknowledge(0));
    message(3);
    assertEquals(LPI + 3, acknowledge(0));
    assertEquals(0, its.reportedEvents().size(), () -> its.reportedEvents().toString());
  }

  @Test
  void maskedMessageWaitsForTheInvalidation() {
    configure(1, false);
    command(DEVICE << 32 | 12, 1, 0);
    message(1);
    assertFalse(irq(0));
    configure(1, true);
    assertFalse(irq(0), "the configuration is read when it is told");
    command(DEVICE << 32 | 12, 1, 0);
    assertEquals(LPI + 1, acknowledge(0));
  }

  @Test
  void pendingInterruptMovesAndIsDiscarded() {
    message(2);
    command(DEVICE << 32 | 1, 2, 1);
    assertFalse(irq(0));
    assertTrue(irq(1));
    command(DEVICE << 32 | 15, 2, 0);
    assertFalse(irq(1));
    message(2);
    assertFalse(irq(0) || irq(1));
  }

  @Test
  void noOtherDevicesMessageArrives() {
    its.message(0, DEVICE + 1, TRANSLATER, 0);
    its.message(0, DEVICE + 1, TRANSLATER, DEVICE << 16);
    its.message(0, -1, TRANSLATER, 0);
    assertFalse(irq(0) || irq(1));
    assertEquals(3, its.reportedEvents().size());
  }

  @Test
  void replacementOfBothLosesNothing() {
    message(0);
    assertEquals(LPI, acknowledge(0));
    message(1);
    replaceBoth();
    end(0, LPI);
    assertEquals(LPI + 1, acknowledge(0));
    end(0, LPI + 1);
    replaceBoth();
    message(2);
    assertEquals(LPI + 2, acknowledge(0));
    command(DEVICE << 32 | 1, 3, 1);
    message(3);
    assertEquals(LPI + 3, acknowledge(1));
  }

  @Test
  void messagesWithoutAGicAreLostAndComeAgain() {
    controller.removed();
    message(0);
    assertEquals("its-message", its.reportedEvents().getLast().kind());
    FakeContext back = gic.successor();
    controller = takeOver(gic, back, controller, factory("GICv3"));
    gic = back;
    assertFalse(irq(0));
    message(0);
    assertEquals(LPI, acknowledge(0));
  }
}
