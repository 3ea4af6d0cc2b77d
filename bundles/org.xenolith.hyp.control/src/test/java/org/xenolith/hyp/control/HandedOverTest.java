// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.fdt.FdtWriter;

/** What a boot loader leaves in memory, rightly and wrongly. */
class HandedOverTest {
  private static final int BASE = 0x4000_0000;
  private static final int BLOCK = 0x100;
  private static final int TABLE = 0x1000;
  private static final int ENTRIES = 0x1100;
  private static final int MAP = 0x2000;
  private static final int LINE = 0x3000;
  private static final int TREE = 0x4000;
  private static final int KERNEL = 0x8000;
  private static final int RAMDISK = 0x9000;
  private static final String DEVICE_TREE = "b1b621d5-f19c-41a5-830b-d9152c69aae0";

  private final ByteBuffer ram = ByteBuffer.allocate(0x10000).order(ByteOrder.LITTLE_ENDIAN);
  private final List<FdtNode> modules = new ArrayList<>();

  private HandedOver read() {
    return HandedOver.read((address, length) -> {
      if (address < BASE || address + length > BASE + ram.capacity()) {
        throw new IllegalArgumentException("no RAM");
      }
      return Arrays.copyOfRange(ram.array(), (int) (address - BASE), (int) (address - BASE) + length);
    }, BASE + BLOCK);
  }

  private static FdtNode module(int at, int size, String... compatible) {
    return new FdtNode("module@" + Integer.toHexString(at), List.of(FdtProperty.ofStrings("compatible", compatible), FdtProperty.ofU64(
        "reg",
        BASE + at, size), new FdtProperty("bootargs", "placeholder ro".getBytes(StandardCharsets.UTF_8))), List.of());
  }

  private void tree(FdtNode... besides) {
    List<FdtNode> root = new ArrayList<>(List.of(besides));
    root.add(new FdtNode("chosen", List.of(), modules));
    ram.put(TREE, FdtWriter.write(Fdt.of(new FdtNode("", List.of(), root))));
  }

  private void descriptor(int number, int type, long base, long pages) {
    ram.putInt(MAP + 48 * number, type).putLong(MAP + 48 * number + 8, base).putLong(MAP + 48 * number + 24, pages);
  }

  @BeforeEach
  void asGrubDoes() {
    long[] block = {BASE + TABLE, BASE + MAP, 3 * 48, 48, BASE + LINE, 30, BASE + 0x123, 0x1000};
    for (int i = 0; i < block.length; i++) {
      ram.putLong(BLOCK + 8 * i, block[i]);
    }
    ram.putLong(TABLE, 0x5453595320494249L).putLong(TABLE + 104, 2).putLong(TABLE + 112, BASE + ENTRIES);
    ram.put(ENTRIES, EfiSystemTable.guid(EfiSystemTable.ACPI)).putLong(ENTRIES + 16, 1);
    ram.put(ENTRIES + 24, EfiSystemTable.guid(DEVICE_TREE)).putLong(ENTRIES + 40, BASE + TREE);
    descriptor(0, 7, 0x5000_0000L, 16);
    descriptor(1, 6, 0x5001_0000L, 2);
    descriptor(2, 9, 0x5002_0000L, 1);
    ram.put(LINE, "dom0_mem=64M\0xx".getBytes(StandardCharsets.UTF_16LE));
    ram.put(KERNEL, (byte) 7).put(RAMDISK, (byte) 8);
    modules.add(module(KERNEL, 2, "multiboot,module"));
    modules.add(module(RAMDISK, 3, "multiboot,module"));
    tree();
  }

  @Test
  void modulesOfGrubAreKernelAndRamdiskInTheirOrder() {
    HandedOver handed = read();
    assertArrayEquals(new byte[] {7, 0}, handed.kernel());
    assertArrayEquals(new byte[] {8, 0, 0}, handed.ramdisk());
    assertEquals("placeholder ro", handed.kernelLine());
    assertEquals("dom0_mem=64M", handed.line());
    assertFalse(handed.describesBoard());
    assertEquals(List.of(new FdtWindow(0x5001_0000L, 0x2000), new FdtWindow(0x5002_0000L, 0x1000), new FdtWindow(BASE, 0x2000)), handed
        .kept());
  }

  @Test
  void modulesThatSayWhatTheyAreNeedNoOrder() {
    modules.clear();
    modules.add(module(RAMDISK, 3, "multiboot,ramdisk", "multiboot,module"));
    modules.add(module(KERNEL, 2, "multiboot,kernel", "multiboot,module"));
    tree(new FdtNode("cpus", List.of(), List.of()));
    HandedOver handed = read();
    assertEquals(7, handed.kernel()[0]);
    assertEquals(8, handed.ramdisk()[0]);
    assertTrue(handed.describesBoard());
  }

  private void refused(String says) {
    String message = assertThrows(IllegalArgumentException.class, this::read).getMessage();
    assertTrue(message.contains(says), message);
  }

  @Test
  void withoutAKernelItSaysWhatNamesOne() {
    modules.clear();
    tree();
    refused("GRUB's first xen_module is Dom0's kernel");
    ram.putLong(TABLE + 104, 1);
    refused("start the loader with GRUB's xen_hypervisor");
  }

  @Test
  void whatIsWrongHasItsPlace() {
    modules.set(0, module(KERNEL, 0x100_0000, "multiboot,module"));
    tree();
    refused("/chosen/module@8000 at 0x40008000: no RAM");
    modules.set(0, new FdtNode("module@1", List.of(FdtProperty.ofStrings("compatible", "multiboot,module")), List.of()));
    tree();
    refused("/chosen/module@1: reg has 0 bytes");
    ram.putInt(TREE, 0);
    refused("the device tree at 0x40004000: that is none");
    ram.putLong(TABLE, 0);
    refused("the firmware's system table at 0x40001000: it doesn't begin with IBI SYST");
    ram.putLong(BLOCK + 24, 8);
    refused("the firmware's memory map at 0x40002000: 144 bytes, descriptors of 8");
  }

  /** Bytes that a guest has changed anywhere are read, or refused by what callers expect. */
  @Test
  void anythingElseIsReadOrRefused() {
    byte[] right = ram.array().clone();
    Random random = new Random(17);
    int read = 0;
    for (int i = 0; i < 5000; i++) {
      System.arraycopy(right, 0, ram.array(), 0, right.length);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        int[] places = {BLOCK, TABLE, ENTRIES, MAP, TREE};
        ram.put(places[random.nextInt(places.length)] + random.nextInt(120), (byte) random.nextInt());
      }
      try {
        read();
        read++;
      } catch (IllegalArgumentException | FdtException refused) {
        // what it is for
      }
    }
    assertTrue(read > 100 && read < 4900, read + " were read");
  }
}
