// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.kit.RuntimeMemoryRecord;
import org.xenolith.regs.StateMismatch;

/** Where runtime services are in the memory of each domain, by the domain's serial number. */
final class PlacedServices {
  private final Map<Integer, RuntimeMemory> all = new TreeMap<>();

  RuntimeMemory get(int domain) {
    return all.get(domain);
  }

  void put(int domain, RuntimeMemory memory) {
    all.put(domain, memory);
  }

  void remove(int domain) {
    all.remove(domain);
  }

  void keep(Collection<Integer> domains) {
    all.keySet().retainAll(domains);
  }

  void clear() {
    all.clear();
  }

  /** Each behind its domain and its length. */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    all.forEach((domain, memory) -> {
      byte[] record = RuntimeMemoryRecord.encode(memory);
      out.writeBytes(ByteBuffer.allocate(2 * Integer.BYTES).putInt(domain).putInt(record.length).array());
      out.writeBytes(record);
    });
    return out.toByteArray();
  }

  void decode(byte[] bytes) {
    Map<Integer, RuntimeMemory> read = new TreeMap<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      while (in.hasRemaining()) {
        int domain = in.getInt();
        int length = in.getInt();
        if (length <= 0 || length > in.remaining()) {
          throw new IllegalArgumentException("a record of " + length + " bytes, and " + in.remaining() + " are left");
        }
        byte[] record = new byte[length];
        in.get(record);
        read.put(domain, RuntimeMemoryRecord.decode(record));
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new StateMismatch("placed: offset " + in.position() + ": " + e.getMessage());
    }
    all.clear();
    all.putAll(read);
  }
}
