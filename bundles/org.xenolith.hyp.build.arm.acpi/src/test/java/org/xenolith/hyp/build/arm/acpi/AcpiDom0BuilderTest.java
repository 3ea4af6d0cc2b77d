// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtReader;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.DeviceMapping;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainSpec.Kind;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.MessageShares;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.XenErrno;

/** A domain is built from tables in memory, whole or not at all. */
class AcpiDom0BuilderTest {
  private static final String ROLE = "build.arm.acpi";
  private static final long MIB = 1L << 20;
  private static final byte[] RAMDISK = "a ramdisk".getBytes(StandardCharsets.US_ASCII);
  private static final int UART_INTERRUPT = 33;
  private static final int SHARED_INTERRUPT = 40;

  private FirmwareBoard board = new FirmwareBoard(Map.of());
  private FakeHypervisor hypervisor = board.hypervisor;
  private DomainBuildersPort builders = hypervisor.port(DomainBuildersPort.class);
  private long free;

  @BeforeEach
  void install() {
    hypervisor.install(ROLE, new AcpiBuilderComponent());
    free = hypervisor.port(FrameHeapPort.class).free();
  }

  private void options(Map<String, String> options) {
    board = new FirmwareBoard(options, GoldenHost.tables(FirmwareBoard.TABLES, SmallNamespace.table()));
    hypervisor = board.hypervisor;
    builders = hypervisor.port(DomainBuildersPort.class);
    install();
  }

  private FakeDomain build(String builder, Kind kind, int event, Map<String, String> options) {
    DomainSpec spec = new DomainSpec("Domain-0", new UUID(0, 0), 2, 1 << 20, kind, event, 256, 0);
    return (FakeDomain) builders.build(builder, 0, spec, new DomainImage(SmallArmKernel.file(5 * MIB), RAMDISK, "console=hvc0", 32 * MIB,
        options));
  }

  private FakeDomain dom0() {
    return build("", Kind.DOM0, 16, board.options());
  }

  private Fdt tree(FakeDomain domain) {
    byte[] blob = new byte[16 << 10];
    assertTrue(domain.memory().read(domain.vcpu(0).x(0), blob, 0, blob.length));
    return FdtReader.read(blob);
  }

  private byte[] read(FakeDomain domain, long address, int length) {
    byte[] bytes = new byte[length];
    assertTrue(domain.memory().read(address, bytes, 0, length), Long.toHexString(address));
    return bytes;
  }

  private static long number(byte[] bytes, int at, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  @Test
  void theDomainFindsItsTablesFromItsTree() {
    FakeDomain dom0 = dom0();
    assertEquals(DomainState.BUILDING, dom0.state());
    Fdt tree = tree(dom0);
    assertEquals(List.of("chosen", "hypervisor"), tree.root().children().stream().map(node -> node.name()).toList());
    assertEquals("console=hvc0", tree.node("/chosen").orElseThrow().property("bootargs").orElseThrow().string());
    long initrd = tree.node("/chosen").orElseThrow().property("linux,initrd-start").orElseThrow().u64();
    assertArrayEquals(RAMDISK, read(dom0, initrd, RAMDISK.length));
    long system = tree.node("/hypervisor/uefi").orElseThrow().property("xen,uefi-system-table").orElseThrow().u64();
    long configuration = number(read(dom0, system, 120), 112, 8);
    long rsdp = number(read(dom0, configuration, 24), 16, 8);
    AcpiTable root = AcpiTable.read(read(dom0, rsdp, 36));
    assertTrue(root.checksumIsRight());
    AcpiTable xsdt = AcpiTable.read(read(dom0, number(root.bytes(), 24, 8), 108));
    AcpiTable fadt = AcpiTable.read(read(dom0, number(xsdt.bytes(), 36, 8), 276));
    assertEquals("FACP", fadt.signature());
    long dsdt = number(fadt.bytes(), 140, 8);
    assertArrayEquals(GoldenHost.bytes("host/DSDT"), read(dom0, dsdt, 5196), "mapped where the firmware left it");
    assertEquals(dsdt, hypervisor.p2m().translate(dom0, dsdt, false));
    assertEquals(-1, hypervisor.p2m().translate(dom0, dsdt, true), "read-only");
    assertEquals(-1, hypervisor.p2m().translate(dom0, rsdp, true), "read-only");
    assertEquals(0x0200_0000_0000_0210L, dom0.parameter(HvmParam.HVM_PARAM_CALLBACK_IRQ));
    long first = system >>> 16 << 16;
    assertEquals(new AddressWindow(first + 0x1_0000, 0x4_0000), dom0.grantRegion(), "behind the 16 pages of the tables");
  }

  @Test
  void itMayHaveAllThatTheHypervisorDoesntUse() {
    FakeDomain dom0 = dom0();
    for (long denied : new long[] {0x0900_0000L, 0x0800_0000L, 0x0800_f000L, 0x0801_1000L, 0x0803_0000L, 0x0804_1000L}) {
      assertFalse(dom0.permissions().mayMap(new Frames(denied >>> 12, denied >>> 12)), Long.toHexString(denied));
    }
    for (long permitted : new long[] {0, 0x0901_0000L, 0x0a00_0000L, 0x0801_2000L, 1L << 50}) {
      assertTrue(dom0.permissions().mayMap(new Frames(permitted >>> 12, permitted >>> 12)), Long.toHexString(permitted));
    }
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0a00_0000L >>> 12), "nothing is mapped ahead");
    assertEquals(DeviceMapping.REQUEST_OR_ACCESS, hypervisor.p2m().deviceMapping(dom0));
  }

  @Test
  void theMachinesConsoleIsItsOwnUnlessTheHypervisorDrivesIt() {
    assertEquals(1, hidesUart(dom0()));
    for (String other : List.of("", "/pl011@9040000")) {
      hypervisor.destroy(hypervisor.all().getFirst());
      hypervisor.port(ConsolesPort.class).board(other);
      FakeDomain dom0 = dom0();
      assertTrue(dom0.permissions().mayMap(new Frames(0x9000, 0x9000)), other);
      assertEquals(0, hidesUart(dom0), other);
    }
  }

  /** What STAO, the last table of the XSDT, says. */
  private int hidesUart(FakeDomain dom0) {
    long system = tree(dom0).node("/hypervisor/uefi").orElseThrow().property("xen,uefi-system-table").orElseThrow().u64();
    byte[] rsdp = read(dom0, number(read(dom0, number(read(dom0, system, 120), 112, 8), 24), 16, 8), 36);
    byte[] xsdt = read(dom0, number(rsdp, 24, 8), 108);
    AcpiTable stao = AcpiTable.read(read(dom0, number(xsdt, 100, 8), 37));
    assertEquals("STAO", stao.signature());
    assertTrue(stao.checksumIsRight());
    return stao.bytes()[36];
  }

  @Test
  void sharedInterruptsThatNobodyServesAreItsOwn() {
    hypervisor.port(VirtualGicPort.class).claimHost(UART_INTERRUPT, false, (cpu, intid) -> {}, hypervisor.context(ROLE));
    hypervisor.port(VirtualGicPort.class).claimShared(SHARED_INTERRUPT, (cpu, intid) -> true, hypervisor.context(ROLE));
    FakeDomain dom0 = dom0();
    assertFalse(hypervisor.gic().routings().contains(new FakeVirtualGic.Routing(dom0, UART_INTERRUPT, false)), "the console's");
    assertFalse(dom0.permissions().mayHave(UART_INTERRUPT));
    assertFalse(dom0.permissions().mayHave(SHARED_INTERRUPT), "of a controller of messages, which no table has");
    assertEquals(288 - 32 - 2, hypervisor.gic().routings().size());
    assertTrue(dom0.permissions().mayHave(32) && dom0.permissions().mayHave(287) && !dom0.permissions().mayHave(288));
  }

  /** The machine's MADT has a frame with interrupts 80 to 143; of them guests keep the last. */
  @Test
  void itsMessageFrameHasTheInterruptsThatNoGuestKeeps() {
    assertEquals(List.of("80 64"), frames(dom0()));
    hypervisor.destroy(hypervisor.all().getFirst());
    hypervisor.port(MessageSharesPort.class).attach(new KeptMessages(List.of(128, 143)), hypervisor.context(ROLE));
    FakeDomain dom0 = dom0();
    assertEquals(List.of("80 48"), frames(dom0));
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(dom0, 0x0802_0000L >>> 12), "no table of devices names it");
    assertFalse(dom0.permissions().mayHave(128));
    assertTrue(hypervisor.gic().routings().contains(new FakeVirtualGic.Routing(dom0, 127, false)));
  }

  /** Shares of guests that nobody has. */
  private record KeptMessages(List<Integer> kept) implements MessageShares {
    @Override
    public boolean covers(HostBridgePort bridge, int rid) {
      return false;
    }

    @Override
    public Frame share(Domain domain) {
      return null;
    }

    @Override
    public Frame facts(Domain domain) {
      return null;
    }
  }

  @Test
  void xensHasNoMessageFrame() {
    options(Map.of("strict-xen", "true"));
    FakeDomain dom0 = dom0();
    assertEquals(List.of(), frames(dom0));
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0802_0000L >>> 12));
  }

  /** First interrupt and number of each message frame that the domain is told of. */
  private List<String> frames(FakeDomain dom0) {
    long system = tree(dom0).node("/hypervisor/uefi").orElseThrow().property("xen,uefi-system-table").orElseThrow().u64();
    byte[] rsdp = read(dom0, number(read(dom0, number(read(dom0, system, 120), 112, 8), 24), 16, 8), 36);
    byte[] xsdt = read(dom0, number(rsdp, 24, 8), 108);
    for (int at = 36; at < xsdt.length; at += 8) {
      long table = number(xsdt, at, 8);
      byte[] madt = read(dom0, table, (int) number(read(dom0, table + 4, 4), 0, 4));
      if (new String(madt, 0, 4, StandardCharsets.US_ASCII).equals("APIC")) {
        return AcpiTable.read(madt).structure().all(Madt.MSI_FRAME).stream().map(frame -> frame.get(Madt.MsiFrame.SPI_BASE) + " " + frame
            .get(Madt.MsiFrame.SPI_COUNT)).toList();
      }
    }
    throw new AssertionError("no MADT");
  }

  @Test
  void windowsAreMappedAheadIfThatIsWanted() {
    options(Map.of("acpi-mmio", "prefault"));
    FakeDomain dom0 = dom0();
    assertEquals(DeviceMapping.REQUEST, hypervisor.p2m().deviceMapping(dom0));
    for (long window : new long[] {0x0a00_0000L, 0x0a00_1000L, 0x80_0000_0000L, 0x3eff_0000L, 0x40_1000_0000L}) {
      assertEquals(PageType.DEVICE, hypervisor.p2m().type(dom0, window >>> 12), Long.toHexString(window));
    }
    assertEquals(PageType.NONE, hypervisor.p2m().type(dom0, 0x0900_0000L >>> 12), "the UART is in _CRS, and isn't the domain's");
    assertEquals(PageType.RAM, hypervisor.p2m().type(dom0, dom0.vcpu(0).entry() >>> 12), "a device that claims RAM gets none");
    assertTrue(log().contains("\\_SB.DYN0: a method gives its _CRS"), log());
  }

  @Test
  void firstAccessesMapIfThatIsWanted() {
    options(Map.of("acpi-mmio", "trap"));
    assertEquals(DeviceMapping.ACCESS, hypervisor.p2m().deviceMapping(dom0()));
  }

  @Test
  void anInterruptOfATimerIsNotThatOfEvents() {
    assertEquals(16, build("", Kind.DOM0, 27, board.options()).eventInterrupt());
  }

  @Test
  void withoutTablesItRefusesWithTheRemedy() {
    assertFails("the machine's firmware left no ACPI tables; boot with", () -> build(AcpiDom0Builder.NAME, Kind.DOM0, 16, Map.of()));
    assertFails("hardware domain only", () -> build(AcpiDom0Builder.NAME, Kind.DOMU, 31, board.options()));
  }

  @Test
  void nothingIsLeftOfADomainThatCantBeBuilt() {
    board.spoil(board.apic(), 8);
    assertFails("the machine's ACPI: APIC, offset 0x0: its bytes don't sum up to 0", this::dom0);
    board.spoil(board.apic(), 8);
    DomainSpec spec = new DomainSpec("Domain-0", new UUID(0, 0), 2, 1 << 20, Kind.DOM0, 16, 256, 0);
    assertFails("give it less", () -> builders.build("", 0, spec, new DomainImage(SmallArmKernel.file(5 * MIB), RAMDISK, "", 64 * MIB, board
        .options())));
    assertEquals(List.of(), hypervisor.all());
    assertEquals(free, hypervisor.port(FrameHeapPort.class).free());
    FakeDomain dom0 = dom0();
    hypervisor.destroy(dom0);
    assertEquals(free, hypervisor.port(FrameHeapPort.class).free(), "the tables' pages are free again, too");
  }

  @Test
  void removedBuilderBuildsNothingAndANewOneDoes() {
    hypervisor.remove(ROLE);
    HypervisorException none = assertThrows(HypervisorException.class, this::dom0);
    assertEquals(-XenErrno.XEN_ENOSYS, none.errno());
    hypervisor.install(ROLE, new AcpiBuilderComponent());
    assertEquals(DomainState.BUILDING, dom0().state());
  }

  @Test
  void domainOutlivesTheVersionThatBuiltIt() {
    FakeDomain dom0 = dom0();
    hypervisor.replace(ROLE, new AcpiBuilderComponent());
    assertTrue(tree(dom0).node("/hypervisor/uefi").isPresent());
    hypervisor.destroy(dom0);
    assertEquals(DomainState.BUILDING, dom0().state());
  }

  private String log() {
    HypervisorLogPort log = hypervisor.port(HypervisorLogPort.class);
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < log.end(); i++) {
      text.append((char) log.at(i));
    }
    return text.toString();
  }

  private static void assertFails(String part, Runnable build) {
    HypervisorException failure = assertThrows(HypervisorException.class, build::run);
    assertEquals(-XenErrno.XEN_EINVAL, failure.errno(), failure.getMessage());
    assertTrue(failure.getMessage().contains(part), failure.getMessage());
  }
}
