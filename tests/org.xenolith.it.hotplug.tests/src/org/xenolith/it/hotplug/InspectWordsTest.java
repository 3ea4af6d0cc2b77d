// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.BootedGuest;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Debian's kernels, looked into from the prompt with every word that there is while they boot: they come to what they come to when they are left alone. */
class InspectWordsTest {
  private static final RunLimit END = new RunLimit(Long.MAX_VALUE, 600_000_000);
  private static final int PATIENCE_SECONDS = 120;
  private static final int TRIES = 200;

  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Machine machine;

  @Test
  void anArmKernelIsLookedIntoAndSeesNothing() throws Exception {
    lookedInto("virt", "SP", "TCR_EL1", "pl011", "UARTDR", "stage 1, level 2");
  }

  @Test
  void aPcsKernelIsLookedIntoAndSeesNothing() throws Exception {
    lookedInto("pc-pvh", "RSP", "CR4", "serial", "RBR_THR", "PD ");
  }

  private static RunDriver driver(Launch launch) {
    return new RunDriver(launch, false, HangLimit.NONE, line -> {});
  }

  private String type(String line) {
    List<String> words = List.of(line.split(" "));
    MonitorCommand command = InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals(words
        .getFirst())).findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + line));
    return command.execute(machine, words.subList(1, words.size()));
  }

  private void typed(String line, String... parts) {
    String answer = type(line);
    for (String part : parts) {
      assertTrue(answer.contains(part), () -> line + ": '" + part + "' is not in\n" + answer);
    }
  }

  private void refused(String line, String part) {
    String message = assertThrows(BadInput.class, () -> type(line), line).getMessage();
    assertTrue(message.contains(part), () -> line + ": '" + part + "' is not in " + message);
  }

  private void lookedInto(String board, String stack, String control, String uart, String data, String lastTable) throws Exception {
    String digest;
    try (Launch launch = BootedGuest.fork(board)) {
      assertEquals(StopReason.LIMIT, driver(launch).run(END, () -> false));
      digest = launch.machine().digest();
    }
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(BootedGuest.request(board), line -> {}, (kind, place,
        text) -> {})) {
      machine = launch.machine();
      RunDriver driver = driver(launch);
      refused("pause", "nobody is at a prompt");
      driver.attended(told::add);
      // A busy host may let it run past its kernel's beginning before anything is typed.
      assertEquals(StopReason.LIMIT, driver.run(new RunLimit(Long.MAX_VALUE, BootedGuest.BOOTED), () -> false));
      CompletableFuture<StopReason> end = CompletableFuture.supplyAsync(() -> driver.run(END, () -> false));
      try {
        begins(end);
        String symbols = kernel();
        assertTrue(symbols.contains("Linux version 6.1"), symbols);
        reads(stack, control, lastTable);
        stops(stack, uart, data);
        mistakes(stack, control);
        type("go");
        assertEquals(StopReason.LIMIT, end.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      } finally {
        driver.quit(); // A thread that waits for ever is one that the other test lacks.
      }
      afterwards(stack);
      assertEquals(digest, machine.digest());
    }
  }

  /** Halts the machine as soon as its run goes on. */
  private void begins(CompletableFuture<StopReason> end) throws InterruptedException {
    while (!end.isDone()) {
      try {
        type("pause");
        return;
      } catch (BadInput notYet) {
        assertTrue(notYet.getMessage().contains("has ended"), notYet::getMessage);
        Thread.sleep(1);
      }
    }
  }

  /** A machine whose run has ended stands still: it is looked into at once, and nothing waits for it. */
  private void afterwards(String stack) {
    long began = System.nanoTime();
    refused("pause", "the machine's run has ended");
    refused("step", "the machine's run has ended");
    typed("regs", stack, "0xffff");
    assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(20), "nothing waits for a machine that doesn't run");
  }

  /** Halts the machine again and again until its kernel runs where it is for good, and has come to its code in C. */
  private String kernel() throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      String where = type("pause");
      try {
        String symbols = type("symbols");
        if (where.contains("cpu0 at 0xffff") && type("symbols start_kernel").contains("start_kernel")) {
          return symbols;
        }
      } catch (BadInput notYet) {
        // It hasn't moved to where it runs for good.
      }
      type("go");
      Thread.sleep(5);
    }
    throw new AssertionError("no kernel is found");
  }

  private void reads(String stack, String control, String lastTable) {
    typed("pause", "halted; ", "cpu0 at 0xffff");
    typed("regs", stack, "0xffff");
    typed("regs " + control, control + " = 0x", "[");
    typed("regs all", control);
    typed("regs cpu0 " + control + " json", "{\"name\": \"" + control + "\"", "\"fields\": [{");
    typed("mem " + stack, "ffff");
    typed("mem " + stack + " 8 json", "\"rows\": [{\"address\": \"0xffff");
    typed("walk " + stack, lastTable, "physical");
    typed("bt", "#0", "#1");
    typed("dis", "=> ffff");
    typed("dis start_kernel 3", "start_kernel:");
    typed("symbols start_kern", "start_kernel");
    typed("symbols start_kernel json", "\"kind\": \"code\"");
    String at = type("step 100");
    assertTrue(at.startsWith("cpu0 at 0x"), at);
  }

  private void stops(String stack, String uart, String data) throws InterruptedException {
    typed("break vprintk_emit if cpu == 0 and hits >= 2", "break 1: 0xffff", "vprintk_emit if");
    goes("break 1, ", "cpu0 at 0xffff", " vprintk_emit, ");
    typed("breaks", "reached 2 times");
    type("delete 1");
    typed("log " + uart, "are kept from now on");
    typed("break device " + uart + " " + data + " write", "break 2");
    goes("break 2, ", "was written");
    typed("log " + uart, data, "write");
    inJson("pause", "step 2", "regs", "mem " + stack + " 8", "dis", "walk " + stack, "bt", "breaks", "log " + uart, "symbols");
    type("delete all");
    type("log " + uart + " off");
    typed("break exception R if hits >= 3", "break 3");
    goes("break 3, exception R");
    inJson("watch " + stack + " 8", "break 0x1234", "delete 3");
    type("delete all");
  }

  /** Each word answers in a line of JSON where that is wanted. */
  private void inJson(String... lines) {
    for (String line : lines) {
      String answer = type(line + " json");
      assertTrue(answer.startsWith("{\"") && answer.endsWith("}\n") && answer.lines().count() == 1, () -> line + ": " + answer);
    }
  }

  private void goes(String... parts) throws InterruptedException {
    told.clear();
    type("go");
    String text = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertTrue(text != null, "it isn't halted");
    for (String part : parts) {
      assertTrue(text.contains(part), () -> part + " is not in " + text);
    }
  }

  private void mistakes(String stack, String control) {
    refused("go now", "usage");
    refused("mem 0x10", "walk 0x10");
    refused("mem 0xfffffff0000 8 physical", "no RAM");
    refused("mem " + stack + " 65537", "expected 1 to 65536");
    refused("mem " + stack + " 8 EL7", "is no memory");
    refused("mem " + stack + " 8 d3", "d3 executes on no CPU");
    refused("regs " + control + "X", "did you mean " + control);
    refused("regs cpu9", "cpu0");
    refused("break start_kernl", "did you mean start_kernel");
    refused("break start_kernel if " + stack, "expected a comparison");
    refused("break exception SVC if " + stack + " == 0", "only cpu, hits");
    refused("watch " + stack + " 0", "expected 1 to");
    refused("delete 77", "there is no break 77");
    refused("step 0", "expected 1 to");
    refused("log nowhere", "there is no device");
    refused("break device nowhere X", "there is no device");
    refused("walk", "usage");
  }
}
