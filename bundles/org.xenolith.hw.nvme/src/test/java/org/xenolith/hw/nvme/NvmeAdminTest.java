// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.nvme.NvmeDriver.CC;
import static org.xenolith.hw.nvme.NvmeDriver.CREATE_CQ;
import static org.xenolith.hw.nvme.NvmeDriver.CREATE_SQ;
import static org.xenolith.hw.nvme.NvmeDriver.DATA;
import static org.xenolith.hw.nvme.NvmeDriver.DELETE_CQ;
import static org.xenolith.hw.nvme.NvmeDriver.DELETE_SQ;
import static org.xenolith.hw.nvme.NvmeDriver.DOORBELLS;
import static org.xenolith.hw.nvme.NvmeDriver.EVENT_REQUEST;
import static org.xenolith.hw.nvme.NvmeDriver.GET_FEATURES;
import static org.xenolith.hw.nvme.NvmeDriver.GET_LOG;
import static org.xenolith.hw.nvme.NvmeDriver.IDENTIFY;
import static org.xenolith.hw.nvme.NvmeDriver.SET_FEATURES;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockPort;
import org.xenolith.hw.nvme.NvmeDriver.Done;
import org.xenolith.hw.nvme.NvmeDriver.Queue;

/** Admin commands. */
class NvmeAdminTest {
  private static final int DNR = 1 << 14;
  private static final int INVALID_FIELD = DNR | 0x02;

  private NvmeRig rig;
  private NvmeDriver driver;

  @BeforeEach
  void start() {
    rig = new NvmeRig();
    driver = new NvmeDriver(rig);
    rig.pci.enable();
  }

  private long memory(long offset, int size) {
    return rig.host.dma().read(DATA + offset, size);
  }

  private String text(long offset, int length) {
    byte[] bytes = new byte[length];
    rig.host.dma().read(DATA + offset, bytes, 0, length);
    return new String(bytes, StandardCharsets.US_ASCII).strip();
  }

  @Test
  void identifyTellsOfTheController() {
    driver.start(8);
    assertEquals(0, driver.status(IDENTIFY, 0, DATA, 1));
    assertEquals(0x1B36, memory(0, 2));
    assertEquals("disk-0", text(4, 20));
    assertEquals("Xenolith NVMe controller", text(24, 40));
    assertEquals(7, memory(77, 1));
    assertEquals(0x10400, memory(80, 4));
    assertEquals(0x4466, memory(512, 2));
    assertEquals(1, memory(516, 4));
    assertEquals(0xC, memory(520, 2));
    assertEquals("nqn.2014-08.org.nvmexpress:xenolith:disk-0", text(768, 42));
  }

  /** Software takes controllers with one subsystem name for ways to the same disk, and refuses the second. */
  @Test
  void disksWithoutANameOfTheirOwnAreToldApart() {
    BlockPort port = new BlockPort();
    String first = new Namespace(port, "/pcie@10000000/nvme@1,0").serial();
    assertEquals(first, new Namespace(port, "/pcie@10000000/nvme@1,0").serial(), "in every run the same");
    assertNotEquals(first, new Namespace(port, "/pcie@20000000/nvme@1,0").serial());
    assertTrue(first.length() <= 20, first);
  }

  @Test
  void identifyTellsOfTheNamespace() {
    driver.start(8);
    assertEquals(0, driver.status(IDENTIFY, 1, DATA, 0));
    assertEquals(4096, memory(0, 8));
    assertEquals(4096, memory(8, 8));
    assertEquals(9, memory(130, 1));
    assertEquals(0, memory(99, 1));
    rig.disk.readOnly = true;
    assertEquals(0, driver.status(IDENTIFY, 1, DATA, 0));
    assertEquals(1, memory(99, 1));
    assertEquals(0, driver.status(IDENTIFY, 0, DATA, 2));
    assertEquals(1, memory(0, 8));
    assertEquals(0, driver.status(IDENTIFY, 1, DATA, 2));
    assertEquals(0, memory(0, 8));
    assertEquals(0, driver.status(IDENTIFY, 1, DATA, 3));
    assertEquals(0x1003, memory(0, 4));
    assertEquals(3, memory(10, 1) >>> 4, "the UUID's version");
    for (int bad : new int[] {0, 2, -1}) {
      assertEquals(DNR | 0x0B, driver.status(IDENTIFY, bad, DATA, 0));
    }
    assertEquals(DNR | 0x0B, driver.status(IDENTIFY, -1, DATA, 2));
    assertEquals(INVALID_FIELD, driver.status(IDENTIFY, 0, DATA, 0x10));
  }

  @Test
  void dataMayCrossAPageAndBadAddressesAreErrors() {
    driver.start(8);
    assertEquals(0, driver.admin.run(IDENTIFY, 0, DATA + 0x800, DATA + 0x3000, 1).status());
    assertEquals(0x1B36, memory(0x800, 2));
    assertEquals(2500, memory(0x3000, 2));
    assertEquals(0x04, driver.status(IDENTIFY, 0, 0x1000, 1));
    assertEquals(0x04, driver.admin.run(IDENTIFY, 0, DATA + 0x800, 0x3000, 1).status());
    assertEquals(DNR | 0x13, driver.status(IDENTIFY, 0, DATA + 1, 1));
    assertEquals(DNR | 0x13, driver.admin.run(IDENTIFY, 0, DATA + 0x800, DATA + 4, 1).status());
    assertEquals("nvme-bad-address", rig.context.reportedEvents().getFirst().kind());
  }

  @Test
  void queuesAreCheckedWhenTheyAreMade() {
    driver.enableMessages();
    driver.start(8);
    long base = driver.pages(1);
    int seven = 7 << 16;
    assertEquals(DNR | 0x101, driver.status(CREATE_CQ, 0, base, seven, 1));
    assertEquals(DNR | 0x101, driver.status(CREATE_CQ, 0, base, seven | 9, 1));
    assertEquals(DNR | 0x102, driver.status(CREATE_CQ, 0, base, 1, 1));
    assertEquals(DNR | 0x102, driver.status(CREATE_CQ, 0, base, 1024 << 16 | 1, 1));
    assertEquals(INVALID_FIELD, driver.status(CREATE_CQ, 0, base, seven | 1, 0));
    assertEquals(DNR | 0x13, driver.status(CREATE_CQ, 0, base + 64, seven | 1, 1));
    assertEquals(DNR | 0x108, driver.status(CREATE_CQ, 0, base, seven | 1, 9 << 16 | 3));
    assertEquals(0, driver.status(CREATE_CQ, 0, base, 1023 << 16 | 1, 8 << 16 | 3));
    assertEquals(DNR | 0x101, driver.status(CREATE_CQ, 0, base, seven | 1, 3));
    assertEquals(DNR | 0x101, driver.status(CREATE_SQ, 0, base, seven | 1, 1));
    assertEquals(DNR | 0x101, driver.status(CREATE_SQ, 0, base, seven | 1, 9 << 16 | 1));
    assertEquals(DNR | 0x100, driver.status(CREATE_SQ, 0, base, seven | 1, 2 << 16 | 1));
    assertEquals(0, driver.status(CREATE_SQ, 0, base, seven | 1, 1 << 16 | 1));
    assertEquals(DNR | 0x10C, driver.status(DELETE_CQ, 0, 0, 1));
    assertEquals(DNR | 0x101, driver.status(DELETE_SQ, 0, 0, 0));
    assertEquals(DNR | 0x101, driver.status(DELETE_SQ, 0, 0, 2));
    assertEquals(0, driver.status(DELETE_SQ, 0, 0, 1));
    assertEquals(0, driver.status(DELETE_CQ, 0, 0, 1));
    assertEquals(DNR | 0x101, driver.status(DELETE_CQ, 0, 0, 1));
    rig.config(driver.msix() + 2, 2, 0);
    assertEquals(DNR | 0x108, driver.status(CREATE_CQ, 0, base, seven | 1, 1 << 16 | 3));
    rig.write(CC, 4, 1);
    assertEquals(DNR | 0x102, driver.status(CREATE_CQ, 0, base, seven | 1, 3));
  }

  @Test
  void featuresKeepWhatTheyAreToldUntilTheControllerIsReset() {
    driver.start(8);
    assertEquals(7 << 16 | 7, driver.admin.run(SET_FEATURES, 0, 0, 0, 7, 63 << 16 | 63).result());
    assertEquals(7 << 16 | 7, feature(7, 0));
    assertEquals(1, feature(6, 0));
    assertEquals(0, driver.status(SET_FEATURES, 0, 0, 6, 0));
    assertEquals(0, feature(6, 0));
    assertEquals(1, feature(0x106, 0));
    assertEquals(4, feature(0x306, 0));
    assertEquals(343, feature(4, 0));
    assertEquals(0, driver.status(SET_FEATURES, 0, 0, 4, 1 << 20 | 250));
    assertEquals(250, feature(4, 1 << 20));
    assertEquals(0, driver.status(SET_FEATURES, 0, 0, 9, 1 << 16 | 3));
    assertEquals(1 << 16 | 3, feature(9, 3));
    assertEquals(2, feature(9, 2));
    for (int id : new int[] {1, 8, 0xB}) {
      assertEquals(0, driver.status(SET_FEATURES, 0, 0, id, 0x103));
      assertEquals(0x103, feature(id, 0));
    }
    assertEquals(INVALID_FIELD, driver.status(SET_FEATURES, 0, 0, 2, 1));
    assertEquals(INVALID_FIELD, driver.status(SET_FEATURES, 0, 0, 0x7F, 1));
    assertEquals(INVALID_FIELD, driver.status(GET_FEATURES, 0, 0, 0x7F));
    assertEquals(INVALID_FIELD, driver.status(SET_FEATURES, 0, 0, 7, 0xFFFF));
    assertEquals(INVALID_FIELD, driver.status(GET_FEATURES, 0, 0, 4, 1 << 16));
    assertEquals(INVALID_FIELD, driver.status(GET_FEATURES, 0, 0, 9, 9));
    assertEquals(DNR | 0x10D, driver.status(SET_FEATURES, 0, 0, 1 << 31 | 6, 1));
    driver.createQueues(1, 8, 0);
    assertEquals(DNR | 0x0C, driver.status(SET_FEATURES, 0, 0, 7, 1));
    driver.start(8);
    assertEquals(1, feature(6, 0));
    assertEquals(7, feature(1, 0));
  }

  private int feature(int dword10, int dword11) {
    Done done = driver.admin.run(GET_FEATURES, 0, 0, 0, dword10, dword11);
    assertEquals(0, done.status());
    return done.result();
  }

  @Test
  void logPagesTellOfErrorsAndHealth() {
    driver.start(8);
    assertEquals(0, driver.status(GET_LOG, 0, DATA, 15 << 16 | 1));
    assertEquals(0, memory(0, 8));
    int id = driver.admin.put(0xFF, 5, 0, 0);
    driver.admin.ring();
    rig.pass();
    assertEquals(DNR | 1, driver.admin.take().status());
    driver.admin.seen();
    assertEquals(0, driver.status(GET_LOG, -1, DATA, 15 << 16 | 1));
    assertEquals(1, memory(0, 8));
    assertEquals(id << 16, memory(8, 4));
    assertEquals((DNR | 1) << 1, memory(12, 2));
    assertEquals(5, memory(24, 4));
    Queue io = driver.createQueues(1, 8, 0);
    io.run(NvmeDriver.WRITE, 1, DATA, 0, 0, 0, 7);
    io.run(NvmeDriver.READ, 1, DATA, 0, 0, 0, 7);
    assertEquals(0, driver.status(GET_LOG, -1, DATA, 127 << 16 | 2));
    assertEquals(308, memory(1, 2));
    assertEquals(0, memory(0, 1));
    assertEquals(1, memory(32, 8));
    assertEquals(1, memory(48, 8));
    assertEquals(1, memory(64, 8));
    assertEquals(1, memory(80, 8));
    assertEquals(1, memory(176, 8));
    driver.status(SET_FEATURES, 0, 0, 4, 300);
    assertEquals(0, driver.admin.run(GET_LOG, -1, DATA, 0, 0 << 16 | 2).status());
    assertEquals(2, memory(0, 1));
    assertEquals(0, driver.admin.run(GET_LOG, -1, DATA, 0, 1 << 16 | 3, 0, 8).status());
    assertEquals("1.0", text(0, 8));
    assertEquals(DNR | 0x109, driver.status(GET_LOG, -1, DATA, 5));
    assertEquals(INVALID_FIELD, driver.status(GET_LOG, -1, DATA, 2, 2));
    assertEquals(INVALID_FIELD, driver.status(GET_LOG, -1, DATA, 2, 0, 516));
    assertEquals(INVALID_FIELD, driver.status(GET_LOG, -1, DATA, 2, 0, 2));
  }

  /** Figure 194: whole hours; nothing else counts them, resets of the controller neither. */
  @Test
  void healthTellsTheHoursOfPower() {
    driver.start(8);
    assertEquals(0, driver.status(GET_LOG, -1, DATA, 127 << 16 | 2));
    assertEquals(0, memory(128, 8));
    rig.host.clock().advance(2 * 3_600_000_000_000L);
    driver.start(8);
    assertEquals(0, driver.status(GET_LOG, -1, DATA, 127 << 16 | 2));
    assertEquals(2, memory(128, 8));
    rig.host.clock().advance(3_500_000_000_000L);
    assertEquals(0, driver.status(GET_LOG, -1, DATA, 127 << 16 | 2));
    assertEquals(2, memory(128, 8), "the third isn't over");
  }

  @Test
  void otherCommandsAreRefused() {
    driver.start(8);
    for (int opcode : new int[] {0x0D, 0x10, 0x11, 0x18, 0x80, 0x81, 0xC0}) {
      assertEquals(DNR | 1, driver.status(opcode, 0, DATA));
    }
    assertEquals(INVALID_FIELD, driver.status(IDENTIFY | 1 << 8, 0, DATA, 1), "fused");
    assertEquals(INVALID_FIELD, driver.status(IDENTIFY | 1 << 14, 0, DATA, 1), "SGL");
    assertEquals(1, driver.admin.run(8, 0, 0, 0, 1 << 16).result(), "nothing to abort");
  }

  @Test
  void eventRequestsAreHeldUpToTheirLimit() {
    driver.start(16);
    for (int i = 0; i < 4; i++) {
      driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    }
    driver.admin.ring();
    rig.pass();
    assertNull(driver.admin.take());
    assertEquals(DNR | 0x105, driver.admin.run(EVENT_REQUEST, 0, 0, 0).status());
    driver.start(16);
    int request = driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    driver.admin.ring();
    rig.write(DOORBELLS + 8, 4, 1);
    rig.pass();
    assertEquals(new Done(1 << 16, 1, 0, request, 0), driver.admin.take(), "a reset forgot the others");
  }

  @Test
  void headsBeyondWhatWasPostedAreRefused() {
    driver.start(16);
    int request = driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    driver.admin.ring();
    rig.write(DOORBELLS + 4, 4, 1);
    rig.pass();
    Done told = driver.admin.take();
    assertEquals(request, told.id());
    assertEquals(1 << 16 | 1 << 8, told.result());
    assertTrue(rig.pci.pin().level());
  }

  @Test
  void doorbellsOfNothingAreToldOnceUntilTheLogIsRead() {
    driver.start(16);
    int first = driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    int second = driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    driver.admin.ring();
    rig.write(DOORBELLS + 8, 4, 1);
    rig.write(DOORBELLS, 4, 16);
    rig.write(DOORBELLS + 4, 4, 3);
    rig.pass();
    assertEquals(new Done(1 << 16, 2, 0, first, 0), driver.admin.take());
    assertNull(driver.admin.take(), "one of a type");
    driver.admin.seen();
    assertEquals(0, driver.status(GET_LOG, 0, DATA, 1 << 15 | 1), "with the event retained");
    rig.pass();
    assertNull(driver.admin.take());
    assertEquals(0, driver.status(GET_LOG, 0, DATA, 1));
    Done told = driver.admin.take();
    assertEquals(second, told.id());
    assertEquals(1 << 16 | 1 << 8, told.result());
  }

  @Test
  void arrivalAndDepartureOfTheDiskIsANoticeForWhoWantsIt() {
    driver.start(16);
    BlockPort port = rig.context.port(BlockPort.class);
    int request = driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    driver.admin.ring();
    port.attach(null, "");
    rig.pass();
    assertNull(driver.admin.take());
    assertEquals(0, driver.status(SET_FEATURES, 0, 0, 0xB, 1 << 8));
    assertEquals(0, driver.status(IDENTIFY, 0, DATA, 2));
    assertEquals(0, memory(0, 4));
    assertEquals(0, driver.status(IDENTIFY, 1, DATA, 0));
    assertEquals(0, memory(0, 8));
    port.attach(rig.disk, "disk-0");
    rig.pass();
    Done told = driver.admin.take();
    assertEquals(request, told.id());
    assertEquals(2 | 4 << 16, told.result());
    driver.admin.seen();
    assertEquals(0, driver.status(GET_LOG, -1, DATA, 1023 << 16 | 4));
    assertEquals(1, memory(0, 8));
    assertEquals(0, driver.status(GET_LOG, -1, DATA, 1023 << 16 | 4));
    assertEquals(0, memory(0, 8));
  }
}
