// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import org.xenolith.machine.api.DmaGate;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/**
 * A PCI bus: the permanent place at a bridge's node where its functions and what is above them meet; either may be absent or
 * replaced while the other stays.
 */
public final class PciBus {
  /** Functions of a bus, at most. */
  public static final int FUNCTIONS = 256;
  private static final int FUNCTION = 7;
  private static final int SEVERAL_FUNCTIONS = 0x80;

  private final PciTarget[] functions = new PciTarget[FUNCTIONS];
  private final boolean[][] pins = new boolean[FUNCTIONS][];
  private PciUpstream upstream;
  private int number;

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
      for (int pin = 1; pin <= 4; pin++) {
        interrupt(devfn, pin, false);
      }
      decodeChanged();
    }
  }

  /** Upstream side: what is above this bus from now on; null for nothing. Interrupts that are high arrive at it. */
  public void connect(PciUpstream newUpstream) {
    upstream = newUpstream;
    moved();
    if (newUpstream != null) {
      for (int devfn = 0; devfn < FUNCTIONS; devfn++) {
        for (int pin = 1; pin <= 4; pin++) {
          if (pins[devfn] != null && pins[devfn][pin]) {
            newUpstream.interrupt(devfn, pin, true);
          }
        }
      }
    }
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

  /** The bridge above it; null if there is none, or a host bridge. */
  public PciBridge bridge() {
    return upstream instanceof PciBridge bridge ? bridge : null;
  }

  /** The bus has another number, or there is something else above it: functions ask anew for their ways to memory. */
  void moved() {
    for (PciTarget function : functions) {
      if (function != null) {
        function.moved();
      }
    }
  }

  /** The function at a place, or null. */
  public PciTarget function(int devfn) {
    return functions[devfn];
  }

  /** The function that a configuration access leads to from here; null if none is there. */
  public PciTarget route(int bus, int devfn) {
    if (bus == number) {
      return functions[devfn];
    }
    for (PciTarget function : functions) {
      PciBus below = function == null ? null : function.secondary();
      if (below != null && function instanceof PciBridge bridge && bridge.leadsTo(bus)) {
        return below.route(bus, devfn);
      }
    }
    return null;
  }

  /**
   * What is read of a function's configuration space, with the bit of the header type that says of a function 0 that its device has
   * others (PCI Local Bus 3.0, 6.2.1): who is plugged in beside it a model doesn't know.
   */
  int withHeaderType(int devfn, int offset, int size, int value) {
    if ((devfn & FUNCTION) != 0 || offset > ConfigTable.HEADER_TYPE || offset + size <= ConfigTable.HEADER_TYPE) {
      return value;
    }
    for (int function = 1; function <= FUNCTION; function++) {
      if (functions[devfn + function] != null) {
        return value | SEVERAL_FUNCTIONS << 8 * (ConfigTable.HEADER_TYPE - offset);
      }
    }
    return value;
  }

  /**
   * What decodes an address on this bus or below; null if nothing does, or if another function claims some of the same range: on a
   * shared bus both would answer, and nobody is to take another's accesses by a BAR placed over its.
   */
  public PciAperture decode(boolean io, long address) {
    for (int devfn = 0; devfn < FUNCTIONS; devfn++) {
      PciAperture found = functions[devfn] == null ? null : functions[devfn].decode(io, address);
      if (found != null) {
        int other = other(devfn, io, found);
        if (other >= 0) {
          overlap(place(devfn) + " and " + place(other) + (io ? " at port 0x" : " at 0x") + Long.toHexString(address));
        }
        return other < 0 ? found : null;
      }
    }
    return null;
  }

  /** Another function that decodes some of a range; -1 for none. */
  private int other(int devfn, boolean io, PciAperture range) {
    for (int i = 0; i < FUNCTIONS; i++) {
      if (i != devfn && functions[i] != null && functions[i].decodesIn(io, range.base(), range.size())) {
        return i;
      }
    }
    return -1;
  }

  /** Whether anything on this bus or below decodes some of a range of addresses. */
  boolean decodesIn(boolean io, long base, long size) {
    for (PciTarget function : functions) {
      if (function != null && function.decodesIn(io, base, size)) {
        return true;
      }
    }
    return false;
  }

  /** Two functions on this bus or below claim the same addresses. */
  void overlap(String which) {
    if (upstream != null) {
      upstream.overlap(which);
    }
  }

  /** A function's place, for people. */
  String place(int devfn) {
    return String.format("%02x:%02x.%x", number, devfn >> 3, devfn & 7);
  }

  /** Function side: the way to memory for the function at a place. Without an upstream nothing is reached. */
  public DmaPort requester(int devfn) {
    return upstream == null ? NOWHERE : upstream.requester(number << 8 | devfn);
  }

  /** A requester that has a bus number of its own, below. */
  DmaPort forward(int requester) {
    return upstream == null ? NOWHERE : upstream.requester(requester);
  }

  /** Function side: drives an interrupt pin. @param pin 1 to 4 */
  public void interrupt(int devfn, int pin, boolean level) {
    if (pins[devfn] == null) {
      if (!level) {
        return;
      }
      pins[devfn] = new boolean[5];
    }
    if (pins[devfn][pin] != level) {
      pins[devfn][pin] = level;
      if (upstream != null) {
        upstream.interrupt(devfn, pin, level);
      }
    }
  }

  /** Function side: a power management event of the function at a place. */
  public void wake(int devfn) {
    forwardWake(number << 8 | devfn);
  }

  /** One of a function with a bus number of its own, below. */
  void forwardWake(int requester) {
    if (upstream != null) {
      upstream.wake(requester);
    }
  }

  /** Function side: the function at a place tells of an error. */
  public void error(int devfn, PciErrorMessage message) {
    forwardError(number << 8 | devfn, message);
  }

  /** One of a function with a bus number of its own, below. */
  void forwardError(int requester, PciErrorMessage message) {
    if (upstream != null) {
      upstream.error(requester, message);
    }
  }

  /** Function side: what is decoded has changed. */
  public void decodeChanged() {
    if (upstream != null) {
      upstream.decodeChanged();
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

  private static final DmaPort NOWHERE = new DmaGate() {
    @Override
    public DmaPort port() {
      throw ExternalAbort.INSTANCE;
    }
  };
}
