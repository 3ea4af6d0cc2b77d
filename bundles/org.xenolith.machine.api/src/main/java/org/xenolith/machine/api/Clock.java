package org.xenolith.machine.api;

/** The virtual time of one machine. */
public interface Clock {
  /** Nanoseconds since power-on, exact at the current instruction. */
  long now();
}
