// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.platform.api.AddressWindow;

/**
 * One window of the address space that a model has claimed: permanent, so that callers may remember it. Behind it is a
 * handler, or nothing after the device went away; then it reads all-ones and ignores writes, or aborts.
 */
public final class BusWindow {
  public final long base;
  final long size;
  private final String device;
  private final int index;
  private final Exits exits;
  private final Entered entered;
  private final boolean abortsWhenVanished;
  private AccessRule rule = AccessRule.ANY;
  private MmioHandler handler;
  private MessageInput messages;
  private Consumer<Throwable> failure;
  /** What the device has claimed, while a fault is before it. */
  private AccessRule claimedRule = AccessRule.ANY;
  private MmioHandler claimed;
  private HardwareFault.Window fault;
  private LongConsumer stall;
  /** Bytes that may be read directly; null if there are none. Permanent, too. */
  private WindowMemory memory;

  /**
   * @param device             instance of the device
   * @param index              number of the window in the node's {@code reg}; -1 for another one
   * @param abortsWhenVanished whether accesses abort while nothing is behind it
   * @param exits              told of accesses
   * @param entered            told whose call comes
   */
  public BusWindow(AddressWindow range, String device, int index, boolean abortsWhenVanished, Exits exits, Entered entered) {
    this.base = range.base();
    this.size = range.size();
    this.device = device;
    this.index = index;
    this.exits = exits;
    this.entered = entered;
    this.abortsWhenVanished = abortsWhenVanished;
  }

  /** Puts a handler behind the window; {@code onFailure} is told of what it throws besides {@link ExternalAbort},
   * unless the host has no memory left for guest RAM. */
  public void attach(AccessRule newRule, MmioHandler newHandler, Consumer<Throwable> onFailure) {
    claimedRule = newRule;
    claimed = newHandler;
    failure = onFailure;
    connect();
  }

  /**
   * Puts a fault between the bus and the device, whichever that is, or takes it away.
   *
   * @param newFault null for none
   * @param newStall has the machine's time go on, by nanoseconds
   * @throws IllegalArgumentException if there is another, or none can be
   */
  public void fault(HardwareFault.Window newFault, LongConsumer newStall) {
    if (newFault != null && fault != null) {
      throw new IllegalArgumentException(this + " has a fault already; mend it before");
    }
    if (newFault != null && memory != null) {
      throw new IllegalArgumentException(this + " is read as memory is, past all faults of the bus; flip its bits instead");
    }
    fault = newFault;
    stall = newStall;
    connect();
  }

  private void connect() {
    boolean faulty = fault != null && claimed != null;
    rule = faulty ? AccessRule.ANY : claimedRule;
    handler = faulty ? new FaultyWindow(fault, stall, claimedRule, claimed) : claimed;
  }

  /** Messages of bus masters go to {@code input}. */
  public void attach(MessageInput input) {
    messages = input;
  }

  /**
   * A bus master writes.
   *
   * @return whether the window takes messages
   */
  boolean message(long device, long offset, int width, long value) {
    MessageInput input = messages;
    if (input == null) {
      return false;
    }
    Consumer<Throwable> owner = failure;
    entered.device = this.device;
    try {
      input.message(device, offset, width, value);
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      owner.accept(bug);
    }
    return true;
  }

  /** Gives the window bytes, or those that it has. */
  public WindowMemory memory(Supplier<WindowMemory> made) {
    if (memory == null) {
      memory = made.get();
    }
    return memory;
  }

  /** The chunk that a read at an address of the window may go to directly; null if it must not. */
  Ram readable(long address) {
    return memory == null ? null : memory.readable(address);
  }

  /** The device went away. */
  public void vanish() {
    if (memory != null) {
      memory.direct(false);
    }
    claimed = null;
    connect();
    messages = null;
    failure = null;
  }

  /** Instance of the device. */
  String device() {
    return device;
  }

  boolean attached() {
    return handler != null;
  }

  public long read(long offset, int width) {
    if (memory != null && memory.direct() && offset + width <= size) {
      return memory.read(offset, width);
    }
    if (!exits.wanted()) {
      return answer(offset, width);
    }
    exits.begin(ExitKind.READ, device);
    try {
      long value = answer(offset, width);
      exits.tell(watcher -> watcher.accessed(device, base + offset, width, false, value));
      return value;
    } finally {
      exits.end();
    }
  }

  private long answer(long offset, int width) {
    if (offset + width > size) {
      throw ExternalAbort.INSTANCE;
    }
    if (handler == null) {
      return vanished(width);
    }
    // What the handler does may lead to its own removal.
    Consumer<Throwable> owner = failure;
    entered.device = device;
    try {
      return rule.read(handler, offset, width);
    } catch (ExternalAbort | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      owner.accept(bug);
      return vanished(width);
    }
  }

  void write(long offset, int width, long value) {
    if (!exits.wanted()) {
      take(offset, width, value);
      return;
    }
    exits.begin(ExitKind.WRITE, device);
    try {
      take(offset, width, value);
      exits.tell(watcher -> watcher.accessed(device, base + offset, width, true, value));
    } finally {
      exits.end();
    }
  }

  private void take(long offset, int width, long value) {
    if (offset + width > size) {
      throw ExternalAbort.INSTANCE;
    }
    if (handler == null) {
      vanished(width);
      return;
    }
    Consumer<Throwable> owner = failure;
    entered.device = device;
    try {
      rule.write(handler, offset, width, value);
    } catch (ExternalAbort | RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      owner.accept(bug);
    }
  }

  private long vanished(int width) {
    if (abortsWhenVanished) {
      throw ExternalAbort.INSTANCE;
    }
    return -1L >>> 64 - width * 8;
  }

  boolean overlaps(AddressWindow other) {
    return Long.compareUnsigned(base, other.end()) < 0 && Long.compareUnsigned(other.base(), base + size) < 0;
  }

  @Override
  public String toString() {
    return device + (index < 0 ? " window (" : " window " + index + " (") + new AddressWindow(base, size) + ")";
  }
}
