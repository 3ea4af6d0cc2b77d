// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/**
 * Port: one time line of what the hypervisor does. Off unless somebody looks; the core and the subsystems ask
 * {@link #on} first, so that an unwatched machine pays a field's read. Kinds and what is told with them:
 *
 * <ul>
 * <li>TRAP: cause and detail as {@link ArchitectureFacts#trap} knows them (on Arm exception class and instruction syndrome), address of the instruction
 * <li>HYPERCALL: number, arguments 0 and 1
 * <li>RESULT: number, result, 1 if the call is made again
 * <li>INTERRUPT: INTID, 0 for one that is injected or 1 for one of the hardware, physical CPU
 * <li>EVENT: port, domid, kind of channel ({@code EVTCHNSTAT_*})
 * <li>GRANT_MAP: reference, granter's domid, guest frame where it appears or -1 for Java
 * <li>GRANT_UNMAP: reference, handle or -1 for Java, guest frame or -1
 * <li>SWITCH: physical CPU
 * <li>STAGE2: domid, first guest frame, how many frames were mapped or, below zero, taken out; nobody's vCPU
 * <li>DOMAIN: domid, 0 created, 1 started, 2 shut down, 3 destroyed, the reason of a shutdown
 * </ul>
 */
public final class HypervisorTracePort {
  /** Kinds of what happens. */
  public enum Kind {
    TRAP, HYPERCALL, RESULT, INTERRUPT, EVENT, GRANT_MAP, GRANT_UNMAP, SWITCH, DOMAIN, STAGE2
  }

  /** Takes what happens, in order. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Something happened.
     *
     * @param vcpu who did it or whom it befalls; null for none
     * @param a    hypercall number, exception class, INTID, port, reference …
     * @param b    first detail
     * @param c    second detail
     */
    void happened(Kind kind, Vcpu vcpu, long a, long b, long c);

    /**
     * A domain, or the hypervisor's own parts, ask the store for something.
     *
     * @param domid of who asks
     * @param type  {@code XS_*} of {@code xs_wire.h}
     * @param path  what comes first in the request, which is a path for most types
     */
    default void asked(int domid, int type, String path) {}

    /**
     * A domain has read or written configuration space of its virtual PCI bus.
     *
     * @param function bus 15:8, device 7:3, function 2:0 as the domain sees it
     * @param offset   of the first byte
     * @param size     1, 2, 4 or 8 bytes
     * @param value    read or written, zero-extended
     */
    default void configured(int domid, int function, int offset, int size, boolean write, long value) {}

    /**
     * A node of the store was written, made or removed, or has other permissions.
     *
     * @param domid   of who asked for it; the service domain's of the hypervisor's own parts
     * @param path    absolute
     * @param removed whether it is gone
     */
    default void stored(int domid, String path, boolean removed) {}

    /**
     * Bytes were copied by grants.
     *
     * @param vcpu   who had them copied
     * @param from   machine address of the first
     * @param to     machine address that it went to
     * @param source whose they were, by domid and reference, which is -1 for a page of the domain's own
     * @param target whose page they went to
     */
    default void copied(Vcpu vcpu, long from, long to, int length, GrantSide source, GrantSide target) {}
  }

  /**
   * One side of a copy by grants.
   *
   * @param domid whose page it is
   * @param ref   the reference that grants it; -1 for a page of one's own
   */
  public record GrantSide(int domid, int ref) {}

  private Listener listener;
  /** Those who look beside it; never changed, but exchanged: one may leave while they are told. */
  private List<Listener> others = List.of();
  private Listener recorder;
  private DeviceContext recorderOwner;
  private boolean wanted;
  /** Whether anybody is to be told. */
  private boolean on;

  /** Whether somebody looks. */
  public boolean on() {
    return on;
  }

  /** Looks from now on, or no more with null. */
  public void listen(Listener newListener) {
    listener = newListener;
    change();
  }

  /** Looks from now on beside others, who don't notice. On the machine's thread at a safe point, or while it stands still. */
  public void add(Listener other) {
    List<Listener> more = new ArrayList<>(others);
    more.add(other);
    others = List.copyOf(more);
    change();
  }

  /** Undoes {@link #add}. From the same places. */
  public void remove(Listener other) {
    others = others.stream().filter(each -> each != other).toList();
    change();
  }

  /** For the subsystem that keeps a record: takes what happens while it is {@link #want wanted}. */
  public void recorder(@Nullable Listener newRecorder, @Nullable DeviceContext owner) {
    recorder = newRecorder;
    recorderOwner = owner;
    change();
  }

  /** The recorder goes, if it is still this one. */
  public void forget(Listener oldRecorder) {
    if (recorder == oldRecorder) {
      recorder(null, null);
    }
  }

  /** Whether there is a recorder. */
  public boolean present() {
    return recorder != null;
  }

  /** From now on a record is kept, or no more. A request outlives the recorder: another one goes on. */
  public void want(boolean record) {
    wanted = record;
    change();
  }

  /** Whether a record is wanted. */
  public boolean wanted() {
    return wanted;
  }

  private void change() {
    on = listener != null || !others.isEmpty() || wanted && recorder != null;
  }

  /** Something happened; call only if {@link #on}. */
  public void happened(Kind kind, Vcpu vcpu, long a, long b, long c) {
    if (listener != null) {
      listener.happened(kind, vcpu, a, b, c);
    }
    for (Listener other : others) {
      other.happened(kind, vcpu, a, b, c);
    }
    if (wanted && recorder != null) {
      try {
        recorder.happened(kind, vcpu, a, b, c);
      } catch (Throwable bug) {
        DeviceContext failing = recorderOwner;
        recorder(null, null);
        failing.failed(RolePort.rethrowMemory(bug));
      }
    }
  }

  /** The store is asked for something, as {@link Listener#asked} says; call only if {@link #on}. */
  public void asked(int domid, int type, String path) {
    if (listener != null) {
      listener.asked(domid, type, path);
    }
    for (Listener other : others) {
      other.asked(domid, type, path);
    }
  }

  /** A domain has read or written its PCI configuration space, as {@link Listener#configured} says; call only if {@link #on}. */
  public void configured(int domid, int function, int offset, int size, boolean write, long value) {
    if (listener != null) {
      listener.configured(domid, function, offset, size, write, value);
    }
    for (Listener other : others) {
      other.configured(domid, function, offset, size, write, value);
    }
  }

  /** A node of the store has changed, as {@link Listener#stored} says; call only if {@link #on}. */
  public void stored(int domid, String path, boolean removed) {
    if (listener != null) {
      listener.stored(domid, path, removed);
    }
    for (Listener other : others) {
      other.stored(domid, path, removed);
    }
  }

  /** Bytes were copied by grants, as {@link Listener#copied} says; call only if {@link #on}. */
  public void copied(Vcpu vcpu, long from, long to, int length, GrantSide source, GrantSide target) {
    if (listener != null) {
      listener.copied(vcpu, from, to, length, source, target);
    }
    for (Listener other : others) {
      other.copied(vcpu, from, to, length, source, target);
    }
  }
}
