// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Memory of pages that a test maps, some of which can't be written. */
final class PagedMemory implements CallerMemory {
  private static final int PAGE = 4096;
  private final Map<Long, byte[]> pages = new HashMap<>();
  private final Set<Long> readOnly = new HashSet<>();
  int writes;

  PagedMemory map(long page, boolean writable) {
    pages.put(page, new byte[PAGE]);
    if (!writable) {
      readOnly.add(page);
    }
    return this;
  }

  @Override
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      byte[] page = pages.get(address + i & -PAGE);
      if (page == null) {
        return null;
      }
      bytes[i] = page[(int) (address + i & PAGE - 1)];
    }
    return bytes;
  }

  @Override
  public boolean isWritable(long address, int length) {
    for (long i = 0; i < length; i++) {
      if (!pages.containsKey(address + i & -PAGE) || readOnly.contains(address + i & -PAGE)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean write(long address, byte[] bytes) {
    if (!isWritable(address, bytes.length)) {
      return false;
    }
    writes++;
    put(address, bytes);
    return true;
  }

  /** Whatever the rights. */
  PagedMemory put(long address, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      pages.get(address + i & -PAGE)[(int) (address + i & PAGE - 1)] = bytes[i];
    }
    return this;
  }

  PagedMemory put(long address, long value) {
    return put(address, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  long number(long address, int size) {
    ByteBuffer bytes = ByteBuffer.wrap(read(address, size)).order(ByteOrder.LITTLE_ENDIAN);
    return size == 8 ? bytes.getLong() : size == 4 ? bytes.getInt() : bytes.get();
  }
}
