// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.platform.api.Platform;

class ProfilerComponentTest {
  @TempDir
  Path folder;

  private final CpuPort cpu = new CpuPort() {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public boolean powered() {
      return true;
    }

    @Override
    public void powerOff() {}
  };
  private final StandingProcessor processor = new StandingProcessor();
  private final List<InspectedProcessor> inspected = new ArrayList<>(List.of(processor));
  private final ProfilerComponent component = new ProfilerComponent(machine -> new InspectedMachine() {
    @Override
    public List<InspectedProcessor> processors() {
      return inspected;
    }

    @Override
    public Optional<InspectedProcessor> processor(int index) {
      return inspected.stream().filter(each -> each.index() == index).findFirst();
    }

    @Override
    public List<InspectedDevice> devices() {
      throw new AssertionError("a profile is of processors");
    }

    @Override
    public InspectedMemory physical() {
      return processor.memory();
    }

    @Override
    public StopPoints stops() {
      throw new AssertionError("a profile stops nothing");
    }
  }, new NoSymbols());
  private MachineWatcher watcher;

  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class},
      (proxy, method, arguments) -> switch (method.getName()) {
        case "platform" -> new Platform("test", null, List.of(), null);
        case "instructions" -> 5_000L;
        case "watch" -> {
          watcher = (MachineWatcher) arguments[0];
          yield null;
        }
        case "processors" -> List.of(cpu);
        case "forget" -> {
          assertSame(watcher, arguments[0]);
          watcher = null;
          yield null;
        }
        case "post" -> {
          ((Runnable) arguments[0]).run();
          yield null;
        }
        case "hashCode" -> 1;
        case "equals" -> proxy == arguments[0];
        default -> throw new AssertionError(method);
      });

  private String run(String line) {
    return component.execute(machine, line.isEmpty() ? List.of() : List.of(line.split(" ")));
  }

  private String refused(String line) {
    return assertThrows(BadInput.class, () -> run(line)).getMessage();
  }

  @Test
  void aProfileIsBegunWrittenAndEndedAtThePrompt() throws IOException {
    assertEquals("off\n", run(""));
    run("on 1009");
    assertEquals(1009, watcher.period());
    watcher.sample(cpu, 1009, 900, 400);
    watcher.exitBegins(ExitKind.WRITE, "/uart", 10);
    watcher.exitEnds(30);
    watcher.exception(cpu, "to EL1: IRQ");
    watcher.translated(500, "a way out");
    assertEquals("on, 1 samples\n", run(""));
    Path result = folder.resolve("result");
    run("write " + result);
    String text = Files.readString(result.resolve("profile.txt"));
    for (String part : List.of("no table of symbols", "name a file with --symbols", "0x40001234", "write /uart", "to EL1: IRQ",
        "a way out")) {
      assertTrue(text.contains(part), () -> part + " is not in\n" + text);
    }
    assertEquals("kernel;0x40001234 500\nexits;write /uart 20\n".lines().sorted().toList(),
        Files.readAllLines(result.resolve("nanoseconds.collapsed")).stream().sorted().toList());
    run("off");
    assertNull(watcher);
    assertEquals("off\n", run(""));
  }

  @Test
  void aSecondProfileTakesThePlaceOfTheFirst() {
    run("on 1009");
    MachineWatcher first = watcher;
    run("on 2003");
    assertTrue(first != watcher && watcher.period() == 2003);
    component.close();
    assertNull(watcher);
  }

  @Test
  void aMachineThatIsClosedIsForgotten() {
    run("on");
    assertNotNull(watcher);
    watcher.closed();
    assertEquals("off\n", run(""));
  }

  @Test
  void aProcessorThatNobodyLooksIntoIsNamedBeforeAnythingBegins() {
    inspected.clear();
    String refused = refused("on");
    assertTrue(refused.contains("cpu 0") && refused.contains("org.xenolith.inspect"), refused);
    assertNull(watcher);
  }

  @Test
  void whatCannotBeIsSaid() {
    assertTrue(refused("write " + folder).contains("it is off"));
    assertTrue(refused("off").contains("profile on"));
    assertTrue(refused("on 99").contains("100 or more"));
    assertTrue(refused("on much").contains("no number"));
    assertTrue(refused("start").contains("unknown word"));
    assertTrue(refused("off now").contains("too many"));
    run("on");
    assertTrue(refused("write").contains("name a folder"));
  }
}
