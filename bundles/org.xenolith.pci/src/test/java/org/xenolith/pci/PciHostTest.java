// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** A host bridge with a root port in 1.0, an endpoint behind it and one in 2.1, as an operating system uses them. */
class PciHostTest {
  private static final int PORT = 1 << 3;
  private static final int DIRECT = 2 << 3 | 1;
  private static final long WINDOW = 0x1000_0000L;
  private static final long DOORBELL = 0x0802_0040L;
  private static final PlatformNode GIC = FakeNode.at("/intc").cells("phandle", 7).cells("#interrupt-cells", 3)
      .cells("#address-cells", 2).build();

  private FakeContext context;
  private PciHost host;
  private TestFunction behind;
  private TestFunction direct;

  private static FakeNode bridge() {
    return FakeNode.at("/pcie").cells("ranges", 0x0100_0000, 0, 0, 0, 0x3EFF_0000, 0, 0x1_0000, 0x0200_0000, 0, 0x1000_0000, 0,
        0x1000_0000, 0, 0x1000_0000).cells("interrupt-map-mask", 0x1800, 0, 0, 7).cells("interrupt-map",
            0x0800, 0, 0, 1, 7, 0, 0, 0, 3, 4, 0x0800, 0, 0, 2, 7, 0, 0, 0, 4, 4, 0x1000, 0, 0, 1, 7, 0, 0, 0, 4, 4);
  }

  private static PlatformNode at(String path, int device, int function) {
    return FakeNode.at(path).cells("reg", device << 11 | function << 8, 0, 0, 0, 0).build();
  }

  @BeforeEach
  void build() {
    context = new FakeContext(bridge().build()).beside(GIC);
    host = new PciHost(context);
    host.claimRanges();
    PlatformNode port = at("/pcie/port@1,0", 1, 0);
    new PciBridge(context.at(port), new DeviceState(), ConfigTable.bridge(0x1B36, 0xC, 0x06_0400, 0).pin(1)
        .capability(Capability.express(Capability.Express.ROOT_PORT)).build());
    behind = new TestFunction(context.at(at("/pcie/port@1,0/test@0,0", 0, 0)));
    direct = new TestFunction(context.at(at("/pcie/test@2,1", 2, 1)));
  }

  /** Gives the port bus 1 and the window 0x10000000 to 0x101fffff, and the endpoint behind it a place in it. */
  private void enumerate() {
    host.writeConfig(0, PORT, 0x18, 4, 0x01_0100);
    host.writeConfig(0, PORT, 0x20, 4, 0x1010_1000);
    host.writeConfig(0, PORT, ConfigTable.COMMAND, 2, 6);
    host.writeConfig(1, 0, 0x10, 4, (int) WINDOW);
    host.writeConfig(1, 0, 0x14, 4, 0);
    host.writeConfig(1, 0, ConfigTable.COMMAND, 2, 6);
  }

  @Test
  void nothingIsAllOnesAndTakesNothing() {
    assertEquals(-1, host.readConfig(0, 5 << 3, 0, 4));
    assertEquals(0xFFFF, host.readConfig(3, 0, 0, 2));
    host.writeConfig(0, 5 << 3, 4, 2, 7);
    assertEquals(0xFFFF_FFFFL, context.readAt(WINDOW, 4));
    context.writeAt(WINDOW, 4, 1);
  }

  @Test
  void functionsAreFoundWhereTheyAre() {
    assertEquals(0x5678_1234, host.readConfig(0, DIRECT, 0, 4));
    assertEquals(0x01, host.readConfig(0, PORT, 0x0E, 1));
    assertEquals(-1, host.readConfig(1, 0, 0, 4), "the port has no bus number yet");
    enumerate();
    assertEquals(0x5678_1234, host.readConfig(1, 0, 0, 4));
    assertEquals(0x0108_0203, host.readConfig(1, 0, 8, 4));
  }

  @Test
  void whatAFunctionThrowsIsItsOwnFailureAndNotTheBridges() {
    enumerate();
    behind.bug = new IllegalStateException("card bug");
    ModelException failed = assertThrows(ModelException.class, () -> context.readAt(WINDOW, 4));
    assertTrue(failed.getMessage().contains("/pcie/port@1,0/test@0,0: ") && failed.getMessage().contains("card bug"), failed.getMessage());
    assertThrows(ModelException.class, () -> context.writeAt(WINDOW, 4, 1));
  }

  @Test
  void function0SaysWhetherThereAreOthers() {
    assertEquals(0x01, host.readConfig(0, PORT, 0x0E, 1));
    new TestFunction(context.at(at("/pcie/test@1,7", 1, 7)));
    assertEquals(0x81, host.readConfig(0, PORT, 0x0E, 1));
    assertEquals(0x81, host.readConfig(0, PORT, 0x0C, 4) >>> 16);
    assertEquals(0, host.readConfig(0, PORT + 7, 0x0E, 1), "only function 0");
    assertEquals(0, host.readConfig(0, DIRECT, 0x0E, 1));
  }

  @Test
  void barsTellTheirSizes() {
    for (int at = 0x10; at < 0x28; at += 4) {
      host.writeConfig(0, DIRECT, at, 4, -1);
    }
    assertEquals(0xFFFF_C004, host.readConfig(0, DIRECT, 0x10, 4));
    assertEquals(-1, host.readConfig(0, DIRECT, 0x14, 4));
    assertEquals(0xFFFF_FFF1, host.readConfig(0, DIRECT, 0x18, 4));
    assertEquals(0xFFFF_F000, host.readConfig(0, DIRECT, 0x1C, 4));
    assertEquals(0, host.readConfig(0, DIRECT, 0x20, 4));
  }

  @Test
  void capabilitiesAreChained() {
    int found = 0;
    for (int at = host.readConfig(0, DIRECT, 0x34, 1); at != 0; at = host.readConfig(0, DIRECT, at + 1, 1)) {
      found |= 1 << host.readConfig(0, DIRECT, at, 1);
    }
    assertEquals(1 << 1 | 1 << 5 | 1 << 16 | 1 << 17, found);
    assertEquals(0x0002_0001, host.readConfig(0, DIRECT, 0x100, 4));
  }

  @Test
  void memoryIsReachedThroughWindowsThatAreOpen() {
    enumerate();
    behind.answer = 0x1_2345_6789L;
    assertEquals(0x1_2345_6789L, context.readAt(WINDOW + 8, 8));
    context.writeAt(WINDOW + 0x10, 2, 0xABCD);
    assertEquals(List.of("read 0 8 8", "write 0 10 2 abcd"), behind.seen);
    host.writeConfig(0, PORT, 0x20, 4, 0x1020_1020);
    assertEquals(0xFFFF_FFFFL, context.readAt(WINDOW, 4), "outside of the port's window");
    host.writeConfig(0, PORT, 0x20, 4, 0x1010_1000);
    host.writeConfig(1, 0, ConfigTable.COMMAND, 2, 4);
    assertEquals(0xFFFF_FFFFL, context.readAt(WINDOW, 4), "decode is off");
  }

  /** Nobody takes another's accesses by a BAR placed over its, not even one that is larger than the window before it. */
  @Test
  void whatTwoClaimAnswersToNobody() {
    enumerate();
    behind.answer = 0x1_2345_6789L;
    host.writeConfig(0, DIRECT, 0x10, 4, (int) WINDOW);
    host.writeConfig(0, DIRECT, 0x14, 4, 0);
    assertEquals(0x2345_6789L, context.readAt(WINDOW, 4));
    host.writeConfig(0, DIRECT, ConfigTable.COMMAND, 2, 2);
    assertEquals(0xFFFF_FFFFL, context.readAt(WINDOW, 4));
    assertEquals(0xFFFF_FFFFL, context.readAt(WINDOW + 4, 4));
    assertEquals(1, context.reportedEvents().size(), () -> context.reportedEvents().toString());
    assertEquals("00:01.0 and 00:02.1 at 0x10000000: both claim it, neither answers", context.reportedEvents().getFirst().text());
    host.writeConfig(0, DIRECT, ConfigTable.COMMAND, 2, 0);
    assertEquals(0x2345_6789L, context.readAt(WINDOW, 4));
  }

  @Test
  void ioSpaceIsApart() {
    host.writeConfig(0, DIRECT, 0x18, 4, 0x100);
    host.writeConfig(0, DIRECT, ConfigTable.COMMAND, 2, 1);
    context.writeAt(0x3EFF_0104L, 1, 0x55);
    assertEquals(List.of("write 2 4 1 55"), direct.seen);
  }

  @Test
  void onlyBusMastersReachMemory() {
    enumerate();
    behind.pci.dma().write(FakeMemory.BASE, 4, 0x1234);
    assertEquals(0x1234, context.dma().read(FakeMemory.BASE, 4));
    host.writeConfig(0, PORT, ConfigTable.COMMAND, 2, 2);
    assertThrows(ExternalAbort.class, () -> behind.pci.dma().read(FakeMemory.BASE, 4), "the port is none");
    host.writeConfig(0, PORT, ConfigTable.COMMAND, 2, 6);
    host.writeConfig(1, 0, ConfigTable.COMMAND, 2, 2);
    assertThrows(ExternalAbort.class, () -> behind.pci.dma().read(FakeMemory.BASE, 4));
  }

  @Test
  void messagesCarryTheRequester() {
    enumerate();
    int msix = behind.pci.config().table().capability(Capability.MSIX);
    context.writeAt(WINDOW + 0x2000 + 16, 8, DOORBELL);
    context.writeAt(WINDOW + 0x2000 + 24, 4, 83);
    host.writeConfig(1, 0, msix + 2, 2, 0x8000);
    behind.pci.message(1);
    assertEquals(List.of(), context.sentMessages(), "the vector is masked");
    assertEquals(2, context.readAt(WINDOW + 0x3000, 4));
    context.writeAt(WINDOW + 0x2000 + 28, 4, 0);
    assertEquals(List.of(new Message(0x100, DOORBELL, 4, 83)), context.sentMessages());
    assertEquals(0, context.readAt(WINDOW + 0x3000, 4));
    host.writeConfig(0, PORT, 0x18, 4, 0x05_0500);
    behind.pci.message(1);
    assertEquals(0x500, context.sentMessages().getLast().requester(), "its bus has another number now");
  }

  @Test
  void plainMessagesAreGranted() {
    int msi = direct.pci.config().table().capability(Capability.MSI);
    host.writeConfig(0, DIRECT, ConfigTable.COMMAND, 2, 4);
    host.writeConfig(0, DIRECT, msi + 4, 4, (int) DOORBELL);
    host.writeConfig(0, DIRECT, msi + 12, 2, 0x50);
    host.writeConfig(0, DIRECT, msi + 2, 2, 0x11);
    direct.pci.message(3);
    assertEquals(List.of(new Message(DIRECT, DOORBELL, 4, 0x51)), context.sentMessages(), "two were granted");
  }

  @Test
  void pinsRotateAndAreShared() {
    InterruptSpecifier third = new InterruptSpecifier("/intc", new int[] {0, 3, 4});
    InterruptSpecifier fourth = new InterruptSpecifier("/intc", new int[] {0, 4, 4});
    behind.pci.pin(true);
    assertTrue(context.line(third).level(), "INTA of device 0 behind the port in slot 1");
    direct.pci.pin(true);
    assertTrue(context.line(fourth).level());
    host.writeConfig(0, DIRECT, ConfigTable.COMMAND, 2, ConfigTable.COMMAND_INTX_DISABLE);
    assertFalse(context.line(fourth).level());
    assertTrue((host.readConfig(0, DIRECT, ConfigTable.STATUS, 2) & ConfigTable.STATUS_INTERRUPT) != 0);
    behind.pci.removed();
    assertFalse(context.line(third).level(), "what is gone drives nothing");
  }

  @Test
  void aFunctionIsReset() {
    enumerate();
    int express = behind.pci.config().table().capability(Capability.EXPRESS);
    host.writeConfig(1, 0, express + 8, 2, 1 << 15);
    assertEquals(0, host.readConfig(1, 0, ConfigTable.COMMAND, 2));
    assertEquals(1, behind.resets);
    enumerate();
    int power = behind.pci.config().table().capability(Capability.POWER_MANAGEMENT);
    host.writeConfig(1, 0, power + 4, 2, 3);
    assertEquals(0xFFFF_FFFFL, context.readAt(WINDOW, 4), "it sleeps");
    host.writeConfig(1, 0, power + 4, 2, 0);
    assertEquals(2, behind.resets);
    enumerate();
    host.writeConfig(0, PORT, 0x3E, 2, 1 << 6);
    assertEquals(3, behind.resets);
    assertEquals(0xFFFF, host.readConfig(1, 0, ConfigTable.COMMAND, 2), "nobody answers while the bus is reset");
    host.writeConfig(0, PORT, 0x3E, 2, 0);
    assertEquals(0, host.readConfig(1, 0, ConfigTable.COMMAND, 2));
  }

  /** From D1 and D2 a function comes back as it was (PCI Bus Power Management 1.2, 5.4.1). */
  @Test
  void onlyD3hotLosesWhatWasSet() {
    enumerate();
    int power = behind.pci.config().table().capability(Capability.POWER_MANAGEMENT);
    long bar = host.readConfig(1, 0, 0x10, 4);
    for (int state = 1; state <= 2; state++) {
      host.writeConfig(1, 0, power + 4, 2, state);
      host.writeConfig(1, 0, power + 4, 2, 0);
      assertEquals(0, behind.resets);
      assertEquals(bar, host.readConfig(1, 0, 0x10, 4));
    }
  }

  @Test
  void aRecordGoesOnInAnotherFunction() {
    enumerate();
    StateRecord record = behind.state.save();
    FakeContext next = context.at(at("/pcie/port@1,0/test@0,0", 0, 0));
    TestFunction successor = new TestFunction(next);
    successor.state.restore(record);
    successor.pci.restored();
    behind.pci.removed();
    successor.answer = 9;
    assertEquals(9, context.readAt(WINDOW, 4));
    assertEquals(List.of(), behind.seen);
  }

  /** Cavium's PEM has its registers in a range that it passes on; others have a range in their registers. The inner one has its bytes. */
  @Test
  void aRangeMayBeInTheBridgesOwnRegOrAroundIt() {
    FakeContext pem = new FakeContext(FakeNode.at("/pem").window(0x2000_0000L, 0x1_0000).window(0x3000_0000L, 0x100_0000)
        .cells("ranges", 0x0200_0000, 0, 0x2000_0000, 0, 0x2000_0000, 0, 0x10_0000,
            0x0200_0000, 0, 0x3080_0000, 0, 0x3080_0000, 0, 0x1_0000).build());
    PciHost bridge = new PciHost(pem);
    MmioHandler registers = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return offset;
      }

      @Override
      public void write(long offset, int size, long value) {}
    };
    pem.bus().window(0, AccessRule.ANY, registers);
    pem.bus().window(1, AccessRule.ANY, registers);
    bridge.claimRanges();
    TestFunction card = new TestFunction(pem.at(at("/pem/card@0,0", 0, 0)));
    bridge.writeConfig(0, 0, 0x1C, 4, 0x2001_0000);
    bridge.writeConfig(0, 0, ConfigTable.COMMAND, 2, 6);
    card.answer = 7;
    assertEquals(0xFFF8, pem.readAt(0x2000_FFF8L, 8), "the bridge's register");
    assertEquals(7, pem.readAt(0x2001_0000L, 4), "behind the registers is the card");
    bridge.writeConfig(0, 0, 0x1C, 4, 0x3080_0000);
    assertEquals(7, pem.readAt(0x3080_0000L, 4), "the card within the registers");
    assertEquals(0x7F_FFF8, pem.readAt(0x307F_FFF8L, 8));
    assertEquals(0x81_0000, pem.readAt(0x3081_0000L, 4), "registers behind the range");
  }

  @Test
  void aBrokenTreeIsNamed() {
    ModelException cut = assertThrows(ModelException.class,
        () -> new PciHost(new FakeContext(FakeNode.at("/pcie").cells("interrupt-map", 0, 0, 0, 1, 7, 0).build()).beside(GIC)));
    assertTrue(cut.getMessage().contains("/pcie") && cut.getMessage().contains("cut off"), cut.getMessage());
    ModelException nobody = assertThrows(ModelException.class,
        () -> new PciHost(new FakeContext(FakeNode.at("/pcie").cells("interrupt-map", 0, 0, 0, 1, 9, 0).build())));
    assertTrue(nobody.getMessage().contains("phandle 0x9"), nobody.getMessage());
  }

  @Test
  void functionZeroSaysThatThereAreMore() {
    assertEquals(1, host.readConfig(0, PORT, 0x0E, 1), "a bridge on its own");
    new TestFunction(context.at(at("/pcie/test@1,7", 1, 7)));
    assertEquals(0x81, host.readConfig(0, PORT, 0x0E, 1));
    assertEquals(0x81, host.readConfig(0, PORT, 0x0C, 4) >>> 16);
    assertEquals(0x81, host.readConfig(0, PORT, 0x0E, 2));
    assertEquals(0, host.readConfig(0, PORT, 0x0C, 2));
    assertEquals(0, host.readConfig(0, PORT | 7, 0x0E, 1), "only function 0 says so");
  }
}
