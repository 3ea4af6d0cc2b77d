// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;

/** The prompt's words that go over calls and out of them, in a kernel's past, both ways. */
class PastCallsTest {
  private static final int CALLS = 4;
  private Machine machine;

  private String type(String line) {
    List<String> words = List.of(line.split(" "));
    return InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals(words.getFirst())).findFirst()
        .orElseThrow().execute(machine, words.subList(1, words.size()));
  }

  @Test
  void onArm() {
    calls(RequestBuilder.of("virt"), "bl", "SP", 20_000_000);
  }

  @FullLane
  @Test
  void onAPc() {
    calls(RequestBuilder.of("pc-pvh"), "call", "RSP", 40_000_000);
  }

  private void calls(RequestBuilder request, String call, String stack, long end) {
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request.memory(256L << 20).append("earlycon").option(
        "history",
        "128,every=5").build(), line -> {}, (kind, place, text) -> {})) {
      launch.debug(new UnhaltedRun(), line -> {});
      machine = launch.machine();
      machine.run(new RunLimit(Long.MAX_VALUE, end));
      String digest = machine.digest();
      type("at " + (end - 2_000_000));
      PastMachine past = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow().shown().orElseThrow();
      InspectedProcessor cpu = InstalledProduct.get().service(MachineInspector.class).of(past.machine()).processor(0).orElseThrow();
      int found = 0;
      for (int i = 0; i < 2_000 && found < CALLS; i++) {
        InstructionText here = cpu.disassemble(cpu.place().address(), 1).getFirst();
        if (here.text().startsWith(call)) {
          found++;
          Moment before = past.moment();
          long behind = here.address() + here.length();
          long pointer = cpu.value(stack)[0];
          type("next");
          Moment after = past.moment();
          assertEquals(behind, cpu.place().address(), here::text);
          assertEquals(pointer, cpu.value(stack)[0]);
          type("back-next");
          assertEquals(before, past.moment(), here::text);
          type("step");
          assertNotEquals(behind, cpu.place().address());
          type("finish");
          assertEquals(after, past.moment(), here::text);
          type("at " + before);
          type("step");
          type("back-finish");
          assertEquals(before, past.moment(), here::text);
          type("step");
        }
        type("step");
      }
      assertEquals(CALLS, found);
      Moment one = past.moment();
      assertTrue(type("next").contains("in the past: "));
      type("back-next");
      assertEquals(one, past.moment(), "no call");
      assertEquals(digest, machine.digest());
    }
  }
}
