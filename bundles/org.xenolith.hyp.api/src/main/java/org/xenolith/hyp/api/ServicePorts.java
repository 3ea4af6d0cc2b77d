package org.xenolith.hyp.api;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;

/**
 * Port: events for the service domain, in which Java back ends act. Who serves event channels signals a port here; the core
 * tells the back end that listens on it, before the next instruction, never inside the call that signalled.
 */
public final class ServicePorts implements PortState {
  /** The domid of the service domain. */
  public static final int DOMID = 1;

  private final DeviceState state = new DeviceState();
  private final Map<Integer, Listening> listeners = new TreeMap<>();
  private final TreeSet<Integer> pending = new TreeSet<>();
  private final Map<Integer, Integer> offers = new TreeMap<>();
  private Runnable wake = () -> { };
  private OfferListener offerListener;
  private DeviceContext offerOwner;

  /** Hears of ports that domains allocate for the service domain. */
  @FunctionalInterface
  public interface OfferListener {
    /** A domain's first port for the service domain is there to be bound: an unmodified Dom0 offers its store's so. */
    void offered(int serial, int port);
  }

  private record Listening(Runnable listener, DeviceContext owner) { }

  /** Nothing is pending. */
  public ServicePorts() {
    state.varying("pending", pending::clear, this::save, this::restore);
    state.varying("offers", offers::clear, this::saveOffers, this::restoreOffers);
  }

  @Override public DeviceState state() {
    return state;
  }

  /** Hears of events on a port of the service domain, in the place of an earlier listener. */
  public void listen(int port, Runnable listener, DeviceContext owner) {
    listeners.put(port, new Listening(listener, owner));
  }

  /** Hears no more. */
  public void forget(int port) {
    listeners.remove(port);
    pending.remove(port);
  }

  /** A port of the service domain was signalled. */
  public void signal(int port) {
    if (pending.add(port)) {
      wake.run();
    }
  }

  /** For the core: what to do when something is pending. */
  public void onSignal(Runnable action) {
    wake = action;
  }

  /** For the core: tells who listens; what nobody listens to is dropped. */
  public void deliver() {
    for (int left = pending.size(); left > 0 && !pending.isEmpty(); left--) {
      int port = pending.pollFirst();
      Listening listening = listeners.get(port);
      if (listening != null) {
        try {
          listening.listener.run();
        } catch (RuntimeException | Error bug) {
          listeners.remove(port);
          listening.owner.failed(Role.rethrowMemory(bug));
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
      } catch (RuntimeException | Error bug) {
        DeviceContext owner = offerOwner;
        offerListener = null;
        owner.failed(Role.rethrowMemory(bug));
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
    ByteBuffer bytes = ByteBuffer.allocate(4 * pending.size());
    pending.forEach(bytes::putInt);
    return bytes.array();
  }

  private void restore(byte[] saved) {
    pending.clear();
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    while (bytes.remaining() >= 4) {
      pending.add(bytes.getInt());
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
