// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.pvh.codec.StartInfo;

/** Memory with a few pieces in it, zero elsewhere. */
final class TestMemory implements StartInfo.Memory {
  private final TreeMap<Long, byte[]> pieces = new TreeMap<>();

  static TestMemory of(PvhMap map, PvhTables tables) {
    return new TestMemory().put(map.rootPointer(), tables.rootPointer()).put(PvhMap.TABLES, tables.tables());
  }

  TestMemory put(long address, byte[] bytes) {
    pieces.put(address, bytes.clone());
    return this;
  }

  @Override
  public byte[] read(long address, int length) {
    byte[] all = new byte[length];
    for (Map.Entry<Long, byte[]> piece : pieces.entrySet()) {
      for (int i = 0; i < piece.getValue().length; i++) {
        long at = piece.getKey() + i - address;
        if (at >= 0 && at < length) {
          all[(int) at] = piece.getValue()[i];
        }
      }
    }
    return all;
  }
}
