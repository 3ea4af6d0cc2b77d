// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeRam;

/** A host whose memory is elsewhere for the CPU than on the bus: what is told of it; polling and copying of registers there. */
class TranslatedRootTest {
  private static final long BUS = 0x4000_0000L;
  private static final long CPU = 0x10_0000_0000L;
  private static final int POLL_MEMORY = 8;
  private static final int POLL_IO = 16;
  private static final int COPY = 72;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
      "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("pcie@0", List.of(), List.of())
          .withProperty(FdtProperty.ofStrings("compatible", "pci-host-ecam-generic")).withProperty(FdtProperty.ofU64("reg", 0x3000_0000L,
              1L << 20))
          .withProperty(FdtProperty.ofCells("ranges", 0x0200_0000, 0, 0x4000_0000, 0x10, 0, 0, 0x1000, 0x0100_0000, 0, 0, 0, 0x3EFF_0000, 0,
              0x100)))));
  private final EfiRam memory = firmware.memory();
  private final EcamRootLayer layer = new EcamRootLayer();
  private final Map<Long, Long> registers = new TreeMap<>();
  private final List<Long> reads = new ArrayList<>();
  private long counts;
  private long root;

  private long access(EfiAccess access) {
    if (access.kind() == EfiAccess.Kind.WRITE) {
      registers.put(access.address(), access.value());
      return 0;
    }
    reads.add(access.address());
    return registers.getOrDefault(access.address(), 0L) + counts * reads.size();
  }

  @BeforeEach
  void start() {
    firmware.registers(this::access);
    layer.begin(firmware);
    long handle = firmware.handles().handles(EcamRootLayer.HOST).getFirst();
    assertEquals(0, firmware.connect(layer, handle));
    root = firmware.handles().find(handle, Protocol.PCI_ROOT_BRIDGE_IO);
  }

  private EfiStatus call(int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = root;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStatus.of(firmware.call(memory.get64(root + function), all));
  }

  @Test
  void memoryIsToldWhereTheCpuSeesItWithTheOffsetToTheBus() {
    long room = firmware.room(8);
    assertEquals(EfiStatus.SUCCESS, call(136, room));
    List<String> said = new ArrayList<>();
    for (long at = memory.get64(room); memory.get8(at) == 0x8A; at += 46) {
      said.add("%d %x %x %x %x".formatted(memory.get8(at + 3), memory.get64(at + 14), memory.get64(at + 22), memory.get64(at + 30), memory
          .get64(at + 38)));
    }
    assertEquals(List.of("2 0 0 0 1", "0 1000000000 1000000fff %x 1000".formatted(BUS - CPU), "1 0 ff 0 100"), said);
  }

  @Test
  void aRegisterIsReadUntilItHasAValueOrForATime() {
    long result = firmware.room(8);
    counts = 1;
    assertEquals(EfiStatus.SUCCESS, call(POLL_MEMORY, PciAccess.WIDTH_32, BUS + 0x10, 0xF, 5, 10_000_000, result));
    assertEquals(List.of(5L, 5), List.of(memory.get64(result), reads.size()));
    assertEquals(List.of(CPU + 0x10), reads.stream().distinct().toList());
    assertEquals(EfiStatus.SUCCESS, call(POLL_MEMORY, PciAccess.WIDTH_32, BUS + 0x10, 0xF, 0, 0, result),
        "no time: one read, whatever it is");
    assertEquals(6, reads.size());
    counts = 0;
    reads.clear();
    long before = firmware.counter();
    assertEquals(EfiStatus.TIMEOUT, call(POLL_IO, PciAccess.WIDTH_16, 0x20, -1, 7, 1000, result));
    assertEquals(firmware.frequency() / 10_000, firmware.counter() - before, "a tenth of a millisecond");
    assertEquals(List.of(0x3EFF_0020L), reads.stream().distinct().toList());
    assertEquals(11, reads.size());
    assertEquals(EfiStatus.TIMEOUT, call(POLL_IO, PciAccess.WIDTH_16, 0x20, -1, 7, 1, result), "at least one read");
    for (long[] wrong : new long[][] {{PciAccess.WIDTH_32, BUS + 0xFFD, result}, {PciAccess.WIDTH_32, CPU, result}, {4, BUS, result}, {8,
        BUS,
        result}, {12, BUS, result}, {-1, BUS, result}, {0, BUS, 0}}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(POLL_MEMORY, wrong[0], wrong[1], 0, 0, 1, wrong[2]));
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(POLL_MEMORY, 0, BUS, 0, 0, 0, 0x10L), "there is no memory");
  }

  @Test
  void whoPollsForEverWaitsInTheGuest() {
    long before = firmware.counter();
    counts = 1;
    assertEquals(EfiStatus.SUCCESS, call(POLL_MEMORY, 0, BUS, -1, 1000, -1, firmware.room(8)));
    assertTrue(firmware.counter() > before);
  }

  @Test
  void registersAreCopiedAlsoOntoThemselves() {
    for (long i = 0; i < 150; i++) {
      registers.put(CPU + 4 * i, i + 1);
    }
    assertEquals(EfiStatus.SUCCESS, call(COPY, PciAccess.WIDTH_32, BUS + 8, BUS, 150));
    for (long i = 0; i < 150; i++) {
      assertEquals(i + 1, registers.get(CPU + 8 + 4 * i));
    }
    assertEquals(EfiStatus.SUCCESS, call(COPY, PciAccess.WIDTH_32, BUS, BUS + 8, 150));
    for (long i = 0; i < 150; i++) {
      assertEquals(i + 1, registers.get(CPU + 4 * i));
    }
    reads.clear();
    assertEquals(EfiStatus.SUCCESS, call(COPY, PciAccess.WIDTH_64, BUS, BUS + 8, 0));
    for (long[] wrong : new long[][] {{2, BUS, BUS + 0xFFC, 2}, {2, BUS + 0xFFC, BUS, 2}, {4, BUS, BUS, 1}, {2, BUS, BUS, -1}, {3, BUS, BUS,
        (1L << 61) + 1}, {2, 0x20, BUS, 1}}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(COPY, wrong));
    }
    assertEquals(List.of(), reads);
  }

  /** So many that their bytes are few again. */
  @Test
  void noCountLeadsOutOfAWindow() {
    assertEquals(EfiStatus.INVALID_PARAMETER, call(24, PciAccess.WIDTH_32, BUS, (1L << 62) + 1, firmware.room(8)));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(56, PciAccess.WIDTH_64, 0, (1L << 61) + 1, firmware.room(8)));
    assertEquals(List.of(), reads);
  }

  /** A CPU takes an exception from such an access to a device. */
  @Test
  void noAccessIsMadeToWhatIsNoMultipleOfItsWidth() {
    long room = firmware.room(16);
    for (int access : new int[] {24, 32}) {
      assertEquals(EfiStatus.UNSUPPORTED, call(access, PciAccess.WIDTH_32, BUS + 2, 1, room));
      assertEquals(EfiStatus.UNSUPPORTED, call(access + 16, PciAccess.WIDTH_16, 0x21, 1, room));
      assertEquals(EfiStatus.UNSUPPORTED, call(access + 32, PciAccess.WIDTH_32, 0x41, 1, room));
    }
    assertEquals(EfiStatus.UNSUPPORTED, call(POLL_MEMORY, PciAccess.WIDTH_64, BUS + 4, 0, 0, 1, room));
    assertEquals(EfiStatus.UNSUPPORTED, call(POLL_IO, PciAccess.WIDTH_16, 0x21, 0, 0, 1, room));
    assertEquals(EfiStatus.UNSUPPORTED, call(COPY, PciAccess.WIDTH_32, BUS + 2, BUS + 8, 1));
    assertEquals(EfiStatus.UNSUPPORTED, call(COPY, PciAccess.WIDTH_32, BUS + 8, BUS + 2, 1));
    assertEquals(List.of(), reads);
    assertEquals(Map.of(), registers);
  }

  /** Reading a register may change it. */
  @Test
  void noRegisterIsReadForWhereThereIsNoMemory() {
    long end = FakeRam.BASE + FakeRam.SIZE;
    assertEquals(EfiStatus.INVALID_PARAMETER, call(24, PciAccess.WIDTH_8, BUS, 100, end - 99));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(32, PciAccess.WIDTH_8, BUS, 100, end - 99));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(POLL_MEMORY, PciAccess.WIDTH_8, BUS, 0, 0, 1, end - 4));
    assertEquals(List.of(), reads);
    assertEquals(Map.of(), registers);
  }
}
