// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.kit.JournalCommand;
import org.xenolith.testkit.FullLane;

/** What ran before a bundle was replaced is looked at in a second process, by the prompt's words, with the versions that ran then; the present machine stays what it is. */
class EarlierProcessTest {
  private static final long MILLION = 1_000_000;
  private static final List<String> COMMAND = List.of("virt", "--memory", "256M", "--append", "earlycon");
  private final InstalledProduct product = InstalledProduct.get();
  private Machine machine;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private Change replace(byte[] jar) throws IOException {
    Change done = product.change().replace(OtherUart.BUNDLE, new ByteArrayInputStream(jar));
    assertTrue(done.done(), done::reason);
    return done;
  }

  private Launch launch(List<String> journalled) {
    RequestBuilder request = RequestBuilder.of("virt").memory(256L << 20).append("earlycon").option("history", "64,every=1");
    Launch launch = product.service(Launcher.class).launch((journalled.isEmpty() ? request : request.option(JournalCommand.OPTION,
        new JournalCommand(false, journalled).line())).build(), line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    machine = launch.machine();
    return launch;
  }

  private void run(long instructions) {
    machine.run(new RunLimit(Long.MAX_VALUE, instructions));
  }

  private String type(String line) {
    List<String> words = List.of(line.split(" "));
    MonitorCommand command = product.services(MonitorCommand.class).stream().filter(each -> each.name().equals(words.getFirst()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + line));
    return WordRelay.execute(product.services(WordRelay.class), command, machine, words.subList(1, words.size()));
  }

  private String typed(String line, String... parts) {
    String answer = type(line);
    for (String part : parts) {
      assertTrue(answer.contains(part), () -> line + ": '" + part + "' is not in\n" + answer);
    }
    return answer;
  }

  private void refused(String line, String part) {
    String message = assertThrows(BadInput.class, () -> type(line), line).getMessage();
    assertTrue(message.contains(part), () -> line + ": '" + part + "' is not in " + message);
  }

  /** The same wherever it is asked: registers of CPUs, and of the UART. */
  private String state() {
    return type("regs cpu0").replaceFirst("^in the past: .*\n", "") + type("regs pl011").replaceFirst("^in the past: .*\n", "");
  }

  @Test
  void whatRanBeforeAReplacementIsOpenedInASecondProcess() throws IOException {
    replace(OtherUart.jar("1.5.0"));
    try (Launch launch = launch(COMMAND)) {
      run(2 * MILLION);
      typed("at 1,000", "in the past: 1,000 instructions");
      String early = state();
      assertTrue(early.contains("0x00000701"), early);
      typed("at 1,500,000");
      String late = state();
      typed("present");
      replace(product.jar(OtherUart.BUNDLE));
      run(4 * MILLION);
      String digest = machine.digest();
      String opened = "this moment ran with " + OtherUart.BUNDLE + " 1.5.0: opened in a second process\n";
      typed("moments", "it ran with " + OtherUart.BUNDLE + " 1.5.0: at opens a second process");
      typed("at 1,000", opened, "in the past: 1,000 instructions");
      assertEquals(1_000, product.service(MachineHistories.class).of(machine).orElseThrow().inOtherProcess().orElseThrow().instructions());
      assertEquals(early, state(), "with the version that ran then");
      assertTrue(!typed("at 1,500,000", "in the past: 1,500,000 instructions").contains("opened"), "the same process");
      assertEquals(late, state());
      typed("forth 1,000,000", "here a bundle was changed", "2,000,000 instructions");
      typed("back 3", "in the past: 1,999,997 instructions");
      refused("write SP 0", "this is the past, which can't be changed");
      typed("write SP 0 what-if", "what if, since 1999997@");
      refused("go", "go is for the present machine");
      refused("at 9,000,000", "beyond the present");
      typed("regs PC", "what if, since 1999997@");
      typed("at 3,000,000", "in the past: 3,000,000 instructions");
      assertTrue(product.service(MachineHistories.class).of(machine).orElseThrow().inOtherProcess().isEmpty(), "it is this process again");
      typed("present", "the present: 4000000@");
      assertTrue(!type("moments").contains("in the past"), "the present again");
      assertEquals(digest, machine.digest());
    }
    assertEquals(0, ProcessHandle.current().children().filter(each -> each.info().commandLine().orElse("").contains("xenolith.past"))
        .count(),
        "it ends with the machine");
  }

  /** Each way leads there, over two changes too; what the run between them had is replayed with both. */
  @Test
  @FullLane
  void eachWayBackLeadsOverChanges() throws IOException {
    try (Launch launch = launch(COMMAND)) {
      run(MILLION);
      replace(OtherUart.jar("1.5.0"));
      run(2 * MILLION);
      typed("at 1,500,000");
      String between = state();
      typed("present");
      replace(product.jar(OtherUart.BUNDLE));
      run(3 * MILLION);
      String digest = machine.digest();
      String opened = "this moment ran with " + OtherUart.BUNDLE + " 1.5.0: opened in a second process\n";
      typed("back 1,500,000", opened, "in the past: 1,500,000 instructions");
      assertEquals(between, state());
      typed("at 500,000", "this moment ran with " + OtherUart.BUNDLE + " 1.0.0.", "in the past: 500,000 instructions");
      typed("at 2,500,000", "in the past: 2,500,000 instructions");
      typed("back-to 0x4", opened, "0x4: not met; ");
      typed("present", "the present: 3000000@");
      assertEquals(digest, machine.digest());
    }
  }

  @Test
  @FullLane
  void whereItCannotBeDoneARefusalSaysWhy() throws IOException {
    try (Launch launch = launch(List.of())) {
      run(MILLION);
      replace(OtherUart.jar("1.5.0"));
      run(2 * MILLION);
      refused("at 1,000", "how this machine was made isn't known: no second process can execute it");
    }
    replace(product.jar(OtherUart.BUNDLE));
    try (Launch launch = launch(List.of("no-such-board"))) {
      run(MILLION);
      replace(OtherUart.jar("1.5.0"));
      run(2 * MILLION);
      refused("at 1,000", "the second process, for what ran before the replace of " + OtherUart.BUNDLE + " 1.5.0, has ended: ");
      refused("at 1,000", "no-such-board");
      typed("at 1,500,000", "in the past: 1,500,000 instructions");
    }
  }
}
