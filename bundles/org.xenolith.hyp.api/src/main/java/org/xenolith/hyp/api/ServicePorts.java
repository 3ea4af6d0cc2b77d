package org.xenolith.hyp.api;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
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
  private final java.util.TreeSet<Integer> pending = new java.util.TreeSet<>();
  private Runnable wake = () -> { };

  private record Listening(Runnable listener, DeviceContext owner) { }

  /** Nothing is pending. */
  public ServicePorts() {
    state.varying("pending", pending::clear, this::save, this::restore);
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

  private byte[] save() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pending.forEach(port -> {
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.write(port >> shift);
      }
    });
    return bytes.toByteArray();
  }

  private void restore(byte[] saved) {
    pending.clear();
    for (int i = 0; i + 3 < saved.length; i += 4) {
      pending.add(saved[i] << 24 | (saved[i + 1] & 0xFF) << 16 | (saved[i + 2] & 0xFF) << 8 | saved[i + 3] & 0xFF);
    }
  }
}
