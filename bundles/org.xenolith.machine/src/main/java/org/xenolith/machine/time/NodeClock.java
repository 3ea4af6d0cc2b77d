// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.Clock;

/** The clock that the models of a node go by, or a CPU: the machine's virtual time, unless it has a fault or has had one. */
public final class NodeClock implements Clock {
  /** It runs as time does. */
  public static final long RIGHT = 1_000_000;
  /** What {@link #due} says of a time that it never comes to. */
  public static final long NEVER = Long.MAX_VALUE;

  private final VirtualClock machine;
  private final List<Runnable> listeners = new ArrayList<>();
  private final List<Runnable> faultListeners = new ArrayList<>();
  private boolean wrong;
  /** Virtual time from which on it goes as it does. */
  private long since;
  /** What it showed then. */
  private long shown;
  /** Millionths of a nanosecond that it goes on by for each one. */
  private long rate = RIGHT;

  NodeClock(VirtualClock machine) {
    this.machine = machine;
  }

  @Override
  public long now() {
    long time = machine.now();
    return wrong ? at(time) : time;
  }

  private long at(long time) {
    long passed = time - since;
    return shown + passed / RIGHT * rate + passed % RIGHT * rate / RIGHT;
  }

  /** Virtual time at which it comes to show {@code local} or more: not later than now if it does so already, {@link #NEVER} if it never will. */
  public long due(long local) {
    if (!wrong || local == NEVER) {
      return local;
    }
    long ahead = local - shown;
    if (ahead <= 0) {
      return since;
    }
    if (rate == 0 || ahead / rate >= VirtualClock.FAR / RIGHT) {
      return NEVER;
    }
    return since + ahead / rate * RIGHT + Math.ceilDiv(ahead % rate * RIGHT, rate);
  }

  /** Whether it runs as time does, though perhaps ahead or behind. */
  public boolean steady() {
    return rate == RIGHT;
  }

  /** Runs with another rate from now on. @param newRate millionths; 0 if it stops */
  public void run(long newRate) {
    begin(now(), newRate);
  }

  /** Shows another time from now on. @throws IllegalArgumentException if that would be before power-on */
  public void jump(long nanoseconds) {
    if (now() + nanoseconds < 0) {
      throw new IllegalArgumentException("it shows " + now() + " ns since power-on, and can't jump back by more");
    }
    begin(now() + nanoseconds, rate);
  }

  private void begin(long local, long newRate) {
    since = machine.now();
    shown = local;
    rate = newRate;
    wrong = rate != RIGHT || shown != since;
    tell();
    faultListeners.forEach(Runnable::run);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  /** Is told whenever what it shows no longer follows from what it showed, also while a state is put in: may move alarms and do nothing else. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  /** Is told when a fault begins or ends, behind those. */
  public void onFault(Runnable listener) {
    faultListeners.add(listener);
  }

  /** Is not told any more. */
  public void forget(Runnable listener) {
    listeners.remove(listener);
  }

  void reset() {
    if (wrong) {
      wrong = false;
      rate = RIGHT;
      tell();
    }
  }

  /** How it goes; empty if it shows virtual time. */
  String saved() {
    return wrong ? since + " " + shown + " " + rate : "";
  }

  /** Goes as was {@link #saved}. @throws RuntimeException if that is nothing that was */
  void restore(String saved) {
    String[] words = saved.split(" ");
    since = Long.parseLong(words[0]);
    shown = Long.parseLong(words[1]);
    rate = Long.parseLong(words[2]);
    if (since < 0 || shown < 0 || rate < 0) {
      throw new IllegalArgumentException(saved);
    }
    wrong = true;
    tell();
  }
}
