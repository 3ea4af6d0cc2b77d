// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.machine.kit.Ram;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.testkit.x64.SmallElf;

/** A domain is built from a PC's tables and a kernel, whole or not at all. */
class PvhDom0BuilderTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 16 * MIB;
  private static final long MEMORY = 8L * MIB;
  /** Where the tables of a domain with two virtual CPUs begin. */
  private static final long TABLES = PvhDom0Tables.of(PcFirmware.tables("FACP", "APIC", "HPET", "MCFG"), 2, Dom0Map.lowEnd(
      Dom0Map.ram(MEMORY, List.of(new AddressWindow(0, SIZE))))).rsdp();
  private static final long KERNEL = 0x10_0000;
  private static final int ENTRY = (int) KERNEL + 0x100;
  private static final long START = 0x10_4000;
  private static final byte[] RAMDISK = "a ramdisk".getBytes(StandardCharsets.US_ASCII);
  private static final String ROLE = "build.pvh.dom0";

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  /** Where firmware and the builder see it; what a domain writes is in that of the fake machine, at the same offset. */
  private final LowMemory ram = new LowMemory(new Ram(0, SIZE));

  PvhDom0BuilderTest() {
    hypervisor.beside(FakeNode.at("/memory@0").property(FdtProperty.ofStrings("device_type", "memory")).window(0, SIZE).build(),
        FakeNode.at("/ioapic@fec00000").compatible("intel,ce4100-ioapic").window(0xFEC0_0000L, 0x1000).build(),
        FakeNode.at("/virtio@feb00000").compatible("virtio,mmio").window(0xFEB0_0000L, 0x200).build(),
        FakeNode.at("/isa/rtc@70").compatible("motorola,mc146818").window(1L << 63 | 0x70, 2).build());
    hypervisor.install(ROLE, new PvhDom0Component());
    hypervisor.context(ROLE).physical(cpu -> ram);
    hypervisor.install(ROLE, new PvhDom0Component());
    hypervisor.port(FrameHeapPort.class).attach(new FrameTable(List.of(new AddressWindow(0, SIZE))), hypervisor.context(ROLE));
    hypervisor.port(P2mPort.class).attach((P2m) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {P2m.class},
        (proxy, method, arguments) -> {
          Object answer = method.invoke(hypervisor.p2m(), arguments);
          return method.getName().equals("translate") && (long) answer >= 0 ? (long) answer + FakeMachine.RAM : answer;
        }), hypervisor.context(ROLE));
    put(PcFirmware.tables("FACP", "APIC", "HPET", "MCFG"));
  }

  private void put(PvhHostTables tables) {
    put(tables.rsdp());
    put(tables.xsdt());
    tables.tables().forEach(this::put);
    tables.named().forEach(this::put);
  }

  private void put(PlacedTable placed) {
    byte[] bytes = placed.table().bytes();
    ram.put(placed.address(), bytes);
  }

  private static byte[] kernel() {
    return new SmallElf().load(KERNEL, 0x2345, 0x2800).note(18, ENTRY).bytes();
  }

  private FakeDomain build(byte[] kernel, byte[] ramdisk, String line, long memory) {
    DomainSpec spec = new DomainSpec("Domain-0", new UUID(0, 0), 2, 1 << 20, DomainSpec.Kind.DOM0, 0, 256, 0);
    return (FakeDomain) hypervisor.port(DomainBuildersPort.class).build("", 0, spec, new DomainImage(kernel, ramdisk, line, memory, Map
        .of()));
  }

  private FakeDomain dom0() {
    return build(kernel(), RAMDISK, "console=hvc0", MEMORY);
  }

  private void refused(String words, byte[] kernel, long memory) {
    long free = hypervisor.port(FrameHeapPort.class).free();
    String said = assertThrows(HypervisorException.class, () -> build(kernel, RAMDISK, "", memory)).getMessage();
    assertTrue(said.contains(words), said);
    assertEquals(List.of(), hypervisor.all());
    assertEquals(free, hypervisor.port(FrameHeapPort.class).free(), "what was taken is given back");
  }

  private byte[] read(FakeDomain domain, long address, int length) {
    byte[] bytes = new byte[length];
    assertTrue(domain.memory().read(address, bytes, 0, length), Long.toHexString(address));
    return bytes;
  }

  /** Public header hvm/start_info.h. */
  @Test
  void aKernelThatDoesNotSayThatItCanBeDom0IsNamed() {
    assertEquals(Optional.empty(), PvhDom0Builder.doubt(new PvhKernel(List.of(), 0, Optional.empty(), "linux", 0x8801, false)));
    String guest = PvhDom0Builder.doubt(new PvhKernel(List.of(), 0, Optional.empty(), "linux", 0x8001, false)).orElseThrow();
    assertTrue(guest.contains("features 0x8001 without XENFEAT_dom0"), guest);
    assertTrue(PvhDom0Builder.doubt(new PvhKernel(List.of(), 0, Optional.empty())).orElseThrow().contains("no features"));
  }

  @Test
  void startInfoIsOfVersion0() {
    FakeDomain dom0 = dom0();
    assertEquals(ENTRY, dom0.vcpu(0).entry());
    ByteBuffer expected = ByteBuffer.allocate(16 + 32 + 40).order(ByteOrder.LITTLE_ENDIAN);
    expected.put("console=hvc0\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
    long line = 0x10_3000 + RAMDISK.length + 7 & -8;
    expected.putLong(0x10_3000).putLong(RAMDISK.length).putLong(line).putLong(0);
    expected.putInt(0x336E_C578).putInt(0).putInt(3).putInt(1).putLong(START + 16).putLong(START).putLong(TABLES);
    assertArrayEquals(expected.array(), read(dom0, START, expected.capacity()));
    assertEquals(0, read(dom0, line, 1)[0], "the module's command line, an empty one");
    assertArrayEquals(RAMDISK, read(dom0, 0x10_3000, RAMDISK.length));
    assertEquals(8, read(dom0, KERNEL, 2)[1]);
    assertEquals(0, read(dom0, KERNEL + 0x2345, 1)[0], "behind what the file has");
    assertEquals("RSD PTR ", new String(read(dom0, TABLES, 8), StandardCharsets.US_ASCII));
  }

  @Test
  void withoutRamDiskAndCommandLineNoneIsNamed() {
    FakeDomain dom0 = build(kernel(), new byte[0], "", MEMORY);
    ByteBuffer expected = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    expected.putInt(0x336E_C578).putInt(0).putInt(3).putInt(0).putLong(0).putLong(0).putLong(TABLES);
    assertArrayEquals(expected.array(), read(dom0, 0x10_3000, 40));
  }

  @Test
  void memoryIsWhereTheMachineHasIt() {
    ram.put(0x5000, 1);
    FakeDomain dom0 = dom0();
    assertEquals(0, ram.get(0x5000), "what was there isn't the domain's to see");
    List<AddressWindow> machine = List.of(new AddressWindow(0, SIZE));
    long end = Dom0Map.lowEnd(Dom0Map.ram(MEMORY, machine));
    P2m p2m = hypervisor.p2m();
    assertEquals(0x5000, p2m.translate(dom0, 0x5000, true));
    assertEquals(end - 1, p2m.translate(dom0, end - 1, true));
    assertEquals(PageType.NONE, p2m.type(dom0, end >>> 12));
    assertEquals(PageType.NONE, p2m.type(dom0, 0x9F));
    assertEquals(PageType.RAM_READ_ONLY, p2m.type(dom0, 0xE0));
    assertEquals(PageType.RAM_READ_ONLY, p2m.type(dom0, 0xFF));
    assertEquals(PageType.DEVICE, p2m.type(dom0, 0xF_EB00));
    assertTrue(dom0.permissions().frames().stream().anyMatch(frames -> frames.first() == 0xF_EB00));
    assertEquals(PageType.NONE, p2m.type(dom0, 0xF_EC00), "the I/O APIC is shown otherwise");
    assertArrayEquals(new Dom0Map(Dom0Map.ram(MEMORY, machine), machine, TABLES, List.of()).entries(), dom0.memoryMap());
  }

  @Test
  void tooLittleMemoryIsRefused() {
    refused("2 MiB at least", kernel(), MIB);
    refused("give it less, or the machine more", kernel(), SIZE);
    byte[] large = new SmallElf().load(KERNEL, 0x2345, 3 * MIB).note(18, ENTRY).bytes();
    refused("give it more memory", large, 2L * MIB);
  }

  @Test
  void aKernelThatIsNoneIsRefused() {
    refused("", new byte[4096], MEMORY);
    refused("", new SmallElf().load(KERNEL, 0x100, 0x100).bytes(), MEMORY);
    refused("doesn't take the kernel", new SmallElf().load(0xB_0000, 0x100, 0x100).note(18, 0xB_0000).bytes(), MEMORY);
  }

  @Test
  void tablesThatAreDamagedAreRefused() {
    ram.put(PcFirmware.RSDP, 'X');
    refused("there is no RSDP from 0xe0000 to 0xfffff", kernel(), MEMORY);
    ram.put(PcFirmware.RSDP, 'R');
    ram.put(0xE_3400 + 50, ram.get(0xE_3400 + 50) + 1);
    refused("its bytes don't sum up to 0", kernel(), MEMORY);
    ram.put(0xE_3400 + 50, ram.get(0xE_3400 + 50) - 1);
    ram.put(0xE_3400 + 6, 0x70);
    refused("the table at 0xe3400, which XSDT names, has a length of", kernel(), MEMORY);
    ram.put(0xE_3400 + 6, 0);
    put(PcFirmware.tables("APIC"));
    refused("it names no FACP", kernel(), MEMORY);
    put(PcFirmware.tables("FACP"));
    refused("it names no APIC", kernel(), MEMORY);
    PvhHostTables whole = PcFirmware.tables("FACP", "APIC");
    put(whole);
    put(new PlacedTable(PcFirmware.tables("FACP").rsdp().table(), PcFirmware.RSDP));
    assertEquals(0, dom0().id());
  }

  @Test
  void aTableOutsideOfMemoryIsRefused() {
    AcpiTable rsdp = PcFirmware.tables("FACP").rsdp().table();
    AcpiTable far = AcpiTable.of(StructureBuilder.of(rsdp.structure())
        .set(Rsdp.Field.XSDT_ADDRESS, 0x7_0000_0000L));
    put(new PlacedTable(far, PcFirmware.RSDP));
    refused("0x700000000", kernel(), MEMORY);
  }

  @Test
  void onlyTheHardwareDomainIsItsToBuild() {
    DomainSpec guest = new DomainSpec("guest", new UUID(0, 1), 1, 1 << 20, DomainSpec.Kind.DOMU, 0, 256, 0);
    DomainImage image = new DomainImage(kernel(), RAMDISK, "", MEMORY, Map.of());
    assertThrows(HypervisorException.class, () -> hypervisor.port(DomainBuildersPort.class).build("", 1, guest, image));
    StateRecord record = hypervisor.remove(ROLE);
    assertThrows(HypervisorException.class, this::dom0);
    hypervisor.bringBack(ROLE, new PvhDom0Component(), record);
    assertFalse(dom0().vcpu(1).online());
  }
}
