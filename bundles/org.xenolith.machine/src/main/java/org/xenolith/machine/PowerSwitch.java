// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import org.xenolith.machine.api.PowerPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What the guest asked of the power supply. The first request stands until the machine is started, or reset. */
final class PowerSwitch {
  /** A request. */
  enum Request { NONE, OFF, RESET }

  private static final String REQUEST = "power.request";

  private final VirtualClock clock;
  /** Ordinal of the {@link Request}. */
  private final LongCell request;
  private String who = "";
  private String why = "";

  PowerSwitch(VirtualClock clock, DeviceState state) {
    this.clock = clock;
    request = state.cell(REQUEST, 0);
    // Snapshots made before there was such a field are of machines that go on.
    state.added(REQUEST);
  }

  /** Refuses a restored request that there isn't. */
  void check() {
    KeptState.within(REQUEST, request.value, 0, Request.values().length - 1);
    who = "machine";
    why = "asked for before the snapshot";
  }

  /** The switch as a device has it. @param device its instance */
  PowerPort port(String device) {
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
    };
  }

  private void ask(Request asked, String device, String reason) {
    if (request() == Request.NONE) {
      request.value = asked.ordinal();
      who = device;
      why = reason;
    }
    Turn running = clock.running();
    if (running != null) {
      running.requestExit();
    }
  }

  Request request() {
    return Request.values()[(int) request.value];
  }

  /** The device that asked. */
  String who() {
    return who;
  }

  /** What it did so for; for people. */
  String why() {
    return why;
  }

  void clear() {
    request.value = Request.NONE.ordinal();
  }
}
