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
import static org.xenolith.hw.nvme.NvmeDriver.DELETE_CQ;
import static org.xenolith.hw.nvme.NvmeDriver.DELETE_SQ;
import static org.xenolith.hw.nvme.NvmeDriver.DOORBELLS;
import static org.xenolith.hw.nvme.NvmeDriver.ENABLE;
import static org.xenolith.hw.nvme.NvmeDriver.EVENT_REQUEST;
import static org.xenolith.hw.nvme.NvmeDriver.GET_FEATURES;
import static org.xenolith.hw.nvme.NvmeDriver.GET_LOG;
import static org.xenolith.hw.nvme.NvmeDriver.IDENTIFY;
import static org.xenolith.hw.nvme.NvmeDriver.SET_FEATURES;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockPort;
import org.xenolith.hw.nvme.NvmeDriver.Done;
import org.xenolith.hw.nvme.NvmeDriver.Queue;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeNode;

/** The function, the controller and its admin commands. */
class NvmeTest {
  private static final int DNR = 1 << 14;
  private static final int INVALID_FIELD = DNR | 0x02;

  private NvmeRig rig;
  private NvmeDriver driver;

  @BeforeEach void start() {
    rig = new NvmeRig();
    driver = new NvmeDriver(rig);
    rig.enableFunction();
  }

  private long memory(long offset, int size) {
    return rig.host.dma().read(DATA + offset, size);
  }

  private String text(long offset, int length) {
    byte[] bytes = new byte[length];
    rig.host.dma().read(DATA + offset, bytes, 0, length);
    return new String(bytes, StandardCharsets.US_ASCII).strip();
  }

  private int status(int opcode, int namespace, long prp1, int... dwords) {
    return driver.admin.run(opcode, namespace, prp1, 0, dwords).status();
  }

  // ---- The function

  @Test void configurationSpaceIsThatOfAnNvmeController() {
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
    assertEquals(0, rig.config(driver.express() + 2, 2) >>> 4 & 0xF);
    assertEquals(1, rig.config(0x100, 2));
  }

  @Test void registersReadTheirResetValuesAndKeepTheirBits() {
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

  @Test void vectorsAreMaskedByOnesAndUnmaskedByOnes() {
    rig.write(0x0C, 4, 0xFF);
    rig.write(0x10, 4, 0x0F);
    assertEquals(0xF0, rig.read(0x0C, 4));
    assertEquals(0xF0, rig.read(0x10, 4));
  }

  @Test void badLatencyIsAnError() {
    FakeContext context = rig.host.at(FakeNode.at("/pcie@10000000/nvme@2").cells("reg", 2 << 11, 0, 0, 0, 0)
        .option("latency-us", "-1").build());
    assertEquals("/pcie@10000000/nvme@2: option latency-us: expected 0 to 1000000, got -1",
        assertThrows(ModelException.class, () -> context.create(new NvmeComponent())).getMessage());
  }

  // ---- The controller

  @Test void impossibleConfigurationsAreFatalUntilTheControllerIsReset() {
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
    assertEquals(0, status(IDENTIFY, 0, DATA, 1));
  }

  @Test void shutDownFlushesAndStopsCommands() {
    driver.start(8);
    rig.write(CC, 4, ENABLE | 1 << 14);
    assertEquals(1 | 2 << 2, rig.read(CSTS, 4));
    assertEquals(1, rig.disk.flushes);
    driver.admin.put(IDENTIFY, 0, DATA, 0, 1);
    driver.admin.ring();
    rig.pass();
    assertNull(driver.admin.take());
    driver.start(8);
    assertEquals(0, status(IDENTIFY, 0, DATA, 1));
  }

  @Test void controllerResetForgetsQueuesAndCompletionsButNotWhereTheAdminQueuesAre() {
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

  @Test void functionLevelResetResetsAll() {
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
    rig.enableFunction();
    assertEquals(0, rig.read(CC, 4));
    assertEquals(0, rig.read(ASQ, 8));
    assertEquals(1, rig.read(0x200C, 4));
    driver.start(8);
    assertEquals(0, status(IDENTIFY, 0, DATA, 1));
  }

  @Test void queuesOutsideOfMemoryAreFatal() {
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

  @Test void withoutBusMasterNothingIsReached() {
    driver.start(8);
    rig.config(4, 2, 2);
    rig.write(DOORBELLS, 4, 1);
    assertEquals(3, rig.read(CSTS, 4));
  }

  // ---- Interrupts

  @Test void pinIsHighWhileEntriesAreUnseenAndUnmasked() {
    driver.start(8);
    driver.admin.put(IDENTIFY, 0, DATA, 0, 1);
    driver.admin.ring();
    assertFalse(rig.pin().level());
    rig.pass();
    assertTrue(rig.pin().level());
    rig.write(0x0C, 4, 1);
    assertFalse(rig.pin().level());
    rig.write(0x10, 4, 1);
    assertTrue(rig.pin().level());
    driver.admin.take();
    driver.admin.seen();
    assertFalse(rig.pin().level());
    assertEquals(List.of(), rig.host.sentMessages());
  }

  @Test void messagesGoOutOnTheVectorOfTheQueue() {
    driver.enableMessages();
    driver.start(8);
    Queue io = driver.createQueues(3, 8, 5);
    rig.host.sentMessages().clear();
    for (int i = 0; i < 3; i++) {
      io.put(NvmeDriver.FLUSH, 1, 0, 0);
    }
    io.ring();
    rig.pass();
    assertEquals(List.of(new Message(NvmeRig.DEVFN, 0x800_0050, 4, 0x105)), rig.host.sentMessages());
    assertFalse(rig.pin().level());
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

  @Test void queuesMayGoWithoutInterrupts() {
    driver.enableMessages();
    driver.start(8);
    Queue io = driver.new Queue(1, 8);
    assertEquals(0, status(CREATE_CQ, 0, io.completion, 7 << 16 | 1, 1 << 16 | 1));
    assertEquals(0, status(CREATE_SQ, 0, io.submission, 7 << 16 | 1, 1 << 16 | 1));
    rig.host.sentMessages().clear();
    assertEquals(0, io.run(NvmeDriver.FLUSH, 1, 0, 0).status());
    assertEquals(List.of(), rig.host.sentMessages());
  }

  // ---- Admin commands

  @Test void identifyTellsOfTheController() {
    driver.start(8);
    assertEquals(0, status(IDENTIFY, 0, DATA, 1));
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

  @Test void identifyTellsOfTheNamespace() {
    driver.start(8);
    assertEquals(0, status(IDENTIFY, 1, DATA, 0));
    assertEquals(4096, memory(0, 8));
    assertEquals(4096, memory(8, 8));
    assertEquals(9, memory(130, 1));
    assertEquals(0, memory(99, 1));
    rig.disk.readOnly = true;
    assertEquals(0, status(IDENTIFY, 1, DATA, 0));
    assertEquals(1, memory(99, 1));
    assertEquals(0, status(IDENTIFY, 0, DATA, 2));
    assertEquals(1, memory(0, 8));
    assertEquals(0, status(IDENTIFY, 1, DATA, 2));
    assertEquals(0, memory(0, 8));
    assertEquals(0, status(IDENTIFY, 1, DATA, 3));
    assertEquals(0x1003, memory(0, 4));
    assertEquals(3, memory(10, 1) >>> 4, "the UUID's version");
    for (int bad : new int[] {0, 2, -1}) {
      assertEquals(DNR | 0x0B, status(IDENTIFY, bad, DATA, 0));
    }
    assertEquals(DNR | 0x0B, status(IDENTIFY, -1, DATA, 2));
    assertEquals(INVALID_FIELD, status(IDENTIFY, 0, DATA, 0x10));
  }

  @Test void dataMayCrossAPageAndBadAddressesAreErrors() {
    driver.start(8);
    assertEquals(0, driver.admin.run(IDENTIFY, 0, DATA + 0x800, DATA + 0x3000, 1).status());
    assertEquals(0x1B36, memory(0x800, 2));
    assertEquals(2500, memory(0x3000, 2));
    assertEquals(0x04, status(IDENTIFY, 0, 0x1000, 1));
    assertEquals(0x04, driver.admin.run(IDENTIFY, 0, DATA + 0x800, 0x3000, 1).status());
    assertEquals(DNR | 0x13, status(IDENTIFY, 0, DATA + 1, 1));
    assertEquals(DNR | 0x13, driver.admin.run(IDENTIFY, 0, DATA + 0x800, DATA + 4, 1).status());
    assertEquals("nvme-bad-address", rig.context.reportedEvents().getFirst().kind());
  }

  @Test void queuesAreCheckedWhenTheyAreMade() {
    driver.enableMessages();
    driver.start(8);
    long base = driver.pages(1);
    int seven = 7 << 16;
    assertEquals(DNR | 0x101, status(CREATE_CQ, 0, base, seven, 1));
    assertEquals(DNR | 0x101, status(CREATE_CQ, 0, base, seven | 9, 1));
    assertEquals(DNR | 0x102, status(CREATE_CQ, 0, base, 1, 1));
    assertEquals(DNR | 0x102, status(CREATE_CQ, 0, base, 1024 << 16 | 1, 1));
    assertEquals(INVALID_FIELD, status(CREATE_CQ, 0, base, seven | 1, 0));
    assertEquals(DNR | 0x13, status(CREATE_CQ, 0, base + 64, seven | 1, 1));
    assertEquals(DNR | 0x108, status(CREATE_CQ, 0, base, seven | 1, 9 << 16 | 3));
    assertEquals(0, status(CREATE_CQ, 0, base, 1023 << 16 | 1, 8 << 16 | 3));
    assertEquals(DNR | 0x101, status(CREATE_CQ, 0, base, seven | 1, 3));
    assertEquals(DNR | 0x101, status(CREATE_SQ, 0, base, seven | 1, 1));
    assertEquals(DNR | 0x101, status(CREATE_SQ, 0, base, seven | 1, 9 << 16 | 1));
    assertEquals(DNR | 0x100, status(CREATE_SQ, 0, base, seven | 1, 2 << 16 | 1));
    assertEquals(0, status(CREATE_SQ, 0, base, seven | 1, 1 << 16 | 1));
    assertEquals(DNR | 0x10C, status(DELETE_CQ, 0, 0, 1));
    assertEquals(DNR | 0x101, status(DELETE_SQ, 0, 0, 0));
    assertEquals(DNR | 0x101, status(DELETE_SQ, 0, 0, 2));
    assertEquals(0, status(DELETE_SQ, 0, 0, 1));
    assertEquals(0, status(DELETE_CQ, 0, 0, 1));
    assertEquals(DNR | 0x101, status(DELETE_CQ, 0, 0, 1));
    rig.config(driver.msix() + 2, 2, 0);
    assertEquals(DNR | 0x108, status(CREATE_CQ, 0, base, seven | 1, 1 << 16 | 3));
    rig.write(CC, 4, 1);
    assertEquals(DNR | 0x102, status(CREATE_CQ, 0, base, seven | 1, 3));
  }

  @Test void featuresKeepWhatTheyAreToldUntilTheControllerIsReset() {
    driver.start(8);
    assertEquals(7 << 16 | 7, driver.admin.run(SET_FEATURES, 0, 0, 0, 7, 63 << 16 | 63).result());
    assertEquals(7 << 16 | 7, feature(7, 0));
    assertEquals(1, feature(6, 0));
    assertEquals(0, status(SET_FEATURES, 0, 0, 6, 0));
    assertEquals(0, feature(6, 0));
    assertEquals(1, feature(0x106, 0));
    assertEquals(4, feature(0x306, 0));
    assertEquals(343, feature(4, 0));
    assertEquals(0, status(SET_FEATURES, 0, 0, 4, 1 << 20 | 250));
    assertEquals(250, feature(4, 1 << 20));
    assertEquals(0, status(SET_FEATURES, 0, 0, 9, 1 << 16 | 3));
    assertEquals(1 << 16 | 3, feature(9, 3));
    assertEquals(2, feature(9, 2));
    for (int id : new int[] {1, 8, 0xB}) {
      assertEquals(0, status(SET_FEATURES, 0, 0, id, 0x103));
      assertEquals(0x103, feature(id, 0));
    }
    assertEquals(INVALID_FIELD, status(SET_FEATURES, 0, 0, 2, 1));
    assertEquals(INVALID_FIELD, status(SET_FEATURES, 0, 0, 0x7F, 1));
    assertEquals(INVALID_FIELD, status(GET_FEATURES, 0, 0, 0x7F));
    assertEquals(INVALID_FIELD, status(SET_FEATURES, 0, 0, 7, 0xFFFF));
    assertEquals(INVALID_FIELD, status(GET_FEATURES, 0, 0, 4, 1 << 16));
    assertEquals(INVALID_FIELD, status(GET_FEATURES, 0, 0, 9, 9));
    assertEquals(DNR | 0x10D, status(SET_FEATURES, 0, 0, 1 << 31 | 6, 1));
    driver.createQueues(1, 8, 0);
    assertEquals(DNR | 0x0C, status(SET_FEATURES, 0, 0, 7, 1));
    driver.start(8);
    assertEquals(1, feature(6, 0));
    assertEquals(7, feature(1, 0));
  }

  private int feature(int dword10, int dword11) {
    Done done = driver.admin.run(GET_FEATURES, 0, 0, 0, dword10, dword11);
    assertEquals(0, done.status());
    return done.result();
  }

  @Test void logPagesTellOfErrorsAndHealth() {
    driver.start(8);
    assertEquals(0, status(GET_LOG, 0, DATA, 15 << 16 | 1));
    assertEquals(0, memory(0, 8));
    int id = driver.admin.put(0xFF, 5, 0, 0);
    driver.admin.ring();
    rig.pass();
    assertEquals(DNR | 1, driver.admin.take().status());
    driver.admin.seen();
    assertEquals(0, status(GET_LOG, -1, DATA, 15 << 16 | 1));
    assertEquals(1, memory(0, 8));
    assertEquals(id << 16, memory(8, 4));
    assertEquals((DNR | 1) << 1, memory(12, 2));
    assertEquals(5, memory(24, 4));
    Queue io = driver.createQueues(1, 8, 0);
    io.run(NvmeDriver.WRITE, 1, DATA, 0, 0, 0, 7);
    io.run(NvmeDriver.READ, 1, DATA, 0, 0, 0, 7);
    assertEquals(0, status(GET_LOG, -1, DATA, 127 << 16 | 2));
    assertEquals(308, memory(1, 2));
    assertEquals(0, memory(0, 1));
    assertEquals(1, memory(32, 8));
    assertEquals(1, memory(48, 8));
    assertEquals(1, memory(64, 8));
    assertEquals(1, memory(80, 8));
    assertEquals(1, memory(176, 8));
    status(SET_FEATURES, 0, 0, 4, 300);
    assertEquals(0, driver.admin.run(GET_LOG, -1, DATA, 0, 0 << 16 | 2).status());
    assertEquals(2, memory(0, 1));
    assertEquals(0, driver.admin.run(GET_LOG, -1, DATA, 0, 1 << 16 | 3, 0, 8).status());
    assertEquals("1.0", text(0, 8));
    assertEquals(DNR | 0x109, status(GET_LOG, -1, DATA, 5));
    assertEquals(INVALID_FIELD, status(GET_LOG, -1, DATA, 2, 2));
    assertEquals(INVALID_FIELD, status(GET_LOG, -1, DATA, 2, 0, 516));
    assertEquals(INVALID_FIELD, status(GET_LOG, -1, DATA, 2, 0, 2));
  }

  @Test void otherCommandsAreRefused() {
    driver.start(8);
    for (int opcode : new int[] {0x0D, 0x10, 0x11, 0x18, 0x80, 0x81, 0xC0}) {
      assertEquals(DNR | 1, status(opcode, 0, DATA));
    }
    assertEquals(INVALID_FIELD, status(IDENTIFY | 1 << 8, 0, DATA, 1), "fused");
    assertEquals(INVALID_FIELD, status(IDENTIFY | 1 << 14, 0, DATA, 1), "SGL");
    assertEquals(1, driver.admin.run(8, 0, 0, 0, 1 << 16).result(), "nothing to abort");
  }

  @Test void eventRequestsAreHeldUpToTheirLimit() {
    driver.start(16);
    for (int i = 0; i < 4; i++) {
      driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    }
    driver.admin.ring();
    rig.pass();
    assertNull(driver.admin.take());
    assertEquals(DNR | 0x105, driver.admin.run(EVENT_REQUEST, 0, 0, 0).status());
  }

  @Test void doorbellsOfNothingAreToldOnceUntilTheLogIsRead() {
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
    assertEquals(0, status(GET_LOG, 0, DATA, 1 << 15 | 1), "with the event retained");
    rig.pass();
    assertNull(driver.admin.take());
    assertEquals(0, status(GET_LOG, 0, DATA, 1));
    Done told = driver.admin.take();
    assertEquals(second, told.id());
    assertEquals(1 << 16 | 1 << 8, told.result());
  }

  @Test void arrivalAndDepartureOfTheDiskIsANoticeForWhoWantsIt() {
    driver.start(16);
    BlockPort port = rig.context.port(BlockPort.class);
    int request = driver.admin.put(EVENT_REQUEST, 0, 0, 0);
    driver.admin.ring();
    port.attach(null, "");
    rig.pass();
    assertNull(driver.admin.take());
    assertEquals(0, status(SET_FEATURES, 0, 0, 0xB, 1 << 8));
    assertEquals(0, status(IDENTIFY, 0, DATA, 2));
    assertEquals(0, memory(0, 4));
    assertEquals(0, status(IDENTIFY, 1, DATA, 0));
    assertEquals(0, memory(0, 8));
    port.attach(rig.disk, "disk-0");
    rig.pass();
    Done told = driver.admin.take();
    assertEquals(request, told.id());
    assertEquals(2 | 4 << 16, told.result());
    driver.admin.seen();
    assertEquals(0, status(GET_LOG, -1, DATA, 1023 << 16 | 4));
    assertEquals(1, memory(0, 8));
    assertEquals(0, status(GET_LOG, -1, DATA, 1023 << 16 | 4));
    assertEquals(0, memory(0, 8));
  }

  @Test void removedControllerLeavesNothingBehind() {
    driver.start(8);
    rig.model.removed();
    assertEquals(-1, rig.config(0, 4));
    assertEquals(-1L >>> 32, rig.read(CSTS, 4));
    rig.context.port(BlockPort.class).attach(null, "");
  }

  @Test void controllerThatComesBackCompletesWhatWasUnderWay() {
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
    assertEquals(0, status(IDENTIFY, 0, DATA, 1));
  }
}
