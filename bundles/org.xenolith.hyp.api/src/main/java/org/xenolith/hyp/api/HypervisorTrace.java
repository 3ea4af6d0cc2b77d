package org.xenolith.hyp.api;

/**
 * Port: one time line of what the hypervisor does. Off unless somebody looks; the core and the subsystems ask
 * {@link #on} first, so that an unwatched machine pays a field's read.
 */
public final class HypervisorTrace {
  /** Kinds of what happens. */
  public enum Kind { TRAP, HYPERCALL, RESULT, INTERRUPT, EVENT, GRANT_MAP, GRANT_UNMAP, SWITCH, DOMAIN }

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
  }

  private Listener listener;

  /** Whether somebody looks. */
  public boolean on() {
    return listener != null;
  }

  /** Looks from now on, or no more with null. */
  public void listen(Listener newListener) {
    listener = newListener;
  }

  /** Something happened; call only if {@link #on}. */
  public void happened(Kind kind, Vcpu vcpu, long a, long b, long c) {
    Listener current = listener;
    if (current != null) {
      current.happened(kind, vcpu, a, b, c);
    }
  }
}
