// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Kernels of both architectures that a debugger looks at, stops, steps and loses, and that come to what they come to without. */
class GdbSessionTest {
  private static final long END = 120_000_000;
  private static final int MOST_TRIES = 600;
  private static final int STEPS = 60;

  private static LaunchRequest.Builder kernel(String board) {
    return RequestBuilder.of(board).cpus(2).memory(256L << 20).append("earlycon");
  }

  private static String undisturbed(LaunchRequest request) throws IOException {
    try (GuestMachine guest = GuestMachine.launch(request)) {
      assertEquals(StopReason.LIMIT, guest.machine().run(new RunLimit(Long.MAX_VALUE, END)), guest::events);
      return guest.machine().digest();
    }
  }

  @Test
  void anArmKernelThatIsDebuggedComesToWhatItComesToWithout() throws Exception {
    debug("virt", 31, 32);
  }

  @Test
  void aPcsKernelThatIsDebuggedComesToWhatItComesToWithout() throws Exception {
    debug("pc-pvh", 7, 16);
  }

  /** @param sp number of the stack pointer. @param pc that of the program counter */
  private static void debug(String board, int sp, int pc) throws Exception {
    String digest = undisturbed(kernel(board).build());
    // Halted between two debuggers, too: a host that has other work would come to the end meanwhile.
    try (DebuggedRun run = new DebuggedRun(kernel(board).option("gdb", "0,halted,halt-on-loss").build(), END)) {
      try (GdbClient client = new GdbClient(run.port())) {
        steps(client, run.launch().machine(), pc);
        stopsAndWatches(client, sp, pc);
        refusesASecond(run);
      }
      run.await("is gone without a word; the machine stays halted");
      vanishesWhileItRuns(run);
      leaves(run);
      assertEquals(StopReason.LIMIT, run.end());
      assertEquals(digest, run.launch().machine().digest());
    }
  }

  private static void steps(GdbClient client, Machine machine, int pc) throws IOException {
    assertTrue(client.ask("qSupported:swbreak+").contains("PacketSize"));
    assertTrue(client.ask("?").startsWith("T05thread:1;"));
    assertEquals(0, machine.instructions(), "before the first instruction");
    long first = client.register(pc);
    assertNotEquals(0, first);
    assertTrue(client.ask("m%x,10".formatted(first)).length() == 32, "code before the MMU is on");
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < STEPS; i++) {
      long before = machine.instructions();
      assertTrue(client.ask("vCont;s:1;c").startsWith("T05thread:1;"));
      assertEquals(before + 1, machine.instructions());
      seen.add(client.register(pc));
    }
    assertTrue(seen.size() > STEPS / 4, seen::toString);
  }

  private static void stopsAndWatches(GdbClient client, int sp, int pc) throws IOException {
    client.send("vCont;c");
    sleep();
    client.raw("\003");
    assertTrue(client.await().startsWith("T02thread:1;"));
    // What comes next comes again in a kernel that begins.
    long here = client.register(pc);
    client.ask("Z1,%x,4".formatted(here));
    String stack = "Z2,%x,40".formatted(client.register(sp) - 64);
    assertEquals("OK", client.ask(stack));
    String stop = client.ask("vCont;c");
    assertTrue(stop.startsWith("T05thread:1;") && (stop.contains("watch:") || stop.contains("hwbreak:;")), stop);
    client.ask("z2" + stack.substring(2));
    client.ask("z1,%x,4".formatted(here));
    assertEquals("OK", client.ask("Z0,dead0000beef0000,4"), "nothing is there");
    assertEquals("E0e", client.ask("mdead0000beef0000,4"));
    assertTrue(client.ask("g").length() > 500);
  }

  private static void refusesASecond(DebuggedRun run) throws Exception {
    try (GdbClient second = new GdbClient(run.port())) {
      assertEquals("E.another debugger is connected", second.await());
      assertThrows(IOException.class, second::await);
    }
    run.await("was refused");
  }

  private static void vanishesWhileItRuns(DebuggedRun run) throws Exception {
    for (String rest : new String[] {"", "\003", "$m40", "$vCont;s:1#", "$Z0,0,4#"}) {
      try (GdbClient client = connect(run)) {
        client.ask("qSupported");
        client.ask("Z0,10,4");
        client.send("vCont;c");
        client.raw(rest);
      }
    }
    // Who connects and says nothing halts nothing.
    connect(run).close();
  }

  /** The one before may not be gone yet. */
  private static GdbClient connect(DebuggedRun run) throws Exception {
    for (int i = 0; i < MOST_TRIES; i++) {
      GdbClient client = new GdbClient(run.port());
      try {
        if (client.ask("qAttached").equals("1")) {
          return client;
        }
      } catch (IOException e) {
        // refused
      }
      client.close();
      sleep();
    }
    throw new AssertionError("the debugger before is still there: " + run.told());
  }

  private static void leaves(DebuggedRun run) throws Exception {
    try (GdbClient client = connect(run)) {
      assertEquals("OK", client.ask("D"));
    }
    run.await("the debugger has taken its leave");
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMachineWhoseDebuggerIsGoneStaysHaltedIfThatIsAskedFor() throws Exception {
    LaunchRequest.Builder tiny = RequestBuilder.of("virt").guest("tiny").memory(64L << 20);
    try (DebuggedRun run = new DebuggedRun(tiny.option("gdb", "0,halt-on-loss,halted").build(), Long.MAX_VALUE)) {
      try (GdbClient client = new GdbClient(run.port())) {
        client.ask("qSupported");
        client.ask("vCont;s:1");
      }
      run.await("stays halted until another one connects");
      assertEquals(1, run.launch().machine().instructions());
      try (GdbClient client = connect(run)) {
        assertEquals("OK", client.ask("M40210000,4:01020304"));
        assertEquals("01020304", client.ask("m40210000,4"));
        assertEquals("OK", client.ask("P5=1122334455667788"));
        assertEquals("1122334455667788", client.ask("p5"));
        assertEquals(1, run.launch().machine().instructions());
        client.ask("D");
      }
      assertEquals(StopReason.POWER_OFF, run.end());
    }
  }

  /** Between two runs nothing halts: whoever asks for that and gives up isn't in the way of the next. */
  @Test
  void whoConnectsAfterTheRunAndGoesIsNotInTheWay() throws Exception {
    LaunchRequest.Builder tiny = RequestBuilder.of("virt").guest("tiny").memory(64L << 20);
    try (DebuggedRun run = new DebuggedRun(tiny.option("gdb", "0").build(), 1000)) {
      assertEquals(StopReason.LIMIT, run.end());
      for (int i = 0; i < 3; i++) {
        try (GdbClient late = new GdbClient(run.port())) {
          late.send("?");
        }
      }
      boolean refused = true;
      for (int i = 0; i < MOST_TRIES && refused; i++) {
        sleep();
        refused = refused(run);
      }
      assertFalse(refused, run.told());
    }
  }

  /** Whether who connects is told at once that another one is there. */
  private static boolean refused(DebuggedRun run) throws IOException {
    try (GdbClient client = new GdbClient(run.port())) {
      return client.closes();
    }
  }

  @Test
  void theDebuggerMayEndTheRun() throws Exception {
    LaunchRequest.Builder tiny = RequestBuilder.of("virt").guest("tiny").memory(64L << 20);
    try (DebuggedRun run = new DebuggedRun(tiny.option("gdb", "0,halted").build(), Long.MAX_VALUE); GdbClient client = new GdbClient(run
        .port())) {
      client.ask("qSupported");
      client.send("k");
      assertEquals(StopReason.STOPPED, run.end());
    }
  }

  @Test
  void theWordOfThePromptOpensAPortOfAMachineThatRunsAndClosesItAgain() throws Exception {
    MonitorCommand word = InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals("gdb"))
        .findFirst()
        .orElseThrow();
    try (DebuggedRun run = new DebuggedRun(kernel("virt").build(), Long.MAX_VALUE)) {
      Machine machine = run.launch().machine();
      assertThrows(BadInput.class, () -> word.execute(machine, List.of("off")));
      try (GdbClient client = new GdbClient(port(word.execute(machine, List.of("0,halted"))))) {
        assertTrue(client.ask("?").startsWith("T05thread:"));
        assertThrows(BadInput.class, () -> word.execute(machine, List.of("0")), "there is one already");
        assertTrue(word.execute(machine, List.of()).contains("target remote"), "and where is said");
        word.execute(machine, List.of("off"));
        assertEquals("W00", client.await());
      }
      assertThrows(BadInput.class, () -> word.execute(machine, List.of("70000")));
      try (GdbClient client = new GdbClient(port(word.execute(machine, List.of("0"))))) {
        assertTrue(client.ask("?").startsWith("T05thread:"), "one that was let go on is halted again");
        client.send("k");
        assertEquals(StopReason.STOPPED, run.end());
      }
    }
  }

  private static int port(String howTo) {
    return Integer.parseInt(howTo.replaceFirst("(?s).*remote :([0-9]+).*", "$1"));
  }
}
