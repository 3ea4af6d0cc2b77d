package org.xenolith.testkit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;

/** The windows that one model has claimed, and guests' accesses to them. */
final class FakeWindows {
  private final String instance;
  private final int count;
  private final Map<Integer, Window> windows = new HashMap<>();
  private final Map<AddressWindow, Window> apertures = new LinkedHashMap<>();
  private final Map<Integer, MessageInput> inlets = new HashMap<>();

  private record Window(AccessRule rule, MmioHandler handler) { }

  /** Windows of a model called {@code instance}, whose node has {@code count} of them in {@code reg}. */
  FakeWindows(String instance, int count) {
    this.instance = instance;
    this.count = count;
  }

  boolean claimed(int index) {
    return windows.containsKey(index);
  }

  void claim(int index, AccessRule rule, MmioHandler handler) {
    if (index < 0 || index >= count) {
      throw new ModelException(instance + ": reg has no entry " + index);
    }
    if (windows.putIfAbsent(index, new Window(rule, handler)) != null) {
      throw new AssertionError(instance + ": window " + index + " is claimed twice");
    }
  }

  /** Claims a window that isn't in {@code reg}. */
  void claim(AddressWindow range, AccessRule rule, MmioHandler handler) {
    if (apertures.putIfAbsent(range, new Window(rule, handler)) != null) {
      throw new AssertionError(instance + ": window " + range + " is claimed twice");
    }
  }

  /** Lets a claimed window take messages. */
  void messages(int index, MessageInput input) {
    if (!windows.containsKey(index)) {
      throw new AssertionError(instance + ": takes messages at window " + index + ", which it hasn't claimed");
    }
    inlets.put(index, input);
  }

  long read(int window, long offset, int size) {
    Window at = at(window);
    return at.rule.read(at.handler, offset, size);
  }

  void write(int window, long offset, int size, long value) {
    Window at = at(window);
    at.rule.write(at.handler, offset, size, value);
  }

  long readAt(long address, int size) {
    Map.Entry<AddressWindow, Window> at = around(address);
    return at.getValue().rule.read(at.getValue().handler, address - at.getKey().base(), size);
  }

  void writeAt(long address, int size, long value) {
    Map.Entry<AddressWindow, Window> at = around(address);
    at.getValue().rule.write(at.getValue().handler, address - at.getKey().base(), size, value);
  }

  void message(int window, long device, long offset, long value) {
    MessageInput input = inlets.get(window);
    if (input == null) {
      throw new AssertionError(instance + ": window " + window + " takes no messages");
    }
    input.message(device, offset, 4, value);
  }

  private Window at(int window) {
    Window at = windows.get(window);
    if (at == null) {
      throw new AssertionError(instance + ": window " + window + " was not claimed");
    }
    return at;
  }

  private Map.Entry<AddressWindow, Window> around(long address) {
    return apertures.entrySet().stream().filter(e -> Long.compareUnsigned(address - e.getKey().base(), e.getKey().size()) < 0)
        .findFirst().orElseThrow(() -> new AssertionError(instance + ": no window at 0x" + Long.toHexString(address)));
  }
}
