// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** edk2's protocol, and which registers it touches. */
class MmioTransportLayerTest {
  private static final long BASE = 0xA00_0000L;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
      "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(node(BASE)).withChild(node(BASE + 0x200))));
  final MmioTransportLayer layer = new MmioTransportLayer();
  final TreeMap<Long, Long> registers = new TreeMap<>();
  private final List<String> writes = new ArrayList<>();

  private static FdtNode node(long base) {
    return new FdtNode("virtio_mmio@" + Long.toHexString(base), List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible",
        "virtio,mmio")).withProperty(FdtProperty.ofU64("reg", base, 0x200));
  }

  private long access(EfiAccess access) {
    if (access.kind() == EfiAccess.Kind.WRITE) {
      writes.add(Long.toHexString(access.address() - BASE) + "=" + Long.toHexString(access.value()));
      return 0;
    }
    return registers.getOrDefault(access.address() - BASE, 0L);
  }

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
  }

  void hardware() {
    registers.put(0L, 0x7472_6976L);
    registers.put(8L, 2L);
    registers.put(0x10L, 0x1234L);
    registers.put(0x34L, 256L);
    registers.put(0x70L, 0xFL);
    registers.put(0x100L, 0x8000_0000L);
    registers.put(0x104L, 5L);
    registers.put(0x200L, 0x7472_6976L);
    registers.put(0x204L, 2L);
    firmware.registers(this::access);
  }

  private long handle(int index) {
    return firmware.handles().handles(MmioTransportLayer.TRANSPORT).get(index);
  }

  private long connected(long version) {
    registers.put(4L, version);
    assertEquals(0, firmware.connect(layer, handle(0)));
    return firmware.handles().find(handle(0), Protocol.VIRTIO_DEVICE);
  }

  /** @param index of the function in edk2's structure */
  private long call(long device, int index, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = device;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return firmware.call(firmware.memory().get64(device + 8 + 8L * index), all);
  }

  @Test
  void onlyWindowsWithADeviceHaveTheProtocol() {
    assertEquals(2, firmware.handles().handles(MmioTransportLayer.TRANSPORT).size());
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle(1))));
    for (long version : new long[] {0, 3}) {
      registers.put(4L, version);
      assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle(0))));
    }
    int before = firmware.allocated();
    assertEquals(2, firmware.memory().get32(connected(2) + 4));
    assertEquals(EfiStatus.ALREADY_STARTED, EfiStatus.of(firmware.connect(layer, handle(0))));
    assertEquals(0, firmware.disconnect(layer, handle(0)));
    assertEquals(before, firmware.allocated());
  }

  private long ring() {
    EfiRam memory = firmware.memory();
    long ring = firmware.room(96);
    memory.put64(ring + 8, 0x1_2345_6000L);
    memory.put64(ring + 16, 0x1_2345_6000L);
    memory.put64(ring + 24, 0x1_2345_6100L);
    memory.put64(ring + 56, 0x1_2345_7000L);
    return ring;
  }

  @Test
  void theSecondVersionHasAddressesOfEachRingAnd64Features() {
    long device = connected(2);
    long to = firmware.room(16);
    assertEquals(0, call(device, 0, to));
    assertEquals(0x1234_0000_1234L, firmware.memory().get64(to));
    writes.clear();
    assertEquals(0, call(device, 1, 0x1_0000_0020L));
    assertEquals(List.of("24=1", "20=1", "24=0", "20=20"), writes);
    writes.clear();
    assertEquals(0, call(device, 2, ring(), 0));
    assertEquals(List.of("80=23456000", "84=1", "90=23456100", "94=1", "a0=23457000", "a4=1", "44=1"), writes);
    writes.clear();
    call(device, 5, 4096);
    call(device, 6, 4096);
    assertEquals(List.of(), writes, "only the first version has alignment and page size");
    call(device, 3, 1);
    call(device, 8, 16);
    call(device, 4, 1);
    call(device, 10, 0x80);
    assertEquals(List.of("30=1", "38=10", "50=1", "70=80"), writes);
  }

  @Test
  void theFirstVersionHasAPageNumberAnd32Features() {
    long device = connected(1);
    long to = firmware.room(16);
    assertEquals(0, call(device, 0, to));
    assertEquals(0x1234, firmware.memory().get64(to));
    writes.clear();
    call(device, 5, 4096);
    call(device, 6, 4096);
    call(device, 2, ring(), 0);
    assertEquals(List.of("3c=1000", "28=1000", "40=123456"), writes);
  }

  @Test
  void fieldsOfTheConfigurationHaveTheirSizes() {
    long device = connected(2);
    long to = firmware.room(16);
    assertEquals(0, call(device, 12, 0, 8, 8, to));
    assertEquals(0x5_8000_0000L, firmware.memory().get64(to));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(call(device, 12, 0, 3, 3, to)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(call(device, 12, 0, 4, 8, to)));
    assertEquals(0, call(device, 7, to));
    assertEquals(256, firmware.memory().get16(to));
    assertEquals(0, call(device, 9, to));
    assertEquals(0xF, firmware.memory().get8(to));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(firmware.memory().get64(device + 8), device + 16, to)));
  }
}
