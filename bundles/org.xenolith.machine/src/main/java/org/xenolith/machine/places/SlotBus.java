// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.DeviceBus;
import org.xenolith.machine.api.DirectWindow;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.bus.BusWindow;
import org.xenolith.machine.bus.ClaimedMemory;
import org.xenolith.machine.bus.ClaimedWindow;
import org.xenolith.machine.bus.Initiator;
import org.xenolith.platform.api.AddressWindow;

/** The windows that one model claims. */
final class SlotBus implements DeviceBus {
  private final DeviceSlot slot;
  private final Initiator initiator;
  private final Entries entries;
  private final Consumer<Throwable> threw;
  private final Map<Integer, Window> windows = new LinkedHashMap<>();
  private final Map<AddressWindow, Window> apertures = new LinkedHashMap<>();
  private final Map<Integer, MessageInput> messages = new LinkedHashMap<>();

  private final Map<Integer, ClaimedMemory> memories = new LinkedHashMap<>();

  private record Window(AccessRule rule, MmioHandler handler) {}

  /** @param threw is told what a handler throws */
  SlotBus(DeviceSlot slot, Initiator initiator, Entries entries, Consumer<Throwable> threw) {
    this.slot = slot;
    this.initiator = initiator;
    this.entries = entries;
    this.threw = threw;
  }

  /**
   * Puts the claims into effect.
   *
   * @throws ModelException if one collides with another device's
   */
  void commit() {
    List<ClaimedWindow> claims = new ArrayList<>();
    windows.forEach((index, window) -> claims.add(new ClaimedWindow(slot.node().windows().get(index), index, window.rule, window.handler,
        messages.get(index))));
    apertures.forEach((range, window) -> claims.add(new ClaimedWindow(range, -1, window.rule, window.handler, null)));
    claims.stream().flatMap(claim -> claim.without(claims).stream()).forEach(this::attach);
    memories.forEach((index, memory) -> memory.attach(slot.memory(slot.node().windows().get(index), index, memory.blank())));
  }

  /** Nothing is claimed any more; the windows are the slot's. */
  void close() {
    memories.values().forEach(memory -> memory.attach(null));
  }

  private void attach(ClaimedWindow claim) {
    BusWindow window = slot.window(claim.range(), claim.index());
    window.attach(claim.rule(), claim.handler(), threw);
    if (claim.messages() != null) {
      window.attach(claim.messages());
    }
  }

  @Override
  public void window(int index, AccessRule rule, MmioHandler handler) {
    entries.require("reg", index, windows());
    if (windows.putIfAbsent(index, new Window(rule, handler)) != null) {
      throw new ModelException(slot.instance() + ": window " + index + " is claimed twice");
    }
  }

  @Override
  public DirectWindow direct(int index, int blank, AccessRule rule, MmioHandler handler) {
    window(index, rule, handler);
    ClaimedMemory memory = new ClaimedMemory(slot.instance(), slot.node().windows().get(index), blank);
    memories.put(index, memory);
    return memory;
  }

  @Override
  public int windows() {
    return slot.node().windows().size();
  }

  @Override
  public void window(AddressWindow range, AccessRule rule, MmioHandler handler) {
    if (apertures.putIfAbsent(range, new Window(rule, handler)) != null || slot.node().windows().contains(range)) {
      throw new ModelException(slot.instance() + ": window " + range + " is claimed twice");
    }
  }

  @Override
  public void messages(int index, MessageInput input) {
    if (!windows.containsKey(index)) {
      throw new ModelException(slot.instance() + ": takes messages at window " + index + ", which it hasn't claimed");
    }
    messages.put(index, input);
  }

  @Override
  public BusAccess access() {
    return initiator;
  }

  @Override
  @Deprecated
  public int initiator() {
    return Math.max(0, initiator.cpu());
  }
}
