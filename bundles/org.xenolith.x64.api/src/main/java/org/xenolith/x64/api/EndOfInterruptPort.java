// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Where local APICs tell I/O APICs of the end of level-triggered interrupts (EOI broadcast, Intel SDM volume 3, 12.8.5): the permanent port of the local
 * APICs' node. Either side may be absent or replaced while the other stays.
 */
public final class EndOfInterruptPort {
  private final List<IntConsumer> listeners = new ArrayList<>();

  /** An I/O APIC's side: is told the vector of each. What it throws is its device's: it catches it. */
  public void listen(IntConsumer listener) {
    listeners.add(listener);
  }

  /** Undoes {@link #listen}. */
  public void forget(IntConsumer listener) {
    listeners.remove(listener);
  }

  /** The local APICs' side: a level-triggered interrupt of that vector has been handled. */
  public void ended(int vector) {
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).accept(vector);
    }
  }
}
