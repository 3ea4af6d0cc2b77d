// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;

/**
 * SetVirtualAddressMap and ConvertPointer (UEFI 2.10, 8.4): where an operating system has mapped what runtime services need, and the
 * pointers in their tables that follow it.
 */
public final class VirtualAddressing {
  /** Of EFI_SYSTEM_TABLE: vendor, runtime services, configuration tables (UEFI 2.10, 4.3.1). */
  private static final List<Integer> SYSTEM_POINTERS = List.of(24, 88, 112);
  private static final int BASE = 8;
  private static final int VIRTUAL = 16;
  private static final int PAGES = 24;
  private static final int ATTRIBUTES = 32;
  private static final long RUNTIME = 1L << 63;
  /** EFI_OPTIONAL_PTR. */
  private static final long OPTIONAL = 1;

  /** More than any operating system needs for the few ranges of these services. */
  private static final int LARGEST_MAP = 1 << 20;

  private VirtualAddressing() {}

  /**
   * What SetVirtualAddressMap makes of the memory.
   *
   * @param status how it went
   * @param memory as it is afterwards; null unless the status is SUCCESS
   */
  public record Mapping(EfiStatus status, @Nullable RuntimeMemory memory) {}

  /**
   * SetVirtualAddressMap as a caller asks for it, whose arguments are unsigned: INVALID_PARAMETER for a map that there can't be or that
   * isn't in memory, else as {@link #map}; the tables follow.
   *
   * @param memory    null: there are no services in memory
   * @param arguments size of the map, size of a descriptor, version of descriptors, where the map is
   * @param caller    memory as the caller sees it
   * @param physical  where the tables are, at their physical addresses
   */
  public static Mapping set(RuntimeMemory memory, long[] arguments, CallerMemory caller, CallerMemory physical) {
    if (memory == null || memory.mapped()) {
      return new Mapping(EfiStatus.UNSUPPORTED, null);
    }
    long size = arguments[0];
    long descriptorSize = arguments[1];
    long map = arguments[3];
    if ((int) arguments[2] != EfiMemoryMap.DESCRIPTOR_VERSION || Long.compareUnsigned(descriptorSize, EfiMemoryMap.DESCRIPTOR_SIZE) < 0
        || Long.compareUnsigned(size, LARGEST_MAP) > 0 || Long.compareUnsigned(size, descriptorSize) < 0 || map == 0
        || map % Long.BYTES != 0) {
      return new Mapping(EfiStatus.INVALID_PARAMETER, null);
    }
    byte[] descriptors = caller.read(map, (int) size);
    if (descriptors == null) {
      return new Mapping(EfiStatus.INVALID_PARAMETER, null);
    }
    Mapping mapping = map(memory, descriptors, (int) descriptorSize);
    if (mapping.status() == EfiStatus.SUCCESS) {
      rebase(physical, memory, mapping.memory());
    }
    return mapping;
  }

  /**
   * SetVirtualAddressMap without the tables: UNSUPPORTED the second time, NO_MAPPING if a range isn't in the map, NOT_FOUND for one in the
   * map that the services have never asked for.
   *
   * @param map descriptors, one behind the other
   */
  public static Mapping map(RuntimeMemory memory, byte[] map, int descriptorSize) {
    if (memory == null || memory.mapped()) {
      return new Mapping(EfiStatus.UNSUPPORTED, null);
    }
    ByteBuffer in = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
    List<Range> given = new ArrayList<>();
    for (int at = 0; at + descriptorSize <= map.length; at += descriptorSize) {
      if ((in.getLong(at + ATTRIBUTES) & RUNTIME) != 0) {
        Range range = new Range(in.getLong(at + BASE), in.getLong(at + PAGES) * EfiMemoryMap.PAGE, in.getLong(at + VIRTUAL));
        if (memory.ranges().stream().noneMatch(known -> range.contains(known.base(), known.size()) || known.contains(range.base(), range
            .size()))) {
          return new Mapping(EfiStatus.NOT_FOUND, null);
        }
        given.add(range);
      }
    }
    List<Range> mapped = new ArrayList<>();
    for (Range range : memory.ranges()) {
      Range holder = given.stream().filter(each -> each.contains(range.base(), range.size())).findFirst().orElse(null);
      if (holder == null) {
        return new Mapping(EfiStatus.NO_MAPPING, null);
      }
      mapped.add(new Range(range.base(), range.size(), holder.virtual() + (range.base() - holder.base())));
    }
    return new Mapping(EfiStatus.SUCCESS, new RuntimeMemory(memory.systemTable(), memory.runtimeServices(), mapped, true));
  }

  /**
   * Lets the pointers in the tables be those of another mapping, with the checksums.
   *
   * @param physical where the tables are, at their physical addresses
   * @return whether the tables could be read and written
   */
  public static boolean rebase(CallerMemory physical, RuntimeMemory before, RuntimeMemory after) {
    byte[] system = physical.read(before.systemTable(), EfiSystemTable.SIZE);
    byte[] services = physical.read(before.runtimeServices(), RuntimeServicesTable.SIZE);
    if (system == null || services == null) {
      return false;
    }
    SYSTEM_POINTERS.forEach(at -> rebase(system, at, before, after));
    for (int at = RuntimeServicesTable.HEADER; at < services.length; at += Long.BYTES) {
      rebase(services, at, before, after);
    }
    RuntimeServicesTable.sign(system, 0, system.length);
    RuntimeServicesTable.sign(services, 0, services.length);
    return physical.write(before.systemTable(), system) && physical.write(before.runtimeServices(), services);
  }

  private static void rebase(byte[] table, int at, RuntimeMemory before, RuntimeMemory after) {
    ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    long pointer = bytes.getLong(at);
    for (int i = 0; i < before.ranges().size(); i++) {
      Range old = before.ranges().get(i);
      if (Long.compareUnsigned(pointer - old.virtual(), old.size()) < 0) {
        bytes.putLong(at, pointer - old.virtual() + after.ranges().get(i).virtual());
        return;
      }
    }
  }

  /**
   * ConvertPointer: the virtual address of a physical one, by the map that was set.
   *
   * @param disposition its first argument
   * @param pointer     what it points to; the converted pointer is put there
   */
  public static EfiStatus convert(RuntimeMemory memory, long disposition, long pointer, CallerMemory caller) {
    byte[] bytes = pointer == 0 || pointer % Long.BYTES != 0 ? null : caller.read(pointer, Long.BYTES);
    if (bytes == null || !caller.isWritable(pointer, Long.BYTES)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    ByteBuffer cell = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long address = cell.getLong(0);
    if (address == 0) {
      return (disposition & OPTIONAL) != 0 ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (memory == null || !memory.mapped()) {
      return EfiStatus.NOT_FOUND;
    }
    for (Range range : memory.ranges()) {
      if (range.contains(address, 1)) {
        caller.write(pointer, cell.putLong(0, address - range.base() + range.virtual()).array());
        return EfiStatus.SUCCESS;
      }
    }
    return EfiStatus.NOT_FOUND;
  }
}
