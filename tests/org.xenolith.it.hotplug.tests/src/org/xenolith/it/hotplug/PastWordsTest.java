// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
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

  private Launch launch(RequestBuilder request) {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request.build(), line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    machine = launch.machine();
    machine.run(new RunLimit(Long.MAX_VALUE, END));
    return launch;
  }

  @Test
  void wordsLookAtThePastWhilePeopleAreThere() {
    try (Launch launch = launch(RequestBuilder.of("virt").cpus(2).memory(256L << 20).append("earlycon").option("history", "64,every=20"))) {
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

  @Test
  void withoutThePastBeingKeptTheOptionIsNamed() {
    try (Launch launch = launch(RequestBuilder.of("virt").memory(64L << 20).guest("tiny"))) {
      for (String word : List.of("at 5", "back", "present", "moments")) {
        refused(word, "launch it with ⟦history⟧");
      }
    }
  }
}
