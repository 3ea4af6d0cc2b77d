// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** An editor that goes back, sees what was, comes to the present again, and stops where conditions hold; the machine comes to what it comes to without. */
class DapBackwardsTest {
  private static final long END = Long.MAX_VALUE;

  private static LaunchRequest.Builder tiny() {
    return RequestBuilder.of("virt").guest("tiny").memory(64L << 20);
  }

  private static String pc(DapClient client) throws IOException {
    return DapClient.text(client.ask("stackTrace", "{\"threadId\":1}"), "instructionPointerReference");
  }

  private static String moved(DapClient client, String request) throws IOException {
    client.ask(request, "{\"threadId\":1}");
    return client.event("stopped");
  }

  private static String breakpoints(DapClient client, String one) throws IOException {
    return client.ask("setInstructionBreakpoints", "{\"breakpoints\":[" + one + "]}");
  }

  @Test
  void whoGoesBackSeesWhatWasAndTheMachineComesToWhatItComesToWithout() throws Exception {
    String digest;
    try (GuestMachine guest = GuestMachine.launch(tiny().build())) {
      assertEquals(StopReason.POWER_OFF, guest.machine().run(new RunLimit(Long.MAX_VALUE, END)), guest::events);
      digest = guest.machine().digest();
    }
    try (DebuggedRun run = new DebuggedRun(tiny().option("dap", "0,halted").option("history", "32").build(), END); DapClient client =
        DapClient
            .attached(run.port(), true)) {
      List<String> places = new ArrayList<>(List.of(pc(client)));
      for (int i = 0; i < 4; i++) {
        assertTrue(moved(client, "stepIn").contains("\"reason\":\"step\""));
        places.add(pc(client));
      }
      for (int i = 3; i >= 1; i--) {
        assertTrue(moved(client, "stepBack").contains("\"reason\":\"step\""));
        assertEquals(places.get(i), pc(client), "place " + i);
      }
      refusesToChangeWhatWas(client);
      moved(client, "next");
      assertEquals(places.get(2), pc(client));
      assertTrue(moved(client, "continue").contains("this is the present"));
      assertEquals(places.get(4), pc(client));
      assertEquals(4, run.launch().machine().instructions(), "the present stood still meanwhile");
      String vector = stopsAtTheThirdInterruptThatIsMeant(client);
      // It stands before the vector's first instruction, for the third time.
      breakpoints(client, "{\"instructionReference\":\"" + vector + "\"}");
      for (int i = 2; i >= 1; i--) {
        assertTrue(moved(client, "reverseContinue").contains("instruction breakpoint"), "interrupt " + i);
        assertEquals(vector, pc(client));
      }
      assertTrue(moved(client, "reverseContinue").contains("nothing is kept of what was before"));
      assertEquals(places.get(0), pc(client));
      assertTrue(moved(client, "continue").contains("instruction breakpoint"), "forwards in the past");
      breakpoints(client, "");
      assertTrue(moved(client, "continue").contains("this is the present"));
      client.ask("continue", "{\"threadId\":1}");
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
    }
  }

  private static void refusesToChangeWhatWas(DapClient client) throws IOException {
    assertTrue(client.refused("writeMemory", "{\"memoryReference\":\"" + pc(client) + "\",\"data\":\"AAAA\"}").contains("the past"));
    String scopes = client.ask("scopes", "{\"frameId\":%d}".formatted(DapClient.number(client.ask("stackTrace", "{\"threadId\":1}"),
        "id")));
    String registers = DapClient.find(scopes, "\"name\":\"Registers\"[^}]*?\"variablesReference\":([0-9]+)");
    assertTrue(client.refused("setVariable", "{\"variablesReference\":" + registers + ",\"name\":\"X5\",\"value\":\"1\"}").contains(
        "the past"));
    assertFalse(scopes.contains("Domains"), "there is no hypervisor");
  }

  private static String stopsAtTheThirdInterruptThatIsMeant(DapClient client) throws IOException {
    client.ask("setExceptionBreakpoints", "{\"filters\":[],\"filterOptions\":[{\"filterId\":\"exception\",\"condition\":\"IRQ\"}]}");
    assertTrue(moved(client, "continue").contains("\"reason\":\"exception\""));
    client.ask("setExceptionBreakpoints", "{\"filters\":[]}");
    String vector = pc(client);
    String at = "{\"instructionReference\":\"" + vector + "\",";
    assertTrue(breakpoints(client, at + "\"condition\":\"X0 ==\"}").contains("\"verified\":false"));
    assertTrue(breakpoints(client, at + "\"hitCondition\":\"often\"}").contains("is no count of hits"));
    String set = breakpoints(client, at + "\"condition\":\"PC == " + vector + " and level == EL1\",\"hitCondition\":\"3\"}," + at
        + "\"condition\":\"cpu == 1\"}");
    String stopped = moved(client, "continue");
    assertTrue(stopped.contains("\"hitBreakpointIds\":[" + DapClient.number(set, "id") + "]"), stopped);
    assertEquals(vector, pc(client));
    return vector;
  }

  @Test
  void aPcIsLookedAtAndGoneBackInAsAnArmMachineIs() throws Exception {
    LaunchRequest request = RequestBuilder.of("pc-pvh").memory(256L << 20).option("dap", "0,halted").option("history", "32").build();
    try (DebuggedRun run = new DebuggedRun(request, END); DapClient client = DapClient.attached(run.port(), true)) {
      String threads = client.ask("threads", "{}");
      assertTrue(threads.contains("CPU 0: "), threads);
      String frame = client.ask("stackTrace", "{\"threadId\":1}");
      String first = DapClient.text(frame, "instructionPointerReference");
      String scopes = client.ask("scopes", "{\"frameId\":%d}".formatted(DapClient.number(frame, "id")));
      String registers = client.ask("variables", "{\"variablesReference\":" + DapClient.find(scopes,
          "\"name\":\"Registers\"[^}]*?\"variablesReference\":([0-9]+)") + "}");
      assertTrue(registers.contains("\"name\":\"RIP\",\"value\":\"" + first + "\""), registers);
      assertEquals(3, client.ask("disassemble", "{\"memoryReference\":\"" + first + "\",\"instructionCount\":3}").split(
          "\"instruction\"").length - 1);
      List<String> places = new ArrayList<>(List.of(first));
      for (int i = 0; i < 5; i++) {
        moved(client, "stepIn");
        places.add(pc(client));
      }
      breakpoints(client, "{\"instructionReference\":\"" + places.get(2) + "\",\"condition\":\"RIP == " + places.get(2) + "\"}");
      assertTrue(moved(client, "reverseContinue").contains("instruction breakpoint"));
      assertEquals(places.get(2), pc(client));
      moved(client, "stepBack");
      assertEquals(places.get(1), pc(client));
      client.ask("terminate", "{}");
      assertEquals(StopReason.STOPPED, run.end());
      assertEquals(5, run.launch().machine().instructions());
    }
  }
}
