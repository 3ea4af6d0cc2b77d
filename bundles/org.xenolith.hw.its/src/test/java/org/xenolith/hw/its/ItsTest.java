// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.arm.api.LpiPort;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RecordedAccess;

/** Commands and messages as the kernel's driver and PCI functions send them. */
class ItsTest {
  private static final long CTLR = 0x0;
  private static final long CBASER = 0x80;
  private static final long CWRITER = 0x88;
  private static final long CREADR = 0x90;
  private static final long BASER0 = 0x100;
  private static final long BASER1 = 0x108;
  private static final long TRANSLATER = 0x1_0040;
  private static final long DEVICE = 0x10;
  private static final long OTHER = 0x18;
  private static final int LPI = 8192;
  private static final int CPUS = 2;

  private FakeContext context;
  private DeviceModel model;
  private RecordingRedistributors redistributors;
  private ItsDriver driver;

  @BeforeEach
  void create() {
    context = new FakeContext(FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its")
        .window(0x808_0000, 0x2_0000).build(), CPUS);
    redistributors = new RecordingRedistributors(CPUS);
    context.port("/intc@8000000", LpiPort.class).connect(redistributors);
    model = context.create(new ItsComponent());
    driver = new ItsDriver(context);
  }

  /** Two devices of four events each; collection n is CPU n. */
  private void startWithTwoDevices() {
    driver.start().mapc(0, 0).mapc(1, 1).mapd(DEVICE, 2, ItsDriver.ITT).mapd(OTHER, 2, ItsDriver.ITT + 0x100);
    driver.mapti(DEVICE, 0, LPI, 0).mapti(DEVICE, 1, LPI + 1, 1).mapti(OTHER, 2, LPI + 2, 0);
  }

  private void message(long device, long event) {
    context.message(0, device, TRANSLATER, event);
  }

  private List<Integer> pending(int redistributor) {
    return redistributors.pending(redistributor);
  }

  private void assertReported(String kind, String... texts) {
    List<FakeContext.Event> events = context.reportedEvents();
    assertEquals(texts.length, events.size(), events.toString());
    for (int i = 0; i < texts.length; i++) {
      assertEquals(kind, events.get(i).kind());
      assertTrue(events.get(i).text().contains(texts[i]), events.get(i).text());
    }
    events.clear();
  }

  /**
   * The kernel's probe of QEMU's ITS and its first commands. The record's tables are 37 MiB further up; its commands are made anew
   * from what the driver sends: MAPC and INVALL of each CPU's collection, each with a SYNC.
   */
  @Test
  void bootReadsWhatQemuRead() {
    long moved = 0x240_0000;
    long queue = 0x4258_0000L - moved;
    long[][] commands = {{9, 0, ItsDriver.VALID}, {5}, {13}, {5}, {9, 0, ItsDriver.VALID | 1 << 16 | 1}, {5, 0, 1 << 16}, {13, 0, 1},
        {5, 0, 1 << 16}};
    for (int i = 0; i < commands.length; i++) {
      for (int word = 0; word < commands[i].length; word++) {
        context.dma().write(queue + 32 * i + 8 * word, 8, commands[i][word]);
      }
    }
    int reads = 0;
    for (RecordedAccess access : RecordedAccess.read(ItsTest.class, "boot-2-cpu.txt")) {
      long offset = access.address() - 0x808_0000;
      boolean base = (access.value() & 0xFFFF_0000L) == 0x4258_0000L || (access.value() & 0xFFFE_0000L) == 0x4258_0000L
          || (access.value() & 0xFFFF_0000L) == 0x425A_0000L;
      long value = base ? access.value() - moved : access.value();
      if (access.write()) {
        context.write(0, offset, access.size(), value);
      } else {
        // QEMU's entries of an ITT have 12 bytes, ours 8.
        long expected = offset == 8 ? value & ~0xF0 | 7 << 4 : value;
        assertEquals(Long.toHexString(expected), Long.toHexString(context.read(0, offset, access.size())), access.toString());
        reads++;
      }
    }
    assertTrue(reads > 40, "too few reads: " + reads);
    assertEquals(List.of(), context.reportedFaults());
    assertEquals(List.of(), context.reportedEvents());
    assertEquals(List.of("reload 0 all", "reload 1 all"), redistributors.told);
  }

  @Test
  void messageBecomesTheEventsLpiAtItsCollectionsCpu() {
    startWithTwoDevices();
    message(DEVICE, 0);
    assertEquals(List.of(LPI), pending(0));
    message(DEVICE, 1);
    assertEquals(List.of(LPI + 1), pending(1));
    context.message(0, OTHER, TRANSLATER, 2);
    assertEquals(List.of(LPI, LPI + 2), pending(0));
    assertReported("its-message");
  }

  @Test
  void mapiUsesTheEventsOwnNumber() {
    startWithTwoDevices();
    driver.mapd(DEVICE, 14, ItsDriver.ITT).mapi(DEVICE, 8200, 1).mapi(DEVICE, 4, 1);
    message(DEVICE, 8200);
    assertEquals(List.of(8200), pending(1));
    assertReported("its-command", "4 is no LPI");
  }

  @Test
  void flatDeviceTableServesToo() {
    driver.startFlat().mapc(0, 0).mapd(8191, 1, ItsDriver.ITT).mapti(8191, 1, LPI, 0).mapd(8192, 1, ItsDriver.ITT);
    message(8191, 1);
    assertEquals(List.of(LPI), pending(0));
    assertReported("its-command", "the device table has no entry");
    assertEquals(ItsDriver.VALID | ItsDriver.ITT, context.dma().read(ItsDriver.DEVICES + 8191 * 8, 8));
  }

  @Test
  void tablesAreInGuestMemory() {
    startWithTwoDevices();
    assertEquals(ItsDriver.VALID | ItsDriver.ITT | 1, context.dma().read(ItsDriver.SECOND_LEVEL + DEVICE * 8, 8));
    assertEquals(ItsDriver.VALID | 1 << 16, context.dma().read(ItsDriver.COLLECTIONS + 8, 8));
    assertEquals(ItsDriver.VALID | (long) (LPI + 1) << 16 | 1, context.dma().read(ItsDriver.ITT + 8, 8));
    context.dma().write(ItsDriver.ITT + 8, 8, 0);
    message(DEVICE, 1);
    assertEquals(List.of(), pending(1), "there is no second copy");
  }

  @Test
  void secondLevelThatIsNotThereMapsNothing() {
    startWithTwoDevices();
    driver.mapd(8192, 2, ItsDriver.ITT);
    assertReported("its-command", "the device table has no entry");
  }

  @Test
  void unknownDevicesAndEventsAreReported() {
    startWithTwoDevices();
    message(0x11, 0);
    message(0x1_0010, 0);
    message(DEVICE, 3);
    message(DEVICE, 4);
    message(DEVICE, 0xFFFF_FFFFL);
    message(MessageInput.NO_ID, 0);
    assertEquals(List.of(), pending(0));
    assertReported("its-message", "device 0x11, event 0: the device isn't mapped", "0x10010", "the event isn't mapped",
        "beyond the device's table", "beyond the device's table", "no DeviceID");
  }

  /** Who forges a message is found by its address on the bus, which the tree's map gives. */
  @Test
  void functionsAreNamed() {
    context = new FakeContext(FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its").cells("phandle", 9)
        .window(0x808_0000, 0x2_0000).build(), CPUS).beside(FakeNode.at("/its@9").cells("phandle", 8).build(),
            FakeNode.at("/pcie@1").cells("msi-map", 0, 8, 0, 0x1_0000).build(),
            FakeNode.at("/pcie@2").cells("linux,pci-domain", 3).cells("msi-map", 0, 8, 0, 0x100, 0x100, 9, 0x4000, 0x100).build());
    context.port("/intc@8000000", LpiPort.class).connect(redistributors);
    context.create(new ItsComponent());
    driver = new ItsDriver(context);
    driver.start();
    message(0x4019, 7);
    message(0x4100, 7);
    message(0x3FFF, 7);
    assertReported("its-message", "device 0x4019 (0003:01:03.1), event 7: the device isn't mapped", "device 0x4100, event",
        "device 0x3fff, event");
  }

  /** What a device writes is only ever one of its own events, whatever others have there. */
  @Test
  void aForgedDeviceIdFiresNoOthersEvent() {
    startWithTwoDevices();
    message(DEVICE, 2);
    message(DEVICE, OTHER << 16 | 2);
    message(DEVICE, OTHER << 32 | 2);
    message(OTHER, 0);
    assertEquals(List.of(), pending(0));
    assertReported("its-message", "the event isn't mapped", "beyond", "the event isn't mapped", "the event isn't mapped");
  }

  @Test
  void onlyTheTranslationRegisterTakesMessages() {
    startWithTwoDevices();
    context.message(0, DEVICE, 0x40, 0);
    context.message(0, DEVICE, TRANSLATER + 4, 0);
    assertReported("its-message", "offset 0x40", "offset 0x10044");
    context.write(0, TRANSLATER, 4, 0);
    assertEquals(List.of(), pending(0), "a CPU has no DeviceID");
    assertEquals(0, context.read(0, TRANSLATER, 4));
    context.write(0, CTLR, 4, 0);
    message(DEVICE, 0);
    assertReported("its-message", "isn't enabled");
  }

  @Test
  void interruptAndClearAreMessagesByHand() {
    startWithTwoDevices();
    driver.interrupt(DEVICE, 0).interrupt(OTHER, 2);
    assertEquals(List.of(LPI, LPI + 2), pending(0));
    driver.clear(DEVICE, 0);
    assertEquals(List.of(LPI + 2), pending(0));
  }

  @Test
  void invalidationReachesTheRedistributor() {
    startWithTwoDevices();
    driver.inv(DEVICE, 1).invall(1).inv(DEVICE, 3).invall(7);
    assertEquals(List.of("reload 1 " + (LPI + 1), "reload 1 all"), redistributors.told);
    assertReported("its-command", "the event isn't mapped", "collection 7 isn't mapped");
  }

  @Test
  void moviTakesPendingStateAlong() {
    startWithTwoDevices();
    message(DEVICE, 0);
    driver.movi(DEVICE, 0, 1);
    assertEquals(List.of(), pending(0));
    assertEquals(List.of(LPI), pending(1));
    redistributors.clearPending(1, LPI);
    message(DEVICE, 0);
    assertEquals(List.of(LPI), pending(1));
    driver.movi(DEVICE, 0, 5);
    assertReported("its-command", "collection 5 isn't mapped");
    driver.movall(1, 0);
    assertEquals(List.of(LPI), pending(0));
    driver.movall(1, 2);
    assertReported("its-command", "no such redistributor");
  }

  @Test
  void aCollectionThatMovesTakesItsEventsAlong() {
    startWithTwoDevices();
    driver.mapc(0, 1);
    message(DEVICE, 0);
    assertEquals(List.of(LPI), pending(1));
    driver.unmapc(0);
    message(OTHER, 2);
    assertReported("its-message", "collection 0 isn't mapped");
    driver.mapc(0, 2);
    assertReported("its-command", "no redistributor 2");
  }

  @Test
  void discardedEventsAreGone() {
    startWithTwoDevices();
    message(DEVICE, 0);
    driver.discard(DEVICE, 0);
    assertEquals(List.of(), pending(0));
    message(DEVICE, 0);
    assertEquals(List.of(), pending(0));
    assertReported("its-message", "the event isn't mapped");
    driver.discard(DEVICE, 0);
    assertReported("its-command", "the event isn't mapped");
  }

  @Test
  void unmappedDevicesAreGone() {
    startWithTwoDevices();
    driver.unmapd(DEVICE);
    message(DEVICE, 0);
    driver.mapti(DEVICE, 0, LPI, 0);
    assertEquals(List.of(), pending(0));
    assertEquals(2, context.reportedEvents().size());
    message(OTHER, 2);
    assertEquals(List.of(LPI + 2), pending(0));
  }

  @Test
  void whatIsNoCommandIsPassedOver() {
    startWithTwoDevices();
    long before = driver.creadr();
    driver.queue(0x7F).queue(0).queue(DEVICE << 32 | 10, 100L << 32, 0).queue(0x10000L << 32 | 8, 1, ItsDriver.VALID)
        .queue(DEVICE << 32 | 8, 16, ItsDriver.VALID).queue(OTHER << 32 | 3, 2).announce();
    assertEquals(before + 6 * 32, driver.creadr());
    assertEquals(List.of(LPI + 2), pending(0), "the one behind them was executed");
    assertReported("its-command", "no such command", "no such command", "100 is no LPI", "16 bits", "16 bits");
  }

  @Test
  void tablesOutsideOfMemoryAreReported() {
    startWithTwoDevices();
    driver.mapd(DEVICE, 2, 0x1000).mapti(DEVICE, 0, LPI, 0);
    message(DEVICE, 0);
    assertEquals(List.of("its-command", "its-message"),
        context.reportedEvents().stream().map(FakeContext.Event::kind).toList());
  }

  @Test
  void queueOutsideOfMemoryStallsUntilItIsTriedAgain() {
    context.write(0, CBASER, 8, ItsDriver.VALID | FakeMemory.BASE + FakeMemory.SIZE - 0x1000 | 1);
    context.write(0, CTLR, 4, 1);
    context.write(0, CWRITER, 8, 0x1020);
    context.clock().advance(1_000_000);
    assertEquals(0x1001, context.read(0, CREADR, 8), "Stalled");
    assertEquals(0x8000_0001L, context.read(0, CTLR, 4), "Quiescent");
    int events = context.reportedEvents().size();
    context.write(0, CWRITER, 8, 0x1020);
    assertEquals(events, context.reportedEvents().size());
    context.write(0, CWRITER, 8, 0x1021);
    assertEquals(events + 1, context.reportedEvents().size(), "Retry");
    assertEquals(0x1001, context.read(0, CREADR, 8));
    context.write(0, CWRITER, 8, 0x2000);
    context.write(0, CTLR, 4, 0);
    context.write(0, CBASER, 8, 0);
    assertEquals(0, context.read(0, CREADR, 8));
    assertEquals(0, context.read(0, CWRITER, 8));
  }

  @Test
  void announcementBeyondTheQueueIsReported() {
    driver.start();
    context.write(0, CWRITER, 8, ItsDriver.QUEUE_BYTES);
    assertEquals(0, driver.creadr());
    assertReported("its-command", "GITS_CWRITER");
  }

  /** A full queue of the costliest commands doesn't hold the machine up: the rest follows in virtual time. */
  @Test
  void workOfOneWriteIsBounded() {
    startWithTwoDevices();
    long from = driver.creadr();
    for (int i = 0; i < ItsDriver.QUEUE_BYTES / 32 - 1; i++) {
      driver.queue(13, 0, 0);
    }
    driver.announce();
    long first = (driver.creadr() - from) / 32;
    assertEquals(8, first);
    assertEquals(1, context.read(0, CTLR, 4), "not Quiescent");
    context.clock().advance(1_000_000);
    assertEquals((from + ItsDriver.QUEUE_BYTES - 32) % ItsDriver.QUEUE_BYTES, driver.creadr());
    assertEquals(ItsDriver.QUEUE_BYTES / 32 - 1, redistributors.told.size());
    assertEquals(0x8000_0001L, context.read(0, CTLR, 4));
  }

  @Test
  void disabledItsExecutesNothing() {
    startWithTwoDevices();
    context.write(0, CTLR, 4, 0);
    driver.interrupt(DEVICE, 0);
    assertEquals(List.of(), pending(0));
    context.write(0, CTLR, 4, 1);
    assertEquals(List.of(LPI), pending(0), "what was announced meanwhile");
  }

  @Test
  void pagesOfTheTablesAre64KibibytesAtReset() {
    assertEquals(0x0107_0000_0000_0200L, context.read(0, BASER0, 8));
    assertEquals(0x0407_0000_0000_0200L, context.read(0, BASER1, 8));
    context.write(0, BASER0, 8, 0);
    assertEquals(0x0107_0000_0000_0000L, context.read(0, BASER0, 8), "the size of pages can be written");
  }

  @Test
  void basesStayWhileTheyAreInUse() {
    startWithTwoDevices();
    long devices = context.read(0, BASER0, 8);
    context.write(0, BASER0, 8, 0);
    context.write(0, BASER1 + 4, 4, 0);
    context.write(0, CBASER, 8, 0);
    assertEquals(devices, context.read(0, BASER0, 8));
    assertEquals(3, context.reportedFaults().size());
    message(DEVICE, 0);
    assertEquals(List.of(LPI), pending(0));
  }

  @Test
  void pagesOf64KibReachHighAddresses() {
    context.write(0, BASER0, 8, ItsDriver.VALID | 2 << 8 | 0xF000 | 0x4002_0000L);
    context.write(0, BASER1, 8, ItsDriver.VALID | 1 << 8 | 0x3000 | ItsDriver.COLLECTIONS);
    context.write(0, CBASER, 8, ItsDriver.VALID | ItsDriver.QUEUE);
    context.write(0, CTLR, 4, 1);
    driver.mapc(0, 0).mapd(DEVICE, 2, ItsDriver.ITT);
    assertEquals(ItsDriver.VALID, context.dma().read(ItsDriver.COLLECTIONS, 8), "bits below the page are no address");
    assertReported("its-command", "no memory");
  }

  @Test
  void withoutRedistributorsMessagesAreLost() {
    startWithTwoDevices();
    context.port("/intc@8000000", LpiPort.class).connect(null);
    message(DEVICE, 0);
    assertReported("its-message", "takes no LPIs");
    driver.movi(DEVICE, 0, 1).movall(0, 1).invall(0).inv(DEVICE, 0);
    context.port("/intc@8000000", LpiPort.class).connect(redistributors);
    message(DEVICE, 0);
    assertEquals(List.of(LPI), pending(1), "commands were executed all the same");
  }

  @Test
  void handOverKeepsMappingsAndWhatIsLeftInTheQueue() {
    startWithTwoDevices();
    for (int i = 0; i < 20; i++) {
      driver.queue(13, 0, 0);
    }
    driver.queue(DEVICE << 32 | 3, 1).announce();
    assertEquals(8, redistributors.told.size());
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new ItsComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    context = next;
    driver.goesOnWith(next);
    message(DEVICE, 0);
    assertEquals(List.of(LPI), pending(0));
    context.clock().advance(1_000_000);
    assertEquals(20, redistributors.told.size());
    assertEquals(List.of(LPI + 1), pending(1));
    driver.mapti(OTHER, 0, LPI + 7, 1);
    message(OTHER, 0);
    assertEquals(List.of(LPI + 1, LPI + 7), pending(1));
    assertReported("its-command");
  }
}
