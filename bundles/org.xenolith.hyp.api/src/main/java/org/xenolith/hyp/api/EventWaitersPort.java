// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/**
 * Port: virtual CPUs that wait for event channels by SCHEDOP_poll, whatever is masked. Who serves that call puts them here; who
 * makes events pending wakes them. An entry may outlive its wait, as when the time ran out: then a later event wakes the
 * virtual CPU once without need.
 */
public final class EventWaitersPort implements PortState {
  /** Waits for any port of its domain: it named several. */
  public static final int ANY = 0;
  private static final int VCPUS = 1 << 16;

  private final DeviceState state = new DeviceState();
  /** Serial and vCPU in one number, in order, so that who wakes first depends on nothing else; then the port. */
  private final Map<Long, Integer> waiting = new TreeMap<>();

  /** Nobody waits. */
  public EventWaitersPort() {
    state.varying("waiting", waiting::clear, this::save, this::restore);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void machineReset() {
    state.reset();
  }

  private static long key(Domain domain, int vcpu) {
    return (long) domain.serial() * VCPUS + vcpu;
  }

  /** A virtual CPU waits for a port of its domain, or {@link #ANY}, in the place of what it waited for before. */
  public void add(Vcpu vcpu, int port) {
    waiting.put(key(vcpu.domain(), vcpu.id()), port);
  }

  /** It waits no more. */
  public void remove(Vcpu vcpu) {
    if (!waiting.isEmpty()) {
      waiting.remove(key(vcpu.domain(), vcpu.id()));
    }
  }

  /** A domain is gone. */
  public void forget(Domain domain) {
    waiting.keySet().removeIf(key -> key / VCPUS == domain.serial());
  }

  /** An event of a domain became pending: wakes who waits for it. */
  public void signalled(Domain domain, int port) {
    if (!waiting.isEmpty()) {
      for (Vcpu vcpu : domain.vcpus()) {
        Integer wanted = waiting.get(key(domain, vcpu.id()));
        if (wanted != null && (wanted == ANY || wanted == port)) {
          waiting.remove(key(domain, vcpu.id()));
          vcpu.wake();
        }
      }
    }
  }

  private byte[] save() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    waiting.forEach((key, port) -> {
      put(bytes, key);
      put(bytes, port);
    });
    return bytes.toByteArray();
  }

  private static void put(ByteArrayOutputStream bytes, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes.write((int) (value >>> shift));
    }
  }

  private void restore(byte[] saved) {
    if (saved.length % 16 != 0) {
      throw new StateMismatch("waiting: " + saved.length + " bytes; expected pairs of 16");
    }
    waiting.clear();
    for (int i = 0; i < saved.length; i += 16) {
      waiting.put(get(saved, i), (int) get(saved, i + 8));
    }
  }

  private static long get(byte[] saved, int at) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | saved[at + i] & 0xFF;
    }
    return value;
  }
}
