// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciError;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.Capability.Express;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeContext.Message;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.pci.FakePciHost;

/** A root port with BARs and messages, a switch's port and an endpoint behind it, as an operating system uses them. */
class BridgeEventsTest {
  private static final long BAR = FakePciHost.MEMORY;
  private static final long BEHIND = BAR + 0x10_0000;
  private static final int POWER = 0x40;
  private static final int EXPRESS = 0x50;
  private static final int MESSAGES = 0x90;
  private static final int ERRORS = 0x100;
  private static final int ROOT_CONTROL = EXPRESS + 28;
  private static final int ROOT_STATUS = EXPRESS + 32;
  private static final int ERROR_COMMAND = ERRORS + 44;
  private static final int ERROR_STATUS = ERRORS + 48;
  private static final int ERROR_SOURCE = ERRORS + 52;
  private static final int POWER_MESSAGE = 1;
  private static final int ERROR_MESSAGE = 2;
  private static final int BUS = 2;
  private static final String PORT = "/pcie@10000000/port@1,0";
  private static final String SWITCH = PORT + "/switch@0,0";

  private long written;
  private final PciDevice registers = new PciDevice() {
    @Override
    public long readBar(int bar, long offset, int size) {
      return 0x1000 * bar + offset;
    }

    @Override
    public void writeBar(int bar, long offset, int size, long value) {
      written = value;
    }

    @Override
    public void functionReset() {}
  };

  private final FakePciHost pci = new FakePciHost();
  private final DeviceState state = new DeviceState();
  private PciBridge port = port(pci.context(), state);
  private final DeviceState endpointState = new DeviceState();
  private PciEndpoint endpoint;

  private PciBridge port(FakeContext context, DeviceState into) {
    return new PciBridge(context.at(FakePciHost.function("port@1,0", "example,port").build()), into, portTable().build(), registers);
  }

  private static ConfigTable.Builder portTable() {
    return ConfigTable.bridge(0x177D, 0xAF01, 0x06_0400, 0).pin(1).bar(0, BarKind.MEMORY32, 0x1000)
        .bar(1, BarKind.MEMORY32, 0x4000).capability(Capability.powerManagement(true, true), POWER)
        .capability(Capability.express(Express.ROOT_PORT, POWER_MESSAGE), EXPRESS).capability(Capability.msix(4, 1, 0, 0x2000), MESSAGES)
        .capability(Capability.msi(2), 0xA0).capability(Capability.advancedErrors(true, ERROR_MESSAGE), ERRORS);
  }

  /** Bus 1 is the switch's port alone, bus 2 the endpoint. */
  private void enumerate() {
    PlatformNode relayNode = FakeNode.at(SWITCH).cells("reg", 0, 0, 0, 0, 0).build();
    new PciBridge(pci.context().at(relayNode), new DeviceState(), ConfigTable.bridge(0x177D, 1, 0x06_0400, 0)
        .capability(Capability.express(Express.UPSTREAM_PORT)).build());
    endpoint = new PciEndpoint(pci.context().at(FakeNode.at(SWITCH + "/card@0,0").cells("reg", 0, 0, 0, 0, 0).build()), endpointState,
        ConfigTable.endpoint(0x1234, 0x5678, 0xFF_0000, 0).bar(0, BarKind.MEMORY32, 0x1000)
            .capability(Capability.powerManagement(true, true)).capability(Capability.express(Express.ENDPOINT))
            .capability(Capability.advancedErrors(false)).build(), registers);
    pci.config(0x18, 4, 0x00_02_01_00);
    window(pci.host().readConfig(0, FakePciHost.DEVFN, 0x18, 1), FakePciHost.DEVFN);
    pci.host().writeConfig(1, 0, 0x18, 4, 0x00_02_02_01);
    window(1, 0);
    pci.host().writeConfig(BUS, 0, ConfigTable.BAR0, 4, (int) BEHIND);
    pci.host().writeConfig(BUS, 0, ConfigTable.COMMAND, 2, 6);
    pci.config(ConfigTable.BAR0, 4, (int) BAR);
    pci.config(ConfigTable.BAR0 + 4, 4, (int) BAR + 0x4000);
    pci.config(EXPRESS + 8, 2, 0xF);
    pci.host().writeConfig(1, 0, 0x3E, 2, 2);
    pci.config(0x3E, 2, 2);
  }

  private void window(int bus, int devfn) {
    pci.host().writeConfig(bus, devfn, 0x20, 4, (int) (BEHIND & 0xFFF0_0000L | BEHIND >>> 16));
    pci.host().writeConfig(bus, devfn, ConfigTable.COMMAND, 2, 6);
  }

  private void messages() {
    for (int vector = 0; vector < 4; vector++) {
      pci.context().writeAt(BAR + 0x4000 + 16 * vector, 4, 0x808_0040);
      pci.context().writeAt(BAR + 0x4000 + 16 * vector + 8, 4, 0x70 + vector);
      pci.context().writeAt(BAR + 0x4000 + 16 * vector + 12, 4, 0);
    }
    pci.config(MESSAGES + 2, 2, 0x8000);
  }

  private List<Message> sent(int... data) {
    return Arrays.stream(data).mapToObj(d -> new Message(FakePciHost.DEVFN, 0x808_0040, 4, d)).toList();
  }

  private int at(int capability, boolean extended) {
    ConfigTable table = endpoint.config().table();
    return extended ? table.extendedCapability(capability) : table.capability(capability);
  }

  private void errorsWanted() {
    int control = at(Capability.EXPRESS, false) + 8;
    pci.host().writeConfig(BUS, 0, control, 2, 0xF);
    pci.config(ERROR_COMMAND, 4, 7);
  }

  // ---- BARs

  @Test
  void bothBarsAnswer() {
    enumerate();
    assertEquals(0x10, pci.read(0x10, 4));
    pci.write(8, 4, 0x1234);
    assertEquals(0x1234, written);
    assertEquals(0x1100, pci.context().readAt(BAR + 0x4100, 4), "BAR 1 behind the table of messages");
    assertEquals(0, pci.context().readAt(BAR + 0x4000 + 8, 4), "the table of messages");
    assertEquals(0x20, pci.context().readAt(BEHIND + 0x20, 4), "what is behind it still answers");
    pci.config(ConfigTable.COMMAND, 2, 4);
    assertEquals(0xFFFF_FFFFL, pci.read(0x10, 4), "without memory decoding");
    assertEquals(0xFFFF_F000, sized(0));
    assertEquals(0xFFFF_C000, sized(1));
  }

  private int sized(int bar) {
    pci.config(ConfigTable.BAR0 + 4 * bar, 4, -1);
    return pci.config(ConfigTable.BAR0 + 4 * bar, 4);
  }

  @Test
  void aBarInItsOwnWindowIsAnOverlap() {
    enumerate();
    pci.config(ConfigTable.BAR0, 4, (int) BEHIND);
    assertEquals(0xFFFF_FFFFL, pci.context().readAt(BEHIND, 4));
    assertTrue(pci.context().reportedEvents().toString().contains("00:01.0 and what is behind it"), pci.context()
        .reportedEvents()::toString);
    pci.config(ConfigTable.BAR0, 4, (int) BAR);
    assertEquals(0, pci.context().readAt(BEHIND, 4));
  }

  /** Nothing passes a port in D3hot, its configuration space answers (PCI Bus Power Management 1.2). */
  @Test
  void asleepItLetsNothingPass() {
    enumerate();
    pci.config(POWER + 4, 2, 3);
    assertEquals(0xFFFF_FFFFL, pci.read(0, 4));
    assertEquals(0xFFFF_FFFFL, pci.context().readAt(BEHIND, 4));
    assertEquals(-1, pci.host().readConfig(BUS, 0, 0, 4));
    assertThrows(ExternalAbort.class, () -> endpoint.dma().read(FakeMemory.BASE, 4));
    pci.config(POWER + 4, 2, 0);
    assertEquals(0x5678_1234, pci.host().readConfig(BUS, 0, 0, 4), "No_Soft_Reset: its bus numbers are there again");
  }

  // ---- Power management events

  @Test
  void eventsOfSleepersComeOneByOne() {
    enumerate();
    messages();
    pci.config(ROOT_CONTROL, 2, 1 << 3);
    int control = at(Capability.POWER_MANAGEMENT, false) + 4;
    endpoint.wake();
    assertEquals(0, pci.config(ROOT_STATUS, 4), "software doesn't want it");
    assertEquals(0x8000, pci.host().readConfig(BUS, 0, control, 2) & 0x8000, "noted all the same");
    pci.host().writeConfig(BUS, 0, control, 2, 0x8103);
    endpoint.wake();
    endpoint.wake();
    assertEquals(1 << 16 | BUS << 8, pci.config(ROOT_STATUS, 4));
    assertEquals(sent(0x70 + POWER_MESSAGE), pci.context().sentMessages());
    pci.config(POWER + 4, 2, 0x100);
    port.wake();
    assertEquals(3 << 16 | BUS << 8, pci.config(ROOT_STATUS, 4), "another one waits");
    pci.config(ROOT_STATUS, 4, 1 << 16);
    assertEquals(1 << 16 | FakePciHost.DEVFN, pci.config(ROOT_STATUS, 4));
    pci.config(ROOT_STATUS, 4, 1 << 16);
    assertEquals(0, pci.config(ROOT_STATUS, 4) & 3 << 16);
    pci.host().writeConfig(BUS, 0, control, 2, 0x8103);
    endpoint.wake();
    assertEquals(sent(0x70 + POWER_MESSAGE, 0x70 + POWER_MESSAGE), pci.context().sentMessages(), "one each time that it begins");
  }

  @Test
  void eventsDriveThePinWithoutMessages() {
    enumerate();
    pci.config(ROOT_CONTROL, 2, 1 << 3);
    pci.config(POWER + 4, 2, 0x100);
    port.wake();
    assertTrue(pci.pin().level());
    pci.config(ConfigTable.COMMAND, 2, 6 | ConfigTable.COMMAND_INTX_DISABLE);
    assertFalse(pci.pin().level());
    pci.config(ConfigTable.COMMAND, 2, 6);
    pci.config(ROOT_STATUS, 4, 1 << 16);
    assertFalse(pci.pin().level());
    assertEquals(0, pci.config(ConfigTable.STATUS, 2) & ConfigTable.STATUS_INTERRUPT);
    port.pin(true);
    assertTrue(pci.pin().level(), "for something of the model's own");
    pci.config(POWER + 4, 2, 0x8100);
    port.wake();
    port.pin(false);
    assertTrue(pci.pin().level(), "the event still wants it");
  }

  // ---- Errors

  @Test
  void anErrorBelowIsCountedAndItsSourceIsNamed() {
    enumerate();
    messages();
    errorsWanted();
    endpoint.error(PciError.BAD_TLP);
    assertEquals(PciError.BAD_TLP.mask(), pci.host().readConfig(BUS, 0, at(Capability.ADVANCED_ERRORS, true) + 16, 4));
    assertEquals(1 | ERROR_MESSAGE << 27, pci.config(ERROR_STATUS, 4));
    assertEquals(BUS << 8, pci.config(ERROR_SOURCE, 4));
    assertEquals(sent(0x70 + ERROR_MESSAGE), pci.context().sentMessages());
    port.error(PciError.REPLAY_TIMEOUT);
    assertEquals(3 | ERROR_MESSAGE << 27, pci.config(ERROR_STATUS, 4), "several");
    assertEquals(BUS << 8, pci.config(ERROR_SOURCE, 4), "the first one's source");
    endpoint.error(PciError.COMPLETION_TIMEOUT, 0x1111, 0x2222);
    assertEquals(0x27 | ERROR_MESSAGE << 27, pci.config(ERROR_STATUS, 4));
    assertEquals(BUS << 24 | BUS << 8, pci.config(ERROR_SOURCE, 4));
    assertEquals(14, pci.host().readConfig(BUS, 0, at(Capability.ADVANCED_ERRORS, true) + 24, 4), "first error pointer");
    assertEquals(0x2222, pci.host().readConfig(BUS, 0, at(Capability.ADVANCED_ERRORS, true) + 32, 4), "header log");
    assertTrue((pci.config(0x1E, 2) & 1 << 14) != 0, "received system error");
    pci.config(ERROR_STATUS, 4, 0x7F);
    assertEquals(ERROR_MESSAGE << 27, pci.config(ERROR_STATUS, 4));
    assertEquals(1, pci.context().sentMessages().size(), "one message while it holds");
    port.error(PciError.MALFORMED);
    assertEquals(0x54 | ERROR_MESSAGE << 27, pci.config(ERROR_STATUS, 4), "fatal");
    assertEquals(FakePciHost.DEVFN, pci.config(ERROR_SOURCE + 2, 2));
    assertEquals(2, pci.context().sentMessages().size());
  }

  @Test
  void whatIsNotWantedIsNotTold() {
    enumerate();
    errorsWanted();
    pci.host().writeConfig(1, 0, 0x3E, 2, 0);
    endpoint.error(PciError.BAD_TLP);
    assertEquals(0, pci.config(ERROR_STATUS, 4) & 0x7F, "the switch's port doesn't forward");
    pci.host().writeConfig(1, 0, 0x3E, 2, 2);
    int advanced = at(Capability.ADVANCED_ERRORS, true);
    pci.host().writeConfig(BUS, 0, advanced + 20, 4, PciError.BAD_TLP.mask());
    pci.host().writeConfig(BUS, 0, advanced + 8, 4, PciError.POISONED.mask());
    endpoint.error(PciError.BAD_TLP);
    endpoint.error(PciError.POISONED);
    assertEquals(0, pci.config(ERROR_STATUS, 4) & 0x7F, "masked");
    pci.host().writeConfig(BUS, 0, at(Capability.EXPRESS, false) + 8, 2, 0);
    endpoint.error(PciError.BAD_DLLP);
    assertEquals(0, pci.config(ERROR_STATUS, 4) & 0x7F, "device control doesn't say so");
    assertEquals(3, pci.host().readConfig(BUS, 0, at(Capability.EXPRESS, false) + 10, 2), "device status notes them all the same");
    pci.config(ERROR_COMMAND, 4, 0);
    port.error(PciError.BAD_DLLP);
    assertEquals(1, pci.config(ERROR_STATUS, 4) & 0x7F);
    assertFalse(pci.pin().level(), "root error command doesn't say so");
    pci.config(ERROR_COMMAND, 4, 1);
    assertTrue(pci.pin().level());
  }

  // ---- MSI, and the model's life

  /** Message numbers are within what MSI was granted (PCI Express Base 4.0, 7.5.3.2). */
  @Test
  void messagesOfMsiAreWithinWhatIsGranted() {
    enumerate();
    errorsWanted();
    pci.config(0xA4, 4, 0x808_0040);
    pci.config(0xAC, 2, 0x70);
    pci.config(0xA2, 2, 1);
    assertEquals(0, pci.config(ERROR_STATUS, 4) >>> 27);
    assertEquals(0, pci.config(EXPRESS + 2, 2) >>> 9 & 31);
    port.error(PciError.BAD_TLP);
    pci.config(ERROR_STATUS, 4, 0x7F);
    pci.config(0xA2, 2, 2 << 4 | 1);
    assertEquals(ERROR_MESSAGE, pci.config(ERROR_STATUS, 4) >>> 27);
    port.error(PciError.BAD_TLP);
    assertEquals(sent(0x70, 0x70 + ERROR_MESSAGE), pci.context().sentMessages());
  }

  @Test
  void aSuccessorGoesOnWithWhatWaits() {
    enumerate();
    messages();
    pci.config(ROOT_CONTROL, 2, 1 << 3);
    pci.host().writeConfig(BUS, 0, at(Capability.POWER_MANAGEMENT, false) + 4, 2, 0x100);
    pci.config(POWER + 4, 2, 0x100);
    endpoint.wake();
    port.wake();
    DeviceState next = new DeviceState();
    PciBridge successor = port(pci.context(), next);
    next.restore(state.save());
    successor.restored();
    port.removed();
    port = successor;
    assertEquals(1, pci.context().sentMessages().size(), "nothing is sent twice");
    pci.config(ROOT_STATUS, 4, 1 << 16);
    assertEquals(1 << 16 | FakePciHost.DEVFN, pci.config(ROOT_STATUS, 4));
  }

  /** Records of before bridges kept anything end with configuration space. */
  @Test
  void anOldRecordIsRead() {
    enumerate();
    pci.config(POWER + 4, 2, 0x100);
    port.wake();
    port.wake();
    port.pin(true);
    StateRecord old = new StateRecord();
    state.save().values().forEach((name, value) -> old.put(name, name.equals("config") ? Arrays.copyOf((byte[]) value, ConfigTable.SIZE)
        : value));
    state.restore(old);
    port.restored();
    assertEquals(1 << 16 | FakePciHost.DEVFN, pci.config(ROOT_STATUS, 4));
    assertFalse(pci.pin().level(), "what the record hasn't got is as after reset");
  }
}
