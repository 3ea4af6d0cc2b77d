// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.physdev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.pci.kit.EcamBridge;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenErrno;

class PhysicalDeviceTest {
  private static final int CALL = 33;
  private static final int ADD = 25;
  private static final int REMOVE = 26;
  private static final int RESET = 32;
  private static final int BRIDGE_ADD = 0x8000_0016;
  private static final long ECAM = 0x40_1000_0000L;

  private FakeHypervisor hyp = new FakeHypervisor();
  private FakeDomain dom0 = hyp.dom0(1);
  private final FakePciDevices pci = new FakePciDevices();

  /** The subsystem without any other. */
  private PhysicalDeviceTest alone() {
    hyp.install("physdev", new PhysicalDeviceComponent());
    return this;
  }

  /** The subsystem with one that knows functions. */
  private PhysicalDeviceTest known() {
    alone();
    hyp.port(PciDevicesPort.class).attach(pci, hyp.context("physdev"));
    return this;
  }

  /** And with a host bridge, segment 2, buses 0x10 to 0x1F, that has a driver, and one that has none. */
  private PhysicalDeviceTest driven() {
    addBridges(hyp);
    known();
    drive(hyp);
    return this;
  }

  static void addBridges(FakeHypervisor hyp) {
    hyp.beside(FakeNode.at("/pcie").compatible("fake,host").property(FdtProperty.ofStrings("device_type", "pci")).window(ECAM, 0x100_0000)
        .cells("bus-range", 0x10, 0x1F).cells("linux,pci-domain", 2).build(),
        FakeNode.at("/other").compatible("fake,other").property(FdtProperty.ofStrings("device_type", "pci"))
            .window(0x1000, 0x1000).build());
  }

  static void drive(FakeHypervisor hyp) {
    hyp.port(HostBridgesPort.class).claim(new HostBridgeDriver() {
      @Override
      public List<String> compatible() {
        return List.of("fake,host");
      }

      @Override
      public HostBridge open(PlatformNode node, PhysicalBus bus) {
        return new EcamBridge(node, bus, EcamBridge.ECAM, rid -> true);
      }
    }, hyp.context("physdev"));
  }

  private void strict() {
    hyp = new FakeHypervisor(1, Map.of("strict-xen", "true"));
    dom0 = hyp.dom0(1);
  }

  private long call(int operation, byte... argument) {
    return call(dom0, operation, argument);
  }

  private static long call(FakeDomain domain, int operation, byte... argument) {
    byte[] page = new byte[32];
    System.arraycopy(argument, 0, page, 0, argument.length);
    assertTrue(domain.memory().write(domain.page(0), page, 0, page.length));
    return domain.vcpu(0).call(CALL, operation, domain.page(0));
  }

  private static byte[] bridge(int segment, int first, int buses, int pad, long base, long size) {
    return ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putShort((short) segment).put((byte) first).put((byte) buses).putInt(pad)
        .putLong(base).putLong(size).array();
  }

  private static byte[] window(long base, int segment, int first, int last) {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(base).putShort((short) segment).put((byte) first).put((byte) last)
        .putInt(1).array();
  }

  // ---- what Xen has on Arm

  @Test
  void theHardwareDomainTellsOfFunctions() {
    driven();
    assertEquals(0, call(ADD, (byte) 0x34, (byte) 0x12, (byte) 5, (byte) 9));
    assertEquals(0, call(ADD, (byte) 2, (byte) 0, (byte) 5, (byte) 9, (byte) 3, (byte) 0, (byte) 0, (byte) 0, (byte) 4, (byte) 8));
    assertEquals(0, call(REMOVE, (byte) 2, (byte) 0, (byte) 5, (byte) 9));
    assertEquals(List.of("add 1234:05:01.1 0 0000:00:00.0", "add 0002:05:01.1 3 0002:04:01.0", "remove 0002:05:01.1"), pci.told);
  }

  @Test
  void theHardwareDomainTellsOfResets() {
    driven();
    for (int kind = 0; kind < 4; kind++) {
      assertEquals(0, call(RESET, (byte) 2, (byte) 0, (byte) 5, (byte) 8, (byte) kind));
      assertEquals("reset 0002:05:01.0 " + kind, pci.told.getLast());
    }
    assertEquals(-XenErrno.XEN_EINVAL, call(RESET, (byte) 2, (byte) 0, (byte) 5, (byte) 8, (byte) 4));
    assertEquals(-XenErrno.XEN_EINVAL, call(RESET, (byte) 2, (byte) 0, (byte) 5, (byte) 8, (byte) 0, (byte) 0, (byte) 0, (byte) 0x80));
    assertEquals(4, pci.told.size());
  }

  @Test
  void whatIsAnsweredTheCallerHears() {
    driven();
    pci.answer = -XenErrno.XEN_ENODEV;
    assertEquals(-XenErrno.XEN_ENODEV, call(ADD));
    assertEquals(-XenErrno.XEN_ENODEV, call(REMOVE));
    assertEquals(-XenErrno.XEN_ENODEV, call(RESET));
  }

  @Test
  void badPointersAreFaults() {
    driven();
    for (int operation : new int[] {15, 16, 20, 24, ADD, REMOVE, RESET, BRIDGE_ADD}) {
      assertEquals(-XenErrno.XEN_EFAULT, dom0.vcpu(0).call(CALL, operation, 0), "operation " + operation);
      assertEquals(-XenErrno.XEN_EFAULT, dom0.vcpu(0).call(CALL, operation, dom0.page(FakeHypervisor.PAGES) - 1), "operation " + operation);
    }
    assertEquals(List.of(), pci.told);
  }

  @Test
  void otherDomainsMayNot() {
    driven();
    FakeDomain guest = hyp.domU(2, 1);
    for (int operation : new int[] {15, 16, 20, 24, ADD, REMOVE, RESET, BRIDGE_ADD}) {
      assertEquals(-XenErrno.XEN_EPERM, call(guest, operation), "operation " + operation);
    }
    assertEquals(List.of(), pci.told);
  }

  @Test
  void withoutAnyDriverForAHostBridgeItIsAsWithoutPassthrough() {
    known();
    for (int operation : new int[] {15, 16, 20, 24, ADD, REMOVE, RESET}) {
      assertEquals(-XenErrno.XEN_EOPNOTSUPP, call(operation), "operation " + operation);
    }
  }

  @Test
  void whereNobodyKnowsFunctionsThereIsNoCall() {
    alone();
    for (int op = -1; op < 40; op++) {
      assertEquals(-XenErrno.XEN_ENOSYS, call(op), "operation " + op);
    }
    assertEquals(-XenErrno.XEN_ENOSYS, call(BRIDGE_ADD));
    assertTrue(hyp.port(HypercallsPort.class).served(CALL));
  }

  @Test
  void strictlyAsXenThereAreThree() {
    strict();
    driven();
    for (int op = -1; op < 40; op++) {
      assertEquals(op == ADD || op == REMOVE || op == RESET ? 0 : -XenErrno.XEN_ENOSYS, call(op), "operation " + op);
    }
    assertEquals(-XenErrno.XEN_ENOSYS, call(BRIDGE_ADD, bridge(2, 0x10, 0, 0, ECAM, 0)));
  }

  // ---- another architecture

  /** Where the architecture lets only the hardware domain's tell of functions, and not by the older calls. */
  private void narrow() {
    hyp.port(ArchitectureFactsPort.class).attach(new Narrow(hyp.port(ArchitectureFactsPort.class).provider()), hyp.context("core"));
  }

  private record Narrow(ArchitectureFacts usual) implements ArchitectureFacts {
    @Override
    public int physicalDeviceAnswer(Domain domain, int number) {
      boolean there = number == 13 || domain.kind() == DomainSpec.Kind.DOM0 && (number == ADD || number == REMOVE);
      return there ? 0 : -XenErrno.XEN_ENOSYS;
    }

    @Override
    public String capabilities() {
      return usual.capabilities();
    }

    @Override
    public int features(Domain domain) {
      return usual.features(domain);
    }

    @Override
    public long virtualStart() {
      return usual.virtualStart();
    }

    @Override
    public long hertz() {
      return usual.hertz();
    }

    @Override
    public String trap(long cause, long detail) {
      return usual.trap(cause, detail);
    }
  }

  @Test
  void guestsAreAnsweredByTheArchitectureInTheFirstPlace() {
    driven();
    narrow();
    FakeDomain guest = hyp.domU(2, 1);
    for (int op = -1; op < 40; op++) {
      assertEquals(-XenErrno.XEN_ENOSYS, call(guest, op), "operation " + op);
    }
    assertEquals(0, call(RESET, (byte) 2, (byte) 0, (byte) 5, (byte) 9), "the hardware domain has what is ours besides");
    assertEquals(0, call(15, (byte) 5, (byte) 9));
  }

  @Test
  void strictlyTheHardwareDomainIs() {
    strict();
    driven();
    narrow();
    for (int op = -1; op < 40; op++) {
      assertEquals(op == ADD || op == REMOVE ? 0 : -XenErrno.XEN_ENOSYS, call(op), "operation " + op);
    }
  }

  // ---- what it has besides

  @Test
  void olderCallsAreForSegmentZero() {
    driven();
    assertEquals(0, call(15, (byte) 5, (byte) 9));
    assertEquals(0, call(16, (byte) 5, (byte) 9));
    assertEquals(0, call(20, (byte) 5, (byte) 9, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0,
        (byte) 0, (byte) 4, (byte) 8));
    assertEquals(List.of("add 0000:05:01.1 0 0000:00:00.0", "remove 0000:05:01.1", "add 0000:05:01.1 3 0000:04:01.0"), pci.told);
  }

  @Test
  void theRestIsntThere() {
    driven();
    for (int op = -1; op < 40; op++) {
      if (op < 15 || op > 16 && op < 20 || op > 20 && op < 24 || op > 26 && op != 32) {
        assertEquals(-XenErrno.XEN_ENOSYS, call(op), "operation " + op);
      }
    }
  }

  @Test
  void windowsOfBridgesAreKnown() {
    driven();
    assertEquals(0, call(24, window(ECAM - 0x100_0000, 2, 0x10, 0x1F)), "as ACPI tells, from bus 0 on");
    assertEquals(0, call(24, window(ECAM, 2, 0x10, 0x1F)), "as the tree tells");
    assertEquals(List.of("ready /pcie", "ready /pcie"), pci.told);
    assertEquals(-XenErrno.XEN_ENODEV, call(24, window(ECAM, 1, 0x10, 0x1F)));
    assertEquals(-XenErrno.XEN_ENODEV, call(24, window(ECAM, 2, 0x20, 0x2F)));
    assertEquals(-XenErrno.XEN_ENODEV, call(24, window(ECAM + 0x1000, 2, 0x10, 0x1F)));
  }

  @Test
  void aBridgeIsUp() {
    driven();
    assertEquals(0, call(BRIDGE_ADD, bridge(2, 0x10, 0x10, 0, ECAM, 0x100_0000)));
    assertEquals(0, call(BRIDGE_ADD, bridge(2, 0x10, 0, 0, ECAM, 0)), "size and buses needn't be said");
    assertEquals(List.of("ready /pcie", "ready /pcie"), pci.told, "there may be functions now");
  }

  @Test
  void aBridgeThatIsntMeantIsRefused() {
    driven();
    assertEquals(-XenErrno.XEN_ENODEV, call(BRIDGE_ADD, bridge(2, 0x10, 0x10, 0, ECAM + 0x1000, 0)));
    assertEquals(-XenErrno.XEN_ENODEV, call(BRIDGE_ADD, bridge(2, 0x10, 0x10, 0, ECAM, 0x200_0000)));
    assertEquals(-XenErrno.XEN_EINVAL, call(BRIDGE_ADD, bridge(1, 0x10, 0x10, 0, ECAM, 0)));
    assertEquals(-XenErrno.XEN_EINVAL, call(BRIDGE_ADD, bridge(2, 0x11, 0x0F, 0, ECAM, 0)));
    assertEquals(-XenErrno.XEN_EINVAL, call(BRIDGE_ADD, bridge(2, 0x10, 0x11, 0, ECAM, 0)));
    assertEquals(-XenErrno.XEN_EINVAL, call(BRIDGE_ADD, bridge(2, 0x10, 0x10, 1, ECAM, 0)));
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, call(BRIDGE_ADD, bridge(1, 0, 0, 0, 0x1000, 0)), "no driver");
    assertEquals(List.of(), pci.told);
  }

  @Test
  void theHeaderSaysTheSame() throws Exception {
    Path header = Path.of("bundles/org.xenolith.hyp.physdev/include/xenolith_physdev.h");
    if (!Files.exists(header)) {
      header = Path.of("include/xenolith_physdev.h");
    }
    String text = Files.readString(header);
    assertTrue(text.contains("XENOLITH_PHYSDEVOP_pci_host_bridge_add 0x" + Integer.toHexString(HostBridgeAdd.NUMBER)), text);
  }

  // ---- its life

  @Test
  void aDomainSeesNoDifferenceWhenItIsReplaced() {
    driven();
    hyp.replace("physdev", new PhysicalDeviceComponent());
    assertEquals(0, call(REMOVE));
    hyp.remove("physdev");
    assertFalse(hyp.port(HypercallsPort.class).served(CALL));
    assertEquals(-XenErrno.XEN_ENOSYS, call(REMOVE));
  }
}
