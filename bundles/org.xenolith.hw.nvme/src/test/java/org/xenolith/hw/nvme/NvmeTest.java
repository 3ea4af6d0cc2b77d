// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.nvme.NvmeDriver.ACQ;
import static org.xenolith.hw.nvme.NvmeDriver.AQA;
import static org.xenolith.hw.nvme.NvmeDriver.ASQ;
import static org.xenolith.hw.nvme.NvmeDriver.CAP;
import static org.xenolith.hw.nvme.NvmeDriver.CC;
import static org.xenolith.hw.nvme.NvmeDriver.CREATE_CQ;
import static org.xenolith.hw.nvme.NvmeDriver.CREATE_SQ;
import static org.xenolith.hw.nvme.NvmeDriver.CSTS;
import static org.xenolith.hw.nvme.NvmeDriver.DATA;
import static org.xenolith.hw.nvme.NvmeDriver.DOORBELLS;
import static org.xenolith.hw.nvme.NvmeDriver.ENABLE;
import static org.xenolith.hw.nvme.NvmeDriver.IDENTIFY;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockPort;
import org.xenolith.hw.nvme.NvmeDriver.Queue;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.pci.FakePciHost;

/** The function and the controller. */
class NvmeTest {
  private NvmeRig rig;
  private NvmeDriver driver;

  @BeforeEach
  void start() {
    rig = new NvmeRig();
    driver = new NvmeDriver(rig);
    rig.pci.enable();
  }

  // ---- The function

  @Test
  void configurationSpaceIsThatOfAnNvmeController() {
    assertEquals(0x0010_1B36, rig.config(0, 4));
    assertEquals(0x010802, rig.config(8, 4) >>> 8);
    assertEquals(1, rig.config(0x3D, 1));
    rig.config(0x10, 4, -1);
    rig.config(0x14, 4, -1);
    assertEquals(0xFFFF_C004, rig.config(0x10, 4));
    assertEquals(-1, rig.config(0x14, 4));
    assertEquals(8, rig.config(driver.msix() + 2, 2));
    assertEquals(0x2000, rig.config(driver.msix() + 4, 4));
    assertEquals(0x3000, rig.config(driver.msix() + 8, 4));
    assertEquals(9, rig.config(driver.express() + 2, 2) >>> 4 & 0xF, "on the root bus");
    assertEquals(1, rig.config(0x100, 2));
  }

  @Test
  void registersReadTheirResetValuesAndKeepTheirBits() {
    for (NvmeRegister register : NvmeRegister.values()) {
      assertEquals(register.spec().reset(), rig.read(register.spec().offset(), register.spec().size()), register.name());
    }
    assertEquals(0x0040_0020_1401_03FFL, rig.read(CAP, 8));
    assertEquals(0x0040_0020, rig.read(CAP + 4, 4));
    assertEquals(0x14, rig.read(CAP + 3, 1));
    rig.write(AQA, 4, 0xFFFF_FFFFL);
    rig.write(ASQ, 8, -1L);
    rig.write(ACQ, 4, 0xFFFF_FFFFL);
    rig.write(CAP, 8, 0);
    rig.write(CSTS, 4, 0xFFFF_FFFFL);
    assertEquals(0x0FFF_0FFF, rig.read(AQA, 4));
    assertEquals(-0x1000L, rig.read(ASQ, 8));
    assertEquals(0xFFFF_F000L, rig.read(ACQ, 8));
    assertEquals(0, rig.read(CSTS, 4));
    assertNotEquals(0, rig.read(CAP, 8));
    assertEquals(List.of(), rig.context.reportedFaults());
    rig.write(AQA, 2, 0);
    rig.read(0x60, 4);
    assertEquals(2, rig.context.reportedFaults().size());
  }

  @Test
  void vectorsAreMaskedByOnesAndUnmaskedByOnes() {
    rig.write(0x0C, 4, 0xFF);
    rig.write(0x10, 4, 0x0F);
    assertEquals(0xF0, rig.read(0x0C, 4));
    assertEquals(0xF0, rig.read(0x10, 4));
  }

  @Test
  void badLatencyIsAnError() {
    FakeContext context = rig.host.at(FakeNode.at("/pcie@10000000/nvme@2").cells("reg", 2 << 11, 0, 0, 0, 0)
        .option("latency-us", "-1").build());
    assertEquals("/pcie@10000000/nvme@2: option latency-us: expected 0 to 1000000, got -1",
        assertThrows(ModelException.class, () -> context.create(new NvmeComponent())).getMessage());
  }

  // ---- The controller

  @Test
  void impossibleConfigurationsAreFatalUntilTheControllerIsReset() {
    driver.start(8);
    for (long control : new long[] {ENABLE | 1 << 4, ENABLE | 5 << 7, ENABLE | 1 << 11}) {
      rig.write(CC, 4, 0);
      rig.write(CC, 4, control);
      assertEquals(2, rig.read(CSTS, 4));
    }
    rig.write(CC, 4, 0);
    assertEquals(0, rig.read(CSTS, 4));
    rig.write(AQA, 4, 7);
    rig.write(CC, 4, ENABLE);
    assertEquals(2, rig.read(CSTS, 4));
    driver.start(8);
    assertEquals(0, driver.status(IDENTIFY, 0, DATA, 1));
  }

  @Test
  void shutDownFlushesAndStopsCommands() {
    driver.start(8);
    rig.write(CC, 4, ENABLE | 1 << 14);
    assertEquals(1 | 2 << 2, rig.read(CSTS, 4));
    assertEquals(1, rig.disk.flushes);
    driver.admin.put(IDENTIFY, 0, DATA, 0, 1);
    driver.admin.ring();
    rig.pass();
    assertNull(driver.admin.take());
    driver.start(8);
    assertEquals(0, driver.status(IDENTIFY, 0, DATA, 1));
  }

  @Test
  void controllerResetForgetsQueuesAndCompletionsButNotWhereTheAdminQueuesAre() {
    driver.start(8);
    Queue io = driver.createQueues(1, 8, 0);
    io.put(NvmeDriver.READ, 1, DATA, 0, 0);
    io.ring();
    driver.admin.put(IDENTIFY, 0, DATA, 0, 1);
    driver.admin.ring();
    rig.write(CC, 4, 0);
    assertEquals(driver.admin.submission, rig.read(ASQ, 8));
    assertEquals(7 << 16 | 7, rig.read(AQA, 4));
    rig.pass();
    assertNull(io.take());
    assertNull(driver.admin.take());
    driver.start(8);
    assertEquals(0, driver.createQueues(1, 8, 0).run(NvmeDriver.READ, 1, DATA, 0, 0).status());
  }

  @Test
  void functionLevelResetResetsAll() {
    driver.enableMessages();
    driver.start(8);
    driver.admin.put(IDENTIFY, 0, DATA, 0, 1);
    driver.admin.ring();
    rig.config(driver.express() + 8, 2, 0x8000);
    assertEquals(0, rig.config(4, 2));
    assertEquals(0, rig.config(0x10, 4) & -16);
    assertEquals(Long.MAX_VALUE, rig.host.clock().nextDeadline());
    rig.pass();
    assertNull(driver.admin.take());
    rig.pci.enable();
    assertEquals(0, rig.read(CC, 4));
    assertEquals(0, rig.read(ASQ, 8));
    assertEquals(1, rig.read(0x200C, 4));
    driver.start(8);
    assertEquals(0, driver.status(IDENTIFY, 0, DATA, 1));
  }

  @Test
  void queuesOutsideOfMemoryAreFatal() {
    driver.start(8);
    rig.write(CC, 4, 0);
    rig.write(ASQ, 8, 0x1000);
    rig.write(CC, 4, ENABLE);
    rig.write(DOORBELLS, 4, 1);
    assertEquals(3, rig.read(CSTS, 4));
    driver.start(8);
    rig.write(CC, 4, 0);
    rig.write(ACQ, 8, 0x1000);
    rig.write(CC, 4, ENABLE);
    driver.admin.put(0xFF, 0, 0, 0);
    driver.admin.ring();
    assertEquals(1, rig.read(CSTS, 4));
    rig.pass();
    assertEquals(3, rig.read(CSTS, 4));
    assertEquals(List.of("nvme-fatal", "nvme-fatal"), rig.context.reportedEvents().stream().map(e -> e.kind()).toList());
    assertEquals(Long.MAX_VALUE, rig.host.clock().nextDeadline());
  }

  @Test
  void withoutBusMasterNothingIsReached() {
    driver.start(8);
    rig.config(4, 2, 2);
    rig.write(DOORBELLS, 4, 1);
    assertEquals(3, rig.read(CSTS, 4));
  }

  // ---- Interrupts

  @Test
  void pinIsHighWhileEntriesAreUnseenAndUnmasked() {
    driver.start(8);
    driver.admin.put(IDENTIFY, 0, DATA, 0, 1);
    driver.admin.ring();
    assertFalse(rig.pci.pin().level());
    rig.pass();
    assertTrue(rig.pci.pin().level());
    rig.write(0x0C, 4, 1);
    assertFalse(rig.pci.pin().level());
    rig.write(0x10, 4, 1);
    assertTrue(rig.pci.pin().level());
    driver.admin.take();
    driver.admin.seen();
    assertFalse(rig.pci.pin().level());
    assertEquals(List.of(), rig.host.sentMessages());
  }

  @Test
  void messagesGoOutOnTheVectorOfTheQueue() {
    driver.enableMessages();
    driver.start(8);
    Queue io = driver.createQueues(3, 8, 5);
    rig.host.sentMessages().clear();
    for (int i = 0; i < 3; i++) {
      io.put(NvmeDriver.FLUSH, 1, 0, 0);
    }
    io.ring();
    rig.pass();
    assertEquals(List.of(new Message(FakePciHost.DEVFN, 0x800_0050, 4, 0x105)), rig.host.sentMessages());
    assertFalse(rig.pci.pin().level());
    rig.host.sentMessages().clear();
    rig.write(0x2000 + 5 * 16 + 12, 4, 1);
    io.put(NvmeDriver.FLUSH, 1, 0, 0);
    io.ring();
    rig.pass();
    assertEquals(List.of(), rig.host.sentMessages());
    assertEquals(1 << 5, rig.read(0x3000, 8));
    rig.write(0x2000 + 5 * 16 + 12, 4, 0);
    assertEquals(1, rig.host.sentMessages().size());
    assertEquals(0, rig.read(0x3000, 8));
  }

  @Test
  void queuesMayGoWithoutInterrupts() {
    driver.enableMessages();
    driver.start(8);
    Queue io = driver.new Queue(1, 8);
    assertEquals(0, driver.status(CREATE_CQ, 0, io.completion, 7 << 16 | 1, 1 << 16 | 1));
    assertEquals(0, driver.status(CREATE_SQ, 0, io.submission, 7 << 16 | 1, 1 << 16 | 1));
    rig.host.sentMessages().clear();
    assertEquals(0, io.run(NvmeDriver.FLUSH, 1, 0, 0).status());
    assertEquals(List.of(), rig.host.sentMessages());
  }

  // ---- Live change

  @Test
  void removedControllerLeavesNothingBehind() {
    driver.start(8);
    rig.model.removed();
    assertEquals(-1, rig.config(0, 4));
    assertEquals(-1L >>> 32, rig.read(CSTS, 4));
    rig.context.port(BlockPort.class).attach(null, "");
  }

  @Test
  void controllerThatComesBackCompletesWhatWasUnderWay() {
    driver.start(8);
    int id = driver.admin.put(IDENTIFY, 0, DATA, 0, 1);
    driver.admin.ring();
    StateRecord record = rig.model.state().save();
    FakeContext old = rig.context;
    rig.model.removed();
    rig.context = old.successor();
    rig.model = rig.context.create(new NvmeComponent());
    rig.model.state().restore(record);
    rig.context.takeAlarms(old);
    rig.model.restored();
    rig.pass();
    assertEquals(id, driver.admin.take().id());
    driver.admin.seen();
    assertEquals(0, driver.status(IDENTIFY, 0, DATA, 1));
  }
}
