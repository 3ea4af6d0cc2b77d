// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.PciConfiguration;

/** Configuration space of a segment as memory: functions that a test puts there, and a record of the cycles that were made. */
public final class FakeConfiguration implements PciConfiguration {
  private final Map<Integer, Function> functions = new TreeMap<>();
  private final List<String> cycles = new ArrayList<>();

  /** One function: 4096 bytes that take whatever is written. */
  public static final class Function {
    private final byte[] space = new byte[4096];
    private Runnable written = () -> {};

    /** Sets a register, little-endian. */
    public Function put(int register, int size, int value) {
      for (int i = 0; i < size; i++) {
        space[register + i] = (byte) (value >>> 8 * i);
      }
      return this;
    }

    /** A register. */
    public int get(int register, int size) {
      int value = 0;
      for (int i = 0; i < size; i++) {
        value |= (space[register + i] & 0xFF) << 8 * i;
      }
      return value;
    }

    /** Runs after each write by the bus: for bits that do something. */
    public void onWrite(Runnable action) {
      written = action;
    }
  }

  /** Puts a function at a routing id, with these ids. */
  public Function add(int rid, int ids) {
    Function function = new Function().put(0, 4, ids);
    functions.put(rid, function);
    return function;
  }

  /** Takes a function away. */
  public void remove(int rid) {
    functions.remove(rid);
  }

  /** The function at a routing id; null if there is none. */
  public Function at(int rid) {
    return functions.get(rid);
  }

  /** Cycles since the last time it was cleared, such as {@code r 0100 010 4} and {@code w 0100 004 2 6}. */
  public List<String> cycles() {
    return cycles;
  }

  @Override
  public int read(int rid, int register, int size) {
    cycles.add("r %04x %03x %d".formatted(rid, register, size));
    Function function = functions.get(rid);
    return function == null ? size == 4 ? -1 : (1 << 8 * size) - 1 : function.get(register, size);
  }

  @Override
  public void write(int rid, int register, int size, int value) {
    cycles.add("w %04x %03x %d %x".formatted(rid, register, size, value));
    Function function = functions.get(rid);
    if (function != null) {
      function.put(register, size, value);
      function.written.run();
    }
  }
}
