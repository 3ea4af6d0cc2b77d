// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/** A kernel's boot, gone back to with the prompt's words: who is in the past sees that, and the present machine stays as it is. */
class PastWordsTest {
  private static final long END = 45_000_000;
  private Machine machine;

  private String type(String line) {
    List<String> words = List.of(line.split(" "));
    MonitorCommand command = InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals(words
        .getFirst())).findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + line));
    return WordRelay.execute(InstalledProduct.get().services(WordRelay.class), command, machine, words.subList(1, words.size()));
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

  private Launch launch(RequestBuilder request, long end) {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request.build(), line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    machine = launch.machine();
    machine.run(new RunLimit(Long.MAX_VALUE, end));
    return launch;
  }

  @Test
  void wordsLookAtThePastWhilePeopleAreThere() {
    try (Launch launch = launch(RequestBuilder.of("virt").cpus(2).memory(256L << 20).append("earlycon").option("history", "64,every=20"),
        END)) {
      String digest = machine.digest();
      typed("moments", "from 0@0ns to the present, 45000000@", " of 64 MiB");
      refused("forth", "this is the present");
      typed("at 30,000,000", "in the past: 30,000,000 instructions", "cpu0 at 0x", "EL1", "present leads back");
      typed("regs PC", "in the past: 30000000@", "PC");
      typed("regs PC json", "\"past\": \"30000000@");
      typed("mem PC 16", "in the past: 30000000@");
      typed("step", "in the past: 30000001@");
      typed("back", "in the past: 30,000,000 instructions");
      typed("back 1 cpu0", "cpu0 at 0x");
      typed("forth 5", "in the past: ");
      for (String word : List.of("xl list", "gdb", "screen x.png")) {
        refused(word, word.split(" ")[0] + ": this is the past, and " + word.split(" ")[0]
            + " is for the present machine; present leads back");
      }
      for (String word : List.of("go", "pause", "break 0x1000", "watch SP", "log pl011")) {
        refused(word, "this is the past");
      }
      typed("back-to 0x4", "0x4: not met; nothing is before this", "in the past: 0 instructions");
      typed("forth-to 0x4", "not met; this is where the present machine stands", "45,000,000 instructions");
      typed("at 10ms", "in the past: ");
      typed("moments", "in the past: ");
      refused("at 1h", "expected instructions");
      refused("at 45,000,001", "beyond the present");
      refused("back 0", "no number of instructions");
      refused("back 1 cpu9", "there are 2 CPUs");
      refused("back-to nothing_of_this_name", "there is no symbol or register");
      typed("present", "the present: 45000000@");
      assertEquals(digest, machine.digest());
      assertTrue(!type("moments").contains("in the past"), "the present again");
    }
    refused("at 5", "no past is kept");
  }

  /** Ctrl-C at the prompt interrupts the thread that waits for the word. */
  private String givenUp(String line) {
    return CompletableFuture.supplyAsync(() -> {
      Thread.currentThread().interrupt();
      try {
        return type(line);
      } catch (BadInput e) {
        return e.getMessage();
      }
    }, task -> Thread.ofPlatform().start(task)).join();
  }

  @Test
  void whoGivesUpStandsSomewhereOnTheWay() {
    try (Launch launch = launch(RequestBuilder.of("virt").cpus(2).memory(256L << 20).append("earlycon").option("history", "64,every=45"),
        END)) {
      String digest = machine.digest();
      String answer = givenUp("at 44,000,000");
      assertTrue(answer.startsWith("at: given up on the way to instruction 44000000"), answer);
      assertTrue(!type("moments").contains("in the past"), "it is the present still");
      typed("at 1,000");
      answer = givenUp("forth-to 0x4");
      assertTrue(answer.startsWith("given up on the way\nin the past: "), answer);
      answer = givenUp("step 1000000");
      assertTrue(answer.startsWith("in the past: "), answer);
      typed("at 44,000,000"); // far enough that it is not there before it has heard
      answer = givenUp("back-to 0x4");
      assertTrue(answer.startsWith("given up on the way\nin the past: "), answer);
      typed("at 30,000,000", "in the past: 30,000,000 instructions");
      typed("present", "the present: 45000000@");
      assertEquals(digest, machine.digest());
    }
  }

  /** Nothing is changed in the past; what is written goes to a machine of its own, which goes on from there. */
  @Test
  void whoWritesInThePastHasAMachineOfTheirOwn() {
    try (Launch launch = launch(RequestBuilder.of("virt").cpus(2).memory(256L << 20).append("earlycon").option("history", "64,every=5"),
        6_000_000)) {
      String digest = machine.digest();
      String memory = "0x%x".formatted(launch.platform().memory().getFirst().end() - 8);
      typed("at 3,000,000");
      String was = type("mem " + memory + " 8 physical");
      refused("write " + memory + " 1 8 physical", "this is the past, which can't be changed");
      typed("write " + memory + " 0x1234 8 physical what-if", "what if, since 3000000@", "are 0x1234 now");
      typed("mem " + memory + " 8 physical json", "\"what-if\": \"3000000@");
      typed("mem " + memory + " 8 physical", "34 12 00 00");
      typed("step", "what if, since 3000000@");
      typed("forth 1000", "what if, since 3000000@");
      typed("write " + memory + " 7 1 physical", "are 0x7 now");
      refused("back", "has no past of its own");
      refused("what-if", "this is what would be already");
      typed("moments", "what if, since 3000000@");
      typed("at 3,000,000", "in the past: 3,000,000");
      assertEquals(was, type("mem " + memory + " 8 physical"), "the past");
      typed("write " + memory + " 0x4321 8 physical --what-if", "what if, since 3000000@", "are 0x4321 now");
      typed("at 3,000,000", "in the past: 3,000,000");
      typed("what-if", "what if, since 3000000@");
      typed("present", "the present: 6000000@");
      assertEquals(digest, machine.digest());
      refused("write " + memory + " 1 what-if", "this is the present machine");
    }
  }

  @Test
  void withoutThePastBeingKeptTheOptionIsNamed() {
    try (Launch launch = launch(RequestBuilder.of("virt").memory(64L << 20).guest("tiny"), END)) {
      for (String word : List.of("at 5", "back", "present", "moments")) {
        refused(word, "launch it with ⟦history⟧");
      }
    }
  }
}
