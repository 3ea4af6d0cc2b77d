// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.control.HardwareFault;

class FaultStepsTest {
  /** What the step's fault says as an input. @param keys KEY=VALUE, by blanks */
  private static String text(HardwareFaultStep step, String keys) {
    Map<String, String> values = new HashMap<>();
    for (String key : keys.split(" ")) {
      String[] parts = key.split("=", 2);
      assertTrue(step.keys().contains(parts[0]), key);
      values.put(parts[0], parts[1]);
    }
    HardwareFault fault = step.fault(new FaultArguments(values));
    assertEquals(fault, HardwareFault.of(fault.node(), fault.text()), "it comes again from a journal");
    return fault.node() + ' ' + fault.text();
  }

  private static void refused(HardwareFaultStep step, String keys, String part) {
    String message = assertThrows(IllegalArgumentException.class, () -> text(step, keys)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void clocksAreFastSlowStoppedOrJump() {
    ClockFaultStep step = new ClockFaultStep();
    assertEquals("/timer clock fast 50000", text(step, "node=/timer is=fast ppm=50000"));
    assertEquals("/timer clock slow 1", text(step, "node=/timer is=slow ppm=1"));
    assertEquals("/timer clock stopped 0", text(step, "node=/timer is=stopped"));
    assertEquals("/timer clock ahead 10000000000", text(step, "node=/timer is=ahead by=10s"));
    assertEquals("/timer clock back 5000000", text(step, "node=/timer is=back by=5ms"));
    refused(step, "node=/timer is=fast", "ppm: millionths");
    refused(step, "node=/timer is=stopped ppm=5", "ppm: millionths");
    refused(step, "node=/timer is=slow ppm=5 by=10s", "by: how far");
    refused(step, "node=/timer is=back", "by: how far");
    refused(step, "node=/timer is=slow ppm=1000000", "expected 1 to 999999");
    refused(step, "node=/timer is=late", "expected fast, slow, stopped, ahead, back");
    refused(step, "is=stopped", "the key 'node' is missing");
  }

  @Test
  void linksAreDownOrLoseSome() {
    LinkFaultStep step = new LinkFaultStep();
    assertEquals("/net link down 0", text(step, "node=/net is=down"));
    assertEquals("/net link lost 1", text(step, "node=/net is=lost"));
    assertEquals("/net link lost 4", text(step, "node=/net is=lost every=4"));
    refused(step, "node=/net is=down every=4", "not of a link that is down");
    refused(step, "node=/net is=lost every=0", "expected a whole number of at least 1");
    refused(step, "node=/net is=up", "expected down, lost");
  }

  @Test
  void linesAndWindowsAreReadAsTheyWere() {
    assertEquals("/timer line 2 0 lost 1", text(new LineFaultStep(), "node=/timer interrupt=2 cpu=0 is=lost"));
    assertEquals("/uart line 0 -1 storm 30000", text(new LineFaultStep(), "node=/uart is=storm every=30us"));
    refused(new LineFaultStep(), "node=/uart is=high every=30us", "every: is of a storm");
    assertEquals("/uart window 0 0 3 w late 5000", text(new BusFaultStep(), "node=/uart first=0 last=3 on=write answers=late by=5us"));
    refused(new BusFaultStep(), "node=/uart answers=late", "by: how late");
  }
}
