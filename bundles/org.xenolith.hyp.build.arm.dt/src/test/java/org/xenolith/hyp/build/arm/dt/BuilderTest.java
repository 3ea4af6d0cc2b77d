// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainSpec.Kind;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.testkit.hyp.FakeVirtualGic;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.XenErrno;

class BuilderTest {
  private static final String ROLE = "build.arm.dt";
  private static final long MIB = 1L << 20;
  private static final byte[] RAMDISK = "a ramdisk".getBytes(StandardCharsets.US_ASCII);
  private static final long KERNEL_SIZE = 5 * MIB;
  /** {@code zstd -19} of {@link #kernel()}. */
  private static final byte[] ZSTD = HexFormat.of().parseHex(
      "28b52ffd0468bd0800741000500041524d64404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465"
          + "666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d"
          + "9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5"
          + "d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d"
          + "0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f040000bd1e58"
          + "3e5f960424ce800dac0fce46");

  private final Board board = new Board();
  private final FakeHypervisor hypervisor = board.hypervisor;
  private final DomainBuildersPort builders = hypervisor.port(DomainBuildersPort.class);
  private final Connections connections = new Connections();
  private long free;

  @BeforeEach
  void install() {
    hypervisor.install(ROLE, new DomainBuildersComponent());
    free = hypervisor.port(FrameHeapPort.class).free();
  }

  @Test
  void hardwareDomainGetsItsSoftwareAtItsPlaces() {
    // what an earlier domain left
    hypervisor.memory().write64(FakeMachine.RAM + 40 * MIB, 0xdead);
    FakeDomain dom0 = dom0(48 * MIB, Map.of());
    assertEquals(DomainState.BUILDING, dom0.state());
    long entry = dom0.vcpu(0).entry();
    byte[] start = new byte[4096];
    assertTrue(dom0.memory().read(entry, start, 0, start.length));
    assertArrayEquals(SmallKernel.file(0, KERNEL_SIZE), start);
    assertEquals(0, entry % (2 * MIB));
    Fdt tree = treeOf(dom0);
    FdtNode chosen = tree.node("/chosen").orElseThrow();
    byte[] disk = new byte[RAMDISK.length];
    long initrd = chosen.property("linux,initrd-start").orElseThrow().u64();
    assertTrue(dom0.memory().read(initrd, disk, 0, disk.length));
    assertArrayEquals(RAMDISK, disk);
    assertEquals(initrd + disk.length, chosen.property("linux,initrd-end").orElseThrow().u64());
    assertEquals("console=hvc0", chosen.property("bootargs").orElseThrow().string());
    FdtNode memory = tree.root().children().getLast();
    assertEquals(48 * MIB, memory.property("reg").orElseThrow().number(2, 2));
    long base = memory.property("reg").orElseThrow().number(0, 2);
    assertEquals(base >>> 12, hypervisor.p2m().translate(dom0, base, true) >>> 12, "its RAM stands 1:1");
    assertEquals(0, dom0.memory().read64(FakeMachine.RAM + 40 * MIB), "what was there before is gone");
    assertEquals(0x0200_0000_0000_0210L, dom0.parameter(HvmParam.HVM_PARAM_CALLBACK_IRQ));
    FdtProperty told = tree.node("/hypervisor").orElseThrow().property("reg").orElseThrow();
    assertEquals(new AddressWindow(told.number(0, 2), told.number(2, 2)), dom0.grantRegion());
  }

  @Test
  void hardwareDomainGetsItsDevicesAndNoOthers() {
    serveUart();
    FakeDomain dom0 = dom0(48 * MIB, Map.of());
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(dom0, 0x0a00_0000L >>> 12));
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(dom0, 0x0901_0000L >>> 12));
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0900_0000L >>> 12), "kept by the hypervisor");
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0800_0000L >>> 12), "the distributor is shown, not given");
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0802_0000L >>> 12), "nobody answers at the frame");
    assertTrue(hypervisor.gic().routings().contains(new FakeVirtualGic.Routing(dom0, 48, true)));
    assertTrue(dom0.permissions().interrupts().containsAll(List.of(34, 48)));
    assertFalse(dom0.permissions().mayHave(33), "the kept UART's");
    assertTrue(dom0.permissions().frames().size() > 1);
    for (Frames frames : dom0.permissions().frames()) {
      for (long frame = frames.first(); frame <= frames.last(); frame++) {
        assertEquals(PageType.DEVICE, hypervisor.p2m().type(dom0, frame), Long.toHexString(frame));
      }
    }
    assertTrue(dom0.permissions().mayMap(new Frames(0x0a000, 0x0a000)));
    assertFalse(dom0.permissions().mayMap(new Frames(0x09000, 0x09000)), "kept by the hypervisor");
    assertEquals(List.of(), domU(12 * MIB, Map.of()).permissions().frames(), "a guest has nothing of the machine");
    assertTrue(hypervisor.gic().routings().contains(new FakeVirtualGic.Routing(dom0, 34, false)));
    assertFalse(hypervisor.gic().routings().contains(new FakeVirtualGic.Routing(dom0, 33, false)), "the kept UART's");
    assertTrue(treeOf(dom0).node("/pl011").isEmpty());
  }

  /** The hypervisor's console is the PL011, as {@code hyp.console} makes it. */
  private void serveUart() {
    hypervisor.port(VirtualGicPort.class).claimHost(33, false, (cpu, intid) -> {}, hypervisor.context(ROLE));
  }

  @Test
  void uartThatTheHypervisorDoesntDriveIsTheHardwareDomains() {
    FakeDomain dom0 = dom0(48 * MIB, Map.of());
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(dom0, 0x0900_0000L >>> 12));
    assertTrue(hypervisor.gic().routings().contains(new FakeVirtualGic.Routing(dom0, 33, false)));
    assertTrue(treeOf(dom0).node("/pl011").isPresent());
  }

  @Test
  void deviceWhoseInterruptTheHypervisorServesStaysWithIt() {
    serveUart();
    FakeDomain dom0 = dom0(48 * MIB, Map.of());
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0900_0000L >>> 12));
    assertTrue(treeOf(dom0).node("/pl011").isEmpty());
    assertTrue(treeOf(dom0).node("/pl031").isPresent());
  }

  /** The fake board has no SMMU: any node may stand for one. */
  @Test
  void smmusAndTrappedWindowsStayWithTheHypervisor() {
    Passthrough pci = new Passthrough();
    pci.smmus = List.of("/pl031@9010000");
    pci.withheld = List.of(new AddressWindow(0x903_0000L, 0x1000));
    pci.attach(hypervisor);
    FakeDomain dom0 = dom0(48 * MIB, Map.of());
    assertTrue(treeOf(dom0).node("/pl031").isEmpty());
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0901_0000L >>> 12));
    assertTrue(treeOf(dom0).node("/pl061").isPresent(), "only its accesses are trapped");
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0903_0000L >>> 12));
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(dom0, 0x0a00_0000L >>> 12));
  }

  /** The fake board has no PCI: two other nodes stand for host bridges, of which one has a driver. */
  @Test
  void bridgesAreNumberedOnceTheHypervisorDrivesOne() {
    FakeContext context = hypervisor.context(ROLE).beside(hostBridge("/pl031@9010000", "driven"), hostBridge("/pl061@9030000", "other"));
    assertFalse(treeOf(dom0(24 * MIB, Map.of())).node("/pl061").orElseThrow().has("linux,pci-domain"));
    hypervisor.destroy(board.byId(0));
    HostBridgesPort bridges = hypervisor.port(HostBridgesPort.class);
    HostBridgeDriver driver = new HostBridgeDriver() {
      @Override
      public List<String> compatible() {
        return List.of("driven");
      }

      @Override
      public HostBridge open(PlatformNode node, PhysicalBus bus) {
        return (HostBridge) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {HostBridge.class},
            (self, method, words) -> {
              if (!method.getName().equals("configuration")) {
                throw new AssertionError("a builder asks no bridge " + method.getName());
              }
              return List.of(new AddressWindow(0x0a00_0000L, 0x1000));
            });
      }
    };
    bridges.claim(driver, context);
    Fdt tree = treeOf(dom0(24 * MIB, Map.of()));
    assertEquals(0, tree.node("/pl031").orElseThrow().property("linux,pci-domain").orElseThrow().u32());
    assertEquals(1, tree.node("/pl061").orElseThrow().property("linux,pci-domain").orElseThrow().u32(), "Linux wants all or none");
    assertFalse(board.byId(0).permissions().mayMap(new Frames(0x0a000, 0x0a000)), "the registers that configure others' functions");
    assertTrue(board.byId(0).permissions().mayMap(new Frames(0x0a001, 0x0a001)));
    hypervisor.destroy(board.byId(0));
    bridges.release(driver);
    assertFalse(treeOf(dom0(24 * MIB, Map.of())).node("/pl031").orElseThrow().has("linux,pci-domain"));
  }

  private static PlatformNode hostBridge(String path, String compatible) {
    return FakeNode.at(path).compatible(compatible).property(FdtProperty.ofStrings("device_type", "pci")).build();
  }

  @Test
  void guestGetsAHostBridgeIfItIsAskedFor() {
    Passthrough pci = new Passthrough();
    pci.attach(hypervisor);
    assertTrue(treeOf(domU(12 * MIB, Map.of())).node("/pcie").isEmpty());
    FakeDomain guest = build(DomUBuilder.NAME, 3, Kind.DOMU, 12 * MIB, kernel(), Map.of("pci", "1"));
    assertEquals(List.of("bridge of d3"), pci.asked);
    assertTrue(treeOf(guest).node("/pcie@10000000").isPresent());
    pci.bridge = new VirtualPci.Bridge(pci.bridge.ecam(), new AddressWindow(0x4080_0000L, 0x10_0000), pci.bridge.prefetchable());
    assertFails(XenErrno.XEN_EINVAL, "0x40800000", () -> build(DomUBuilder.NAME, 4, Kind.DOMU, 12 * MIB, kernel(),
        Map.of("pci", "1")));
    assertEquals(2, board.all().size());
  }

  /** Where other domains' pages may go there is no window of the bridge. */
  @Test
  void windowsOfTheBridgeAreNoRoomForForeignPages() {
    Passthrough pci = new Passthrough();
    pci.bridge = new VirtualPci.Bridge(pci.bridge.ecam(), new AddressWindow(0x8000_0000L, 0x1000_0000L), pci.bridge.prefetchable());
    pci.attach(hypervisor);
    FdtProperty reg = treeOf(build(DomUBuilder.NAME, 3, Kind.DOMU, 24 * MIB, kernel(), Map.of("pci", "1")))
        .node("/hypervisor").orElseThrow().property("reg").orElseThrow();
    for (int cell = 0; cell < reg.cellCount(); cell += 4) {
      long base = reg.number(cell, 2);
      assertTrue(base >= 0x9000_0000L || base + reg.number(cell + 2, 2) <= 0x8000_0000L, reg.toString());
    }
    assertEquals(16, reg.cellCount(), "the grant window and three regions");
  }

  @Test
  void deviceThatNobodyModelsIsShownDisabled() {
    FakeDomain dom0 = dom0(48 * MIB, Map.of("disabled", "/pl061@9030000\n/fw-cfg@9020000"));
    assertEquals("disabled", treeOf(dom0).node("/pl061").orElseThrow().properties().getLast().string());
    assertEquals("disabled", treeOf(dom0).node("/fw-cfg").orElseThrow().properties().getLast().string());
    assertFalse(treeOf(dom0).node("/pl031").orElseThrow().has("status"));
  }

  /** Node names may have commas: {@code led@8,0} of juno-r2. */
  @Test
  void deviceWithACommaInItsNameIsShownDisabled() {
    FakeDomain dom0 = dom0(48 * MIB, Map.of("disabled", "/led@8,0\n/pl061@9030000"));
    assertEquals("disabled", treeOf(dom0).node("/led@8,0").orElseThrow().properties().getLast().string());
    assertEquals("disabled", treeOf(dom0).node("/pl061").orElseThrow().properties().getLast().string());
  }

  @Test
  void guestGetsMemoryConsoleAndStore() {
    connect();
    FakeDomain guest = domU(24 * MIB, Map.of("vuart", "sbsa_uart"));
    assertEquals(0x4000_0000L, guest.vcpu(0).entry());
    assertEquals(24 * MIB / 4096 + 4, hypervisor.p2m().pages(guest));
    Fdt tree = treeOf(guest);
    assertTrue(tree.node("/sbsa-uart@22000000").isPresent());
    assertArrayEquals(new int[] {1, 15, 0xf08}, tree.node("/hypervisor").orElseThrow().property("interrupts")
        .orElseThrow().cells());
    assertEquals(0x0800_0000L, tree.node("/interrupt-controller").orElseThrow().property("reg").orElseThrow()
        .number(0, 2), "where the interrupt controller says that it is");
    assertEquals(List.of("port 1 of d2 for d1", "grant 0 of d2 to d1: 39000", "port 2 of d2 for d1",
        "grant 1 of d2 to d1: 39001", "introduce d2: 39001, port 2"), connections.asked);
    assertEquals(32, tree.node("/chosen").orElseThrow().property("rng-seed").orElseThrow().length());
    assertEquals(0x39000, guest.parameter(HvmParam.HVM_PARAM_CONSOLE_PFN));
    assertEquals(1, guest.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN));
    assertEquals(0x39001, guest.parameter(HvmParam.HVM_PARAM_STORE_PFN));
    assertEquals(2, guest.parameter(HvmParam.HVM_PARAM_STORE_EVTCHN));
    assertEquals(new AddressWindow(0x3800_0000L, 0x100_0000), guest.grantRegion());
  }

  @Test
  void guestRunsWithoutStoreWhenThereIsNone() {
    FakeDomain guest = domU(24 * MIB, Map.of());
    assertEquals(0, guest.parameter(HvmParam.HVM_PARAM_STORE_EVTCHN));
    assertTrue(treeOf(guest).node("/sbsa-uart@22000000").isEmpty());
    assertTrue(log().contains("d2: no event channel for its store: the subsystem for it isn't installed"), log());
  }

  @Test
  void nothingIsLeftOfADomainThatCantBeBuilt() {
    assertFails(XenErrno.XEN_EINVAL, "arm64 Image", () -> build(Dom0Builder.NAME, 0, Kind.DOM0, 48 * MIB, new byte[100]));
    assertFails(XenErrno.XEN_EINVAL, "give it less", () -> build(Dom0Builder.NAME, 0, Kind.DOM0, 400 * MIB, kernel()));
    assertFails(XenErrno.XEN_EINVAL, "expected room for the kernel",
        () -> build(Dom0Builder.NAME, 0, Kind.DOM0, 4 * MIB, kernel()));
    assertFails(XenErrno.XEN_ENOMEM, "no memory left", () -> build(DomUBuilder.NAME, 2, Kind.DOMU, 400 * MIB, kernel()));
    assertFails(XenErrno.XEN_EINVAL, "guests only", () -> build(DomUBuilder.NAME, 0, Kind.DOM0, 4 * MIB, kernel()));
    assertFails(XenErrno.XEN_EINVAL, "its file says container = \"lapic\", and guests on Arm have no containers: leave the line out",
        () -> domU(
            4 * MIB, Map.of("container", "lapic")));
    assertFails(XenErrno.XEN_EINVAL, "hardware domain only", () -> build(Dom0Builder.NAME, 2, Kind.DOMU, 4 * MIB, kernel()));
    assertFails(XenErrno.XEN_EINVAL, "/nowhere", () -> dom0(48 * MIB, Map.of("disabled", "/nowhere")));
    assertFails(XenErrno.XEN_ENOSYS, "subsystem vpci", () -> domU(24 * MIB, Map.of("pci", "1")));
    assertEquals(List.of(), board.all());
    assertEquals(free, hypervisor.port(FrameHeapPort.class).free());
  }

  /** As on bare metal, for each kind: {@code Image.gz}, and {@code Image.zst} as {@code zstd} makes it. */
  @Test
  void packedKernelIsUnpackedIntoTheDomain() throws IOException {
    for (byte[] packed : List.of(gzip(kernel()), ZSTD)) {
      for (Kind kind : List.of(Kind.DOM0, Kind.DOMU)) {
        FakeDomain domain = build("", 2, kind, 48 * MIB, packed);
        byte[] loaded = new byte[kernel().length];
        assertTrue(domain.memory().read(domain.vcpu(0).entry(), loaded, 0, loaded.length));
        assertArrayEquals(kernel(), loaded);
        hypervisor.destroy(domain);
      }
    }
    byte[] damaged = gzip(kernel());
    byte[] large = gzip(new byte[16 << 20]);
    byte[] none = gzip(new byte[4096]);
    assertFails(XenErrno.XEN_EINVAL, "the compressed kernel is cut off", () -> build("", 2, Kind.DOMU, 24 * MIB, Arrays.copyOf(damaged,
        damaged.length / 2)));
    assertFails(XenErrno.XEN_EINVAL, "unpacks to more than the memory of 4 MiB", () -> build("", 2, Kind.DOMU, 4 * MIB, large));
    assertFails(XenErrno.XEN_EINVAL, "the kernel: expected an arm64 Image", () -> build("", 2, Kind.DOMU, 24 * MIB, none));
    assertEquals(List.of(), board.all());
  }

  /** What bare metal says, once for all builders. */
  @Test
  void kernelInAnotherFormIsNamedOnce() {
    byte[] uImage = {0x27, 0x05, 0x19, 0x56, 0, 0, 0, 0};
    for (Kind kind : List.of(Kind.DOM0, Kind.DOMU)) {
      HypervisorException refused = assertThrows(HypervisorException.class, () -> build("", 2, kind, 24 * MIB, uImage));
      assertEquals("domain test2: no builder that is installed takes it. the kernel is a U-Boot uImage. Cut off its first 64 bytes", refused
          .getMessage());
    }
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }

  /** Header of edk2's XEN_EFI.fd: text_offset 512 KiB, image_size 2 MiB. */
  @Test
  void firmwareStandsWhereItsHeaderSaysWithATreeThatItHasRoomFor() {
    byte[] firmware = SmallKernel.file(0x8_0000, 2 * MIB);
    FakeDomain guest = build(DomUBuilder.NAME, 2, Kind.DOMU, 24 * MIB, firmware, Map.of(DomainImage.FIRMWARE, "1", DomainImage.MOST_TREE,
        "8128"));
    assertEquals(0x4008_0000L, guest.vcpu(0).entry());
    long tree = guest.vcpu(0).x(0);
    assertTrue(tree >= 0x4028_0000L && tree + 8128 <= 0x4000_0000L + 24 * MIB, Long.toHexString(tree));
    assertEquals(PageType.RAM, hypervisor.p2m().type(guest, tree >>> 12), "it packs the tree where it lies");
    FdtNode memory = treeOf(guest).root().children().stream().filter(node -> node.name().startsWith("memory@")).findFirst().orElseThrow();
    assertEquals(16, memory.property("reg").orElseThrow().length(), "it knows the first range only");
    FdtNode xen = treeOf(guest).node("/hypervisor").orElseThrow();
    assertTrue(xen.property("compatible").orElseThrow().strings().contains("xen,xen"));
    assertEquals(0x3800_0000L, xen.property("reg").orElseThrow().number(0, 2));
    assertEquals(List.of("arm,cortex-a15-gic", "arm,cortex-a9-gic"), treeOf(guest).root().children().stream()
        .filter(node -> node.name().startsWith("interrupt-controller@")).findFirst().orElseThrow().property("compatible").orElseThrow()
        .strings(), "edk2 knows no GICv2 by another name");
    assertFails(XenErrno.XEN_EINVAL, "fewer vCPUs", () -> build(DomUBuilder.NAME, 3, Kind.DOMU, 12 * MIB, firmware,
        Map.of(DomainImage.MOST_TREE, "1000")));
  }

  @Test
  void removedBuilderBuildsNothingAndANewOneDoes() {
    hypervisor.remove(ROLE);
    assertFails(XenErrno.XEN_ENOSYS, Dom0Builder.NAME, () -> dom0(48 * MIB, Map.of()));
    hypervisor.install(ROLE, new DomainBuildersComponent());
    dom0(48 * MIB, Map.of());
  }

  @Test
  void domainOutlivesTheVersionThatBuiltIt() {
    FakeDomain guest = domU(24 * MIB, Map.of());
    hypervisor.replace(ROLE, new DomainBuildersComponent());
    assertEquals(guest, board.byId(2));
    assertTrue(treeOf(guest).node("/hypervisor").isPresent());
    assertEquals(3, build(DomUBuilder.NAME, 3, Kind.DOMU, 12 * MIB, kernel()).id());
  }

  private void connect() {
    hypervisor.port(EventChannelsPort.class).attach(connections, hypervisor.context(ROLE));
    hypervisor.port(GrantsPort.class).attach(connections, hypervisor.context(ROLE));
    hypervisor.port(StorePort.class).attach(connections, hypervisor.context(ROLE));
  }

  @Test
  void dom0WithoutTheMachinesAcpiTablesIsAskedForByName() {
    Map<String, String> tables = Map.of(DomainImage.EFI_SYSTEM_TABLE, "40000000");
    assertFails(XenErrno.XEN_EINVAL,
        "arm.dt.dom0: it would have nothing of the ACPI tables that the machine's firmware left; add a bundle that"
            + " builds by them, as org.xenolith.hyp.build.arm.acpi, or have it without by " + option("dom0-builder") + " arm.dt.dom0",
        () -> build("", 0, Kind.DOM0, 48 * MIB, kernel(), tables));
    assertEquals(List.of(), board.all());
    hypervisor.destroy(dom0(48 * MIB, tables));
    assertEquals(DomainState.BUILDING, build("", 0, Kind.DOM0, 48 * MIB, kernel()).state(), "there are none");
  }

  private static void assertFails(int errno, String part, Runnable build) {
    HypervisorException failure = assertThrows(HypervisorException.class, build::run);
    assertEquals(-errno, failure.errno(), failure.getMessage());
    assertTrue(failure.getMessage().contains(part), failure.getMessage());
  }

  private FakeDomain dom0(long memory, Map<String, String> options) {
    return build(Dom0Builder.NAME, 0, Kind.DOM0, memory, kernel(), options);
  }

  private FakeDomain domU(long memory, Map<String, String> options) {
    return build(DomUBuilder.NAME, 2, Kind.DOMU, memory, kernel(), options);
  }

  private static byte[] kernel() {
    return SmallKernel.file(0, KERNEL_SIZE);
  }

  private FakeDomain build(String kind, int id, Kind domainKind, long memory, byte[] kernel) {
    return build(kind, id, domainKind, memory, kernel, Map.of());
  }

  private FakeDomain build(String kind, int id, Kind domainKind, long memory, byte[] kernel, Map<String, String> options) {
    DomainSpec spec = new DomainSpec("test" + id, new UUID(1, id), 2, 1 << 20, domainKind, domainKind == Kind.DOM0 ? 16 : 31,
        256, 0);
    return (FakeDomain) builders.build(kind, id, spec,
        new DomainImage(kernel, RAMDISK, "console=hvc0", memory, options));
  }

  private static Fdt treeOf(FakeDomain domain) {
    byte[] blob = new byte[16 << 10];
    assertTrue(domain.memory().read(domain.vcpu(0).x(0), blob, 0, blob.length));
    return FdtReader.read(blob);
  }

  private String log() {
    HypervisorLogPort log = hypervisor.port(HypervisorLogPort.class);
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < log.end(); i++) {
      text.append((char) log.at(i));
    }
    return text.toString();
  }
}
