// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;

/** SetVirtualAddressMap and ConvertPointer. */
class VirtualAddressingTest {
  private static final long CODE = 0x5FFD_0000L;
  private static final long DATA = 0x5FFE_0000L;
  private static final int REVISION = 2 << 16 | 100;
  private static final RuntimeMemory PHYSICAL = new RuntimeMemory(DATA, DATA + 0x200,
      List.of(new Range(CODE, 0x1_0000, CODE), new Range(DATA, 0x1_0000, DATA)), false);
  private static final EfiMemoryMap MAP = map(0x2000_0000L, 0x3000_0000L);

  private static EfiMemoryMap map(long code, long data) {
    return new EfiMemoryMap().ram(0x4000_0000L, 0x2000_0000L).claim(EfiMemoryType.RUNTIME_SERVICES_CODE, CODE, 0x1_0000, code)
        .claim(EfiMemoryType.RUNTIME_SERVICES_DATA, DATA, 0x1_0000, data);
  }

  private static RuntimeMemory mapped() {
    return VirtualAddressing.map(PHYSICAL, MAP.bytes(), 40).memory();
  }

  @Test
  void rangesGetTheAddressesOfTheMapOnce() {
    assertEquals(new RuntimeMemory(DATA, DATA + 0x200, List.of(new Range(CODE, 0x1_0000, 0x2000_0000L), new Range(DATA, 0x1_0000,
        0x3000_0000L)), true), mapped());
    assertEquals(EfiStatus.UNSUPPORTED, VirtualAddressing.map(mapped(), MAP.bytes(), 40).status(), "the second time");
    assertEquals(EfiStatus.UNSUPPORTED, VirtualAddressing.map(null, MAP.bytes(), 40).status());
  }

  @Test
  void descriptorsMayBeLargerAndMayCoverMore() {
    byte[] wide = new byte[48 * MAP.ranges().size() + 7];
    for (int i = 0; i < MAP.ranges().size(); i++) {
      System.arraycopy(MAP.bytes(), 40 * i, wide, 48 * i, 40);
    }
    assertEquals(mapped(), VirtualAddressing.map(PHYSICAL, wide, 48).memory());
    byte[] one = new EfiMemoryMap().ram(0x4000_0000L, 0x2000_0000L).claim(EfiMemoryType.RUNTIME_SERVICES_DATA, CODE - 0x1_0000, 0x3_0000,
        0x7000_0000L).bytes();
    assertEquals(List.of(0x7001_0000L, 0x7002_0000L), VirtualAddressing.map(PHYSICAL, one, 40).memory().ranges().stream().map(
        Range::virtual).toList());
  }

  @Test
  void mapMustHaveAllRangesAndNoOthers() {
    byte[] without = new EfiMemoryMap().ram(0x4000_0000L, 0x2000_0000L).claim(EfiMemoryType.RUNTIME_SERVICES_CODE, CODE, 0x1_0000, 1 << 20)
        .bytes();
    assertEquals(EfiStatus.NO_MAPPING, VirtualAddressing.map(PHYSICAL, without, 40).status());
    byte[] half = new EfiMemoryMap().ram(0x4000_0000L, 0x2000_0000L).claim(EfiMemoryType.RUNTIME_SERVICES_CODE, CODE, 0x1_0000, 1 << 20)
        .claim(EfiMemoryType.RUNTIME_SERVICES_DATA, DATA, 0x8000, 1 << 21).bytes();
    assertEquals(EfiStatus.NO_MAPPING, VirtualAddressing.map(PHYSICAL, half, 40).status());
    byte[] foreign = map(1 << 20, 1 << 21).claim(EfiMemoryType.RUNTIME_SERVICES_DATA, 0x4100_0000L, 0x1000, 1 << 22).bytes();
    assertEquals(EfiStatus.NOT_FOUND, VirtualAddressing.map(PHYSICAL, foreign, 40).status());
    assertEquals(EfiStatus.NO_MAPPING, VirtualAddressing.map(PHYSICAL, new byte[0], 40).status());
    assertNull(VirtualAddressing.map(PHYSICAL, new byte[0], 40).memory());
  }

  @Test
  void tablesAreAsIfTheyHadBeenMadeForTheMapping() {
    byte[][] made = new byte[2][];
    byte[][] system = new byte[2][];
    for (int i = 0; i < 2; i++) {
      long code = i == 0 ? CODE : 0x2000_0000L;
      long data = i == 0 ? DATA : 0x3000_0000L;
      made[i] = RuntimeServicesTable.bytes(REVISION, code);
      system[i] = new EfiSystemTable(REVISION, "Xenolith", 1).configuration(EfiSystemTable.ACPI, CODE + 8).runtimeServices(data + 0x200)
          .bytes(data, EfiSystemTable.SIZE);
    }
    PagedMemory memory = new PagedMemory();
    for (long page = CODE; page < DATA + 0x1_0000; page += 0x1000) {
      memory.map(page, true);
    }
    memory.put(DATA, system[0]).put(DATA + 0x200, made[0]);
    assertTrue(VirtualAddressing.rebase(memory, PHYSICAL, mapped()));
    assertArrayEquals(system[1], memory.read(DATA, system[1].length), "configuration tables stay where they physically are");
    assertArrayEquals(made[1], memory.read(DATA + 0x200, made[1].length));
    RuntimeMemory lost = new RuntimeMemory(0x1000, DATA + 0x200, PHYSICAL.ranges(), false);
    assertEquals(false, VirtualAddressing.rebase(memory, lost, mapped()));
  }

  @Test
  void pointersAreConvertedByTheMap() {
    PagedMemory memory = new PagedMemory().map(0x1000, true).map(0x2000, false).put(0x1000, DATA + 0x123);
    assertEquals(EfiStatus.NOT_FOUND, VirtualAddressing.convert(PHYSICAL, 0, 0x1000, memory), "before there is a map");
    assertEquals(EfiStatus.SUCCESS, VirtualAddressing.convert(mapped(), 0, 0x1000, memory));
    assertEquals(0x3000_0123L, memory.number(0x1000, 8));
    assertEquals(EfiStatus.NOT_FOUND, VirtualAddressing.convert(mapped(), 0, 0x1000, memory), "no physical address of ours");
    memory.put(0x1000, 0);
    assertEquals(EfiStatus.INVALID_PARAMETER, VirtualAddressing.convert(mapped(), 0, 0x1000, memory));
    assertEquals(EfiStatus.SUCCESS, VirtualAddressing.convert(mapped(), 1, 0x1000, memory), "it may be null");
    for (long pointer : Arrays.asList(0L, 0x1004L, 0x2000L, 0x3000L, -8L)) {
      assertEquals(EfiStatus.INVALID_PARAMETER, VirtualAddressing.convert(mapped(), 1, pointer, memory));
    }
  }
}
