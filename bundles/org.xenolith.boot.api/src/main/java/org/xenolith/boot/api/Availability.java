// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.Objects;

/**
 * Whether a guest can be had here and now.
 *
 * @param state what {@link GuestSource#obtain} would have to do
 * @param reason one sentence that explains the state
 * @param remedy what the user can do about an unavailable guest; empty otherwise
 */
public record Availability(State state, String reason, String remedy) {
  /** What it takes to obtain a guest. */
  public enum State {
    /** Everything is on this machine; no network is needed. */
    READY,
    /** The means to fetch it are there; whether the network answers shows only when it is tried. */
    FETCHABLE,
    /** It can't be had on this machine as it is. */
    UNAVAILABLE
  }

  public Availability {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(remedy, "remedy");
  }

  public static Availability ready(String reason) {
    return new Availability(State.READY, reason, "");
  }

  public static Availability fetchable(String reason) {
    return new Availability(State.FETCHABLE, reason, "");
  }

  public static Availability unavailable(String reason, String remedy) {
    return new Availability(State.UNAVAILABLE, reason, remedy);
  }

  /** Whether {@link GuestSource#obtain} is worth a try. */
  public boolean usable() {
    return state != State.UNAVAILABLE;
  }
}
