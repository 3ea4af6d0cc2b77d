// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiTableReader;
import org.xenolith.efi.kit.EfiTableReader.Memory;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.LoaderNode;

/**
 * What a boot loader hands over to the hypervisor, read from memory; see {@link LoaderNode}. Whoever wrote it may have written anything.
 *
 * @param systemTable    physical address of the EFI system table
 * @param map            physical address of EFI's memory map
 * @param mapSize        its bytes
 * @param descriptorSize bytes of one of its descriptors
 * @param line           the hypervisor's command line
 * @param describesBoard whether the device tree describes a board, too
 * @param kernel         Dom0's kernel
 * @param ramdisk        Dom0's first root file system; empty if there is none
 * @param kernelLine     the kernel's command line
 * @param kept           memory that no domain may have
 */
record HandedOver(long systemTable, long map, long mapSize, long descriptorSize, String line, boolean describesBoard, byte[] kernel,
    byte[] ramdisk, String kernelLine, List<FdtWindow> kept) {
  /** Configuration table: a device tree (UEFI 2.10, 4.6). */
  private static final String DEVICE_TREE = "b1b621d5-f19c-41a5-830b-d9152c69aae0";
  private static final int MOST_LINE = 8192;
  private static final int MOST_TREE = 4 << 20;
  private static final int TREE_HEADER = 40;
  private static final int TREE_MAGIC = 0xD00D_FEED;
  private static final String KERNEL = "multiboot,kernel";
  private static final String MODULE = "multiboot,module";
  private static final long MOST_MODULE = 1L << 30;
  private static final int PAGE = 4096;
  /** Kinds of memory that are free once boot services are gone (UEFI 2.10, 7.2.1). */
  private static final Set<Integer> FREE = Set.of(EfiMemoryType.LOADER_CODE.number(), EfiMemoryType.LOADER_DATA.number(),
      EfiMemoryType.BOOT_SERVICES_CODE.number(), EfiMemoryType.BOOT_SERVICES_DATA.number(), EfiMemoryType.CONVENTIONAL.number());

  /**
   * Reads it.
   *
   * @param block physical address of the block
   * @throws IllegalArgumentException if something isn't what it must be; says what, where and what helps
   */
  static HandedOver read(Memory memory, long block) {
    ByteBuffer numbers = bytes(memory, "the loader's block", block, LoaderNode.BLOCK);
    long table = numbers.getLong(0);
    long map = numbers.getLong(8);
    long mapSize = numbers.getLong(16);
    long step = numbers.getLong(24);
    EfiTableReader firmware = new EfiTableReader(memory);
    List<FdtWindow> kept = kept(firmware, map, mapSize, step);
    long loader = numbers.getLong(48);
    kept.add(new FdtWindow(loader & -PAGE, (loader & PAGE - 1) + numbers.getLong(56) + PAGE - 1 & -PAGE));
    Fdt tree = tree(firmware, table);
    FdtNode chosen = tree.node("/chosen").orElseThrow(() -> new IllegalArgumentException("the device tree has no /chosen, and so no kernel"
        + " for Dom0: GRUB's xen_module names one"));
    FdtNode kernel = module(chosen, KERNEL, 0);
    if (kernel == null) {
      throw new IllegalArgumentException("/chosen has no module that is compatible with " + KERNEL + " or " + MODULE + "; it has " + chosen
          .children().stream().map(FdtNode::name).toList() + ". GRUB's first xen_module is Dom0's kernel");
    }
    FdtNode ramdisk = module(chosen, "multiboot,ramdisk", 1);
    return new HandedOver(table, map, mapSize, step, line(memory, numbers.getLong(32), numbers.getLong(40)), tree.node("/cpus").isPresent(),
        module(memory, kernel), ramdisk == null ? new byte[0] : module(memory, ramdisk), bootargs(kernel), kept);
  }

  private static ByteBuffer bytes(Memory memory, String what, long at, int length) {
    try {
      return ByteBuffer.wrap(memory.read(at, length)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " at 0x" + Long.toHexString(at) + ": " + e.getMessage(), e);
    }
  }

  private static List<FdtWindow> kept(EfiTableReader firmware, long at, long size, long step) {
    List<FdtWindow> kept = new ArrayList<>();
    for (EfiTableReader.Descriptor one : firmware.map(at, size, step)) {
      if (!FREE.contains(one.type()) && one.pages() > 0 && one.pages() < 1L << 40 && one.base() >= 0) {
        kept.add(new FdtWindow(one.base(), one.pages() * PAGE));
      }
    }
    return kept;
  }

  private static Fdt tree(EfiTableReader firmware, long systemTable) {
    long at = firmware.configuration(systemTable, DEVICE_TREE).orElseThrow(() -> new IllegalArgumentException("EFI has no device tree among"
        + " its configuration tables, and so no kernel for Dom0: start the loader with GRUB's xen_hypervisor and name a kernel with"
        + " xen_module"));
    return tree(firmware.memory(), at, "the device tree");
  }

  private static Fdt tree(Memory memory, long at, String what) {
    ByteBuffer header = bytes(memory, what, at, TREE_HEADER).order(ByteOrder.BIG_ENDIAN);
    int size = header.getInt(4);
    if (header.getInt(0) != TREE_MAGIC || size < TREE_HEADER || size > MOST_TREE) {
      throw new IllegalArgumentException(what + " at 0x" + Long.toHexString(at) + ": that is none, or it has more than " + MOST_TREE
          + " bytes");
    }
    try {
      return FdtReader.read(bytes(memory, what, at, size).array());
    } catch (FdtException e) {
      throw new IllegalArgumentException(what + " at 0x" + Long.toHexString(at) + ": " + e.getMessage(), e);
    }
  }

  /**
   * The module of a kind. Those that don't say what they are, as GRUB's, are the kernel and the first root file system in this order (Xen,
   * docs/misc/arm/device-tree/booting.txt).
   *
   * @param place among those that don't say
   * @return null if there is none
   */
  private static FdtNode module(FdtNode chosen, String kind, int place) {
    return chosen.children().stream().filter(node -> names(node).contains(kind)).findFirst().orElseGet(() -> chosen.children().stream()
        .filter(node -> names(node).equals(List.of(MODULE))).skip(place).findFirst().orElse(null));
  }

  /** GRUB writes it without the zero at its end. */
  private static String bootargs(FdtNode module) {
    String text = module.property("bootargs").map(p -> new String(p.value(), StandardCharsets.UTF_8)).orElse("");
    return text.indexOf('\0') < 0 ? text : text.substring(0, text.indexOf('\0'));
  }

  private static List<String> names(FdtNode node) {
    return node.property("compatible").map(p -> p.strings()).orElse(List.of());
  }

  /** GRUB writes addresses and sizes of two cells each, whatever the rest of the tree has. */
  private static byte[] module(Memory memory, FdtNode node) {
    String what = "/chosen/" + node.name();
    byte[] reg = node.property("reg").map(p -> p.value()).orElse(new byte[0]);
    if (reg.length != 2 * Long.BYTES) {
      throw new IllegalArgumentException(what + ": reg has " + reg.length + " bytes; expected an address and a size of two cells each");
    }
    long at = ByteBuffer.wrap(reg).getLong();
    long size = ByteBuffer.wrap(reg).getLong(Long.BYTES);
    if (size <= 0 || size > MOST_MODULE) {
      throw new IllegalArgumentException(what + ": " + size + " bytes; expected 1 to " + MOST_MODULE);
    }
    return bytes(memory, what, at, (int) size).array();
  }

  private static String line(Memory memory, long at, long size) {
    if (at == 0 || size <= 0 || size > MOST_LINE) {
      return "";
    }
    String text = new String(bytes(memory, "the hypervisor's command line", at, (int) size).array(), StandardCharsets.UTF_16LE);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
