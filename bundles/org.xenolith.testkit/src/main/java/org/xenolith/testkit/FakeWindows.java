// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;

/**
 * The windows that one model has claimed, and guests' accesses to them. As in a machine, the inner one of two windows has its bytes,
 * and nothing is reached past a window's end: an access that leaves its window fails the test.
 */
final class FakeWindows {
  private final String instance;
  private final List<AddressWindow> reg;
  private final List<Window> windows = new ArrayList<>();
  private final Map<Integer, MessageInput> inlets = new HashMap<>();

  /** @param index number in {@code reg}; -1 for another one */
  private record Window(AddressWindow range, int index, AccessRule rule, MmioHandler handler, @Nullable FakeDirectWindow memory) {
    boolean holds(long address) {
      return Long.compareUnsigned(address - range.base(), range.size()) < 0;
    }

    /** Whether it has some of the other's bytes, but neither is in the other. */
    boolean crosses(AddressWindow other) {
      long last = other.base() + other.size() - 1;
      boolean meets = holds(other.base()) || holds(last) || within(range.base(), other);
      return meets && !(holds(other.base()) && holds(last))
          && !(within(range.base(), other) && within(range.base() + range.size() - 1, other));
    }

    private static boolean within(long address, AddressWindow window) {
      return Long.compareUnsigned(address - window.base(), window.size()) < 0;
    }
  }

  /** Windows of a model called {@code instance}, whose node has these in {@code reg}. */
  FakeWindows(String instance, List<AddressWindow> reg) {
    this.instance = instance;
    this.reg = reg;
  }

  List<AddressWindow> ranges() {
    return windows.stream().map(Window::range).toList();
  }

  boolean claimed(int index) {
    return windows.stream().anyMatch(w -> w.index == index);
  }

  void claim(int index, AccessRule rule, MmioHandler handler) {
    claim(index, rule, handler, null);
  }

  /** @param memory what is read while it is direct; null for a window that has none */
  void claim(int index, AccessRule rule, MmioHandler handler, @Nullable FakeDirectWindow memory) {
    if (index < 0 || index >= reg.size()) {
      throw new ModelException(instance + ": reg has no entry " + index);
    }
    if (claimed(index)) {
      throw new AssertionError(instance + ": window " + index + " is claimed twice");
    }
    add(new Window(reg.get(index), index, rule, handler, memory));
  }

  /** Claims a window that isn't in {@code reg}. */
  void claim(AddressWindow range, AccessRule rule, MmioHandler handler) {
    if (windows.stream().anyMatch(w -> w.range.equals(range))) {
      throw new AssertionError(instance + ": window " + range + " is claimed twice");
    }
    add(new Window(range, -1, rule, handler, null));
  }

  private void add(Window window) {
    windows.stream().filter(other -> other.crosses(window.range)).findFirst().ifPresent(other -> {
      throw new ModelException(instance + ": window " + window.range + " overlaps its window " + other.range);
    });
    windows.add(window);
  }

  /** Lets a claimed window take messages. */
  void messages(int index, MessageInput input) {
    if (!claimed(index)) {
      throw new AssertionError(instance + ": takes messages at window " + index + ", which it hasn't claimed");
    }
    inlets.put(index, input);
  }

  long read(int window, long offset, int size) {
    return readAt(address(window, offset, size), size);
  }

  void write(int window, long offset, int size, long value) {
    writeAt(address(window, offset, size), size, value);
  }

  long readAt(long address, int size) {
    Window at = around(address, size);
    if (at.memory != null && at.memory.direct()) {
      return at.memory.read(address - at.range.base(), size);
    }
    return at.rule.read(at.handler, address - at.range.base(), size);
  }

  void writeAt(long address, int size, long value) {
    Window at = around(address, size);
    at.rule.write(at.handler, address - at.range.base(), size, value);
  }

  void message(int window, long device, long offset, long value) {
    MessageInput input = inlets.get(window);
    if (input == null) {
      throw new AssertionError(instance + ": window " + window + " takes no messages");
    }
    input.message(device, offset, 4, value);
  }

  private long address(int window, long offset, int size) {
    if (!claimed(window)) {
      throw new AssertionError(instance + ": window " + window + " was not claimed");
    }
    AddressWindow range = reg.get(window);
    if (offset < 0 || Long.compareUnsigned(offset, range.size() - size) > 0) {
      throw new AssertionError(instance + ": " + size + " bytes at 0x" + Long.toHexString(offset) + " are past window " + window + ", "
          + range + ": in a machine this access doesn't reach the model");
    }
    return range.base() + offset;
  }

  private Window around(long address, int size) {
    Window at = windows.stream().filter(w -> w.holds(address)).min(Comparator.comparing(w -> w.range.size(), Long::compareUnsigned))
        .orElseThrow(() -> new AssertionError(instance + ": no window at 0x" + Long.toHexString(address)));
    if (!at.holds(address + size - 1)) {
      throw new AssertionError(instance + ": " + size + " bytes at 0x" + Long.toHexString(address) + " are past window " + at.range
          + ": in a machine this access doesn't reach the model");
    }
    return at;
  }
}
