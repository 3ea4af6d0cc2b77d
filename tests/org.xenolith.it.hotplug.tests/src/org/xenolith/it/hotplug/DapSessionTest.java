// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A machine that an editor looks at, stops, steps and loses, and that comes to what it comes to without. */
class DapSessionTest {
  private static final long END = Long.MAX_VALUE;

  private static LaunchRequest.Builder tiny() {
    return RequestBuilder.of("virt").guest("tiny").cpus(2).memory(64L << 20);
  }

  private static String undisturbed() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(tiny().build())) {
      assertEquals(StopReason.POWER_OFF, guest.machine().run(new RunLimit(Long.MAX_VALUE, END)), guest::events);
      return guest.machine().digest();
    }
  }

  @Test
  void aMachineThatIsDebuggedComesToWhatItComesToWithout() throws Exception {
    String digest = undisturbed();
    try (DebuggedRun run = new DebuggedRun(tiny().option("dap", "0,halted").build(), END); DapClient client = DapClient.attached(run.port(),
        true)) {
      String threads = client.ask("threads", "{}");
      assertTrue(threads.contains("CPU 0: EL") && threads.contains("CPU 1: EL"), threads);
      String stack = client.ask("stackTrace", "{\"threadId\":1}");
      String first = DapClient.text(stack, "instructionPointerReference");
      client.ask("stepIn", "{\"threadId\":1,\"granularity\":\"instruction\"}");
      assertTrue(client.event("stopped").contains("\"reason\":\"step\""));
      String next = DapClient.text(client.ask("stackTrace", "{\"threadId\":1}"), "instructionPointerReference");
      assertNotEquals(first, next);
      assertEquals(1, run.launch().machine().instructions());
      looks(client, next);
      stops(client, next);
      refuses(run, client);
      client.ask("continue", "{\"threadId\":1}");
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
    }
  }

  /** Registers with fields, devices, memory and instructions. */
  private static void looks(DapClient client, String pc) throws IOException {
    String scopes = client.ask("scopes", "{\"frameId\":%d}".formatted(DapClient.number(client.ask("stackTrace", "{\"threadId\":1}"),
        "id")));
    String general = open(client, scopes, "Registers");
    assertTrue(general.contains("{\"name\":\"PC\",\"value\":\"" + pc + "\""), general);
    String registers = DapClient.find(scopes, "\"name\":\"Registers\"[^}]*?\"variablesReference\":([0-9]+)");
    assertEquals("0x1234", DapClient.text(client.ask("setVariable", "{\"variablesReference\":" + registers
        + ",\"name\":\"X5\",\"value\":\"0x1234\"}"), "value"));
    client.ask("setVariable", "{\"variablesReference\":" + registers + ",\"name\":\"X5\",\"value\":\"0\"}");
    String groups = open(client, scopes, "System registers");
    String devices = open(client, scopes, "Devices");
    assertTrue(groups.contains("system, EL1") && devices.contains("pl011"), groups + devices);
    assertTrue(open(client, devices, "[^\"]*pl011[^\"]*").contains("UARTCR"));
    String code = DapClient.text(client.ask("readMemory", "{\"memoryReference\":\"" + pc + "\",\"count\":9}"), "data");
    assertEquals(12, code.length(), "9 bytes of Base64");
    assertTrue(client.ask("readMemory", "{\"memoryReference\":\"0xdead0000beef0000\",\"count\":8}").contains("\"unreadableBytes\":8"));
    String shown = client.ask("disassemble", "{\"memoryReference\":\"" + pc + "\",\"instructionOffset\":-4,\"instructionCount\":9}");
    assertEquals(9, shown.split("\"address\"").length - 1, shown);
    assertTrue(shown.contains("\"address\":\"" + pc + "\""), shown);
    assertTrue(client.ask("evaluate", "{\"expression\":\"PC\"}").contains(pc));
  }

  private static String open(DapClient client, String in, String name) throws IOException {
    String number = DapClient.find(in, "\"name\":\"" + name + "\"[^}]*?\"variablesReference\":([0-9]+)");
    return client.ask("variables", "{\"variablesReference\":" + number + "}");
  }

  /** At instructions, data, exceptions; also at addresses where nothing is. */
  private static void stops(DapClient client, String pc) throws IOException {
    String set = client.ask("setInstructionBreakpoints", "{\"breakpoints\":[{\"instructionReference\":\"" + pc
        + "\",\"offset\":4},{\"instructionReference\":\"0xdead0000beef0000\"},{\"instructionReference\":\"here\"}]}");
    assertTrue(set.contains("\"verified\":false") && set.contains("is no number"), set);
    client.ask("continue", "{\"threadId\":1}");
    String stopped = client.event("stopped");
    assertTrue(stopped.contains("instruction breakpoint") && stopped.contains("hitBreakpointIds\":[" + DapClient.number(set, "id") + "]"),
        stopped);
    client.ask("setInstructionBreakpoints", "{\"breakpoints\":[]}");
    client.ask("next", "{\"threadId\":1}");
    assertTrue(client.event("stopped").contains("\"reason\":\"step\""));
    String info = client.ask("dataBreakpointInfo", "{\"name\":\"PC + 64\",\"bytes\":64}");
    client.ask("setDataBreakpoints", "{\"breakpoints\":[{\"dataId\":\"" + DapClient.text(info, "dataId")
        + "\",\"accessType\":\"write\"}]}");
    client.ask("setDataBreakpoints", "{\"breakpoints\":[]}");
    client.ask("setExceptionBreakpoints",
        "{\"filters\":[\"exit-write\"],\"filterOptions\":[{\"filterId\":\"exception\",\"condition\":\"[\"}]}");
    client.ask("continue", "{\"threadId\":1}");
    assertTrue(client.event("stopped").contains("\"reason\":\"exception\""), "a write to a device");
    client.ask("setExceptionBreakpoints", "{\"filters\":[]}");
  }

  /** What makes no sense has an answer, a second client is refused, and neither changes anything. */
  private static void refuses(DebuggedRun run, DapClient client) throws Exception {
    assertTrue(client.refused("levitate", "{}").contains("isn't served"));
    assertTrue(client.refused("stackTrace", "{\"threadId\":99}").contains("there is no thread 99"));
    assertTrue(client.refused("variables", "{\"variablesReference\":4711}").contains("gone on"));
    client.refused("stackTrace", "{\"threadId\":\"one\"}");
    client.refused("evaluate", "{}");
    assertTrue(client.refused("evaluate", "{\"expression\":\"nothing_of_that_name\"}").contains("there is no register or symbol"));
    assertTrue(client.refused("writeMemory", "{\"memoryReference\":\"0xdead0000beef0000\",\"data\":\"AAAA\"}").contains("RAM"));
    client.raw("Content-Length: 3\r\n\r\n}{]");
    assertTrue(client.event("output").contains("a message was left out"));
    try (DapClient second = new DapClient(run.port())) {
      assertTrue(second.refused("initialize", "{\"adapterID\":\"x\"}").contains("another debugger is connected"));
      assertThrows(IOException.class, second::await);
    }
  }

  @Test
  void whoSendsGarbageOrVanishesLeavesTheMachineAsItWas() throws Exception {
    String digest = undisturbed();
    try (DebuggedRun run = new DebuggedRun(tiny().option("dap", "0,halted,halt-on-loss").build(), END)) {
      for (String garbage : new String[] {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 999999999\r\n\r\n", "\000\001\002",
          "Content-Length: 12\r\n\r\n{\"seq\"", "x".repeat(100_000)}) {
        try (DapClient client = connect(run)) {
          client.raw(garbage);
        }
      }
      for (String last : new String[] {"continue", "stepIn", "next"}) {
        try (DapClient client = connect(run)) {
          client.event("initialized");
          client.ask("attach", "{\"stopOnEntry\":true}");
          client.ask("configurationDone", "{}");
          client.ask("setInstructionBreakpoints", "{\"breakpoints\":[{\"instructionReference\":\"0x10\"}]}");
          client.send(last, "{\"threadId\":1}");
        }
      }
      try (DapClient client = connect(run)) {
        client.ask("disconnect", "{}");
      }
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
    }
  }

  /** A domain's virtual CPUs are threads, of which the one that a CPU executes is moved and told of by its own number. */
  @Test
  void virtualCpusOfDomainsAreThreadsBesideTheMachinesCpus() throws Exception {
    LaunchRequest request = RequestBuilder.of("virt").guest("tiny").hypervisor(true).cpus(2).memory(256L << 20).option("dap", "0,halted")
        .build();
    try (DebuggedRun run = new DebuggedRun(request, END); DapClient client = DapClient.attached(run.port(), true)) {
      String threads = client.ask("threads", "{}");
      assertTrue(threads.contains("{\"id\":1024,\"name\":\"d0 vCPU 0: running on CPU 0\"}"), threads);
      assertTrue(threads.contains("{\"id\":1025,\"name\":\"d0 vCPU 1: offline\"}"), threads);
      assertTrue(threads.contains("{\"id\":1,\"name\":\"CPU 0: d0, EL1\"}"), threads);
      String pc = DapClient.text(client.ask("stackTrace", "{\"threadId\":1}"), "instructionPointerReference");
      String stack = client.ask("stackTrace", "{\"threadId\":1024}");
      assertEquals(pc, DapClient.text(stack, "instructionPointerReference"));
      String scopes = client.ask("scopes", "{\"frameId\":%d}".formatted(DapClient.number(stack, "id")));
      assertTrue(open(client, scopes, "Registers").contains("{\"name\":\"PC\",\"value\":\"" + pc + "\""), scopes);
      assertTrue(open(client, open(client, scopes, "Domains"), "d0").contains("\"name\":\"vCPU 1\",\"value\":\"offline\""));
      String waits = client.ask("stackTrace", "{\"threadId\":1025}");
      assertTrue(waits.contains("offline: no CPU executes it now") && waits.contains("\"presentationHint\":\"label\""), waits);
      String fewer = client.ask("scopes", "{\"frameId\":%d}".formatted(DapClient.number(waits, "id")));
      assertTrue(fewer.contains("Devices") && !fewer.contains("Registers"), fewer);
      for (String move : new String[] {"stepIn", "stepIn"}) {
        client.ask(move, "{\"threadId\":1024}");
        assertEquals(1024, DapClient.number(client.event("stopped"), "threadId"));
      }
      client.ask("stepIn", "{\"threadId\":1}");
      assertEquals(1, DapClient.number(client.event("stopped"), "threadId"));
      assertTrue(client.refused("stepIn", "{\"threadId\":1025}").contains("no CPU has the registers of d0's virtual CPU 1 now"));
      assertTrue(client.refused("stackTrace", "{\"threadId\":2000}").contains("its domain is gone"));
    }
  }

  /** The one before may not be gone yet. */
  private static DapClient connect(DebuggedRun run) throws Exception {
    for (int i = 0; i < 600; i++) {
      DapClient client = new DapClient(run.port());
      try {
        if (client.response(client.send("initialize", "{\"adapterID\":\"x\"}")).contains("\"success\":true")) {
          return client;
        }
      } catch (IOException e) {
        // closed
      }
      client.close();
      Thread.sleep(50);
    }
    throw new AssertionError("the client before is still there: " + run.told());
  }
}
