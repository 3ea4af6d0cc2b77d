// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PortState;
import org.xenolith.machine.api.RolePort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.FifoEvent;

/**
 * Port: events for the service domain, in which Java back ends act. Who serves event channels signals a port here; the core
 * tells the back end that listens on it, before the next instruction, never inside the call that signalled.
 */
public final class ServiceEventsPort implements PortState {
  /** The domid of the service domain. */
  public static final int DOMID = 1;

  private final DeviceState state = new DeviceState();
  /** By port. */
  private Listening[] listeners = {};
  private final BitSet pending = new BitSet();
  private final Map<Integer, Integer> offers = new TreeMap<>();
  private Runnable wake = () -> {};
  private @Nullable OfferListener offerListener;
  private DeviceContext offerOwner;

  /** Hears of ports that domains allocate for the service domain. */
  @FunctionalInterface
  public interface OfferListener {
    /** A domain's first port for the service domain is there to be bound: an unmodified Dom0 offers its store's so. */
    void offered(int serial, int port);
  }

  private record Listening(Runnable listener, DeviceContext owner) {}

  /** Nothing is pending. */
  public ServiceEventsPort() {
    state.varying("pending", pending::clear, this::save, this::restore);
    state.varying("offers", offers::clear, this::saveOffers, this::restoreOffers);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void machineReset() {
    state.reset();
    listeners = new Listening[0];
  }

  /**
   * Hears of events on a port of the service domain, in the place of an earlier listener.
   *
   * @throws IllegalArgumentException if no domain can have such a port
   */
  public void listen(int port, Runnable listener, DeviceContext owner) {
    if (!possible(port)) {
      throw new IllegalArgumentException("event channel " + port + ": expected 0 to " + (FifoEvent.EVTCHN_FIFO_NR_CHANNELS - 1));
    }
    if (port >= listeners.length) {
      listeners = Arrays.copyOf(listeners, Math.max(port + 1, 2 * listeners.length));
    }
    listeners[port] = new Listening(listener, owner);
  }

  /** Hears no more. */
  public void forget(int port) {
    if (possible(port)) {
      pending.clear(port);
      if (port < listeners.length) {
        listeners[port] = null;
      }
    }
  }

  /**
   * Whether a model of the same instance listens on some port. One that is made meanwhile takes over from it, and what is signalled stays pending; without one what came is
   * lost, and who comes back looks itself for what waits. Asked before it listens.
   *
   * @deprecated {@link DeviceContext#origin} says whether a model comes back
   */
  @Deprecated
  public boolean hears(DeviceContext owner) {
    for (Listening listening : listeners) {
      if (listening != null && listening.owner != null && listening.owner.instance().equals(owner.instance())) {
        return true;
      }
    }
    return false;
  }

  /** A port of the service domain was signalled. */
  public void signal(int port) {
    if (possible(port) && !pending.get(port)) {
      pending.set(port);
      wake.run();
    }
  }

  private static boolean possible(int port) {
    return port >= 0 && port < FifoEvent.EVTCHN_FIFO_NR_CHANNELS;
  }

  /** For the core: what to do when something is pending. */
  public void onSignal(Runnable action) {
    wake = action;
  }

  /** For the core: tells who listens; what nobody listens to is dropped. */
  public void deliver() {
    int port = 0;
    for (int left = pending.cardinality(); left > 0 && (port = pending.nextSetBit(0)) >= 0; left--) {
      pending.clear(port);
      Listening listening = port < listeners.length ? listeners[port] : null;
      if (listening != null) {
        try {
          listening.listener.run();
        } catch (Throwable bug) {
          listeners[port] = null;
          listening.owner.failed(RolePort.rethrowMemory(bug));
        }
      }
    }
    if (!pending.isEmpty()) {
      wake.run();
    }
  }

  /** For who serves event channels: a domain allocated an unbound port for the service domain. Only the first one counts. */
  public void offer(Domain domain, int port) {
    if (offers.putIfAbsent(domain.serial(), port) == null && offerListener != null) {
      try {
        offerListener.offered(domain.serial(), port);
      } catch (Throwable bug) {
        DeviceContext owner = offerOwner;
        offerListener = null;
        owner.failed(RolePort.rethrowMemory(bug));
      }
    }
  }

  /** For the core: a domain is gone, and its offer with it. */
  public void withdraw(Domain domain) {
    offers.remove(domain.serial());
  }

  /** The first port that a domain allocated for the service domain; 0 for none. */
  public int offered(Domain domain) {
    return offers.getOrDefault(domain.serial(), 0);
  }

  /** Hears of offers, in the place of an earlier listener; null for nobody. */
  public void onOffer(OfferListener listener, DeviceContext owner) {
    offerListener = listener;
    offerOwner = owner;
  }

  private byte[] save() {
    ByteBuffer bytes = ByteBuffer.allocate(4 * pending.cardinality());
    pending.stream().forEach(bytes::putInt);
    return bytes.array();
  }

  private void restore(byte[] saved) {
    pending.clear();
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    while (bytes.remaining() >= 4) {
      int port = bytes.getInt();
      if (!possible(port)) {
        throw new StateMismatch("pending events: there is no port " + port);
      }
      pending.set(port);
    }
  }

  private byte[] saveOffers() {
    ByteBuffer bytes = ByteBuffer.allocate(8 * offers.size());
    offers.forEach((serial, port) -> bytes.putInt(serial).putInt(port));
    return bytes.array();
  }

  private void restoreOffers(byte[] saved) {
    offers.clear();
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    while (bytes.remaining() >= 8) {
      offers.put(bytes.getInt(), bytes.getInt());
    }
  }
}
