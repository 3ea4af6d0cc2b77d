// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.x64.api.EndOfInterruptPort;

/** Hears of ends of level-triggered interrupts, in the place of the model that was there before. */
final class EndListener {
  private final EndOfInterruptPort port;
  /** Who listens for this node, of whatever version: another version that takes over isn't told to forget, so that the next one does. */
  private final AtomicReference<IntConsumer> mine;
  private final IntConsumer listener;

  /** @param localApics path of their node */
  EndListener(DeviceContext context, String localApics, IntConsumer ended) {
    port = context.port(localApics, EndOfInterruptPort.class);
    mine = listenerOf(context);
    listener = vector -> {
      try {
        ended.accept(vector);
      } catch (Throwable bug) {
        context.failed(RolePort.rethrowMemory(bug));
      }
    };
    IntConsumer former = mine.getAndSet(listener);
    if (former != null) {
      port.forget(former);
    }
    port.listen(listener);
  }

  /** A class of the JDK, since one of this bundle would be another in the next version. */
  @SuppressWarnings("unchecked")
  private static AtomicReference<IntConsumer> listenerOf(DeviceContext context) {
    return context.port(AtomicReference.class);
  }

  /** The model is gone. */
  void forget() {
    port.forget(listener);
    mine.compareAndSet(listener, null);
  }
}
