// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.PciDevices;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeHypervisor;

class PciTreeTest {
  private static final PlatformNode SMMU = FakeNode.at("/smmuv3@9050000").cells("phandle", 1).build();
  private static final PlatformNode ITS = FakeNode.at("/its@8080000").cells("phandle", 2).build();
  private static final PlatformNode HYPERVISOR = FakeNode.at(HypervisorNode.PATH).compatible(HypervisorNode.COMPATIBLE).build();
  private static final int DISK = 2 << 3 | 1;
  private static final int SEGMENT = 3 << 16;

  private final FakeHypervisor hypervisor = new FakeHypervisor();

  private static FakeNode bridge() {
    return FakeNode.at("/pcie@10000000").property(FdtProperty.ofStrings("device_type", "pci")).cells("linux,pci-domain", 3)
        .cells("ranges", 0x0200_0000, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x1000_0000);
  }

  private static Platform platform(PlatformNode... nodes) {
    List<PlatformNode> all = new ArrayList<>(List.of(SMMU, ITS));
    all.addAll(List.of(nodes));
    return new Platform("test", null, all, Platform.Timing.STANDARD);
  }

  /** The tree of a machine with one function in slot 2.1. */
  private String tree(PlatformNode bridge, boolean virtualized) {
    PlatformNode card = FakeNode.at(bridge.path() + "/test@2,1").cells("reg", DISK << 8, 0, 0, 0, 0).build();
    FakeContext context = new FakeContext(bridge);
    new PciHost(context).claimRanges();
    new TestFunction(context.at(card));
    Platform platform = virtualized ? platform(bridge, card, HYPERVISOR) : platform(bridge, card);
    Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class}, (self, method,
        words) -> switch (method.getName()) {
          case "platform" -> platform;
          case "devices" -> List.of(new Machine.DeviceFact(bridge.path(), "Bridge", "org.xenolith.bridge", "1"));
          case "port" -> words[0].equals(HypervisorNode.PATH) ? hypervisor.port((Class<?>) words[1])
              : context.port((String) words[0], (Class<?>) words[1]);
          default -> throw new AssertionError(method.getName());
        });
    return new PciTree(machine, false).text();
  }

  @Test
  void idsOfARequesterAreThoseOfTheBridgesMaps() {
    Platform platform = platform();
    PlatformNode bridge = bridge().cells("iommu-map", 0, 1, 0x1000, 0x100, 0x100, 1, 0x4000, 0x100).cells("iommu-map-mask", 0xFFF8)
        .cells("msi-map", 0, 2, 0x2_0000, 0x1_0000).build();
    assertEquals(Optional.of("stream 0x1010 of smmuv3@9050000"), RequesterIds.stream(platform, bridge, DISK));
    assertEquals(Optional.of("stream 0x4010 of smmuv3@9050000"), RequesterIds.stream(platform, bridge, 0x117));
    assertEquals(Optional.empty(), RequesterIds.stream(platform, bridge, 0x200), "no row");
    assertEquals(Optional.of("device 0x20011 of its@8080000"), RequesterIds.device(platform, bridge, DISK));
  }

  @Test
  void withoutMapsTheParentsCount() {
    Platform platform = platform();
    assertEquals(Optional.of("device 0x11 of its@8080000"),
        RequesterIds.device(platform, bridge().cells("msi-parent", 2).build(), DISK));
    assertEquals(Optional.of("device 0x11 of its@8080000"),
        RequesterIds.device(platform, bridge().cells("msi-parent", 2, 7).build(), DISK), "functions have ids of their own");
    assertEquals(Optional.of("stream 0x9 of smmuv3@9050000"), RequesterIds.stream(platform, bridge().cells("iommus", 1, 9).build(), DISK));
    assertEquals(Optional.empty(), RequesterIds.stream(platform, bridge().build(), DISK));
  }

  @Test
  void brokenMapsTellNothing() {
    Platform platform = platform();
    assertEquals(Optional.empty(), RequesterIds.device(platform, bridge().cells("msi-map", 0, 9, 0, 0x1_0000).build(), DISK));
    assertEquals(Optional.empty(), RequesterIds.device(platform, bridge().cells("msi-map", 0, 2, 0).build(), DISK));
    assertEquals(Optional.empty(), RequesterIds.device(platform, bridge().flag("msi-map").cells("msi-parent", 2).build(), DISK));
    assertEquals(Optional.empty(), RequesterIds.stream(platform, bridge().property(new FdtProperty("iommus", new byte[3])).build(), DISK));
  }

  @Test
  void treeShowsTheIds() {
    PlatformNode bridge = bridge().cells("iommu-map", 0, 1, 0, 0x1_0000).cells("msi-map", 0, 2, 0, 0x1_0000).build();
    assertTrue(tree(bridge, false).contains("test@2,1  no model  stream 0x11 of smmuv3@9050000, device 0x11 of its@8080000\n"), tree(bridge,
        false));
    assertFalse(tree(bridge, true).contains("owner"), "nobody knows it yet");
  }

  @Test
  void ownerIsWhoTheHypervisorSays() {
    int dom0 = hypervisor.dom0(1).serial();
    int guest = hypervisor.domU(5, 1).serial();
    Owned owned = new Owned();
    hypervisor.port(PciDevicesPort.class).attach(owned, new FakeContext(HYPERVISOR));
    PlatformNode plain = bridge().build();
    owned.put(dom0, 0, false);
    assertTrue(tree(plain, true).contains("  owner Dom0\n          BAR"), tree(plain, true));
    owned.put(dom0, 0, true);
    assertTrue(tree(plain, true).contains("owner assignable\n"), tree(plain, true));
    owned.put(0, 0, true);
    assertTrue(tree(plain, true).contains("owner quarantine\n"), tree(plain, true));
    owned.put(guest, 1 << 3, true);
    assertTrue(tree(plain, true).contains("owner fake5 as 00:01.0\n"), tree(plain, true));
    owned.put(99, 1 << 3, true);
    assertTrue(tree(plain, true).contains("gone"), tree(plain, true));
  }

  /** One function, in segment 3. */
  private static final class Owned implements PciDevices {
    private final Map<Integer, PciFunction> functions = new TreeMap<>();

    void put(int owner, int guest, boolean assignable) {
      functions.put(SEGMENT | DISK, new PciFunction(SEGMENT | DISK, null, owner, guest, assignable));
    }

    @Override
    public PciFunction at(int sbdf) {
      return functions.get(sbdf);
    }

    @Override
    public List<PciFunction> functions() {
      return List.copyOf(functions.values());
    }

    @Override
    public List<Integer> group(int sbdf) {
      return List.of(sbdf);
    }

    @Override
    public int add(int sbdf, int flags, int physical) {
      throw new AssertionError("it is only shown");
    }

    @Override
    public int remove(int sbdf) {
      throw new AssertionError("it is only shown");
    }

    @Override
    public int reset(int sbdf, int kind) {
      throw new AssertionError("it is only shown");
    }

    @Override
    public void assignable(int sbdf, boolean on) {
      throw new AssertionError("it is only shown");
    }

    @Override
    public void testAssign(int sbdf) {
      throw new AssertionError("it is only shown");
    }

    @Override
    public int assign(int sbdf, Domain domain, int slot) {
      throw new AssertionError("it is only shown");
    }

    @Override
    public void deassign(int sbdf, Domain domain) {
      throw new AssertionError("it is only shown");
    }
  }
}
