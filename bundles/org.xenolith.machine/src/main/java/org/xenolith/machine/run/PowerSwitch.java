// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import java.util.OptionalInt;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.machine.places.KeptState;
import org.xenolith.machine.processors.Turn;
import org.xenolith.machine.time.VirtualClock;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What the guest asked of the power supply. The first request stands until the machine is started, or reset. */
public final class PowerSwitch {
  /** A request. */
  enum Request { NONE, OFF, RESET, WARM_RESET, EXIT }

  private static final String REQUEST = "power.request";
  private static final String STATUS = "power.exit-status";
  private static final String BOOT = "power.boot-at-ns";

  private final VirtualClock clock;
  /** Ordinal of the {@link Request}. */
  private final LongCell request;
  /** When the machine is to be booted after a reset; {@link Long#MAX_VALUE} while it isn't. */
  private final LongCell bootAt;
  /** Given with {@link Request#EXIT}. */
  private final LongCell status;
  private String who = "";
  private String why = "";
  /** Whether the event of the reset that is asked for was made. */
  private boolean told;

  public PowerSwitch(VirtualClock clock, DeviceState state) {
    this.clock = clock;
    request = state.cell(REQUEST, 0);
    bootAt = state.cell(BOOT, Long.MAX_VALUE);
    status = state.cell(STATUS, 0);
    // Snapshots made before there were such fields are of machines that go on.
    state.added(REQUEST);
    state.added(BOOT);
    state.added(STATUS);
  }

  /** Refuses a restored request that there isn't. */
  public void check() {
    KeptState.within(REQUEST, request.value, 0, Request.values().length - 1);
    KeptState.within(STATUS, status.value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    if (bootAt.value != Long.MAX_VALUE) {
      KeptState.within(BOOT, bootAt.value, 0, VirtualClock.FAR);
    }
    who = "machine";
    why = "asked for before the snapshot";
  }

  /** The switch as a device has it. @param device its instance */
  public PowerPort port(String device) {
    return new PowerPort() {
      @Override
      public void powerOff() {
        ask(Request.OFF, device, "");
      }

      @Override
      public void reset() {
        reset("the device asked for it");
      }

      @Override
      public void reset(String reason) {
        ask(Request.RESET, device, reason);
      }

      @Override
      public void warmReset(String reason) {
        ask(Request.WARM_RESET, device, reason);
      }

      @Override
      public void exit(int given) {
        if (request() == Request.NONE) {
          status.value = given;
        }
        ask(Request.EXIT, device, "");
      }
    };
  }

  private void ask(Request asked, String device, String reason) {
    if (request() == Request.NONE) {
      request.value = asked.ordinal();
      who = device;
      why = reason;
      told = false;
    }
    Turn running = clock.running();
    if (running != null) {
      running.requestExit();
    }
  }

  Request request() {
    return Request.values()[(int) request.value];
  }

  /** Whether a reset is asked for, of either kind. */
  public boolean resets() {
    return request() == Request.RESET || request() == Request.WARM_RESET;
  }

  /** What the guest gave when it ended the run; empty if it didn't. */
  public OptionalInt exitStatus() {
    return request() == Request.EXIT ? OptionalInt.of((int) status.value) : OptionalInt.empty();
  }

  /** The device that asked. */
  String who() {
    return who;
  }

  /** What it did so for; for people. */
  String why() {
    return why;
  }

  /** Makes the event of the reset that is asked for, once. */
  void tell(EventLog events) {
    if (!told) {
      told = true;
      events.announce("machine-reset", who, "%s; at instruction %d, %.9f s of virtual time".formatted(why, clock.instructions(), clock.now()
          / 1e9));
    }
  }

  /** Nothing is asked for any more. */
  public void clear() {
    request.value = Request.NONE.ordinal();
    bootAt.value = Long.MAX_VALUE;
  }

  /** The machine was reset: nothing is asked for, and it is to be booted then. @param ns virtual time */
  void bootAt(long ns) {
    request.value = Request.NONE.ordinal();
    bootAt.value = ns;
  }

  /** When the machine is to be booted; {@link Long#MAX_VALUE} while it isn't. */
  long bootAt() {
    return bootAt.value;
  }
}
