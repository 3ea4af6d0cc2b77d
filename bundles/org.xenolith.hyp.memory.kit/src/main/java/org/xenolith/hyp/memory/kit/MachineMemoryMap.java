// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.xen.abi.MemoryMap;
import org.xenolith.xen.abi.XenErrno;

/**
 * XENMEM_machine_memory_map: the machine's memory as entries of the BIOS call E820 (public header {@code memory.h}; ACPI 6.4, 15.1), 20 bytes
 * each, ascending. It is the map of the EFI firmware that booted the machine, as Xen on x86 makes it from that; without one it is what the
 * platform has as memory and sets aside. Xen on Arm doesn't serve the call.
 */
final class MachineMemoryMap {
  private static final int ENTRY = 20;
  private static final int RAM = 1;
  private static final int RESERVED = 2;
  private static final int ACPI = 3;
  private static final int NVS = 4;
  private static final int UNUSABLE = 5;
  /** Attributes of UEFI's descriptors: EFI_MEMORY_WB and EFI_MEMORY_RUNTIME. */
  private static final long WRITE_BACK = 8;
  private static final long RUNTIME = 1L << 63;

  private final Platform platform;
  private final Supplier<FirmwareDescription> firmware;

  /** A range of one type. */
  private record Entry(long base, long size, int type) {
    long end() {
      return base + size;
    }
  }

  MachineMemoryMap(DeviceContext context) {
    platform = context.platform();
    firmware = platform.node(FirmwareNode.PATH).filter(PlatformNode::enabled).isPresent()
        ? context.port(FirmwareNode.PATH, FirmwareDescriptionPort.class)::description : () -> null;
  }

  /** Without a buffer it says how many entries there are. */
  long serve(Hypercall call, MemoryMap map, Domain caller) {
    List<Entry> entries = entries();
    if (map.buffer() != 0) {
      if (Integer.compareUnsigned(map.nrEntries(), entries.size()) < 0) {
        return -XenErrno.XEN_EINVAL;
      }
      ByteBuffer out = ByteBuffer.allocate(entries.size() * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
      entries.forEach(entry -> out.putLong(entry.base).putLong(entry.size).putInt(entry.type));
      if (!call.write(map.buffer(), out.array(), 0, out.capacity())) {
        return -XenErrno.XEN_EFAULT;
      }
    }
    map.nrEntries(entries.size());
    return 0;
  }

  private List<Entry> entries() {
    FirmwareDescription told = firmware.get();
    List<Entry> ranges = told == null ? ofPlatform()
        : told.memory().stream().map(range -> new Entry(range.base(), range.size(), type(range))).toList();
    List<Entry> joined = new ArrayList<>();
    for (Entry entry : ranges) {
      Entry last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && last.type == entry.type && last.end() == entry.base) {
        joined.set(joined.size() - 1, new Entry(last.base, last.size + entry.size, last.type));
      } else {
        joined.add(entry);
      }
    }
    return joined;
  }

  /** By the number of UEFI's memory type (UEFI 2.10, 7.2.1): the loader's, boot services' and free memory is RAM if it can be cached. */
  private static int type(FirmwareMemory range) {
    return switch (range.type()) {
      case 1, 2, 3, 4, 7 -> (range.attributes() & RUNTIME) != 0 ? RESERVED : (range.attributes() & WRITE_BACK) != 0 ? RAM : UNUSABLE;
      case 8 -> UNUSABLE;
      case 9 -> ACPI;
      case 10 -> NVS;
      default -> RESERVED;
    };
  }

  /** The banks without what is set aside in them. */
  private List<Entry> ofPlatform() {
    List<Entry> all = new ArrayList<>();
    platform.memory().forEach(bank -> all.add(new Entry(bank.base(), bank.size(), RAM)));
    for (PlatformNode node : platform.children("/reserved-memory")) {
      for (AddressWindow hole : node.enabled() ? node.windows() : List.<AddressWindow>of()) {
        cut(all, new Entry(hole.base(), hole.size(), RESERVED));
      }
    }
    all.sort(Comparator.comparingLong(Entry::base));
    return all;
  }

  private static void cut(List<Entry> all, Entry hole) {
    for (Entry bank : List.copyOf(all)) {
      long from = Math.max(bank.base, hole.base);
      long to = Math.min(bank.end(), hole.end());
      if (bank.type == RAM && from < to) {
        all.remove(bank);
        if (bank.base < from) {
          all.add(new Entry(bank.base, from - bank.base, RAM));
        }
        all.add(new Entry(from, to - from, RESERVED));
        if (to < bank.end()) {
          all.add(new Entry(to, bank.end() - to, RAM));
        }
      }
    }
  }
}
