// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DmaGate;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.LinkFault;
import org.xenolith.machine.api.LinkPort;

/**
 * A PCI bus: the permanent port at a bridge's node where its functions and what is above them meet; either may be absent or
 * replaced while the other stays. It keeps who is where, the bus's number and the level of each interrupt pin, and hands on what one
 * side tells the other. Without anything above it nothing is reached and nobody hears.
 */
public final class PciBusPort implements LinkPort {
  /** Functions of a bus, at most. */
  public static final int FUNCTIONS = 256;
  private static final int PINS = 4;

  private final PciTarget[] functions = new PciTarget[FUNCTIONS];
  private final boolean[][] pins = new boolean[FUNCTIONS][];
  private PciUpstream upstream;
  private int number;
  /** Whether the link to the bus is down: nothing above it reaches what is on it, nor the other way round. */
  private boolean down;
  /** Who sees configuration accesses; null if nobody does. */
  private @Nullable ConfigWatcher watcher;

  /** Is shown configuration accesses. It must change nothing. */
  @FunctionalInterface
  public interface ConfigWatcher {
    /**
     * Configuration space is read or written by the host bridge, whether anything is there or not.
     *
     * @param function bus 15:8, device 7:3, function 2:0
     * @param offset   of the first byte
     * @param size     1, 2 or 4 bytes
     * @param value    read or written, zero-extended
     */
    void accessed(int function, int offset, int size, boolean write, long value);
  }

  // ---- For who looks

  /** Has somebody see the configuration accesses of the host bridge whose root bus this is, in the place of who did; null for nobody. On the machine's thread, or while it stands still. */
  public void watch(@Nullable ConfigWatcher newWatcher) {
    watcher = newWatcher;
  }

  /** Host bridge: it has read or written configuration space, as {@link ConfigWatcher#accessed} says. */
  public void accessed(int function, int offset, int size, boolean write, int value) {
    if (watcher != null) {
      watcher.accessed(function, offset, size, write, value & 0xFFFF_FFFFL >>> 32 - 8 * size);
    }
  }

  // ---- The core

  /** The bus behind the bridge at whose node the port is. A PCI Express link that is up loses nothing: it sends again what was lost. */
  @Override
  public boolean link(String device, boolean its, @Nullable LinkFault fault) {
    if (!its) {
      return false;
    }
    if (fault != null && !fault.down()) {
      throw new IllegalArgumentException(device + ": a PCI link sends again what was lost; it can only be down");
    }
    down = fault != null;
    moved();
    decodeChanged();
    if (upstream != null) {
      pins(!down);
    }
    return true;
  }

  // ---- Functions

  /** Function side: plugs in, in the place of what was there. @param devfn device 7:3, function 2:0 */
  public void plug(int devfn, PciTarget function) {
    functions[devfn] = function;
    function.moved();
    decodeChanged();
  }

  /** Function side: the function is gone, unless another one has taken its place; its interrupts end. */
  public void unplug(int devfn, PciTarget function) {
    if (functions[devfn] == function) {
      functions[devfn] = null;
      for (int pin = 1; pin <= PINS; pin++) {
        interrupt(devfn, pin, false);
      }
      decodeChanged();
    }
  }

  /** The function at a place, or null: also while the link to the bus is down. */
  public @Nullable PciTarget function(int devfn) {
    return down ? null : functions[devfn];
  }

  /** Function side: the way to memory for the function at a place. Without an upstream nothing is reached. */
  public DmaPort requester(int devfn) {
    return forward(number << 8 | devfn);
  }

  /**
   * Function side: the way to memory for a requester that has a bus number of its own, below.
   *
   * @param requester its id: bus 15:8, device 7:3, function 2:0
   */
  public DmaPort forward(int requester) {
    return upstream == null || down ? NOWHERE : upstream.requester(requester);
  }

  /** Function side: drives an interrupt pin. @param pin 1 to 4 */
  public void interrupt(int devfn, int pin, boolean level) {
    if (pins[devfn] == null) {
      if (!level) {
        return;
      }
      pins[devfn] = new boolean[PINS + 1];
    }
    if (pins[devfn][pin] != level) {
      pins[devfn][pin] = level;
      if (upstream != null && !down) {
        upstream.interrupt(devfn, pin, level);
      }
    }
  }

  /** Function side: a power management event of the function at a place. */
  public void wake(int devfn) {
    if (upstream != null && !down) {
      upstream.wake(number << 8 | devfn);
    }
  }

  /** Function side: the function at a place tells of an error. */
  public void error(int devfn, PciErrorMessage message) {
    if (upstream != null && !down) {
      upstream.error(number << 8 | devfn, message);
    }
  }

  /** Function side: what is decoded has changed. */
  public void decodeChanged() {
    if (upstream != null) {
      upstream.decodeChanged();
    }
  }

  // ---- What is above

  /** Upstream side: what is above this bus from now on; null for nothing. Interrupts that are high arrive at it. */
  public void connect(@Nullable PciUpstream newUpstream) {
    upstream = newUpstream;
    moved();
    if (newUpstream != null && !down) {
      pins(true);
    }
  }

  /** Shows what is above the pins that are high, or that none is. */
  private void pins(boolean shown) {
    for (int devfn = 0; devfn < FUNCTIONS; devfn++) {
      for (int pin = 1; pin <= PINS; pin++) {
        if (pins[devfn] != null && pins[devfn][pin]) {
          upstream.interrupt(devfn, pin, shown);
        }
      }
    }
  }

  /** What is above it; null for nothing. */
  public PciUpstream upstream() {
    return upstream;
  }

  /** The bridge above it, as a function of the bus that it is on; null if there is none, or a host bridge. */
  public @Nullable PciTarget bridge() {
    return upstream instanceof PciTarget bridge ? bridge : null;
  }

  /** Upstream side: the number of this bus. */
  public void number(int newNumber) {
    if (newNumber != number) {
      number = newNumber;
      moved();
    }
  }

  /** Its number now. */
  public int number() {
    return number;
  }

  /** Upstream side: the bus has another number, or something else is above it: functions ask anew for their ways to memory. */
  public void moved() {
    for (PciTarget function : functions) {
      if (function != null) {
        function.moved();
      }
    }
  }

  /** Upstream side: a conventional reset of all that is on the bus. */
  public void hotReset() {
    for (PciTarget function : functions) {
      if (function != null) {
        function.hotReset();
      }
    }
  }

  private static final DmaGate NOWHERE = () -> {
    throw ExternalAbort.INSTANCE;
  };
}
