// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.kit.EfiMemoryType;

/** Interfaces that layers have published: whose they are, and the numbers that only their layers see. */
final class Interfaces {
  private record Entry(String layer, int version, long[] numbers) {}

  private final Pool pool;
  private final Map<Long, Entry> entries = new TreeMap<>();

  Interfaces(Pool pool) {
    this.pool = pool;
  }

  void clear() {
    entries.clear();
  }

  long add(EfiLayer layer, int bytes, int numbers) {
    long address = pool.allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), bytes);
    entries.put(address, new Entry(layer.name(), layer.version(), new long[numbers]));
    return address;
  }

  private Entry entry(EfiLayer layer, long address) {
    Entry entry = entries.get(address);
    if (entry == null || !entry.layer.equals(layer.name())) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": no interface of " + layer.name());
    }
    if (entry.version != layer.version()) {
      throw new EfiError(EfiStatus.DEVICE_ERROR, "0x" + Long.toHexString(address) + ": an interface of version " + entry.version + " of "
          + layer.name() + ", which is now of version " + layer.version());
    }
    return entry;
  }

  long[] numbers(EfiLayer layer, long address) {
    return entry(layer, address).numbers;
  }

  void drop(EfiLayer layer, long address) {
    Entry entry = entries.get(address);
    if (entry == null || !entry.layer.equals(layer.name())) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": no interface of " + layer.name());
    }
    entries.remove(address);
    pool.free(address);
  }

  /** The layer whose interface is at an address; null if it is nobody's. */
  String layer(long address) {
    Entry entry = entries.get(address);
    return entry == null ? null : entry.layer;
  }

  /** How many there are. */
  int count() {
    return entries.size();
  }

  byte[] save() {
    LongWriter out = new LongWriter();
    return out.all(entries.entrySet(), each -> out.put(each.getKey()).put(each.getValue().layer).put(each.getValue().version).put(each
        .getValue().numbers)).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("interfaces", bytes);
    clear();
    in.each(() -> entries.put(in.get(), new Entry(in.text(), in.getInt(), in.longs())));
  }
}
